#!/bin/sh
# What the builders of packages share: the version, the date, and what must be there. Sourced; changes to the project's
# folder. Owns no format.
set -eu
# Modes must not depend on who builds.
umask 022
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")/../.."

readonly NAME=centreon-pagerduty

# The version is in package.json only.
# shellcheck disable=SC2034 # for those who source this
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)

# The same source gives the same bytes: everything in a package has the date of the last commit, or the one that is set
# (https://reproducible-builds.org/specs/source-date-epoch/). Without git, the date of the changelog.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date -r CHANGELOG.md +%s)}
export SOURCE_DATE_EPOCH

# need FILE...: stops when one is missing.
need() {
    for file in "$@"; do
        [ -e "$file" ] && continue
        echo "packages: $file is missing: run make build first" >&2
        exit 1
    done
}

# Each document, in the place that it has in the repository: links between them lead on.
readonly DOCUMENTS="*.md LICENSE docs packaging/centreon tools/*/README.md"

# lay_out DIR: what deb and rpm install, below DIR: what `make install` does, and documents.
lay_out() {
    need dist/pagerduty.lua dist/centreon-pagerduty.lua packaging/centreon packaging/man
    rm -rf "$1"
    make --silent install DESTDIR="$1"
    # shellcheck disable=SC2086 # several paths, one of them a pattern
    find $DOCUMENTS -type f | while IFS= read -r document; do
        install -D -m 0644 "$document" "$1/usr/share/doc/$NAME/$document"
    done
}

[ $# -eq 1 ] || {
    echo "usage: $0 FOLDER" >&2
    exit 2
}
mkdir -p "$1"
# shellcheck disable=SC2034 # for those who source this
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
