#!/bin/sh
# version.sh: carries the version of package.json to the places that must repeat it: the rockspec, whose file name
# LuaRocks wants it in, src/version.ts, and documents, but for lines that say "version 0.1.0": they mean that one. The
# built files get it from `make build`; `make lint` checks all of them, and the changelog.
set -eu
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
set -- rockspec/centreon-pagerduty-*.rockspec
old=${1#rockspec/centreon-pagerduty-}
old=${old%-1.rockspec}
[ "$old" != "$version" ] || exit 0

mv "$1" "rockspec/centreon-pagerduty-$version-1.rockspec"
pattern=$(printf '%s' "$old" | sed 's/\./\\./g')
for file in rockspec/centreon-pagerduty-*.rockspec src/version.ts README.md docs/*.md; do
    grep -q "$pattern" "$file" || continue
    sed -i "/version $pattern/!s/$pattern/$version/g" "$file"
    echo "$file"
done
