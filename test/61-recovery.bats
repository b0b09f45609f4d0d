#!/usr/bin/env bats
# A crash at any point loses no accepted job.  The servers are this file's own, and
# started anew for each test, with empty logs; the worker's prover knows the proof.
load helpers
source "$ROOT/test/servers.sh"

setup_file() { file_servers && servers_stop worker proxy devnet; }

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop
}

setup() {
	client && rm -f "$SERVERS"/{devnet,proxy,worker}.log || return
	proof=$(proof_of fib-20)
	needs "$proof"
	prover_knows "$proof"
	export WORKER_OPTIONS="--prover $PWD/prover"
	# One that a test has started anew has ended with it.
	server_stop keyd && server_start keyd || return
	server_start devnet && server_start proxy && server_start worker
}

teardown() { servers_stop worker proxy devnet; }

# A request, and a worker at work on it, whose prover does not end.
stuck_worker() {
	server_stop worker
	printf '#!/bin/sh\nexec sleep 1000\n' >stuck
	chmod +x stuck
	WORKER_OPTIONS="--prover $PWD/stuck" server_start worker
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	until_logged 1 worker begins
}

@test "the proxy is killed between a request and its fulfilment" {
	server_stop worker
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	server_stop proxy KILL
	server_start proxy
	server_start worker
	run -1 --separate-stderr poll <requested
	is "$(jq -r .exit_code <<<"$output")" 3
}

