# shellcheck shell=bash
# An enclave that attests, for the demo and for tests; sourced after servers.sh.  Its quotes
# are synthetic: dstack's agent is played by synthetic.t, under a root of its own.
#
#	attested_start DIR [OPTION...]	agent, tee-keyd (with these options) and tee-proxy,
#					whose files are in DIR; sets TEE, CA, ROOT_CA, COLLATERAL
#	attested_servers DIR [WHO]	the same of all four daemons, as servers_start has them
#	tunnel [OPTION...]		sp1-attest --connect to the enclave at TEE, under ./policy
#					and, unless the options say otherwise, COLLATERAL; its local
#					end is $tunnel, its log ./tunnel.log, its number $tunnel_pid
#	agent_words WORDS		what its quotes are like from now on (test/lib/enclave.h)
#	pcs COLLATERAL [MODE]		test/fake/pcs.py, here; its URL is $pcs

agent_start() {
	local try
	rm -f "$SERVERS/dstack.sock"
	setpriv --pdeathsig TERM -- "$B/unit/attest/synthetic.t" -s \
		"$SERVERS/dstack.sock" "$SERVERS" </dev/null >/dev/null \
		2>>"$SERVERS/agent.log" 3>&- 4>&- 5>&- &
	echo $! >"$SERVERS/agent.pid"
	disown
	for ((try = 0; try < 1200; try++)); do
		[[ ! -S $SERVERS/dstack.sock ]] || return 0
		sleep 0.05
	done
	return 1
}

agent_words() { printf '%s' "$*" >"$SERVERS/words"; }

pcs() {
	local try
	rm -f pcs.port pcs.log
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/pcs.py" "$@" 3>&- 4>&- 5>&- &
	for ((try = 0; try < 1200; try++)); do
		[[ ! -e pcs.port ]] || break
		sleep 0.05
	done
	# shellcheck disable=SC2034  # tests use it
	pcs=http://127.0.0.1:$(<pcs.port)
}

attested_start() {
	SERVERS=$(cd "$1" && pwd)
	shift
	TEE_PORT=$(server_port) CA=$SERVERS/tls.pem DEVNET=http://127.0.0.1:1
	TEE=https://127.0.0.1:$TEE_PORT
	ROOT_CA=$SERVERS/root.der COLLATERAL=$SERVERS/collateral.json
	export SERVERS TEE TEE_PORT CA DEVNET ROOT_CA COLLATERAL
	servers_keys && agent_start || return
	# shellcheck disable=SC2034  # servers.sh uses it
	KEYD_OPTIONS="--dstack $SERVERS/dstack.sock --tappd /none --tsm /none $*"
	server_start keyd && server_start proxy
}

attested_servers() {
	SERVERS=$1 ROOT_CA=$1/root.der COLLATERAL=$1/collateral.json
	export SERVERS ROOT_CA COLLATERAL
	agent_start || return
	# shellcheck disable=SC2034  # servers.sh uses it
	KEYD_OPTIONS="--dstack $1/dstack.sock --tappd /none --tsm /none"
	servers_start "$@"
}

tunnel() {
	local try
	(($#)) || set -- --collateral "$COLLATERAL"
	[[ -e policy ]] || echo '{"require_tls":"exporter"}' >policy
	: >tunnel.ready
	setpriv --pdeathsig TERM -- sp1-attest --ca "$CA" --trust-root "$ROOT_CA" \
		"$@" --policy policy --connect "${TEE#https://}" \
		3>tunnel.ready 2>tunnel.log 4>&- 5>&- &
	tunnel_pid=$!
	for ((try = 0; try < 1200; try++)); do
		[[ ! -s tunnel.ready ]] || break
		kill -0 $tunnel_pid 2>/dev/null || return 1
		sleep 0.05
	done
	# shellcheck disable=SC2034  # tests use it
	tunnel=http://127.0.0.1:$(<tunnel.ready)
}
