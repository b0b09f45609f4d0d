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
	cp "$SERVERS"/{tls.pem,*.key} alone
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
	cp "$SERVERS"/{tls.pem,*.key} old
	local agent=$SERVERS/dstack.sock
	SERVERS=$PWD/old TEE_PORT=$(server_port) TEE=https://127.0.0.1:$TEE_PORT
	KEYD_OPTIONS="--dstack /none --tappd $agent --tsm /none"
	server_start keyd
	like "$(<old/keyd.log)" "*event=evidence from=dstack's agent (tappd)*"
	server_start proxy
	is "$(get "?nonce=$(nonce)" | tail -n 1)" 200
	servers_stop proxy keyd
}

# ---- sp1-attest URL ----

# attest STATUS ARGUMENT...: of the enclave at $TEE; $output is the record.
attest() {
	local want=$1
	shift
	run --separate-stderr sp1-attest --ca "$CA" --trust-root "$ROOT_CA" \
		--collateral "$COLLATERAL" "$@"
	is "$status" "$want" "sp1-attest $*: $stderr"
}

field() { jq -r ".$1" <<<"$output"; }
result() { field "checks[] | select(.name == \"$1\") | .result"; }

# refused REASON [OPTION...]: by its name, and nothing of it is told.
refused() {
	local reason=$1
	shift
	attest 1 "$@" "$TEE"
	is "$(field reason)" "$reason"
	is "$(field public_key)" null "no key of evidence that is refused"
}

# relay OPTION...: somebody between us and the enclave, at $TEE from now on.
relay() {
	local try
	rm -f relay.port
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/relay.py" "$1" "$2" \
		"$TEE_PORT" "${@:3}" 3>&- 2>relay.log &
	for ((try = 0; try < 1200; try++)); do
		[[ ! -e relay.port ]] || break
		sleep 0.05
	done
	TEE=https://127.0.0.1:$(<relay.port)
}

other_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
		-keyout other.key -out other.pem 2>/dev/null
	CA=$PWD/other.pem
}

@test "sp1-attest: the keys of the enclave at the other end of the connection" {
	attest 0 "$TEE"
	is "$(field valid)" true
	is "$(field url)" "$TEE"
	is "$(field public_key)" "$(jq -r .public_key "$SERVERS/keyd.ready")"
	is "$(field fingerprint)" "$(jq -r .fingerprint "$SERVERS/keyd.ready")"
	is "$(field tls_key)" "0x$(openssl x509 -in "$CA" -noout -pubkey |
		openssl pkey -pubin -outform der | sha256sum | cut -c 1-64)"
	for check in format binding nonce tls_key exporter date keys compose; do
		is "$(result statement_$check)" pass "$check"
	done
	# as a policy, which holds for it
	attest 0 --write-policy "$TEE"
	echo "$output" >policy.json
	is "$(jq -r '[.require_nonce, .require_tls] | join(" ")' policy.json)" \
		'true exporter'
	attest 0 --policy policy.json "$TEE"
	is "$(field policy_sha256)" "0x$(sha256sum <policy.json | cut -c 1-64)"
	# two in a call
	attest 0 "$TEE" "$TEE"
	is "$(jq -rs 'map(.public_key) | unique | length' <<<"$output")" 1
}

@test "a policy that knows keys takes a connection with one of them alone" {
	local own
	own=$(openssl x509 -in "$CA" -noout -pubkey | openssl pkey -pubin -outform der |
		sha256sum | cut -c 1-64)
	echo '{"ct":{"known_spki":["'$hash'","'$own'"]}}' >policy
	attest 0 --policy policy "$TEE"
	is "$(result domain_key)" pass
	sp1-stdin u32:20 >in
	judged --attest policy in | unseal | cmp - in
	echo '{"ct":{"known_spki":"'$hash'"}}' >other
	refused domain_key --policy other
	ends 77 judged --attest other -o sealed in
	like "$stderr" "*: domain_key: this connection's is not: nothing was encrypted"
	# from a file there is no connection
	get "?nonce=$(nonce)" | head -n 1 >evidence.json
	attest 1 --policy policy --quote evidence.json
	is "$(field reason)" domain_key
}

