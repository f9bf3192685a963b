#!/bin/sh
# release.sh FOLDER: everything that is published of a version, in FOLDER: the packages, the connector by itself, and
# SHA256SUMS. What an earlier run left there goes.
# shellcheck source=tools/packages/common.sh
. "$(dirname "$0")/common.sh"

rm -f "$out/$NAME"[-_]* "$out/pagerduty.lua" "$out/SHA256SUMS"
for kind in deb rpm rock; do "tools/packages/$kind.sh" "$out"; done
install -m 0644 dist/pagerduty.lua "$out/pagerduty.lua"
(cd "$out" && sha256sum -- *.deb *.rpm *.rock pagerduty.lua >SHA256SUMS)
echo "$out/SHA256SUMS"
