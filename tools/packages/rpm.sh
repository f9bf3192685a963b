#!/bin/sh
# rpm.sh FOLDER: builds centreon-pagerduty-VERSION-1.noarch.rpm in FOLDER, from packaging/rpm, with rpmbuild.
# shellcheck source=tools/packages/common.sh
. "$(dirname "$0")/common.sh"

tree=$work/tree
lay_out "$tree"

# The first lines make the package the same on every machine and at every time. gzip is what rpm on every system that
# Centreon supports can read. Nothing in the tree is to be changed on the way: no __os_install_post.
rpmbuild -bb --quiet \
    --define 'use_source_date_epoch_as_buildtime 1' \
    --define 'clamp_mtime_to_source_date_epoch 1' \
    --define '_buildhost localhost' \
    --define '_binary_payload w9.gzdio' \
    --define '__os_install_post %{nil}' \
    --define 'debug_package %{nil}' \
    --define "_topdir $work/rpm" \
    --define "_rpmdir $work" \
    --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
    --define "package_version $version" \
    --define "tree $tree" \
    packaging/rpm/$NAME.spec >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
package=$NAME-$version-1.noarch.rpm
mv "$work/$package" "$out"
echo "$out/$package"
