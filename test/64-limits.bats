#!/usr/bin/env bats
# What one address may have of tee-proxy at a time, so that others get theirs.
load helpers
source "$ROOT/test/servers.sh"

setup() {
	client && mkdir servers
}

teardown() { servers_stop; }

@test "connections" {
	needs curl
	PROXY_OPTIONS='--max-connections 2' servers_start "$PWD/servers"
	health() { curl -sf -o health --cacert "$CA" "$TEE/health"; }
	health
	exec 6<>"/dev/tcp/127.0.0.1/$TEE_PORT" 7<>"/dev/tcp/127.0.0.1/$TEE_PORT"
	run ! health
	until_logged 1 proxy "wants more connections than one address may have"
	# a connection of another address
	curl -sf --interface 127.0.0.2 -o health --cacert "$CA" "$TEE/health"
	is "$(jq .healthy health)" true
	exec 6>&-
	until health; do sleep 0.05; done
	exec 7>&-
}

@test "memory for inputs in the clear" {
	# two inputs of 600,000 bytes have room, and half is for one address
	PROXY_OPTIONS='--max-plain 1600000 --max-input 700000' \
		servers_start "$PWD/servers"
	head -c 600000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	upload=(sp1-upload -t stdin --plain -u "$TEE" --ca "$CA" -k key)
	"${upload[@]}" in >first
	# 504, which clients try again after, since jobs end and give room
	"${upload[@]}" -v in >second 2>log 3>&- &
	until grep -q 504 log; do
		kill -0 $!
		sleep 0.05
	done
	kill $!
	sp1-stdin u32:1 | "${upload[@]}" >third
	[[ -s third && ! -s second ]]
	# sealed ones have room of their own
	tls=(--ca "$CA")
	seal fib <in | upload >sealed
	[[ -s sealed ]]
}

@test "one owner at three addresses has one owner's share" {
	needs curl
	PROXY_OPTIONS='--max-plain 2600000 --max-input 700000' \
		servers_start "$PWD/servers"
	head -c 600000 /dev/urandom >bytes
	put() {	# ADDRESS
		raw_call "$TEE" /artifact.ArtifactStore/CreateArtifact \
			"$ROOT/test/vectors/network/05-CreateArtifact.request.bin" >code
		is "$(<code)" 0
		curl -s --cacert "$CA" --interface "$1" -o body -w '%{http_code}\n' \
			-T bytes "$(grep -ao 'https://[!-~]*?token=[0-9a-f]*' reply |
				tail -1)"
	}
	is "$(put 127.0.0.1)" 200
	is "$(put 127.0.0.2)" 200
	is "$(put 127.0.0.3)" 504
	# another owner has room
	sp1-stdin file:bytes | sp1-upload -t stdin --plain -u "$TEE" --ca "$CA" \
		-k key >theirs
	[[ -s theirs ]]
}

@test "a sealed input is looked at as soon as its header is there" {
	needs curl
	servers_start "$PWD/servers"
	tls=(--ca "$CA")
	head -c 4000000 /dev/zero >bytes
	sp1-stdin file:bytes >in
	openssl rand -hex 32 >somebody.pub
	sp1-encrypt --vk-hash "$(vk_hash_of fib)" -k key -r somebody.pub in >theirs
	raw_call "$TEE" /artifact.ArtifactStore/CreateArtifact \
		"$ROOT/test/vectors/network/05-CreateArtifact.request.bin" >code
	put=$(grep -ao 'https://[!-~]*?token=[0-9a-f]*' reply | tail -1)
	# at that rate all of it would take 200 seconds
	is "$(timeout 60 curl -s --http1.1 --cacert "$CA" --limit-rate 20000 \
		-o body -w '%{http_code}' -T theirs "$put")" 421
	# what is longer than its header says is none
	seal fib <in >sealed
	(cat sealed && echo more) >longer
	is "$(curl -s --cacert "$CA" -o body -w '%{http_code}' \
		-H 'transfer-encoding: chunked' -T - "$put" <longer)" 400
}

