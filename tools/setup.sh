#!/bin/sh
# Installs what building and testing need: Debian packages and npm packages. Says what it does, does nothing
# twice, and without root or apt says exactly what to install. Builds nothing.
set -eu
cd "$(dirname "$0")/.."

packages=""

# need PACKAGE TEST...: the package is wanted unless the test succeeds.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || packages="$packages $package"
}

need make command -v make
need g++ command -v g++
need pkg-config command -v pkg-config
need openssl command -v openssl
need lua5.1 command -v lua5.1
need lua5.3 command -v lua5.3
need lua5.4 command -v lua5.4
need luajit command -v luajit
need liblua5.1-0-dev pkg-config --exists lua5.1
need liblua5.3-dev pkg-config --exists lua5.3
need liblua5.4-dev pkg-config --exists lua5.4
need libluajit-5.1-dev pkg-config --exists luajit
need libcurl4-openssl-dev pkg-config --exists libcurl
need nlohmann-json3-dev test -e /usr/include/nlohmann/json.hpp
need lua-busted command -v busted
need lua-dkjson test -e /usr/share/lua/5.3/dkjson.lua
need lua-cjson test -e /usr/lib/x86_64-linux-gnu/lua/5.3/cjson.so
need lua-check command -v luacheck
need luarocks command -v luarocks
need rpm command -v rpmbuild
need zip command -v zip
need unzip command -v unzip
need curl command -v curl
need shellcheck command -v shellcheck
need tinyproxy-bin command -v tinyproxy
need chromium test -x /usr/bin/chromium

if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "setup: installing Debian packages:$packages"
        apt-get update -qq
        # Word splitting is wanted: one argument a package.
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
    else
        echo "setup: these programs are missing, and installing them needs root and apt. As root, run:" >&2
        echo "  apt-get install --no-install-recommends$packages" >&2
        echo "(on another system: the packages that offer the same)" >&2
        exit 1
    fi
fi

command -v node >/dev/null 2>&1 || {
    echo "setup: Node.js 20 or newer is missing: https://nodejs.org/ or your distribution's package nodejs" >&2
    exit 1
}
installed=node_modules/.package-lock.json
if [ ! -e $installed ] || [ -n "$(find package-lock.json -newer $installed)" ]; then
    echo "setup: installing npm packages (npm ci)"
    npm ci --no-audit --no-fund --loglevel=error
    touch $installed
fi
