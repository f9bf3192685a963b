#!/usr/bin/env bash
# Checks everything that can be checked without running the connector. One line for each check, `ok` or `FAILED`,
# the reason below it; exits with 1 when one failed. Changes nothing outside build/.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

readonly BIN=node_modules/.bin

failures=0

# check WHAT COMMAND...: runs the command, and shows what it said only if it failed.
check() {
    local what=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "ok      $what"
    else
        failures=$((failures + 1))
        echo "FAILED  $what"
        printf '%s\n' "$said" | sed 's/^/        /'
    fi
}

version_of() { node -p 'JSON.parse(require("fs").readFileSync("package.json")).version'; }

# Every file of the project that begins with a line for a shell, or for shellcheck.
shell_scripts_are_clean() {
    local scripts
    mapfile -t scripts < <(
        git ls-files -z --cached --others --exclude-standard | xargs -0 grep -lE '^#!.*[ /](ba)?sh$|^# shellcheck shell=' 2>/dev/null
    )
    shellcheck --external-sources "${scripts[@]}"
}

# What the source builds must be the files that are committed. While the source has changes that are not committed,
# they are compared with the working files. dist_is_current NAME CONFIGURATION: dist/NAME, by tstl's CONFIGURATION.
dist_is_current() {
    local name=$1 configuration=$2 shipped=build/lint/shipped.lua
    local fresh=build/lint/$name
    local sources=(src types package.json tsconfig.json "$configuration" tools/bundle)
    mkdir -p build/lint
    $BIN/tstl -p "$configuration" --outDir "$(dirname "$fresh")" || return 1
    if [ -z "$(git status --porcelain -- "${sources[@]}")" ]; then
        git show "HEAD:dist/$name" >$shipped || return 1
    else
        cp "dist/$name" $shipped || return 1
    fi
    cmp -s $shipped "$fresh" && return
    echo "dist/$name is not what src/ builds: run make build, and commit it"
    diff $shipped "$fresh" | head -10
    return 1
}

# dist_needs_no_library NAME
dist_needs_no_library() {
    if grep -n 'lualib_bundle\|____lualib' "dist/$1"; then
        echo "TypeScriptToLua's library is in use: see docs/development.md for what needs it"
        return 1
    fi
}

versions_agree() {
    local version
    version=$(version_of)
    test -e "rockspec/centreon-pagerduty-$version-1.rockspec" || echo "rockspec/ has no file for version $version"
    grep -q "^version = \"$version-1\"" rockspec/*.rockspec || echo "the rockspec's version is not $version-1"
    grep -qF "VERSION = \"$version\"" src/version.ts || echo "src/version.ts does not name $version"
    local shipped
    for shipped in dist/*.lua; do
        head -1 "$shipped" | grep -qF " $version:" || echo "$shipped's first line does not name $version"
    done
    grep -qF "## [$version]" CHANGELOG.md || echo "CHANGELOG.md has no section for $version"
}

# says_nothing COMMAND...: for checks that print what is wrong.
says_nothing() {
    local said
    said=$("$@")
    echo "$said"
    [ -z "$said" ]
}

parameters_page_is_current() {
    node build/tools/docs/main.js | $BIN/prettier --stdin-filepath docs/parameters.md | diff docs/parameters.md - && return
    echo "docs/parameters.md is not what src/settings/parameters.ts says: run make docs"
    return 1
}

man_page_is_current() {
    node build/tools/docs/man.js | diff packaging/man/centreon-pagerduty.8 - && return
    echo "packaging/man/centreon-pagerduty.8 is not what --help says: run make docs"
    return 1
}

# Each relative link of a document must lead to a file.
broken_links() {
    local document target
    git ls-files -z --cached --others --exclude-standard '*.md' | while IFS= read -r -d '' document; do
        grep -oE '\]\([^)#]+' "$document" | cut -c3- | grep -v '^[a-z]*:' | while IFS= read -r target; do
            test -e "$(dirname "$document")/$target" || echo "$document: $target is not there"
        done
    done
}

make -s build/tools/.compiled || exit 1
check "ESLint, with types" $BIN/eslint --max-warnings 0 .
check "Prettier" $BIN/prettier --check --log-level warn .
check "shellcheck" shell_scripts_are_clean
check "packaging: luacheck" luacheck --quiet --globals arg -- packaging/library
check "rooms of src/ import each other as they may" node build/tools/rooms/main.js
check "event typings agree with the recorded facts" node build/tools/eventtypes/main.js
check "dist/pagerduty.lua is what src/ builds" dist_is_current pagerduty.lua tstl.json
check "dist/pagerduty.lua: luacheck" luacheck --quiet dist/pagerduty.lua
check "dist/pagerduty.lua needs no runtime library" dist_needs_no_library pagerduty.lua
check "dist/centreon-pagerduty.lua is what src/ builds" dist_is_current centreon-pagerduty.lua tstl.commands.json
check "dist/centreon-pagerduty.lua: luacheck" luacheck --quiet dist/centreon-pagerduty.lua
check "dist/centreon-pagerduty.lua needs no runtime library" dist_needs_no_library centreon-pagerduty.lua
check "rockspec: luarocks lint" luarocks lint rockspec/*.rockspec
check "one version everywhere" says_nothing versions_agree
check "docs/parameters.md is current" parameters_page_is_current
check "packaging/man/centreon-pagerduty.8 is current" man_page_is_current
check "links between documents" says_nothing broken_links

[ $failures = 0 ]