# slow_disk BYTES [MS]: one that takes three seconds to sync a file of more, and so many
# milliseconds for a quarter of a megabyte.
slow_disk() {
	cat >slow.c <<-'END'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <sys/stat.h>
		#include <sys/syscall.h>
		#include <time.h>
		#include <unistd.h>

		static int
		slow(int fd, const char *name)
		{
			struct stat st;

			if (fstat(fd, &st) == 0 && st.st_size > LIMIT)
				nanosleep(&(struct timespec){ .tv_sec = 3 }, 0);
			return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
		}
		int fsync(int fd) { return slow(fd, "fsync"); }
		int fdatasync(int fd) { return slow(fd, "fdatasync"); }
		ssize_t
		write(int fd, const void *p, size_t n)
		{
			if (MS && n >= 1 << 18)
				nanosleep(&(struct timespec){ .tv_nsec = MS * 1000000L }, 0);
			return syscall(SYS_write, fd, p, n);
		}
	END
	cc -shared -fPIC -DLIMIT="$1" -DMS="${2:-0}" -o slow.so slow.c -ldl
}

# The servers, the proxy with such a disk.
slow_servers() {
	slow_disk "$@"
	servers_start "$PWD/servers"
	tls=(--ca "$CA")
	server_stop proxy
	LD_PRELOAD=$PWD/slow.so ASAN_OPTIONS=verify_asan_link_order=0 \
		server_start proxy
}

# all_served FILE: until there is something in it nobody else waits long
all_served() {
	local longest=0 began took
	for _ in {1..400}; do
		began=$(date +%s%N)
		curl -s --cacert "$CA" -o health "$TEE/health"
		took=$((($(date +%s%N) - began) / 1000000))
		((took <= longest)) || longest=$took
		[[ ! -s $1 ]] || break
		sleep 0.02
	done
	((longest < 2000)) || { echo "$longest ms"; return 1; }
}

@test "commits go to a slow disk while others are served, and are answered when they are there" {
	needs curl cc
	slow_servers -1
	began=$(date +%s%N)
	raw_call "$TEE" /artifact.ArtifactStore/CreateArtifact \
		"$ROOT/test/vectors/network/05-CreateArtifact.request.bin" >code 3>&- &
	all_served code
	wait $!
	is "$(<code)" 0
	(($(date +%s%N) - began > 2900000000))
	# a job, whose request is answered when it will survive
	sp1-stdin u32:3 | seal exit | upload >uploaded 3>&- &
	all_served uploaded
	wait $!
	request exit <uploaded >requested 3>&- &
	all_served requested
	wait $!
	server_stop proxy KILL
	LD_PRELOAD=$PWD/slow.so ASAN_OPTIONS=verify_asan_link_order=0 \
		server_start proxy
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" halt_with_non_zero_exit_code
}

@test "a sealed input goes to a slow disk while others are served" {
	needs curl cc
	slow_servers '(1 << 20)'
	head -c 4000000 /dev/urandom >bytes
	sp1-stdin file:bytes | seal fib >sealed
	upload sealed >uploaded 3>&- &
	all_served uploaded
	wait $!
	# it is a file, byte for byte, and the database has none of it
	cmp sealed "$SERVERS"/proxy.db.sealed/artifact_*
	(($(stat -c %s "$SERVERS/proxy.db-wal") < 1000000))
}

# most_memory NAME: KiB that a server had of it at its most
most_memory() {
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$(<"$SERVERS/$1.pid")/status"
}

# kept PATTERN: bytes of the files of that name among the sealed inputs
kept() {
	find "$SERVERS/proxy.db.sealed" -type f -name "$1" -printf '%s\n' |
		awk '{ n += $1 } END { printf "%.0f\n", n }'
}