@test "saved, the answer is evidence from a file, without a connection" {
	get "?nonce=$(nonce)" | head -n 1 >evidence.json
	attest 0 --quote evidence.json
	is "$(result statement_binding)" pass
	is "$(result statement_nonce)" skipped
	is "$(field tls_key)" null
	echo '{"require_nonce":true}' >policy
	attest 1 --policy policy --quote evidence.json
	is "$(field reason)" statement_nonce
	attest 1 --quote evidence.json --now $(($(date +%s) + 3700))
	is "$(field reason)" statement_date
	echo '{"max_statement_life":60}' >policy
	attest 1 --policy policy --quote evidence.json
	is "$(field reason)" statement_date
}

@test "attacks: the statement, altered, is refused by its name" {
	get "?nonce=$(nonce)" | head -n 1 >evidence.json
	# one bit of a key
	jq -c '.statement |= sub("\"public_key\":\"(?<a>.)"; "\"public_key\":\"" +
		(if .a == "0" then "1" else "0" end))' evidence.json >e
	jq -r .statement e | jq -e . >/dev/null
	attest 1 --quote e
	is "$(field reason)" statement_binding
	jq -c '.statement |= sub(":"; ": ")' evidence.json >e
	attest 65 --quote e
	is "$(field reason)" statement_format
	jq -c '.statement |= ascii_upcase' evidence.json >e
	attest 65 --quote e
	jq -c '.quote |= ascii_upcase' evidence.json >e
	attest 65 --quote e
	is "$(field reason)" quote_format
	jq -c '.quote |= "0x" + .' evidence.json >e
	attest 65 --quote e
	is "$(field reason)" quote_format
	sed 's/^{/{"quote":"00",/' evidence.json >e
	attest 65 --quote e
	is "$(field reason)" quote_format "quote twice"
	sed 's/^{/{"statement":"{}",/' evidence.json >e
	attest 65 --quote e
	jq -c '.app_compose += " "' evidence.json >e
	attest 1 --quote e
	is "$(field reason)" compose_file
}

@test "attacks: quotes that are not the one, each by its name" {
	local words reason
	while read -r reason words; do
		agent_words "$words"
		refused "$reason"
	done <<-'EOF2'
	statement_binding data_bit
	statement_binding data_shift
	quote_trailer data_shift trailer_hash
	debug debug
	quote_signature bad_quote_signature
	pck_chain other_root
	event_digests log_digest
	event_digests log_type
	event_order log_late_compose
	statement_compose app=7 compose_build
	EOF2
	agent_words app=7
	jq -n --arg h "$(jq -r .statement <(get '' | head -n 1) |
		jq -r .compose_hash)" '{app_id: $h[0:40], compose_hash: [$h]}' >policy
	refused app_id --policy policy
}

@test "attacks: Intel's root alone, and collateral of its time" {
	run --separate-stderr sp1-attest --ca "$CA" --collateral "$COLLATERAL" "$TEE"
	is "$status" 1
	is "$(field reason)" tcb_info_signer
	refused tcb_info_date --now $(($(date +%s) + 30 * 86400 - 1800))
	run --separate-stderr sp1-attest --ca "$CA" --trust-root "$ROOT_CA" "$TEE"
	is "$status" 1
	is "$(field reason)" collateral_format "without collateral"
}

@test "attacks: a genuine quote for another certificate, connection, call" {
	needs python3
	# Somebody in the middle with a certificate of his own, that we trust.
	other_certificate
	relay other.pem other.key
	refused statement_tls_key
	echo '{"require_tls":"none"}' >policy
	refused statement_tls_key --policy policy
	# The same with the enclave's key, stolen: only the exporter tells.
	CA=$SERVERS/tls.pem
	relay "$CA" "$SERVERS/tls.key"
	refused statement_exporter
	# What was recorded for another call.
	get '' | head -n 1 >old.json
	relay "$CA" "$SERVERS/tls.key" --replay old.json
	refused statement_nonce
	get "?nonce=$(nonce)" >/dev/null
	echo '{"require_nonce":false}' >policy
	attest 0 --policy policy "$TEE"
	is "$(result statement_nonce)" skipped
	# Without a statement a quote is nobody's.
	jq -c 'del(.statement)' old.json >none.json
	relay "$CA" "$SERVERS/tls.key" --replay none.json
	refused statement_format
}

