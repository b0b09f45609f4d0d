#!/bin/bash
# What a compressed proof costs: every shard and node of it, and the stock prover beside ours.
#
#	STOCK=PROGRAM	a built test/interop/stock (else $B/stock/release/stock; else the stock
#			prover is left out): 14 GB, and minutes
#	GUESTS="fib:fib-20 keccak256:bytes-1000"	what to prove
set -e -o pipefail
cd "$(dirname "$0")/../.."
ROOT=$PWD
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/base_cost"
case $B in /*) ;; *) B=$ROOT/$B ;; esac
export PATH=$B/bin:$PATH
STOCK=${STOCK:-$B/stock/release/stock}
guest=$ROOT/test/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
exec 3>&1

for pair in ${GUESTS:-fib:fib-20 keccak256:bytes-1000}; do
	g=${pair%:*} input=${pair#*:}
	echo "# $input: seconds, processor seconds, peak MB"
	"$B/bench/base_cost" "ours $input" sp1-prove-gpu -m compressed --timings t.json \
		-p "$guest/$g.elf" -o ours.bin <"$guest/inputs/$input.bin"
	echo '# its shards and nodes: seconds, of which program, key, execute, rows, proof'
	jq -r '.shards[] | .phases as $p | [.what, .total, $p.program, $p.key, $p.execute,
		(($p.prepare // 0) + $p.trace), ($p.commit + $p.gkr + $p.zerocheck +
		$p.jagged + $p.basefold)] | map(. // "-") | @tsv' t.json
	if [[ -x $STOCK ]]; then
		echo "$guest/$g.elf $guest/inputs/$input.bin stock.bin" |
			"$STOCK" compress 2>stock.log | grep ' seconds '
	else
		echo "# no stock prover ($STOCK): make check-stock builds it"
	fi
done
