#!/bin/sh
# What the build and the tests need, as Debian 12 and Ubuntu 24.04 name it.
#
#	deps.sh		installs what is missing through apt, where it may
#	deps.sh -l	lists all of it
# shellcheck disable=SC2086  # lists of words are meant
set -eu

build="gcc make pkg-config libssl-dev libcurl4-openssl-dev libnghttp2-dev
libsecp256k1-dev libjansson-dev libyaml-dev libxmlsec1-dev libunbound-dev libzstd-dev
libsqlite3-dev libseccomp-dev"
tests="bats jq perl python3 curl openssl xxd"
# `make lint` and 70-package.bats leave out what is not there; CI=true installs them too.
[ -z "${CI:-}" ] || tests="$tests mandoc shellcheck cppcheck debhelper
lintian systemd"

if [ "${1:-}" = -l ]; then
	echo $build $tests
	exit
fi

if ! command -v dpkg-query >/dev/null; then
	echo "deps: not a Debian or Ubuntu: make sure that there is" $build $tests
	exit
fi

missing=
for package in $build $tests; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null ||
		true)
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	sudo="sudo -n"
else
	echo "deps: missing:$missing" >&2
	echo "deps: as root: apt-get update && apt-get install$missing" >&2
	exit 1
fi
echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt="$sudo apt-get -q -y --no-install-recommends"
# The list of packages may be older than what the server has.
$apt install $missing >/dev/null 2>&1 || {
	$sudo apt-get -q update
	$apt install $missing
}
