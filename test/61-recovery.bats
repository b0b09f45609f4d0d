#!/usr/bin/env bats
# A crash at any point loses no accepted job.  Each test has servers of its own.
load helpers
source "$ROOT/test/servers.sh"

guest=$ROOT/test/guest

setup() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return 1
	mkdir servers
	servers_start "$PWD/servers" || return
	tls=(--ca "$CA")
	(umask 077 && openssl rand -hex 32 >key)
}

teardown() { servers_stop; }

seal() {
	sp1-encrypt -p "$guest/$1.elf" -k key -u "$TEE" "${tls[@]}" \
		--pin "$FINGERPRINT"
}
upload() { sp1-upload -t stdin -u "$TEE" "${tls[@]}" -k key "$@"; }
request() { sp1-request -p "$guest/$1.elf" -k key "${tls[@]}"; }
poll() { sp1-poll --interval 200 -t 600 "${tls[@]}"; }

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
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	server_stop proxy KILL
	server_start proxy
	server_start worker
	poll <requested | sp1-fetch -q "${tls[@]}" -o proof.bin
	sp1-verify -p "$guest/fib.elf" proof.bin
}

@test "the proxy is killed before it has kept what the network took" {
	server_stop worker
	sp1-stdin u32:3 | seal exit | upload >uploaded
	server_stop proxy KILL
	mkdir before
	cp servers/proxy.db* before/
	server_start proxy
	request exit <uploaded >requested
	server_stop proxy KILL
	rm servers/proxy.db*
	cp before/* servers/
	server_start proxy
	# found at the network, by itself
	until_logged 1 proxy adopted
	like "$(grep adopted servers/proxy.log)" \
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

@test "the worker is stopped at work, and another goes on" {
	stuck_worker
	server_stop worker
	grep -q 'end=later' servers/worker.log
	server_start worker
	poll <requested | sp1-fetch -q "${tls[@]}" -o proof.bin
	sp1-verify -p "$guest/fib.elf" proof.bin
}

@test "the worker is killed at work: its lease runs out" {
	server_stop proxy
	PROXY_OPTIONS='--lease 10' server_start proxy
	stuck_worker
	server_stop worker KILL
	server_start worker
	poll <requested >"done"
	is "$(jq -r .fulfillment_status "done")" fulfilled
	like "$(grep end=fulfilled servers/worker.log)" "*attempt=[23]*"
}

@test "the network starts anew, at work" {
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	server_stop devnet KILL
	server_start devnet
	poll <requested | sp1-fetch -q "${tls[@]}" -o proof.bin
	sp1-verify -p "$guest/fib.elf" proof.bin
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
	sp1-stdin u32:20 | seal fib | upload |
		sp1-request -p "$guest/fib.elf" -k key "${tls[@]}" -t 4 >requested
	run --separate-stderr poll <requested
	is "$status" 1
	server_start worker
	until_logged 1 worker end=
	like "$(grep end= servers/worker.log)" "*end=over cause=deadline_passed*"
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
	past() { sp1-request -p "$guest/$1.elf" -k "$2" -u "$DEVNET" "${tls[@]}"; }
	request exit <uploaded >mine
	past exit key <uploaded >second
	(umask 077 && openssl rand -hex 32 >thief)
	jq -c 'del(.requester)' uploaded | past io thief >stolen
	# what a network could make up: another program, in the owner's name
	past io key <uploaded >forged
	until_logged 3 proxy adopted
	is "$(grep -c adopted servers/proxy.log)" 3
	server_start worker
	for i in stolen forged; do
		run --separate-stderr poll <$i
		is "$status" 1
		like "$(grep "$(jq -r .request_id $i | cut -c 3-) end=" servers/worker.log)" \
			"*end=failed cause=input_not_released*"
	done
	for i in mine second; do
		run --separate-stderr poll <$i
		is "$status" 1
		is "$(jq -r '.execution_status + " " + .execute_fail_cause' <<<"$output")" \
			"unexecutable halt_with_non_zero_exit_code"
	done
}
