#!/usr/bin/env bats
# All daemons, two workers among them, are killed at random, and made to hang, while jobs
# come in; the line to the network and its store is bad (fake/flaky.py), and disks are full
# for a while.  Each job that was accepted ends as it should, once.  30 kills; with
# CHECK_LONG 1,000, or CHAOS_KILLS.  CHAOS_SEED repeats an order.
load helpers
source "$ROOT/test/servers.sh"

kills=${CHAOS_KILLS:-${CHECK_LONG:+1000}}
kills=${kills:-30}

setup() {
	client && mkdir servers jobs || return
	proof=$(proof_of fib-20)
	needs "$proof"
	prover_knows "$proof"
	export WORKER_OPTIONS="--prover $PWD/prover"
	# Its workers die by our hand, not by the job's.
	export PROXY_OPTIONS='--lease 3 --max-deaths 1000000 --reconcile 5'
	# All that is said to the network goes through a bad line.
	local port
	port=$(server_port)
	NETWORK_AT=https://127.0.0.1:$port
	DEVNET_OPTIONS="-u $NETWORK_AT"
	servers_start "$PWD/servers" && tls=(--ca "$CA") || return
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/flaky.py" "$CA" \
		"$SERVERS/tls.key" "$port" "$DEVNET_PORT" 3>&- 2>flaky.err &
	server_start worker2
}

teardown() { servers_stop; }

# What is submitted in turn: guest, input, what becomes of it.
kinds=('exit u32:3 halt_with_non_zero_exit_code'
	'crash-misaligned-load none invalid_memory_access'
	'fib raw input_malformed' 'exit u32:7 halt_with_non_zero_exit_code')

# As in values.sh, of a guest that the stock table lacks too: worked out once.
vk_of() { key_field "$1" vk | cut -c 3-; }
vk_hash_of() { key_field "$1" vk_hash; }
key_field() {
	[[ -s key.$1 ]] || sp1-vk "$ROOT/test/guest/$1.elf" >"key.$1"
	jq -r ".$2" "key.$1"
}

# submit NAME KIND: until it is accepted, a client's way; the record in jobs/NAME, with
# "want".
submit() {
	local guest input want who
	read -r guest input want <<<"$2"
	case $input in
	raw) printf 'no SP1Stdin at all' >"jobs/$1.in" ;;
	none) sp1-stdin >"jobs/$1.in" ;;
	*) sp1-stdin "$input" >"jobs/$1.in" ;;
	esac
	who=$(vk_hash_of "$guest")
	until sp1-encrypt --raw --vk-hash "$who" -k key -u "$TEE" "${tls[@]}" \
		--pin "$FINGERPRINT" <"jobs/$1.in" >"jobs/$1.sealed" 2>/dev/null &&
		upload "jobs/$1.sealed" >"jobs/$1.up" 2>/dev/null; do
		sleep 0.2
	done
	# The same upload asked for again and again is one request.
	until request "$guest" <"jobs/$1.up" >"jobs/$1.request" 2>/dev/null; do
		sleep 0.2
	done
	jq -c --arg want "$want" '. + {want: $want}' "jobs/$1.request" >"jobs/$1.job"
}

# client_at_work N: until jobs/enough is there.
client_at_work() {
	local i=0
	while [[ ! -e jobs/enough ]]; do
		submit "$1-$i" "${kinds[(i + $1) % ${#kinds[@]}]}"
		i=$((i + 1))
		sleep 1
	done
}

again() { until server_start "$1" >/dev/null 2>&1; do sleep 0.2; done; }

# What has a database has no room for a while: each write fails.
full_disk() {
	local pid
	pid=$(<"$SERVERS/$1.pid")
	prlimit --pid "$pid" --fsize=0:
	sleep $((RANDOM % 3)).$((RANDOM % 10))
	kill -0 "$pid"
	prlimit --pid "$pid" --fsize=unlimited:
}

