#!/bin/sh
# Builds the module "cURL" for one Lua: build.sh <5.1|5.3|5.4|jit> <folder> leaves <folder>/cURL.so.
# Needs a C compiler, pkg-config, libcurl's headers and those of that Lua; installs nothing.
set -eu

case "$#:${1-}" in
  2:5.1 | 2:5.3 | 2:5.4) lua=lua$1 ;;
  2:jit) lua=luajit ;;
  *)
    echo "usage: $0 <5.1|5.3|5.4|jit> <folder>" >&2
    exit 2
    ;;
esac
folder=$2
sources=$(dirname "$0")

mkdir -p "$folder"
# Lua itself is not linked: its functions come from the program that loads the module. Once loaded it stays
# (nodelete): libcurl allocates what it never frees, once per load, and a host may open many Lua states.
# shellcheck disable=SC2046 # pkg-config prints words
"${CC:-cc}" -std=c11 -O2 -fPIC -shared -Wl,-z,nodelete -Wall -Wextra -Werror \
  $(pkg-config --cflags "$lua" libcurl) -o "$folder/cURL.so" "$sources"/*.c $(pkg-config --libs libcurl)