@test "an enclave without evidence, TLS that ends before it, no server" {
	mkdir alone
	cp "$SERVERS"/{tls.pem,*.key} alone
	local agent=$SERVERS/dstack.sock
	SERVERS=$PWD/alone TEE_PORT=$(server_port) TEE=https://127.0.0.1:$TEE_PORT
	KEYD_OPTIONS='--dstack /none --tappd /none --tsm /none'
	server_start keyd
	server_start proxy
	fails 66 sp1-attest --ca "$CA" "$TEE"
	like "$stderr" "*this enclave has no evidence*"
	servers_stop proxy keyd
	TEE=http://127.0.0.1:$TEE_PORT
	KEYD_OPTIONS="--dstack $agent --tappd /none --tsm /none"
	server_start keyd
	server_start proxy
	refused statement_tls_key
	echo '{"require_tls":"none"}' >policy
	attest 0 --policy policy "$TEE"
	is "$(field tls_key)" null
	is "$(field public_key)" "$(jq -r .public_key alone/keyd.ready)"
	servers_stop proxy keyd
	run --separate-stderr timeout 5 sp1-attest "$TEE"
	is "$status" 124 "it tries again"
}

# ---- clients of an attested enclave ----

hash=0x1111111111111111111111111111111111111111111111111111111111111111
who=0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a

# seal OPTION... < SP1Stdin > sealed
seal() { sp1-encrypt --ca "$CA" --vk-hash $hash --requester $who "$@"; }
judged() { seal -u "$TEE" --collateral "$COLLATERAL" --trust-root "$ROOT_CA" "$@"; }
unseal() {	# FILE, by the tee-keyd of $SERVERS
	sp1-decrypt -S "$SERVERS/keyd.sock" --allow-unlocked --vk-hash $hash \
		--requester $who "$@"
}
# ends STATUS FUNCTION...: as fails(), of a function.
ends() {
	local want=$1
	shift
	run --separate-stderr "$@"
	is "$status" "$want" "status of $*: $stderr"
}
new_key() { (umask 077 && openssl rand -hex 32 >"$1"); }

@test "sp1-encrypt --attest: sealed under evidence, and opened by who gave it" {
	echo '{}' >policy
	sp1-stdin u32:20 >in
	judged --attest policy in >sealed
	is "$(head -c 8 sealed | hex)" 5350315345414c02
	unseal sealed | cmp - in
	is "$(stat -c %s sealed)" 4252 "as long as one by the pin"
	# which still does
	seal -u "$TEE" --pin "$(jq -r .fingerprint "$SERVERS/keyd.ready")" in >pinned
	is "$(head -c 8 pinned | hex)" 5350315345414c01
	unseal pinned | cmp - in
	# both at once
	judged --attest policy --pin "$(jq -r .fingerprint "$SERVERS/keyd.ready")" in |
		unseal | cmp - in
	ends 77 judged --attest policy --pin $hash in
	# the statement's name altered
	{ head -c 16 sealed; printf x; tail -c +18 sealed; } >altered
	ends 77 unseal altered
	like "$stderr" "*under evidence that this enclave has not given*"
	new_key key
	fails 65 sp1-decrypt -k key --allow-unlocked --vk-hash $hash --requester $who \
		sealed
	like "$stderr" "*sealed under evidence*"
}