# One fault of a daemon's.
fault() {
	local name=$1 pid
	pid=$(<"$SERVERS/$name.pid")
	if ((RANDOM % 4 == 0)); then	# it hangs, and goes on
		hangs=$((hangs + 1))
		kill -STOP "$pid"
		sleep $((RANDOM % 3)).$((RANDOM % 10))
		kill -CONT "$pid"
	fi
	server_stop "$name" KILL
	# Away for a while, now and then: the network with its store, the keys.
	((RANDOM % 3)) || sleep $((RANDOM % 4))
	again "$name"
}

@test "killed at random: every accepted job ends as it should, once" {
	needs python3 curl prlimit
	clients=() hangs=0 full=0
	RANDOM=${CHAOS_SEED:=$$}
	echo "CHAOS_SEED=$CHAOS_SEED, $kills kills"
	for n in "${!kinds[@]}"; do	# the network knows the programs then
		submit "first-$n" "${kinds[n]}"
	done
	for n in 0 1 2; do
		client_at_work $n 3>&- &
		clients+=($!)
	done
	names=(proxy worker keyd devnet worker2 proxy)
	disks=(proxy devnet)
	for ((k = 0; k < kills; k++)); do
		if ((k % 5 == 0)); then
			full_disk "${disks[RANDOM % 2]}"
			full=$((full + 1))
		fi
		fault "${names[RANDOM % ${#names[@]}]}"
		sleep $((RANDOM % 2)).$((RANDOM % 10))
	done
	: >jobs/enough
	wait "${clients[@]}"
	jobs=(jobs/*.job)
	echo "${#jobs[@]} jobs"
	for job in "${jobs[@]}"; do
		# not reached for two minutes, on a busy machine, is no answer
		for _ in {1..5}; do
			run --separate-stderr sp1-poll --interval 200 -t 600 "${tls[@]}" "$job"
			((status == 75)) || break
		done
		is "$(jq -r .cause <<<"$output")" "$(jq -r .want "$job")" "$job: $stderr"
	done
	# each is one request, and none was answered with another's
	is "$(jq -r .request_id "${jobs[@]}" | sort -u | wc -l)" "${#jobs[@]}"
	# a client may know before the network has all: nothing is left at last
	open_jobs() { curl -s --cacert "$CA" "$TEE/health" | jq -r .jobs; }
	for _ in {1..3000}; do
		[[ $(open_jobs) != 0 ]] || break
		sleep 0.2
	done
	is "$(open_jobs)" 0 "$(tail -n 20 "$SERVERS/worker.log")"
	server_stop devnet
	is "$(python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(*db.execute("SELECT count(*), count(DISTINCT id), min(fulfillment),"
    " max(fulfillment) FROM request").fetchone())' "$SERVERS/devnet.db")" \
		"${#jobs[@]} ${#jobs[@]} 4 4" "$(grep -hE 'refused|not_taken' \
			"$SERVERS"/worker*.log)"
	# nobody has given up, nothing is left
	is "$(grep -hE 'cause=(gave_up|killed_workers|input_lost)|event=(broken|refused)' \
		"$SERVERS"/worker*.log)" ''
	# and all faults were there
	for kind in reset cut still 'status 503' 'status 429' 'status 50[02]'; do
		grep -q "^$kind" flaky.log || { echo "no fault: $kind"; return 1; }
	done
	echo "# ${#jobs[@]} jobs ended rightly; $kills kills, $hangs hangs," \
		"$full full disks, $(grep -vc ended flaky.log) faults of the line" >&3
	again devnet
	is "$(find "$SERVERS/proxy.db.sealed" -name 'part.*' | wc -l)" 0
	# and the next is proved: how often a proof of megabytes must be fetched over such a
	# line, chance would say
	: >line.good
	sp1-stdin u32:20 | seal fib | upload | request fib | poll | fetch -o proof.bin
	sp1-verify -k "$(key_of fib)" proof.bin
}
