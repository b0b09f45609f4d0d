#!/bin/bash
# How long a good client's calls take beside one who keeps the proxy as busy as he can from
# another address, and beside 10,000 connections that are idle, or poll each half a minute.
#
# Each way is measured three times a round, in turn: with nobody else, beside somebody who
# does the same to a second proxy ("elsewhere": what the machine's sharing costs, and his own
# work), and beside one at the same proxy ("here").  Both proxies' loops have processor 0, all
# else the last one, and what somebody costs there is done when nobody else has work.  On a
# machine that does other things it wants a control group before theirs.  10,000 connections
# take as many descriptors of the proxy and of who makes them (RLIMIT_NOFILE: 15000).
#
#	JOBS=50 POLLS=10 ROUNDS=3
#	TLS=1		0: in the clear
#	WAYS="resets resets-500 ..."	which; all of them, below, without
#	PATIENCE=2	seconds that somebody is at it before the good client begins;
#	POLLERS_PATIENCE=40	... where 10,000 connections are made
#	WORK=/tmp	where the servers' files are; on a disk, its syncs are in all of it,
#		and stand behind what others write there: a minute behind gigabytes
#	V=1		what somebody got done, each call, and the proxy's memory, on stderr
#
# Output, TSV: way, the median and the 99th percentile of all calls in ms, alone; the same of
# elsewhere and of here, as multiples of alone; the 99th percentile here as a multiple of
# elsewhere; the same multiples of whole jobs.
set -e -o pipefail
cd "$(dirname "$0")/../.."
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/proxy_jobs" "$B/bench/proxy_hostile"
case $B in /*) ;; *) B=$PWD/$B ;; esac
export PATH=$B/bin:$PATH
guest=$PWD/test/guest
# shellcheck source=test/servers.sh
source test/servers.sh
last=$(($(nproc) - 1)) TLS=${TLS:-1}
work=$(mktemp -d "${WORK:-/tmp}/hostile.XXXXXX")
hostile='' spinners=()
# No processor sleeps, or is another's, so that waking one is not what is measured.
for ((i = 0; i <= last; i++)); do
	chrt -i 0 taskset -c $i bash -c 'while :; do :; done' &
	spinners+=($!)
done

both_stop() {
	for side in here elsewhere; do
		SERVERS=$work/$side servers_stop
	done
}
trap 'kill "${spinners[@]}" $hostile; both_stop; rm -rf "$work"' EXIT

# Two of everything.
declare -A url port devnet
both_start() {
	local side
	for side in here elsewhere; do
		mkdir "$work/$side"
		if ((TLS)); then
			servers_start "$work/$side"
		else
			servers_start "$work/$side" plain
		fi
		server_stop worker
		url[$side]=$TEE port[$side]=$TEE_PORT devnet[$side]=$DEVNET
		known "$side"
	done
}

# The proxies anew, with no state and these options; what is where.
both_anew() {
	local side name
	for side in here elsewhere; do
		export SERVERS=$work/$side CA=$work/$side/tls.pem
		TEE=${url[$side]} TEE_PORT=${port[$side]} DEVNET=${devnet[$side]}
		server_stop proxy
		rm -rf "$SERVERS"/proxy.db*
		PROXY_OPTIONS="--max-jobs 1000000 $1" server_start proxy
		for name in proxy keyd devnet; do
			taskset -apc "$last" \
				"$(<"$SERVERS/$name.pid")" >/dev/null
		done
		taskset -cp 0 "$(<"$SERVERS/proxy.pid")" >/dev/null
		[[ $side = here ]] || chrt -i -p 0 "$(<"$SERVERS/proxy.pid")"
	done
}

# A key of its own, an input sealed for it, and the program registered.
known() {
	local s=$work/$1 tls=(--ca "$work/$1/tls.pem")
	(umask 077 && openssl rand -hex 32 >"$s/key")
	sp1-stdin u32:20 | sp1-encrypt -p "$guest/fib.elf" -k "$s/key" -u "$TEE" \
		"${tls[@]}" --pin "$FINGERPRINT" >"$s/sealed"
	sp1-upload -t stdin -u "$TEE" -k "$s/key" "${tls[@]}" "$s/sealed" |
		sp1-request -p "$guest/fib.elf" -k "$s/key" "${tls[@]}" >"$s/requested"
}

# Places for bodies, of one owner.
places() {
	local i s=$work/$1
	perl -e 'local $/; $_ = <STDIN>; print pack("CN", 0, length), $_' \
		<test/vectors/network/05-CreateArtifact.request.bin >"$s/call"
	for ((i = 0; i < $2; i++)); do
		curl -s --cacert "$s/tls.pem" --http2-prior-knowledge -o "$s/reply" \
			-H 'content-type: application/grpc' -H 'te: trailers' \
			--data-binary @"$s/call" \
			"${url[$1]}/artifact.ArtifactStore/CreateArtifact"
		grep -ao '/artifacts/[!-~]*?token=[0-9a-f]*' "$s/reply" | tail -1
	done >"$s/places"
}

good() {	# FILE
	taskset -c "$last" "$B/bench/proxy_jobs" "${url[here]}" "$work/here/tls.pem" \
		"$work/here/key" "$(jq -r .vk_hash "$work/here/requested")" \
		"$work/here/sealed" "${JOBS:-50}" "${POLLS:-10}" >>"$1"
}

beside() {	# SIDE FILE
	local options=${options/HEAD/$work/$1/head}
	# shellcheck disable=SC2086  # options are words
	chrt -i 0 taskset -c "$last" "$B/bench/proxy_hostile" "$way" "127.0.0.1:${port[$1]}" \
		tls="$TLS" $options file="$work/$1/places" 2>>"$work/told.$1" &
	hostile=$!
	sleep "${PATIENCE:-2}"
	(good "$2")
	kill "$hostile"
	wait "$hostile" || true
	hostile=
}

# of FILE WHAT PART: the quantile of calls or jobs
of() {
	awk -F '\t' -v what="$2" '($1 == "job") == (what == "jobs") { print $2 }' "$1" |
		sort -g | awk -v p="$3" '{ v[NR] = $1 }
		END { i = int(p * NR); if (i < p * NR) i++; print v[i] }'
}

measure() {	# NAME WAY OPTIONS [PROXY_OPTIONS]
	local name=$1 way=$2 options=$3 round what
	[[ -z ${WAYS:-} || " $WAYS " = *" $name "* ]] || return 0
	rm -f "$work"/{alone,elsewhere.ms,here.ms,told.*}
	both_anew "${4:-}"
	: >"$work/here/places"
	: >"$work/elsewhere/places"
	if [[ $way = put ]]; then
		places here "$places"
		places elsewhere "$places"
		# the first bytes of what the enclave would take, of another length
		if [[ $name = sealed* ]]; then
			for side in here elsewhere; do
				perl -e 'local $/; $_ = <STDIN>; substr($_, 100, 8) =
					pack "Q<", $ARGV[0]; print substr $_, 0, 140' \
					"$padded" <"$work/$side/sealed" >"$work/$side/head"
			done
		fi
	fi
	[[ ! ${V:-} ]] || date >&2
	for ((round = 0; round < ${ROUNDS:-3}; round++)); do
		(good "$work/alone")
		beside elsewhere "$work/elsewhere.ms"
		beside here "$work/here.ms"
	done
	for what in calls jobs; do
		for part in 0.5 0.99; do
			of "$work/alone" $what $part
			of "$work/elsewhere.ms" $what $part
			of "$work/here.ms" $what $part
		done
	done | xargs | awk -v n="$name" '{
		printf "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\n", n,
		    $1, $4, $2 / $1, $5 / $4, $3 / $1, $6 / $4, $6 / $5,
		    $11 / $10, $12 / $10, $12 / $11 }'
	[[ ! ${V:-} ]] || { cat "$work"/told.*; each; used; } >&2
}

used() {
	local pid
	pid=$(<"$work/here/proxy.pid")
	grep VmHWM "/proc/$pid/status"
}

# Each call's median and 99th percentile, alone, elsewhere and here.
each() {
	local call f
	for call in CreateArtifact PUT GetNonce RequestProof GetProofRequestStatus; do
		for f in alone elsewhere.ms here.ms; do
			grep "^$call" "$work/$f" >"$work/one"
			printf '%s\t%s\t%s\t%s\n' "$call" "$f" \
				"$(of "$work/one" calls 0.5)" "$(of "$work/one" calls 0.99)"
		done
	done
}

places=64 padded=67108864
sealed_size=$((140 + padded + 1024 * 16))
printf '# way\tms, median\t99 %%\telsewhere\t99 %%\there\t99 %%\there/elsewhere'
printf '\tjobs elsewhere\tjobs here\there/elsewhere\n'
both_start
measure resets reset ''
measure resets-500 reset 'rate=500'
measure idle idle 'conns=1000 of=10'
measure plain put 'conns=4 size=67108863'
measure sealed put "conns=4 size=$sealed_size head=HEAD"
measure replays replay ''
measure fresh fresh ''
measure health health 'conns=50'
measure pipelined pipelined 'conns=1'
measure polls status ''
measure handshakes handshake 'conns=50'
# the proxy alone has few of them
proxy=$(command -v tee-proxy)
mkdir "$work/bin"
printf '#!/bin/sh\nexec prlimit --nofile=300 "%s" "$@"\n' "$proxy" >"$work/bin/tee-proxy"
chmod +x "$work/bin/tee-proxy"
with=$PATH
PATH=$work/bin:$PATH
measure descriptors idle 'conns=1000 of=10'
PATH=$with PATIENCE=${POLLERS_PATIENCE:-40}
measure idle-10000 idle 'conns=10000 of=100 opening=400' '--max-total 14000'
measure pollers status 'conns=10000 of=100 opening=400 depth=1 rate=333' '--max-total 14000'
