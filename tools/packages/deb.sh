#!/bin/sh
# deb.sh FOLDER: builds centreon-pagerduty_VERSION_all.deb in FOLDER, from packaging/deb, with dpkg-deb.
# shellcheck source=tools/packages/common.sh
. "$(dirname "$0")/common.sh"

tree=$work/tree
lay_out "$tree"
# Debian's policy, 12.5: each package has this file.
install -m 0644 packaging/deb/copyright "$tree/usr/share/doc/$NAME/copyright"

size=$(du --apparent-size -sk "$tree" | cut -f1)
mkdir "$tree/DEBIAN"
sed "s/@VERSION@/$version/; s/@SIZE@/$size/" packaging/deb/control >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f | sort | xargs md5sum >DEBIAN/md5sums)

package=$out/${NAME}_${version}_all.deb
# dpkg-deb sets no file's date later than SOURCE_DATE_EPOCH. xz is what dpkg on every system that Centreon supports reads.
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
echo "$package"
