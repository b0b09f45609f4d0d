#!/bin/sh
# Hashes, codewords, trees: one thread, then all; then each instruction set.
set -e
cd "$(dirname "$0")/../.."
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/poly"
"$B/bench/poly" 1
"$B/bench/poly" "$(nproc)" | grep -v '^#'
for simd in avx2 scalar; do
	SP1_SIMD=$simd "$B/bench/poly" 1 | grep -v '^#'
done
