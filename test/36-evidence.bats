#!/usr/bin/env bats
# Evidence over a connection: what tee-proxy serves of tee-keyd's, and how clients verify
# it.  The quotes are synthetic (test/attested.sh).
load helpers
source "$ROOT/test/servers.sh"
source "$ROOT/test/attested.sh"

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/servers"
	attested_start "$BATS_FILE_TMPDIR/servers"
}

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop proxy keyd agent
}

teardown() {
	agent_words ''
}

get() { curl -s --cacert "$CA" -w '\n%{http_code}' "$TEE/.well-known/sp1-evidence$1"; }

nonce() { openssl rand -hex 32; }

@test "evidence for a nonce: a statement about this connection, its hash in the quote" {
	local n hash
	n=$(nonce)
	get "?nonce=$n" >answer
	is "$(tail -n 1 answer)" 200
	head -n 1 answer >evidence.json
	is "$(jq -r 'keys | join(" ")' evidence.json)" "app_compose event_log quote statement"
	jq -rj .statement evidence.json >statement
	is "$(jq -r .nonce statement)" "$n"
	is "$(jq -r .spki_sha256 statement)" "$(openssl x509 -in "$CA" -noout -pubkey |
		openssl pkey -pubin -outform der | sha256sum | cut -c 1-64)"
	is "$(jq -r '.exporter | length' statement)" 64
	is "0x$(jq -r '.keys[0].public_key' statement)" \
		"$(jq -r .public_key "$SERVERS/keyd.ready")"
	is "0x$(jq -r .fulfiller statement)" "$(jq -r .fulfiller "$SERVERS/keyd.ready")"
	is "$(jq -r .compose_hash statement)" \
		"$(jq -rj .app_compose evidence.json | sha256sum | cut -c 1-64)"
	hash=$({ printf 'sp1-private/evidence/v1\0'; cat statement; } | sha512sum |
		cut -c 1-128)
	is "$(jq -r .quote evidence.json | cut -c 1137-1264)" "$hash" "REPORTDATA"
	# the canonical form is jq's, sorted
	is "$(cat statement)" "$(jq -cS . statement)"
	# another connection, another exporter
	get "?nonce=$n" | head -n 1 | jq -rj .statement >other
	run ! cmp -s statement other
	is "$(jq -c 'del(.exporter, .not_after)' statement)" \
		"$(jq -c 'del(.exporter, .not_after)' other)"
}

@test "evidence without a nonce is kept, and has no exporter" {
	get '' | head -n 1 >first
	get '' | head -n 1 >second
	cmp first second
	is "$(jq -r .statement first | jq -r 'keys | join(" ")')" \
		"compose_hash fulfiller keys not_after spki_sha256"
	(($(jq -r .statement first | jq -r .not_after) > $(date +%s) + 2900))
	(($(jq -r .statement first | jq -r .not_after) <= $(date +%s) + 3600))
}

@test "what is asked wrongly" {
	local q
	for q in '?nonce=' '?nonce=12' '?x=1' "?nonce=$(nonce)00" '?nonce=0x'; do
		is "$(get "$q" | tail -n 1)" 400 "$q"
	done
}

@test "an agent that is slow, gone, and back" {
	mkdir own
	attested_start own
	kill -STOP "$(<"$SERVERS/agent.pid")"
	get "?nonce=$(nonce)" >answer &
	sleep 0.2
	kill -CONT "$(<"$SERVERS/agent.pid")"
	wait $!
	is "$(tail -n 1 answer)" 200 "one that is slow"
	server_stop agent KILL
	get "?nonce=$(nonce)" >answer
	is "$(tail -n 1 answer)" 503
	like "$(head -n 1 answer | jq -r .error)" "cannot reach the agent at *"
	agent_start
	is "$(get "?nonce=$(nonce)" | tail -n 1)" 200 "it goes on"
	servers_stop proxy keyd agent
}

@test "an enclave without a source of quotes says so, and serves without" {
	mkdir alone
	cp "$SERVERS"/{tls.*,*.key} alone
	SERVERS=$PWD/alone TEE_PORT=$(server_port) TEE=https://127.0.0.1:$TEE_PORT
	KEYD_OPTIONS='--dstack /none --tappd /none --tsm /none'
	server_start keyd
	like "$(<alone/keyd.log)" "*no evidence: neither dstack's agent nor configfs-tsm*"
	server_start proxy
	get "?nonce=$(nonce)" >answer
	is "$(tail -n 1 answer)" 404
	like "$(head -n 1 answer | jq -r .error)" "this enclave has no evidence*"
	is "$(curl -s --cacert "$CA" "$TEE/v1/enclave-key" | jq -r .fingerprint)" \
		"$(jq -r .fingerprint alone/keyd.ready)"
	servers_stop proxy keyd
}

@test "tappd, dstack's older agent, serves too" {
	mkdir old
	cp "$SERVERS"/{tls.*,*.key} old
	local agent=$SERVERS/dstack.sock
	SERVERS=$PWD/old TEE_PORT=$(server_port) TEE=https://127.0.0.1:$TEE_PORT
	KEYD_OPTIONS="--dstack /none --tappd $agent --tsm /none"
	server_start keyd
	like "$(<old/keyd.log)" "*evidence from dstack's agent (tappd)*"
	server_start proxy
	is "$(get "?nonce=$(nonce)" | tail -n 1)" 200
	servers_stop proxy keyd
}
