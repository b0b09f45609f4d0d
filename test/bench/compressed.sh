#!/bin/bash
# What a compressed proof costs: every shard and node of it, the stock prover beside ours, and
# how ours grows with the number of shards.
#
#	STOCK=PROGRAM	a built test/interop/stock (else $B/stock/release/stock; else the stock
#			prover is left out): 14 GB, and minutes
#	GUESTS="fib:fib-20 keccak256:bytes-1000"	what to prove
#	THRESHOLDS="- 4000000 2700000 2300000"		ELEMENT_THRESHOLD of the growth, -: without
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

# ours GUEST INPUT: its cost, in ours.tsv too, and t.json
ours() {
	"$B/bench/base_cost" "ours $2" sp1-prove-gpu -m compressed --timings t.json \
		-p "$guest/$1.elf" -o ours.bin <"$guest/inputs/$2.bin" 3>ours.tsv
}

# The stock prover makes its keys first, which is counted too; without is what it tells.
beside_stock() {	# GUEST INPUT
	echo "$guest/$1.elf $guest/inputs/$2.bin stock.bin" >line
	"$B/bench/base_cost" "stock $2" "$STOCK" compress <line >said 2>stock.log 3>stock.tsv
	cat stock.tsv
	sed -n 's/.* seconds \([0-9.]*\) .*/# stock, seconds without its keys: \1/p' said
	echo '# ours / stock: seconds, processor seconds, peak MB'
	paste ours.tsv stock.tsv | awk -F '\t' '{
		printf "%s\t%.3f\t%.3f\t%.3f\n", substr($1, 6), $2 / $6, $3 / $7, $4 / $8 }'
}

for pair in ${GUESTS:-fib:fib-20 keccak256:bytes-1000}; do
	g=${pair%:*} input=${pair#*:}
	echo "# $input: seconds, processor seconds, peak MB"
	ours "$g" "$input"
	cat ours.tsv
	echo '# its shards and nodes: seconds, of which program, key, execute, rows, proof'
	jq -r '.shards[] | .phases as $p | [.what, .total, $p.program, $p.key, $p.execute,
		(($p.prepare // 0) + $p.trace), ($p.commit + $p.gkr + $p.zerocheck +
		$p.jagged + $p.basefold)] | map(. // "-") | @tsv' t.json
	if [[ -x $STOCK ]]; then
		beside_stock "$g" "$input"
	else
		echo "# no stock prover ($STOCK): make check-stock builds it"
	fi
done

echo '# growth, isa-3: ELEMENT_THRESHOLD, shards, nodes, seconds, processor seconds, peak MB,'
echo '# processor seconds a shard with its nodes'
for threshold in ${THRESHOLDS:-- 4000000 2700000 2300000}; do
	unset ELEMENT_THRESHOLD
	[[ $threshold = - ]] || export ELEMENT_THRESHOLD=$threshold
	ours isa isa-3
	jq -r '[.shards[].what | IN("normalize", "compose", "deferred")] |
		[map(select(not)), map(select(.))] | map(length) | @tsv' t.json |
		paste - ours.tsv | awk -F '\t' -v t="$threshold" -v OFS='\t' '{
			print t, $1, $2, $4, $5, $6, $5 / $1 }'
done