@test "the proxy is killed before it has kept what the network took" {
	server_stop worker
	sp1-stdin u32:3 | seal exit | upload >uploaded
	server_stop proxy KILL
	mkdir before
	cp -r "$SERVERS"/proxy.db* before/
	server_start proxy
	request exit <uploaded >requested
	server_stop proxy KILL
	rm -r "$SERVERS"/proxy.db*
	cp -r before/* "$SERVERS/"
	server_start proxy
	# found at the network, by itself
	until_logged 1 proxy adopted
	like "$(grep adopted "$SERVERS/proxy.log")" \
		"*request=$(jq -r .request_id requested) *"
	# whoever asks again is told of the same request
	request exit <uploaded >again
	is "$(jq -r .request_id again)" "$(jq -r .request_id requested)"
	server_start worker
	run --separate-stderr poll <requested
	is "$status" 1
	is "$(jq -r .exit_code <<<"$output")" 3
}

@test "a plain input dies with the proxy, and its job says so" {
	server_stop worker
	sp1-stdin | upload --plain | request halt >requested
	server_stop proxy KILL
	server_start proxy
	server_start worker
	run --separate-stderr poll <requested
	is "$status" 1
	is "$(jq -r .cause <<<"$output")" input_lost
	is "$(jq -r .fulfillment_status <<<"$output")" unfulfillable
}

@test "the worker is stopped at work, the next one killed: its lease runs out" {
	server_stop proxy
	PROXY_OPTIONS='--lease 10' server_start proxy
	stuck_worker
	server_stop worker
	grep -q 'end=later' "$SERVERS/worker.log"
	WORKER_OPTIONS="--prover $PWD/stuck" server_start worker
	until_logged 2 worker begins
	server_stop worker KILL
	server_start worker
	poll <requested | tee "done" | fetch -o proof.bin
	is "$(jq -r .fulfillment_status "done")" fulfilled
	like "$(grep end=fulfilled "$SERVERS/worker.log")" "*attempt=[345]*"
}

@test "the network starts anew, at work" {
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	server_stop devnet KILL
	server_start devnet
	poll <requested | fetch -o proof.bin
}

@test "no program at hand: tried again, then given up and told" {
	server_stop worker
	WORKER_OPTIONS='--prover /bin/false' server_start worker
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	run --separate-stderr poll <requested
	is "$status" 1
	is "$(jq -r .cause <<<"$output")" gave_up
	like "$(jq -r .detail <<<"$output")" "after 3 attempts: the prover failed*"
}

@test "a deadline that passes" {
	server_stop worker
	sp1-stdin u32:20 | seal fib | upload | request fib -t 4 >requested
	run --separate-stderr poll <requested
	is "$status" 1
	server_start worker
	until_logged 1 worker end=
	like "$(grep end= "$SERVERS/worker.log")" "*end=over cause=deadline_passed*"
	run --separate-stderr poll <requested
	is "$status" 1
	is "$(jq -r .fulfillment_status <<<"$output")" expired
	is "$(jq -r .cause <<<"$output")" deadline_passed
}

@test "requests sent past the proxy: a second of one's own, a thief's, a forged one" {
	server_stop worker
	server_stop proxy
	PROXY_OPTIONS='--reconcile 1' server_start proxy
	sp1-stdin u32:3 | upload --plain >uploaded
	# the network takes them; the proxy finds them there
	past() { request "$1" -k "$2" -u "$DEVNET"; }
	request exit <uploaded >mine
	past exit key <uploaded >second
	(umask 077 && openssl rand -hex 32 >thief)
	jq -c 'del(.requester)' uploaded | past io thief >stolen
	# what a network could make up: another program, in the owner's name
	past io key <uploaded >forged
	until_logged 3 proxy adopted
	is "$(grep -c adopted "$SERVERS/proxy.log")" 3
	server_start worker
	for i in stolen forged; do
		run --separate-stderr poll <$i
		is "$status" 1
		like "$(grep "$(jq -r .request_id $i | cut -c 3-) end=" \
			"$SERVERS/worker.log")" \
			"*end=failed cause=input_not_released*"
	done
	for i in mine second; do
		run --separate-stderr poll <$i
		is "$status" 1
		is "$(jq -r '.execution_status + " " + .execute_fail_cause' <<<"$output")" \
			"unexecutable halt_with_non_zero_exit_code"
	done
}

@test "tee-keyd is started anew, with other keys: nothing waits for the old ones" {
	needs curl
	server_stop worker
	sp1-stdin u32:20 >in
	seal fib <in | upload | request fib >requested
	cp "$SERVERS/enclave.key" enclave.key
	(umask 077 && openssl rand -hex 32 >"$SERVERS/enclave.key")
	server_stop keyd
	server_start keyd
	cp enclave.key "$SERVERS/enclave.key"
	# the proxy tells the new one, and takes no input for the old one
	until_logged 1 proxy "new keys"
	curl -s --cacert "$CA" "$TEE/v1/enclave-key" >told
	is "$(jq -r .fingerprint told)" "$(jq -r .fingerprint "$SERVERS/keyd.ready")"
	[[ $(jq -r .fingerprint told) != "$FINGERPRINT" ]]
	server_start worker
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" input_for_another_enclave
	like "$(jq -r .detail <<<"$output")" "*seal it anew"
	FINGERPRINT=$(jq -r .fingerprint told)
	seal fib <in | upload | request fib | poll | fetch -o proof.bin
}

@test "tee-keyd is away for longer than three tries: the job waits" {
	sp1-stdin u32:20 >in
	seal fib <in | upload >uploaded
	server_stop keyd
	request fib <uploaded >requested
	until_logged 4 worker "end=later.*tee-keyd does not answer"
	server_start keyd
	poll <requested | fetch -o proof.bin
}

@test "memory that cannot be locked is told at the start" {
	limited() { (ulimit -l 4096 && setpriv --bounding-set=-ipc_lock \
		--reuid=65534 --clear-groups "$@"); }
	chmod a+rx . && limited true 2>/dev/null || skip "needs setpriv, as root"
	cp "$(command -v tee-proxy)" .
	run --separate-stderr limited ./tee-proxy -n http://localhost:1 \
		--keyd k -w w -s db --insecure-loopback
	is "$status" 71
	like "$stderr" "*RLIMIT_MEMLOCK), and --max-plain needs 1073741824*"
}
