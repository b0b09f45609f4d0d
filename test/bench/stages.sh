#!/bin/bash
# What each stage of the pipeline costs, the prover's phases, and the stock prover
# beside ours on the same guests.
#
#	STOCK=PROGRAM	a built test/interop/stock (else $B/stock/release/stock, as
#			`make check-stock` leaves it; else the stock prover is left out)
#	GUESTS="fib:fib-20 bench:bench-4"	what to prove
set -e -o pipefail
cd "$(dirname "$0")/../.."
ROOT=$PWD
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/base_cost"
case $B in /*) ;; *) B=$ROOT/$B ;; esac
export PATH=$B/bin:$PATH
STOCK=${STOCK:-$B/stock/release/stock}
guest=$ROOT/test/guest

# shellcheck source=test/servers.sh
source test/servers.sh
work=$(mktemp -d)
trap 'servers_stop; rm -rf "$work"' EXIT
cost=$B/bench/base_cost
exec 3>&1

echo "# stages, fib-20: stage, seconds, processor seconds, peak MB"
servers_start "$work"
cd "$work"
(umask 077 && openssl rand -hex 32 >key)
tls=(--ca "$CA")
elf=$guest/fib.elf
$cost sp1-stdin sp1-stdin u32:20 >input
$cost sp1-vk sp1-vk "$elf" >vk
$cost sp1-encrypt sp1-encrypt -p "$elf" -k key -u "$TEE" "${tls[@]}" \
	--pin "$FINGERPRINT" <input >sealed
$cost sp1-upload sp1-upload -t stdin -u "$TEE" "${tls[@]}" -k key sealed >uploaded
$cost sp1-request sp1-request -p "$elf" -m core -k key "${tls[@]}" \
	<uploaded >requested
$cost sp1-poll sp1-poll --interval 100 "${tls[@]}" <requested >polled
$cost sp1-fetch sp1-fetch -q "${tls[@]}" -o proof <polled
$cost sp1-verify sp1-verify -p "$elf" proof >verdict
$cost sp1-exec sp1-exec -p "$elf" <input >public
$cost sp1-exec--records sp1-exec -p "$elf" --records <input >records
$cost sp1-prove-gpu sp1-prove-gpu -p "$elf" <records >proof
for name in keyd devnet proxy worker; do
	awk -v n=$name '$1 == "VmHWM:" { printf "%s (daemon)\t-\t-\t%d\n", n, $2 / 1024 }' \
		"/proc/$(<$name.pid)/status" >&3
done
servers_stop

# Ours in the stock prover's five phases.
phases='[.shards[].phases | to_entries[]] | group_by(.key) |
	map({(.[0].key): (map(.value) | add)}) | add |
	.trace += .prepare | .openings = .jagged + .basefold |
	del(.prepare, .jagged, .basefold) | to_entries[] | "\(.key) \(.value)"'

beside_stock() {	# GUEST INPUT
	local ours stock
	echo "# $2: ours, seconds, processor seconds, peak MB"
	$cost "ours $2" sp1-prove-gpu --timings t.json -p "$guest/$1.elf" \
		-o ours.bin <"$guest/inputs/$2.bin" 3>ours.tsv
	cat ours.tsv
	jq -r "$phases" t.json >ours.phases
	if [[ -x $STOCK ]]; then
		stock=$(echo "$guest/$1.elf $guest/inputs/$2.bin stock.bin" |
			"$STOCK" prove 2>stock.log | grep ' seconds ')
	else
		echo "# no stock prover ($STOCK): make check-stock builds it"
		cat ours.phases
		return
	fi
	# NAME NUMBER a line
	sed 's/.* \(seconds .*\)/\1/' <<<"$stock" | xargs -n 2 |
		awk '$1 == "peak_kB" { $0 = "MB " $2 / 1024 } 1' >stock.phases
	ours=$(cut -f2,4 ours.tsv)
	echo '# whole, peak MB, and the phases of all shards: ours, stock, stock/ours'
	# shellcheck disable=SC2086  # words are meant
	printf 'seconds %s\nMB %s\n' ${ours/$'\t'/ } | cat - ours.phases |
		awk -v n="$2" 'NR == FNR { ours[$1] = $2; next }
		{ if (!($1 in stock)) name[++count] = $1; stock[$1] += $2 }
		END { for (k = 1; k <= count; k++) {
			p = name[k]
			printf "%s %s\t%.2f\t%.2f\t%.1f\n", n, p, ours[p],
			    stock[p], stock[p] / ours[p] } }' - stock.phases
}
for pair in ${GUESTS:-fib:fib-20 bench:bench-1}; do
	beside_stock "${pair%:*}" "${pair#*:}"
done
