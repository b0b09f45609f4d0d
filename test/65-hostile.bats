#!/usr/bin/env bats
# Clients that would stop the others, and jobs that would have a worker for ever: each
# ends with its cause, and the next job is done.  The servers are this file's own.
load helpers
source "$ROOT/test/servers.sh"

setup_file() {
	PROXY_OPTIONS='--lease 2' file_servers && servers_stop worker
}

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop
}

setup() { client && rm -f "$SERVERS/worker.log"; }

teardown() { servers_stop worker; }

worker() { WORKER_OPTIONS="$*" server_start worker; }

# ends_so CAUSE: the request of ./requested
ends_so() {
	run -1 --separate-stderr poll <requested
	printf '%s\n' "$output" >ended
	is "$(jq -r '.cause + " " + .fulfillment_status' ended)" \
		"$1 unfulfillable"
}

# A program that stops in its middle, for ever, and ends with the worker.
stalling() {
	printf '#!/bin/sh\nexec sleep 1000\n' >stalling
	chmod +x stalling
}

@test "a small upload that unpacks to much more: refused, in little memory" {
	needs zstd
	head -c 600000000 /dev/zero | zstd -q >bomb
	(($(stat -c %s bomb) < 100000))
	sp1-encrypt --raw --vk-hash "$(vk_hash_of halt)" -k key -u "$TEE" \
		"${tls[@]}" --pin "$FINGERPRINT" <bomb | upload |
		request halt >requested
	worker
	ends_so input_malformed
	after=$(awk '/VmHWM/ {print $2}' "/proc/$(<"$SERVERS/worker.pid")/status")
	((after < 400000)) || { echo "$after kB"; return 1; }
}

@test "items without bytes: refused, in little memory" {
	# 12,000,000 of them, in 96 MB
	perl -e 'print pack "Q<", 12000000; print "\0" x 96000000;
		print "\0" x 16' >in
	upload --plain in | request halt >requested
	worker
	ends_so input_malformed
	after=$(awk '/VmHWM/ {print $2}' "/proc/$(<"$SERVERS/worker.pid")/status")
	((after < 400000)) || { echo "$after kB"; return 1; }
}

# The network has that file for halt's program from now on; it starts anew.
halt_is() {
	server_stop devnet
	python3 -c 'import sqlite3, sys
new = open(sys.argv[2], "rb").read()
db = sqlite3.connect(sys.argv[1])
uri, = db.execute("SELECT uri FROM program WHERE vk_hash = ?",
    (bytes.fromhex(sys.argv[3]),)).fetchone()
n = db.execute("UPDATE artifact SET data = ? WHERE instr(?, id) > 0", (new, uri)).rowcount
db.commit()
assert n == 1' "$SERVERS/devnet.db" "$1" "$(vk_hash_of halt | cut -c 3-)"
	server_start devnet
}

@test "a small program that unpacks to much more: refused, and the worker lives" {
	needs zstd python3
	mkdir servers
	servers_start "$PWD/servers"
	server_stop worker
	tls=(--ca "$CA")
	head -c 600000000 /dev/zero | zstd -q >bomb
	sp1-stdin | seal halt | upload | request halt >requested
	halt_is bomb
	worker
	ends_so program_malformed
	after=$(awk '/VmHWM/ {print $2}' "/proc/$(<"$SERVERS/worker.pid")/status")
	((after < 100000)) || { echo "$after kB"; return 1; }
	kill -0 "$(<"$SERVERS/worker.pid")"
}

# trying NAME COMMAND: a program ./NAME which tries what a broken one would, and becomes the
# command then.
trying() {
	cat >"$1" <<-END
		#!/bin/sh
		ls /proc/self/fd >"$PWD/$1.fds"
		for family in 1 2 10 16; do
			perl -MSocket -e 'socket(my \$s, \$ARGV[0], SOCK_STREAM, 0);
				print "made\n"' \$family >>"$PWD/$1.tried"
			echo \$? >>"$PWD/$1.tried"
		done
		$2
	END
	chmod +x "$1"
}

