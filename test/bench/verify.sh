#!/bin/bash
# Our verifier beside the stock one, on the same proofs in one run: core of one and of
# two shards, compressed, Groth16.  Milliseconds a verification, the key made beforehand,
# the best of RUNS: ours on one thread and on all; the stock verifier's, which uses all.
#
#	STOCK=PROGRAM	a built test/interop/stock (else $B/stock/release/stock; else
#			the stock verifier is left out)
#	RUNS=5
set -e -o pipefail
cd "$(dirname "$0")/../.."
ROOT=$PWD
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/snark_verify"
case $B in /*) ;; *) B=$ROOT/$B ;; esac
export PATH=$B/bin:$PATH
STOCK=${STOCK:-$B/stock/release/stock}
RUNS=${RUNS:-5}
guest=$ROOT/test/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

stock_ms() {	# HOW PROOF ELF
	local k
	for ((k = 0; k < RUNS; k++)); do
		echo "$2 $3"
	done | "$STOCK" "$1" 2>"$work/stock.log" |
		awk '$3 != "valid" { exit 1 }
		    { t = $4 * 1000 } NR == 1 || t < best { best = t }
		    END { printf "%.1f\n", best }'
}

one() {	# NAME PROOF ELF
	local ours all stock
	sp1-vk --raw "$3" >"$work/vk"
	ours=$("$B/bench/snark_verify" "$work/vk" "$2" "$RUNS" 1)
	all=$("$B/bench/snark_verify" "$work/vk" "$2" "$RUNS" 0)
	if [[ -x $STOCK ]]; then
		stock=$(stock_ms verify "$2" "$3")
		awk -v n="$1" -v a="$ours" -v b="$all" -v s="$stock" 'BEGIN {
			printf "%s\t%.1f\t%.1f\t%.1f\tstock/ours %.1f (one thread), %.1f\n",
			    n, a, b, s, s / a, s / b }'
	else
		printf '%s\t%.1f\t%.1f\t-\n' "$1" "$ours" "$all"
	fi
}

echo "# verification: proof, ms on one thread, ms on all, stock's ms"
sp1-prove-gpu -p "$guest/fib.elf" -m core -o "$work/fib" \
	<"$guest/inputs/fib-20.bin"
ELEMENT_THRESHOLD=33554432 sp1-prove-gpu -p "$guest/bench.elf" -m core \
	-o "$work/bench" <"$guest/inputs/bench-1.bin"
one 'core, 1 shard (fib-20)' "$work/fib" "$guest/fib.elf"
one 'core, 2 shards (bench-1)' "$work/bench" "$guest/bench.elf"
compressed=../shared/vectors/own/proof/fib-20.compressed.bin
if [[ -e $compressed ]]; then
	one 'compressed (fib-20)' "$compressed" "$guest/fib.elf"
fi
# By a key's hash: that proof's program is not at hand.
key=00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93
proof=$ROOT/test/vectors/snark/groth16-v6.1.bin
ours=$("$B/bench/snark_verify" "$key" "$proof" "$RUNS" 1)
if [[ -x $STOCK ]]; then
	stock=$(stock_ms groth16 "$proof" "0x$key")
	awk -v a="$ours" -v s="$stock" 'BEGIN {
		printf "Groth16\t%.2f\t-\t%.1f\tstock/ours %.1f\n", a, s, s / a }'
else
	printf 'Groth16\t%.2f\t-\t-\n' "$ours"
fi
