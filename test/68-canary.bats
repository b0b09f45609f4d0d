#!/usr/bin/env bats
# An input of 2 MB through the daemons, plain and sealed.  When its job has ended, nothing of
# it is in any file, log or environment, nor in any process' memory, whether the connections
# that it came over are open or closed; and nothing of it went to the network.
load helpers
source "$ROOT/test/servers.sh"

relay() {	# NAME PORT OPTION...: its port in $port
	local name=$1 _
	shift
	rm -f relay.port
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/relay.py" "$CA" \
		"$SERVERS/tls.key" "$@" 3>&- &
	echo $! >"$SERVERS/$name.pid"
	disown
	for _ in {1..1200}; do
		[[ ! -s relay.port ]] || break
		sleep 0.05
	done
	port=$(<relay.port)
}

# The daemons reach the network through a relay, which records what passes.
setup_file() {
	command -v python3 >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return
	file_servers && servers_stop worker proxy || return
	relay network "$DEVNET_PORT" --record network.bytes
	export DEVNET=https://127.0.0.1:$port
}

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop devnet keyd network
}

# Clients reach the proxy through another, which keeps their connections open.
setup() {
	needs python3
	client || return
	relay clients "$TEE_PORT" --keep
	TEE=https://127.0.0.1:$port
	rm -f "$SERVERS/worker.log"
	PROXY_OPTIONS="-u $TEE" server_start proxy
}

teardown() { servers_stop worker proxy clients; }

# A worker whose prover knows the proof, which has nothing of the input.
worker() {
	prover_knows "$proof"
	WORKER_OPTIONS="--prover $PWD/prover" server_start worker
}

daemons() { cat "$SERVERS"/{keyd,devnet,proxy,worker}.pid; }

remains() { "$ROOT/test/remains" canary "$@"; }

# nothing WHEN: of the canary is anywhere
nothing() {
	# shellcheck disable=SC2046  # numbers
	remains $(daemons) "$SERVERS" "$BATS_FILE_TMPDIR/network.bytes" >found
	run ! grep -v '^0 ' found
	is "$output" "" "$1"
}

# The guest, with the canary for input, up to its request: ./requested.
ask() {
	head -c 2000000 /dev/urandom >canary
	sp1-stdin file:canary >in
	"$@" | request halt >requested
}

# The job that ./requested asks for, to its end; then with clients' connections open, and closed.
nothing_after_the_job() {
	worker
	poll <requested | fetch -o proof.bin
	until_logged 1 worker 'end=fulfilled'
	nothing "open"
	server_stop clients
	sleep 1
	nothing "closed"
}

# can_look: at the memory of others; the search finds what is there
can_look() {
	proof=$(proof_of halt)
	needs "$proof"
	head -c 4096 /dev/urandom >canary
	perl -e 'undef $/; open F, "<", "canary"; $_ = <F>; sleep 1000' &
	local pid=$! n
	sleep 1
	n=$(remains "$pid" 2>why) || n=0
	kill "$pid"
	! grep -q 'cannot be read' why || skip "needs leave to read other processes' memory"
	((${n%% *} > 10))
	"$ROOT/test/remains" canary "$(<"$SERVERS/keyd.pid")" 2>why >keyd ||
		skip "needs leave to read other processes' memory"
}

@test "a plain input: nothing is left of it, connections open or closed" {
	can_look
	ask upload --plain in
	remains "$(<"$SERVERS/proxy.pid")" >found
	(($(cut -d ' ' -f 1 found) > 20000)) || { cat found; return 1; }
	nothing_after_the_job
}

@test "a sealed input: nothing is left of it, connections open or closed" {
	can_look
	sealed() { seal halt <in | upload; }
	ask sealed
	nothing_after_the_job
}