# The worker's programs, which tests put others in the place of: ./beside.  Its prover knows
# the proof.
beside() {
	proof=$(proof_of fib-20)
	needs "$proof"
	mkdir beside
	cp "$B"/bin/{tee-worker,sp1-exec,sp1-vk,sp1-verify} beside/
	printf '#!/bin/sh\ncat >/dev/null\nexec cat "%s"\n' "$proof" >beside/sp1-prove-gpu
	chmod +x beside/sp1-prove-gpu
	PATH=$PWD/beside:$PATH
}

@test "what looks into a stranger's bytes has no socket, and no descriptor but its own" {
	! sanitized || skip "a sanitizer build"
	beside
	for name in vk exec prove-gpu verify; do
		mv "beside/sp1-$name" "beside/real-$name"
		trying "$name" "exec '$PWD/beside/real-$name' \"\$@\""
		mv "$name" "beside/sp1-$name"
	done
	sp1-stdin u32:20 | seal fib | upload | PATH=$B/bin:$PATH request fib >requested
	worker
	poll <requested | PATH=$B/bin:$PATH fetch -o proof.bin
	for name in vk exec prove-gpu verify; do
		# SIGSYS each time
		is "$(tr '\n' ' ' <"$name.tried")" "159 159 159 159 " "$name"
		# those that child.h names, and that of ls
		is "$(tr '\n' ' ' <"$name.fds")" "0 1 2 3 4 5 " "$name"
	done
}

@test "what looks into a stranger's bytes dies of them: the job ends, and says of what" {
	beside
	sp1-stdin u32:20 >in
	for name in vk exec verify; do
		mv "beside/sp1-$name" real
		printf '#!/bin/sh\nkill -SEGV $$\n' >"beside/sp1-$name"
		chmod +x "beside/sp1-$name"
		seal fib <in | upload | PATH=$B/bin:$PATH request fib >requested
		worker
		pid=$(<"$SERVERS/worker.pid")
		ends_so gave_up
		is "$(jq -r .detail ended)" "after 3 attempts: sp1-$name died of signal 11"
		kill -0 "$pid"
		server_stop worker
		mv real "beside/sp1-$name"
	done
}

@test "what looks into a stranger's bytes falls silent, and stays: its job's time ends it" {
	beside
	sp1-stdin u32:20 >in
	for name in vk exec prove-gpu verify; do
		mv "beside/sp1-$name" real
		printf '#!/bin/sh\nexec sleep 1000 <&- >&- 2>&- 3>&- 4>&-\n' \
			>"beside/sp1-$name"
		chmod +x "beside/sp1-$name"
		seal fib <in | upload | PATH=$B/bin:$PATH request fib >requested
		worker --max-time 1
		ends_so over_time_limit
		server_stop worker
		mv real "beside/sp1-$name"
	done
}

@test "a proof of another mode than was asked for is not handed in" {
	proof=$(proof_of fib-20)
	needs "$proof"
	prover_knows "$proof"
	sp1-stdin u32:20 | seal fib | upload | request fib -m compressed >requested
	worker --prover "$PWD/prover"
	ends_so proof_invalid
}

@test "a job that kills its worker twice ends so; others are done between" {
	# the prover kills the worker at its word
	cat >killing <<-END
		#!/bin/sh
		kill -9 \$PPID
		exec sleep 1
	END
	chmod +x killing
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	for i in 1 2; do
		worker --prover "$PWD/killing"
		until_logged $i worker begins
		while kill -0 "$(<"$SERVERS/worker.pid")" 2>/dev/null; do
			sleep 0.1
		done
	done
	worker --prover "$PWD/killing"
	ends_so killed_workers
	kill -0 "$(<"$SERVERS/worker.pid")"
}

