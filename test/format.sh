#!/bin/sh
# How far the sources are from .clang-format: it breaks long lines in other places
# than a person would, so this tells, and fails nothing.
set -eu
cd "$(dirname "$0")/.."
files=0 lines=0
for f in $(git ls-files '*.c' '*.h'); do
	n=$(clang-format "$f" | diff "$f" - | grep -c '^>' || true)
	[ "$n" = 0 ] || files=$((files + 1)) lines=$((lines + n))
done
echo "lint: clang-format would write $lines lines of $files files otherwise"