@test "a long sealed input is in nobody's memory, though the disk is slow" {
	! sanitized || skip "a sanitizer build"
	needs curl cc
	slow_servers '(1 << 30)' 5
	head -c 48000000 /dev/zero >bytes
	sp1-stdin file:bytes | seal fib >sealed
	before=$(most_memory proxy)
	# from a pipe, by way of a file without a name
	mkdir spool
	(ulimit -Sd 32768 && tail -c +1 sealed | TMPDIR=$PWD/spool upload) >uploaded
	took=$(($(most_memory proxy) - before))
	((took < 16000)) || { echo "$took KiB"; return 1; }
	is "$(ls -A spool)" ""
	cmp sealed "$SERVERS"/proxy.db.sealed/artifact_*
	# from the file itself; the proxy dies meanwhile, and it goes again
	(ulimit -Sd 32768 && TMPDIR=/nonexistent upload sealed) >again 3>&- &
	client=$!
	until (($(kept 'part.*') > 4000000)); do sleep 0.02; done
	server_stop proxy KILL
	[[ ! -s again ]]
	server_start proxy
	wait $client
	is "$(kept 'part.*')" 0
	for one in "$SERVERS"/proxy.db.sealed/*; do
		cmp sealed "$one"
	done
	is "$(kept 'artifact_*')" $((2 * $(stat -c %s sealed)))
}

@test "a sealed input of 2 GiB" {
	needs curl
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	PROXY_OPTIONS='--max-input 2400000000' servers_start "$PWD/servers"
	tls=(--ca "$CA")
	server_stop worker
	before=$(most_memory proxy)
	(ulimit -Sd 32768 && head -c 2147483648 /dev/zero |
		(ulimit -Sd unlimited && sp1-encrypt --raw -k key -u "$TEE" "${tls[@]}" \
			--vk-hash "$(vk_hash_of fib)" --pin "$FINGERPRINT") |
		TMPDIR=$PWD upload) >uploaded
	(($(most_memory proxy) - before < 32000))
	is "$(kept '*')" 2215133324
	# one of more than the option says is refused by its length
	server_stop proxy
	PROXY_OPTIONS='--max-input 2000000000' server_start proxy
	run -65 --separate-stderr upload "$SERVERS"/proxy.db.sealed/*
	like "$stderr" "*HTTP status 413*"
}

@test "an input that a worker does not take, or has no memory for" {
	needs curl prlimit
	WORKER_OPTIONS='--max-input 60000000' servers_start "$PWD/servers"
	tls=(--ca "$CA")
	# failed BYTES: the cause, of an input of so many
	failed() {
		head -c "$1" /dev/zero >bytes
		sp1-stdin file:bytes | seal fib | upload >uploaded
		request fib <uploaded >requested
		run -1 --separate-stderr poll <requested
		jq -r .cause <<<"$output"
	}
	is "$(failed 70000000)" input_malformed
	until_logged 1 worker 'end=failed.*it is longer than this prover takes'
	[[ -n ${CHECK_LONG:-} ]] || return 0	# it tries three times, in 10 seconds
	# it has the program already: what it runs for a new one takes more
	prlimit --pid "$(<"$SERVERS/worker.pid")" --data=60000000:
	is "$(failed 59000000)" over_memory_limit
	until_logged 1 worker 'end=failed.*after 3 attempts: no memory for the input'
}

@test "sealed inputs: what nobody asked a proof for goes first" {
	needs curl
	export PROXY_OPTIONS='--max-sealed 1500000 --max-input 800000'
	servers_start "$PWD/servers"
	tls=(--ca "$CA")
	head -c 600000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	status_of() {
		curl -s --cacert "$CA" "$(jq -r .report_url "$1")" | jq -r .status
	}
	# by another owner: one may have no more than all
	(umask 077 && openssl rand -hex 32 >other)
	theirs=(sp1-upload -t stdin -u "$TEE" "${tls[@]}" -k other)
	seal fib <in | "${theirs[@]}" >first
	server_stop worker
	seal fib <in | upload >second
	request fib <second >requested
	# no room, until the first is half a minute old
	seal fib <in | upload >third
	is "$(status_of first)" gone
	is "$(find "$SERVERS/proxy.db.sealed" -type f | wc -l)" 2
	is "$(status_of second)" queued
	is "$(status_of third)" uploaded
	grep -q 'dropped id=.* for room' "$SERVERS/proxy.log"
	request fib <third >requested
	# a restart counts them again
	server_stop proxy
	server_start proxy
	seal fib <in >sealed
	run -124 timeout 5 "${theirs[@]}" sealed
}

# Servers of this test, with no worker yet.
own_servers() {
	servers_start "$PWD/servers" && server_stop worker && tls=(--ca "$CA")
}

# What the network has for halt's program from now on: bincode of a file's bytes; the server
# starts anew.
halt_is() {
	server_stop devnet
	python3 -c 'import sqlite3, struct, sys
elf = open(sys.argv[2], "rb").read()
db = sqlite3.connect(sys.argv[1])
uri, = db.execute("SELECT uri FROM program WHERE vk_hash = ?",
    (bytes.fromhex(sys.argv[3]),)).fetchone()
n = db.execute("UPDATE artifact SET data = ? WHERE instr(?, id) > 0",
    (struct.pack("<Q", len(elf)) + elf, uri)).rowcount
db.commit()
assert n == 1' "$SERVERS/devnet.db" "$1" "$(vk_hash_of halt | cut -c 3-)"
	server_start devnet
}

@test "a program whose key takes minutes ends at once with the worker, and in time" {
	needs python3
	own_servers
	# 16 million words of zeros, in 300 bytes: each is a point of a curve
	tiny_elf 134217728 00000293 00000513 00000073 >zeros.elf
	(($(stat -c %s zeros.elf) < 300))
	sp1-stdin | upload --plain | request halt >requested
	halt_is zeros.elf
	server_start worker
	until_logged 1 worker begins
	sleep 3
	SECONDS=0
	server_stop worker
	((SECONDS < 10))
	grep -q "end=later.*the worker stops" "$SERVERS/worker.log"
	WORKER_OPTIONS='--max-setup 2' server_start worker
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" over_time_limit
	server_stop worker
}

@test "one requester has so many jobs, and no more" {
	PROXY_OPTIONS='--max-jobs 2' own_servers
	for i in 1 2; do
		sp1-stdin u32:$i | seal exit | upload | request exit >requested$i
	done
	sp1-stdin u32:5 | seal exit | upload >uploaded
	run ! request exit <uploaded
	# whoever asks for what he has is answered
	like "$output" "*ResourceExhausted: 2 jobs of this requester *"
	(umask 077 && openssl rand -hex 32 >other)
	mv key mine
	mv other key
	sp1-stdin u32:6 | seal exit | upload | request exit >theirs
	mv mine key
	server_start worker
	for i in 1 2; do
		run -1 poll <requested$i
	done
	request exit <uploaded >requested
}

# The network says this of the request in `requested`: a column, a number.
set_network() {
	server_stop devnet
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute(f"UPDATE request SET {sys.argv[2]} = ?1 WHERE id = ?2",
    (int(sys.argv[3]), bytes.fromhex(sys.argv[4])))
db.commit()' "$SERVERS/devnet.db" "$1" "$2" "$(jq -r '.request_id[2:]' requested)"
	server_start devnet
}
set_status() { set_network fulfillment "$1"; }

@test "a status that the network has got since ends no job" {
	needs python3
	own_servers
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	set_status 9
	server_start worker
	until_logged 1 worker "end=later.*the status 9, which is not known here"
	set_status 2
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" halt_with_non_zero_exit_code
}

@test "a worker dies when the network knows that its job failed: what it told stays" {
	needs curl python3
	PROXY_OPTIONS='--lease 1' own_servers
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	as_worker() { curl -sS --unix-socket "$SERVERS/jobs.sock" "http://worker$1" "${@:2}"; }
	as_worker '/take?wait=10' >job
	tell() {
		as_worker "/job/$(jq -r '.request_id[2:]' job)/$1?lease=$(jq -r .lease job)" \
			-X PUT -d "$2" -o answer -w '%{http_code}'
	}
	is "$(tell report '{"status":"failed","cause":"memory_limit","exit_code":"7"}')" 200
	set_status 4	# unfulfillable
	server_start worker
	until_logged 1 worker "end=over cause=unfulfillable"
	run -1 --separate-stderr poll <requested
	is "$(jq -r '.cause, .exit_code' <<<"$output")" $'memory_limit\n7'
}

@test "what the network knows of an execution already is no refusal" {
	needs python3
	own_servers
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	# told by a try whose answer was lost, or by a worker that died after it
	set_network execution 3
	server_start worker
	until_logged 1 worker "end=failed cause=halt_with_non_zero_exit_code"
	server_stop worker
	is "$(grep event=refused "$SERVERS/worker.log")" ''
	run -1 --separate-stderr poll <requested
	is "$(jq -r .cause <<<"$output")" halt_with_non_zero_exit_code
	# what it took as something else is one
	sp1-stdin u32:4 | seal exit | upload | request exit >requested
	set_network execution 2
	server_start worker
	until_logged 1 worker "event=refused.*call=FailExecution"
}

@test "a worker that has lost its job tells nobody how it ended" {
	needs python3
	PROXY_OPTIONS='--lease 3600' own_servers
	sp1-stdin | seal crash-endless | upload |
		request crash-endless --cycle-limit 0 >requested
	WORKER_OPTIONS='--max-time 2' server_start worker
	until_logged 1 worker begins
	kill -STOP "$(<"$SERVERS/worker.pid")"
	server_stop proxy
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE job SET lease = ?", ("0" * 32,))
db.commit()' "$SERVERS/proxy.db"
	server_start proxy
	kill -CONT "$(<"$SERVERS/worker.pid")"
	until_logged 1 worker "end=lost"
	# it is assigned, and not executed
	is "$(python3 -c 'import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute("SELECT fulfillment, execution FROM request").fetchone())' \
		"$SERVERS/devnet.db")" '2 1'
}

# A proxy behind fake/relay.py, which loses the answer to the request that is taken next.
loses_an_answer() {
	NETWORK_AT=https://127.0.0.1:$(<relay.port)
	server_stop proxy
	server_start proxy
	# Each of its connections has been used: libcurl sends a call again where one that
	# was ends without an answer, so that the network sees it twice.
	perl -e 'local $/; $_ = <STDIN>; print pack("CN", 0, length), $_' \
		<"$ROOT/test/vectors/network/03-GetNonce.request.bin" >call
	for ((i = 0; i < 32; i++)); do
		curl -sS --cacert "$CA" --http2-prior-knowledge -o reply \
			-H 'content-type: application/grpc' -H 'te: trailers' \
			--data-binary @call "$TEE/network.ProverNetwork/GetNonce"
	done
	requests >lose.n && mv lose.n lose
}
requests() {
	python3 -c 'import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM request").fetchone())' \
		"$SERVERS/devnet.db"
}
relayed() {
	needs curl perl python3
	own_servers
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/relay.py" "$CA" \
		"$SERVERS/tls.key" "$DEVNET_PORT" --lose "$SERVERS/devnet.db" 3>&- &
	for ((try = 0; try < 600; try++)); do
		[[ ! -e relay.port ]] || break
		sleep 0.05
	done
}

@test "the answer to a request is lost: asked again, it is found, and not made twice" {
	relayed
	loses_an_answer
	sp1-stdin u32:3 | seal exit | upload | request exit >requested
	[[ -e lost ]]
	is "$(requests)" 1
	unset NETWORK_AT
	server_start worker
	run -1 --separate-stderr poll <requested
	is "$(jq -r .exit_code <<<"$output")" 3
}

@test "... among more than the network tells at a time" {
	relayed
	sp1-stdin u32:4 | seal exit | upload | request exit >other
	# a hundred as it, of inputs elsewhere
	server_stop devnet
	python3 -c 'import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.row_factory = sqlite3.Row
row = dict(db.execute("SELECT * FROM request").fetchone())
for i in range(100):
    row |= {"seq": None, "id": os.urandom(32), "body": row["body"].replace(b"/artifacts/", b"/elsewhere/")}
    db.execute("INSERT INTO request VALUES (%s)" % ",".join("?" * len(row)), list(row.values()))
db.commit()' "$SERVERS/devnet.db"
	server_start devnet
	loses_an_answer
	sp1-stdin u32:5 | seal exit | upload | request exit >requested
	[[ -e lost ]]
	is "$(requests)" 102
}

@test "descriptors: some are kept for inputs, however many connections there are" {
	needs python3
	servers_start "$PWD/servers" && tls=(--ca "$CA")
	server_stop proxy
	ulimit -n 300
	server_start proxy
	like "$(grep few_descriptors "$SERVERS/proxy.log")" "*max_total=1000 taken=200 *"
	for half in 2 4; do
		setpriv --pdeathsig KILL -- python3 -c 'import socket, sys, time
held = []
for i in range(190):
    s = socket.socket()
    s.bind((f"127.0.0.{int(sys.argv[2]) + i // 95}", 0))
    s.connect(("127.0.0.1", int(sys.argv[1])))
    held.append(s)
open("held." + sys.argv[2], "w").close()
time.sleep(600)' "$TEE_PORT" $half 3>&- &
		for ((try = 0; try < 600; try++)); do
			[[ ! -e held.$half ]] || break
			sleep 0.05
		done
		[[ -e held.$half ]]
	done
	sp1-stdin u32:3 | seal exit | upload >uploaded
}