@test "a job without limits: the operator's hold" {
	stalling
	sp1-stdin u32:20 >in
	seal fib <in | upload | request fib >requested
	worker --prover "$PWD/stalling" --max-time 2
	ends_so over_time_limit
	server_stop worker
	seal fib <in | upload | request fib >requested
	worker --max-cycles 5000
	ends_so over_cycle_limit
	is "$(jq -r '.execute_fail_cause // "none"' ended)" none \
		"not the guest's fault"
	# the request's own limit is less: it is the guest's
	seal fib <in | upload | request fib --cycle-limit 4000 >requested
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" exceeded_cycle_limit
}

# request_elf FILE OPTION...: the request of a job of that program, with no input.
request_elf() {
	local elf=$1
	shift
	sp1-stdin | sp1-encrypt -p "$elf" -k key -u "$TEE" "${tls[@]}" \
		--pin "$FINGERPRINT" | upload |
		sp1-request -p "$elf" -k key "${tls[@]}" "$@" >requested
}

@test "an endless guest without any limit: the operator's, after a restart too" {
	request_elf "$ROOT/test/guest/crash-endless.elf" --cycle-limit 0 \
		--gas-limit 0 -t 18446744073709551615
	grep -q '"deadline": *"\?18446744073709551615' requested
	# it has the worker for ever, until that is stopped, or killed
	worker --max-time 0
	until_logged 1 worker begins
	sleep 2
	server_stop worker
	worker --max-time 0
	until_logged 2 worker begins
	server_stop worker KILL
	worker --max-time 5
	ends_so over_time_limit
	server_stop worker
	request_elf "$ROOT/test/guest/crash-endless.elf" --cycle-limit 0 \
		--gas-limit 0 -t 18446744073709551615
	worker --max-cycles 3000000
	ends_so over_cycle_limit
	# and the next is served
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" halt_with_non_zero_exit_code
}

@test "limits of gas, output and memory are the operator's too" {
	sp1-stdin u32:20 >in
	worker --max-gas 6936 --max-output 4 --max-memory 16
	seal fib <in | upload | request fib >requested
	ends_so over_gas_limit
	# for ever a megabyte, to descriptors 1 and 13
	for fd in 00100513 00d00513; do
		tiny_elf 0 00200293 $fd 780005b7 00100637 00000073 fedff06f >writes.elf
		request_elf writes.elf --cycle-limit 0
		ends_so over_output_limit
	done
	# a page after the other
	tiny_elf 0 790005b7 000016b7 00c5b023 00d585b3 ff9ff06f >stores.elf
	request_elf stores.elf --cycle-limit 0
	ends_so over_memory_limit
}

@test "the operator ends a job, and its requester does" {
	needs curl
	stalling
	worker --prover "$PWD/stalling"
	cancel() { tee-proxy -w "$SERVERS/jobs.sock" --cancel "$@"; }
	sp1-stdin u32:20 >in
	seal fib <in | upload | request fib >requested
	until_logged 1 worker begins
	cancel "$(jq -r .request_id requested)"
	ends_so cancelled
	fails 66 tee-proxy -w "$SERVERS/jobs.sock" \
		--cancel "$(jq -r .request_id requested)"
	fails 64 tee-proxy -w "$SERVERS/jobs.sock" --cancel 0x00
	seal fib <in | upload >uploaded
	request fib <uploaded >requested
	until_logged 2 worker begins
	report=$(jq -r .report_url uploaded)
	put() { curl -s --cacert "$CA" -o body -w '%{http_code}\n' -X PUT "$@"; }
	is "$(put "${report/\/report/\/cancel}0")" 401
	is "$(put "${report/\/report/\/cancel}")" 200
	ends_so cancelled
	is "$(put "${report/\/report/\/cancel}")" 404
}

@test "a program where the network should not send us: not fetched" {
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	WORKER_STORE='' server_start worker
	ends_so program_missing
	is "$(jq -r .detail ended)" "it is not to be had where the network says"
	grep -q 'names 127.0.0.1 for a program' "$SERVERS/worker.log"
	server_stop worker
	sp1-stdin u32:20 | seal fib | upload | request fib >requested
	worker --store artifacts.example.com
	ends_so program_missing
}
