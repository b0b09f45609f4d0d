#!/bin/sh
# Builds the sources in two folders of different names and compares the programs.
set -eu
cd "$(dirname "$0")/.."
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
for dir in one another/deeper; do
	mkdir -p "$top/$dir"
	git ls-files -z | xargs -0 tar -c | tar -x -C "$top/$dir"
	make -s -C "$top/$dir" B=build all
done
(cd "$top/one/build/bin" && sha256sum -- *) >"$top/sums"
(cd "$top/another/deeper/build/bin" && sha256sum --quiet -c "$top/sums")
echo "$(wc -l <"$top/sums") programs, built in two places: identical"
