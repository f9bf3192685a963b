#!/bin/sh
# Installs what a purpose needs: Debian packages and npm packages. Says what it does, does nothing twice, and without
# root or apt says exactly what to install. Builds nothing.
set -eu
cd "$(dirname "$0")/.."

usage="usage: $0 build|docs|sandbox|demo|lint|test|deb|rpm|rock|release"
purpose=${1:?$usage}

# What is not there yet.
packages=""

# need PACKAGE TEST...: the package is wanted unless the test succeeds.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || packages="$packages $package"
}

# What runs the connector as the broker does, on one Lua: need_host PACKAGE NAME, NAME being pkg-config's for it.
need_host() {
    need g++ command -v g++
    need pkg-config command -v pkg-config
    need libcurl4-openssl-dev pkg-config --exists libcurl
    need nlohmann-json3-dev test -e /usr/include/nlohmann/json.hpp
    need "$1" pkg-config --exists "$2"
}

# Any Lua: the manual page is made of what the program says of itself.
need_docs() { need lua5.3 command -v lua5.3; }

need_lint() {
    need_docs
    need git command -v git
    need lua-check command -v luacheck
    need shellcheck command -v shellcheck
    need luarocks command -v luarocks
}

need_rpm() { need rpm command -v rpmbuild; }

need_rock() {
    need luarocks command -v luarocks
    need zip command -v zip
    need unzip command -v unzip
}

need_sandbox() { need openssl command -v openssl; }

need_tests() {
    for lua in 5.1 5.3 5.4; do need lua$lua command -v lua$lua; done
    need luajit command -v luajit
    need_host liblua5.1-0-dev lua5.1
    need_host liblua5.3-dev lua5.3
    need_host liblua5.4-dev lua5.4
    need_host libluajit-5.1-dev luajit
    need lua-busted command -v busted
    need lua-dkjson test -e /usr/share/lua/5.3/dkjson.lua
    need lua-cjson lua5.3 -e 'require "cjson"'
    need curl command -v curl
    need tinyproxy-bin command -v tinyproxy
    need chromium test -x /usr/bin/chromium
}

# 20.11 is the first that knows import.meta.dirname.
check_node() {
    found=$(node --version 2>/dev/null) || found=none
    if ! node -e 'const [major, minor] = process.versions.node.split("."); if (major * 100 + +minor < 2011) throw 0' 2>/dev/null; then
        echo "setup: Node.js 20.11 or newer is wanted, and what is here is: $found" >&2
        echo "  https://nodejs.org/ has it; Debian 12's own package nodejs is too old" >&2
        exit 1
    fi
}

install_debian_packages() {
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
}

install_npm_packages() {
    installed=node_modules/.package-lock.json
    if [ ! -e $installed ] || [ -n "$(find package-lock.json -newer $installed)" ]; then
        echo "setup: installing npm packages (npm ci)"
        npm ci --no-audit --no-fund --loglevel=error
        touch $installed
    fi
}

# Packages are made of files that are there: no compiler, no Node.
is_javascript_wanted=true
case $purpose in
    deb | rpm | rock | release) is_javascript_wanted=false ;;
esac

if $is_javascript_wanted; then check_node; fi
case $purpose in
    build) ;;
    docs) need_docs ;;
    sandbox) need_sandbox ;;
    demo) need_sandbox && need_host liblua5.3-dev lua5.3 ;;
    lint) need_lint ;;
    test) need_sandbox && need_tests && need_lint && need_rpm && need_rock ;;
    deb) ;;
    rpm) need_rpm ;;
    rock) need_rock ;;
    release) need_rpm && need_rock ;;
    *)
        echo "$usage" >&2
        exit 2
        ;;
esac
if [ -n "$packages" ]; then install_debian_packages; fi
if $is_javascript_wanted; then install_npm_packages; fi