@test "sp1-encrypt --attest fails closed" {
	echo '{}' >policy
	sp1-stdin u32:20 >in
	agent_words data_bit
	ends 77 judged --attest policy -o sealed in
	like "$stderr" "*not accepted: statement_binding:*nothing was encrypted"
	agent_words debug
	ends 77 judged --attest policy -o sealed in
	like "$stderr" "*: debug: *"
	agent_words ''
	echo '{"compose_hash":"'$hash'"}' >other
	ends 77 judged --attest other -o sealed in
	like "$stderr" "*: compose_hash: *"
	echo '{"tcb_status":[]}' >none
	ends 77 judged --attest none -o sealed in
	echo '{"tcb":1}' >wrong
	ends 78 judged --attest wrong -o sealed in
	ends 66 judged --attest missing -o sealed in
	fails 77 sp1-encrypt --ca "$CA" --vk-hash $hash --requester $who -u "$TEE" \
		--attest policy -o sealed in
	like "$stderr" "*collateral_format: there is no collateral: --collateral gives it, \
and --pccs asks for it: nothing was encrypted"
	TEE=https://127.0.0.1:1
	[ ! -e sealed ]
	fails 64 sp1-encrypt --vk-hash $hash --requester $who --attest policy --record x
}

@test "sp1-encrypt --attest --pccs: collateral from a service, kept by its dates" {
	needs python3
	local kept=cache/sp1-private/collateral with
	export XDG_CACHE_HOME=$PWD/cache
	echo '{}' >policy
	sp1-stdin u32:20 >in
	pcs "$COLLATERAL"
	with() { seal -u "$TEE" --attest policy --trust-root "$ROOT_CA" "$@"; }
	with --pccs "$pcs" in >sealed
	is "$(head -c 8 sealed | hex)" 5350315345414c02
	unseal sealed | cmp - in
	is "$(wc -l <pcs.log)" 4
	is "$(stat -c %a $kept/*)" 600
	with --pccs "$pcs" in | unseal | cmp - in
	is "$(wc -l <pcs.log)" 4 "it was kept"
	# sp1-attest has it from there too
	run --separate-stderr sp1-attest --ca "$CA" --trust-root "$ROOT_CA" \
		--pccs "$pcs" "$TEE"
	is "$status" 0 "$stderr"
	is "$(wc -l <pcs.log)" 4
	# what is kept is judged as what comes is
	for with in "$kept"/*; do
		sed -i 's/"tcbEvaluationDataNumber\\":/&1/' "$with"
	done
	ends 77 with --pccs "$pcs" -o sealed.2 in
	like "$stderr" "*: tcb_info_signature: *: nothing was encrypted"
	rm -r cache
	XDG_CACHE_HOME=/proc/none ends 0 with --pccs "$pcs" -o sealed.2 in
	like "$stderr" "*the collateral is not kept: *"
	rm sealed.2
	# a service without it, with nonsense, and none at all
	pcs "$COLLATERAL" missing
	ends 66 with --pccs "$pcs" -o sealed.2 in
	pcs "$COLLATERAL" nonsense
	ends 76 with --pccs "$pcs" -o sealed.2 in
	like "$stderr" "*: nothing was encrypted"
	ends 64 with --pccs nowhere -o sealed.2 in
	ends 64 with --pccs "$pcs" --collateral "$COLLATERAL" -o sealed.2 in
	like "$stderr" "*: --collateral and --pccs exclude each other*"
	for with in --pccs --collateral --trust-root; do
		ends 64 seal -u "$TEE" --pin $hash $with "$pcs" in
		like "$stderr" "*: --collateral, --pccs and --trust-root go with --attest*"
	done
	# evidence that is refused is refused for what it is
	agent_words debug
	pcs "$COLLATERAL"
	ends 77 with --pccs "$pcs" -o sealed.2 in
	like "$stderr" "*: debug: *"
	[ ! -e sealed.2 ]
}

@test "sp1-encrypt --record: what sp1-attest found, while it is young" {
	sp1-stdin u32:20 >in
	attest 0 "$TEE"
	echo "$output" >record
	seal --record record in >sealed
	unseal sealed | cmp - in
	is "$(head -c 48 sealed | tail -c 32 | hex)" \
		"$(jq -r '.statement_sha256[2:]' record)"
	sleep 2
	fails 77 sp1-encrypt --vk-hash $hash --requester $who --record record \
		--max-age 1 in
	like "$stderr" "*not of the last 1 seconds*nothing was encrypted"
	jq -c '.not_after = (now | floor)' record >ended
	fails 77 sp1-encrypt --vk-hash $hash --requester $who --record ended in
	like "$stderr" "*its statement has ended*"
	jq -c '.now += 100' record >future
	fails 77 sp1-encrypt --vk-hash $hash --requester $who --record future in
	agent_words debug
	attest 1 "$TEE"
	echo "$output" >bad
	fails 77 sp1-encrypt --vk-hash $hash --requester $who --record bad in
	like "$stderr" "*was not valid*"
	jq -c 'del(.public_key)' record >half
	fails 65 sp1-encrypt --vk-hash $hash --requester $who --record half in
}

@test "an enclave refuses what was sealed under another one's evidence" {
	mkdir one two
	sp1-stdin u32:20 >in
	attested_start one
	attest 0 "$TEE"
	echo "$output" >record
	seal --record record in >sealed
	unseal sealed | cmp - in
	# the same keys in another enclave, or in this one started anew
	server_stop keyd
	server_start keyd
	ends 77 unseal sealed
	like "$stderr" "*under evidence that this enclave has not given*"
	servers_stop proxy keyd agent
}

@test "X-Wing is taken where the evidence names it; keys that are gone open nothing" {
	mkdir own
	sp1-stdin u32:20 >in
	KEYD_KEYS=new attested_start own --rotate 6 --keep 6
	attest 0 "$TEE"
	echo "$output" >record
	is "$(jq -r '.xwing_public_key | length' record)" 2434
	# No longer than these keys, which are six seconds old at most and kept for six.
	(($(jq .not_after record) - $(jq .now record) <= 12))
	seal --record record in >sealed
	is "$(head -c 10 sealed | tail -c 3 | hex)" 02647a
	unseal sealed | cmp - in
	echo '{}' >policy
	judged --attest policy in | unseal | cmp - in
	until_logged 2 keyd event=new_keys
	ends 77 unseal sealed
	like "$stderr" "*under evidence whose keys are gone*"
	# The proxy tells the new ones.
	for _ in {1..60}; do
		judged --attest policy in >again && unseal again >out && break
		sleep 0.5
	done
	cmp out in
	like "$(cat "$SERVERS/proxy.log")" "*level=info prog=tee-proxy event=new_keys msg=\"tee-keyd has new keys, and the last ones*"
	servers_stop proxy keyd agent
}

@test "who has the record talks to no server but the attested one" {
	needs python3
	new_key key
	attest 0 "$TEE"
	echo "$output" >record
	sp1-stdin u32:20 | sp1-encrypt --vk-hash $hash -k key --record record >sealed
	sp1-upload -t stdin -k key --ca "$CA" --record record sealed >uploaded
	is "$(jq -r 'keys | join(" ")' uploaded)" \
"report_url requester sealed stdin_private stdin_uri tls_key url"
	is "$(jq -r .tls_key uploaded)" "$(jq -r .tls_key record)"
	# the record's own key holds for the programs after it, without an option
	jq -c '. + {request_id: "0x'"$(printf '00%.0s' {1..32})"'"}' uploaded >requested
	fails 75 sp1-poll -t 0 --ca "$CA" requested
	other_certificate
	relay other.pem other.key
	fails 77 sp1-poll -t 0 --ca "$CA" -u "$TEE" requested
	like "$stderr" "*its TLS key is not the one that was attested"
	fails 77 sp1-upload -t stdin -k key --ca "$CA" -u "$TEE" --record record sealed
	fails 77 sp1-request -k key --ca "$CA" -u "$TEE" < <(jq -c \
		--arg vk "0x$(vk_of fib)" '.vk = $vk' uploaded)
	# by the option, where the record has no key
	jq -c 'del(.tls_key)' requested >plain
	fails 77 sp1-poll -t 0 --ca "$CA" -u "$TEE" --record record plain
	fails 77 sp1-request -k key --ca "$CA" -u "$TEE" --record record < <(jq -c \
		--arg vk "0x$(vk_of fib)" 'del(.tls_key) | .vk = $vk' uploaded)
	jq -c '.proof_uri = "/proof"' plain >ended
	fails 77 sp1-fetch --ca "$CA" -u "$TEE" --record record ended
	# two that differ; no TLS at all; evidence that was not valid
	jq -c '.tls_key = "'$hash'"' requested >differs
	fails 77 sp1-poll -t 0 --record record differs
	like "$stderr" "*another attested server*"
	fails 77 sp1-poll -t 0 -u http://127.0.0.1:1 requested
	jq -c '.valid = false' record >bad
	fails 77 sp1-poll -t 0 --record bad plain
	fails 77 sp1-upload -t stdin -k key --record bad sealed
}

@test "an input goes to no other server than the attested one" {
	mkdir own
	PROXY_OPTIONS='-u https://elsewhere.example' attested_start own
	new_key key
	attest 0 "$TEE"
	echo "$output" >record
	sp1-stdin u32:20 >in
	fails 77 sp1-upload -t stdin -k key --ca "$CA" --record record --plain in
	like "$stderr" "*at another server, which is not attested"
	servers_stop proxy keyd agent
}

@test "what enclave/deploy gives is what its policy accepts" {
	needs python3
	local deploy=$ROOT/enclave/deploy image
	image=example/sp1-private@sha256:$(printf '7%.0s' {1..64})
	ends 64 "$deploy/dstack/compose" example/sp1-private:latest https://tee.example
	ends 64 "$deploy/dstack/compose" "$image" 'https://tee.example;id'
	mkdir own
	"$deploy/dstack/compose" -a "$image" https://tee.example >own/app-compose.json
	is "$(jq -r .docker_compose_file own/app-compose.json)" \
		"$("$deploy/dstack/compose" "$image" https://tee.example)"
	attested_start own
	hash=$(sha256sum <own/app-compose.json | cut -c 1-64)
	jq --arg h "$hash" '. + {compose_hash: $h}' "$deploy/policy.json" >policy.json
	attest 0 --policy policy.json "$TEE"
	is "$(field compose_hash)" "0x$hash"
	is "$(field quoting_services)" keyd
	for check in images privileges variables logs; do
		is "$(result compose_$check)" pass "$check"
	done
	# another variable that the host may set
	jq -c '.allowed_envs += ["NETWORK"]' own/app-compose.json >other
	mv other own/app-compose.json
	server_stop keyd
	server_start keyd
	refused compose_hash --policy policy.json
	jq 'del(.compose_hash)' policy.json >open.json
	refused compose_variables --policy open.json
	servers_stop proxy keyd agent
}

# ---- a verified tunnel ----

@test "a tunnel: verified, then the bytes of a local port" {
	local i curls=()
	tunnel
	like "$(<tunnel.log)" "*verified; $tunnel leads to the enclave at *"
	is "$(curl -s "$tunnel/v1/enclave-key" | jq -r .fingerprint)" \
		"$(jq -r .fingerprint "$SERVERS/keyd.ready")"
	# HTTP/2 by prior knowledge, as gRPC clients speak it; many at a time
	is "$(curl -s --http2-prior-knowledge -w '%{http_version}' -o /dev/null \
		"$tunnel/v1/enclave-key")" 2
	for i in {1..8}; do
		curl -s --http2-prior-knowledge -o many.$i "$tunnel/v1/enclave-key" &
		curls+=($!)
	done
	wait "${curls[@]}"
	is "$(cat many.* | jq -r .fingerprint | sort | uniq -c | awk '{ print $1 }')" 8
	# an unchanged client: the upload goes through the tunnel, large as it is
	new_key key
	head -c 3000000 /dev/urandom >big
	sp1-encrypt --raw --vk-hash $hash -k key -u "$tunnel" \
		--pin "$(jq -r .fingerprint "$SERVERS/keyd.ready")" big >sealed
	sp1-upload -t stdin -k key -u "$tunnel" sealed >uploaded
	like "$(jq -r .stdin_uri uploaded)" "$TEE/artifacts/stdin/*"
	is "$(jq -r .report_url uploaded)" null
	like "$(<"$SERVERS/proxy.log")" "*ready*"
	# the same without the tunnel has the enclave's own URL
	sp1-upload -t stdin -k key -u "$TEE" --ca "$CA" sealed >direct
	like "$(jq -r .report_url direct)" "$TEE/artifacts/stdin/*"
	kill $tunnel_pid
}

@test "a tunnel: collateral from a service" {
	needs python3
	export XDG_CACHE_HOME=$PWD/cache
	pcs "$COLLATERAL"
	tunnel --pccs "$pcs"
	is "$(wc -l <pcs.log)" 4
	curl -sf "$tunnel/health" >/dev/null
	kill $tunnel_pid
	pcs "$COLLATERAL" missing
	rm -r cache
	run ! tunnel --pccs "$pcs"
	like "$(<tunnel.log)" "sp1-attest: *404*"
	run ! tunnel --ca "$CA"
	like "$(<tunnel.log)" "*there is no collateral: --collateral gives it, and --pccs *"
	fails 64 sp1-attest --policy policy --collateral "$COLLATERAL" --pccs "$pcs" \
		--connect "${TEE#*//}"
	like "$stderr" "*: --collateral and --pccs exclude each other*"
}

