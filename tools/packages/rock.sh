#!/bin/sh
# rock.sh FOLDER: builds centreon-pagerduty-VERSION-1.all.rock in FOLDER: the connector alone, for any Lua. Needs no
# network. The program centreon-pagerduty is not in it: LuaRocks would put it out of reach of its own files.
# shellcheck source=tools/packages/common.sh
. "$(dirname "$0")/common.sh"

need dist/pagerduty.lua "rockspec/$NAME-$version-1.rockspec"
rock=$NAME-$version-1.all.rock
# A configuration of its own, and no tree: what the machine has installed plays no part.
echo "rocks_trees = { '$work/tree' }" >"$work/config.lua"
LUAROCKS_CONFIG=$work/config.lua luarocks make --pack-binary-rock --deps-mode none \
    "rockspec/$NAME-$version-1.rockspec" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
# LuaRocks leaves it here, with the time of the day in it.
mv "$rock" "$work"
mkdir "$work/rock"
unzip -q "$work/$rock" -d "$work/rock"
find "$work/rock" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
rm -f "$out/$rock"
(cd "$work/rock" && find . -type f | sort | sed 's|^\./||' | zip -q -X -D "$out/$rock" -@)
echo "$out/$rock"
