# shellcheck shell=bash
# The four daemons of the pipeline, for the demo and for tests; sourced.
#
#	servers_start DIR [WHO]		all of them, their files in DIR; sets DEVNET, TEE
#					(URLs), FINGERPRINT, FULFILLER, CA; without TLS are
#					those of WHO: devnet, or plain, which is both
#	server_stop NAME [SIGNAL]	one of keyd, devnet, proxy, worker, worker2 (which
#					servers_start leaves out)
#	server_start NAME		the same again, at the same place
#	servers_stop [NAME...]		all of them, in the end, or these
#	until_logged N NAME PATTERN	waits for N lines of it in a server's log
#
# WORKER_OPTIONS, PROXY_OPTIONS, DEVNET_OPTIONS, KEYD_OPTIONS: more of theirs.  WORKER_STORE: where the
# worker fetches programs; without it, from the devnet at this machine's own address.  NETWORK_AT: where the
# proxy and workers reach the devnet, if not at its own URL.  Each dies with the shell that sources this,
# whatever ends it.

# shellcheck source=test/no-proxy.sh
source "$(dirname "${BASH_SOURCE[0]}")/no-proxy.sh"

# Runs a program as NAME: its ready line in DIR/NAME.ready, its log in DIR/NAME.log.
server_run() {
	local name=$1 try
	shift
	: >"$SERVERS/$name.ready"
	# The shell's own death takes it along, even by SIGKILL.
	setpriv --pdeathsig TERM -- "$@" 3>"$SERVERS/$name.ready" \
		2>>"$SERVERS/$name.log" </dev/null >/dev/null 4>&- 5>&- &
	echo $! >"$SERVERS/$name.pid"
	disown
	for ((try = 0; try < 2400; try++)); do
		[[ ! -s $SERVERS/$name.ready ]] || return 0
		kill -0 "$(<"$SERVERS/$name.pid")" 2>/dev/null || break
		sleep 0.05
	done
	echo "$1 did not start:" >&2
	cat "$SERVERS/$name.log" >&2
	return 1
}

server_stop() {
	local pid=${SERVERS:-}/$1.pid try
	[[ -n ${SERVERS:-} && -e $pid ]] || return 0
	kill "-${2:-TERM}" "$(<"$pid")" 2>/dev/null || true
	for ((try = 0; try < 1200; try++)); do
		kill -0 "$(<"$pid")" 2>/dev/null || break
		sleep 0.05
	done
	kill -KILL "$(<"$pid")" 2>/dev/null || true
	rm -f "$pid"
}

servers_stop() {
	local name
	(($#)) || set -- worker2 worker proxy devnet keyd
	for name; do
		server_stop "$name"
	done
}

until_logged() {
	local try
	for ((try = 0; try < 1200; try++)); do
		(($(grep -c -- "$3" "$SERVERS/$2.log") < $1)) || return 0
		sleep 0.05
	done
	echo "not $1 times in $2.log: $3" >&2
	return 1
}

# A port that a server may have, lose and have again: below those that the kernel
# gives to whoever asks for any.
server_port() {
	local port
	while port=$((10000 + RANDOM % 20000)); do
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo $port
}

server_start() {
	local S=$SERVERS tls=(--cert "$SERVERS/tls.pem" --key "$SERVERS/tls.key")
	local ca=(--ca "$SERVERS/tls.pem")
	# shellcheck disable=SC2086  # options are words
	case $1 in
	keyd)
		# With KEYD_KEYS=new its keys are new ones, not the file's.
		local key=(--enclave-key "$S/enclave.key")
		[[ ${KEYD_KEYS:-} != new ]] || key=()
		server_run keyd tee-keyd -S "$S/keyd.sock" -k "$S/fulfiller.key" \
			"${key[@]}" --allow-unlocked ${KEYD_OPTIONS:-} ;;
	devnet)
		[[ $DEVNET = https:* ]] || tls=()
		server_run devnet sp1-devnet -s "$S/devnet.db" -f "$FULFILLER" \
			-l "127.0.0.1:$DEVNET_PORT" "${tls[@]}" ${DEVNET_OPTIONS:-} ;;
	proxy)
		[[ $TEE = https:* ]] || tls=(--insecure-loopback)
		server_run proxy tee-proxy -l "127.0.0.1:$TEE_PORT" "${tls[@]}" \
			-n "${NETWORK_AT:-$DEVNET}" "${ca[@]}" --keyd "$S/keyd.sock" \
			-w "$S/jobs.sock" \
			-s "$S/proxy.db" --allow-unlocked ${PROXY_OPTIONS:-} ;;
	worker | worker2)
		server_run "$1" tee-worker -w "$S/jobs.sock" --keyd "$S/keyd.sock" \
			-n "${NETWORK_AT:-$DEVNET}" "${ca[@]}" --allow-unlocked \
			${WORKER_STORE---private-store} ${WORKER_OPTIONS:-} ;;
	esac
}

# A certificate for this machine's own address, and new keys.
servers_keys() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
		-keyout "$SERVERS/tls.key" -out "$SERVERS/tls.pem" 2>/dev/null &&
		(umask 077 && for key in fulfiller enclave; do
			openssl rand -hex 32 >"$SERVERS/$key.key" || exit
		done)
}

servers_start() {
	SERVERS=$1 DEVNET_PORT=$(server_port) TEE_PORT=$(server_port) CA=$1/tls.pem
	DEVNET=https://127.0.0.1:$DEVNET_PORT TEE=https://127.0.0.1:$TEE_PORT
	[[ ! ${2:-} ]] || DEVNET=http://127.0.0.1:$DEVNET_PORT
	[[ ${2:-} != plain ]] || TEE=http://127.0.0.1:$TEE_PORT
	export DEVNET TEE CA
	servers_keys && server_start keyd || return
	FINGERPRINT=$(jq -r .fingerprint "$SERVERS/keyd.ready")
	FULFILLER=$(jq -r .fulfiller "$SERVERS/keyd.ready")
	export FINGERPRINT FULFILLER
	server_start devnet && server_start proxy && server_start worker
}
