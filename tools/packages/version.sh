#!/bin/sh
# version.sh: carries the version of package.json to the rockspec, whose file name and content LuaRocks wants it in.
# dist/pagerduty.lua gets it from `make build`; `make lint` checks all of them, and the changelog.
set -eu
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
set -- rockspec/centreon-pagerduty-*.rockspec
old=${1#rockspec/centreon-pagerduty-}
old=${old%-1.rockspec}
[ "$old" != "$version" ] || exit 0
new=rockspec/centreon-pagerduty-$version-1.rockspec
sed "s/$old-1/$version-1/" "$1" >"$new"
rm "$1"
echo "$new"
