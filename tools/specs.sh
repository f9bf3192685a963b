#!/bin/sh
# Runs compiled specs on one Lua: specs.sh <5.1|5.3|5.4|jit> <file or folder in build/spec> [options of busted].
# Builds nothing.
set -eu
cd "$(dirname "$0")/.."

lua=${1:?usage: $0 <5.1|5.3|5.4|jit> <file or folder in build/spec> [options of busted]}
shift
case $lua in
    jit) program=luajit ;;
    *) program=lua$lua ;;
esac
interpreter=$(command -v "$program") || {
    echo "$program is not there: run make setup" >&2
    exit 2
}

# libcurl obeys them: the specs say themselves what goes through a proxy.
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

LUA_PATH='build/?.lua;;' LUA_CPATH="build/lua/$lua/?.so;;" exec busted --lua="$interpreter" "$@"