# pipeline: of the server at $tunnel, with our clients; a proof in ./proof.bin.
pipeline() {
	sp1-stdin u32:20 | sp1-encrypt --vk-hash "$(vk_hash_of fib)" -k key -u "$tunnel" \
		--pin "$FINGERPRINT" | sp1-upload -t stdin -u "$tunnel" -k key |
		sp1-request -p "$ROOT/test/guest/fib.elf" -m core -k key >requested &&
		sp1-poll --interval 200 -t 900 <requested >ended &&
		sp1-fetch -q -o proof.bin <ended
}

@test "a tunnel: from an input to its proof, with clients that do not attest" {
	local proof
	proof=$(proof_of fib-20)
	needs "$proof"
	mkdir own
	prover_knows "$proof"
	WORKER_OPTIONS="--prover $PWD/prover" attested_servers "$PWD/own" devnet
	new_key key
	tunnel
	pipeline
	is "$(jq -r .url ended)" "$tunnel"
	is "$(sp1-verify -k "$(key_of fib)" proof.bin | jq -r .public_values)" \
		0x140000006d1a0000d30b0000
	# Another key at that address, whose evidence does not hold.
	rm proof.bin
	agent_words debug
	server_stop proxy
	other_certificate
	cp other.key "$SERVERS/tls.key"
	cp other.pem "$SERVERS/tls.pem"
	server_start proxy
	ends 124 timeout 3 sp1-poll -t 900 requested
	ends 124 timeout 3 sp1-upload -t stdin -u "$tunnel" -k key --plain \
		"$ROOT/test/guest/inputs/fib-20.bin"
	[ ! -e proof.bin ]
	like "$(<tunnel.log)" "*another key than the attested one: nothing was forwarded*"
	kill $tunnel_pid
	servers_stop worker proxy devnet keyd agent
}

