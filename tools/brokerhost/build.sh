#!/bin/sh
# Builds the host for one Lua: tools/brokerhost/build.sh <5.1|5.3|5.4|jit> <outfile>
# Needs g++, pkg-config, that Lua's headers and nlohmann-json3-dev. Objects go to brokerhost.objects beside the
# outfile; those that know nothing of Lua are compiled once for all.
set -eu

usage="usage: $0 <5.1|5.3|5.4|jit> <outfile>"
lua=${1:?$usage}
outfile=${2:?$usage}
here=$(dirname "$0")
fields=$here/../../spec/fixtures/events/event-fields.txt
case $lua in
    5.1 | 5.3 | 5.4) package=lua$lua ;;
    jit) package=luajit ;;
    *)
        echo "$usage" >&2
        exit 2
        ;;
esac

objects_folder=$(dirname "$outfile")/brokerhost.objects
shared=$objects_folder/any
own=$objects_folder/$lua
mkdir -p "$shared" "$own"

# compile SOURCE OBJECT FLAGS...: compiles when any source is newer. Renames, so that builds may run side by side.
compile() {
    source=$1
    object=$2
    shift 2
    if [ -e "$object" ] && [ -z "$(find "$here" "$fields" -newer "$object" ! -name '*.md' ! -type d)" ]; then
        return
    fi
    g++ -std=c++17 -O2 -Wall -Wextra -Werror -I"$own" "$@" -c "$source" -o "$object.$$"
    mv "$object.$$" "$object"
}

# The fields of every event, as a C++ string literal.
{
    printf 'R"fields('
    cat "$fields"
    printf ')fields"\n'
} >"$own/event-fields.inc"

objects=""
for name in event_schema events cache settings host_log lines md5 perfdata report; do
    compile "$here/$name.cpp" "$shared/$name.o"
    objects="$objects $shared/$name.o"
done
for name in event_lua cache_lua broker_log broker_json broker_api connector output main; do
    # Word splitting of pkg-config's flags is wanted.
    # shellcheck disable=SC2046
    compile "$here/$name.cpp" "$own/$name.o" $(pkg-config --cflags "$package")
    objects="$objects $own/$name.o"
done

# Lua is linked as a shared library: C modules such as cURL.so find the same one.
# shellcheck disable=SC2046,SC2086
g++ $objects $(pkg-config --libs "$package") -o "$outfile.$$"
mv "$outfile.$$" "$outfile"
