#!/bin/sh
# Builds the sources in two folders of different names and compares the programs and
# the library.
set -eu
cd "$(dirname "$0")/.."
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
for dir in one another/deeper; do
	mkdir -p "$top/$dir"
	git ls-files -z | xargs -0 tar -c | tar -x -C "$top/$dir"
	make -s -C "$top/$dir" B=build all verifier
	cp "$top/$dir"/build/libsp1verify.* "$top/$dir/build/bin"
done
(cd "$top/one/build/bin" && sha256sum -- *) >"$top/sums"
(cd "$top/another/deeper/build/bin" && sha256sum --quiet -c "$top/sums")
echo "$(wc -l <"$top/sums") files, built in two places: identical"
