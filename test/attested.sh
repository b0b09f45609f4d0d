# shellcheck shell=bash
# An enclave that attests, for the demo and for tests; sourced after servers.sh.  Its quotes
# are synthetic: dstack's agent is played by synthetic.t, under a root of its own.
#
#	attested_start DIR [OPTION...]	agent, tee-keyd (with these options) and tee-proxy,
#					whose files are in DIR; sets TEE, CA, ROOT_CA, COLLATERAL
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
	SERVERS=$(cd "$1" && pwd) SCHEME=https
	shift
	TEE_PORT=$(server_port) CA=$SERVERS/tls.pem DEVNET=http://127.0.0.1:1
	TEE=https://127.0.0.1:$TEE_PORT
	ROOT_CA=$SERVERS/root.der COLLATERAL=$SERVERS/collateral.json
	export SERVERS SCHEME TEE TEE_PORT CA DEVNET ROOT_CA COLLATERAL
	servers_keys && agent_start || return
	# shellcheck disable=SC2034  # servers.sh uses it
	KEYD_OPTIONS="--dstack $SERVERS/dstack.sock --tappd /none --tsm /none $*"
	server_start keyd && server_start proxy
}