@test "a tunnel does not open, or forwards nothing, where evidence does not hold" {
	needs python3
	agent_words debug
	run ! tunnel
	like "$(<tunnel.log)" "*not accepted: debug*"
	agent_words ''
	fails 64 sp1-attest --ca "$CA" --collateral "$COLLATERAL" --connect "${TEE#*//}"
	fails 64 sp1-attest --collateral "$COLLATERAL" --listen 7 quote
	# the server is another one from some time on
	mkdir own
	attested_start own
	rm -f policy
	tunnel
	curl -sf "$tunnel/health" >/dev/null
	server_stop proxy
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$SERVERS/tls.key" -out "$SERVERS/tls.pem" 2>/dev/null
	server_start proxy
	run ! curl -sf "$tunnel/health"
	like "$(<tunnel.log)" "*another key than the attested one: nothing was forwarded*"
	# and attests with its new key; the tunnel asks it anew
	sleep 6
	curl -sf "$tunnel/health" >/dev/null
	# but not with evidence that does not hold
	agent_words debug
	server_stop proxy
	cp "$BATS_FILE_TMPDIR/servers"/tls.* "$SERVERS"
	server_start proxy
	run ! curl -sf "$tunnel/health"
	sleep 6
	run ! curl -sf "$tunnel/health"
	like "$(<tunnel.log)" "*nothing is forwarded*"
	kill $tunnel_pid
	servers_stop proxy keyd agent
}
