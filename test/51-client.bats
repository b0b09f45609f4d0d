#!/usr/bin/env bats
# The client's programs against sp1-devnet: what they send, how they end.
# shellcheck disable=SC2154  # bats sets stderr
load helpers

start_devnet() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	mkfifo ready
	sp1-devnet -s devnet.db -l 127.0.0.1:0 --cert cert.pem --key key.pem \
		-f 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf "$@" 3>ready 2>devnet.log &
	devnet=$!
	read -r port <ready
	export SSL_CERT_FILE=$PWD/cert.pem
	url=https://127.0.0.1:$port
	(umask 077 && printf '11%.0s' {1..32} >key)
}

teardown() {
	[[ -z ${devnet:-} ]] || kill "$devnet" 2>/dev/null || true
}

@test "command lines" {
	for program in sp1-upload sp1-request sp1-poll sp1-fetch; do
		check_command_line $program
	done
}

@test "upload, request, poll: the record grows" {
	start_devnet
	sp1-stdin u32:20 | sp1-upload -t stdin --plain -u "$url" -k key >up
	is "$(jq -r 'keys_unsorted | join(" ")' up)" \
		"url requester stdin_uri sealed stdin_private report_url"
	is "$(jq -r .requester up)" 0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a
	sp1-request -p "$ROOT/test/guest/fib.elf" -m core -k key <up >asked
	is "$(jq -r .vk_hash asked)" \
		0x40652bf62bb897f428cfb7fa4f97d2170ff2700a1307e5fb35a5ac484dc33a89
	like "$(jq -r .request_id asked)" '0x????????????????????????????????????????????????????????????????'
	is "$(jq -r .mode asked)" core
	# known now: not uploaded again
	run --separate-stderr sp1-request -v -p "$ROOT/test/guest/fib.elf" -k key up
	is "$status" 0 "$stderr"
	is "$stderr" ""
	# nobody proves it: 75, and the record says how far it is
	run --separate-stderr sp1-poll -t 1 --interval 200 asked
	is "$status" 75
	like "$stderr" "sp1-poll: the request is still *"
	is "$(jq -r .execution_status <<<"$output")" unexecuted
	is "$(jq -r .stdin_uri <<<"$output")" "$(jq -r .stdin_uri up)"
	fails 1 sp1-fetch <<<"$output"
}

@test "a long input: on the way it is on a disk only when it is sealed" {
	start_devnet --max-artifact 2500000
	openssl rand -hex 32 >enclave.pub
	head -c 2000000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	sp1-encrypt --vk-hash "0x$(printf '11%.0s' {1..32})" -k key -r enclave.pub in >sealed
	up=(sp1-upload -t stdin -u "$url" -k key)
	# no place for a file: what comes from a pipe needs one, a file does not
	export TMPDIR=$PWD/none
	piped() { cat "$1" | "${@:2}"; }
	run -73 --separate-stderr piped sealed "${up[@]}"
	like "$stderr" "*cannot make a file in $TMPDIR*"
	"${up[@]}" sealed >up
	is "$(jq .sealed up)" true
	"${up[@]}" <sealed >up
	piped in "${up[@]}" --plain >up
	is "$(jq .sealed up)" false
	# it is put as it is, from wherever it is read
	artifact() {
		python3 -c 'import sqlite3, sys
db = sqlite3.connect("devnet.db")
sys.stdout.buffer.write(db.execute("SELECT data FROM artifact WHERE instr(?, id) > 0",
    (sys.argv[1],)).fetchone()[0])' "$(jq -r .stdin_uri "$1")"
	}
	export TMPDIR=$PWD
	piped sealed "${up[@]}" >up
	cmp sealed <(artifact up)
	(cat in && cat sealed) >both
	(head -c "$(stat -c %s in)" >before && "${up[@]}") <both >up
	cmp sealed <(artifact up)
	# what its header does not say is not sent
	(cat sealed && echo) >longer
	head -c 1999999 sealed >shorter
	for other in longer shorter; do
		fails 65 "${up[@]}" "$other"
		like "$stderr" "*cut or lengthened*"
		run -65 --separate-stderr piped "$other" "${up[@]}"
		like "$stderr" "*cut or lengthened*"
	done
	# nor what a devnet's database does not hold
	head -c 1000000 bytes >bytes.longer
	cat bytes >>bytes.longer
	sp1-encrypt --raw --vk-hash "0x$(printf '11%.0s' {1..32})" -k key \
		-r enclave.pub bytes.longer >sealed
	fails 65 "${up[@]}" sealed
	like "$stderr" "*HTTP status 413: a devnet keeps artifacts in its database*"
}

@test "a devnet takes what its --max-artifact says" {
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	start_devnet --max-artifact 900000000
	openssl rand -hex 32 >enclave.pub
	head -c 600000000 /dev/zero |
		sp1-encrypt --raw --vk-hash "0x$(printf '11%.0s' {1..32})" -k key \
			-r enclave.pub >sealed
	sp1-upload -t stdin -u "$url" -k key sealed >up
	is "$(jq .sealed up)" true
}

@test "what is not sealed is not uploaded unasked" {
	start_devnet
	sp1-stdin u32:20 >in
	fails 64 sp1-upload -t stdin -u "$url" -k key in
	like "$stderr" "*not sealed*"
	fails 65 sp1-upload -t stdin -u "$url" -k key /dev/null
	fails 64 sp1-upload -t proof -u "$url" -k key in
}

@test "keys, URLs and certificates" {
	start_devnet
	sp1-stdin >in
	chmod 644 key
	fails 78 sp1-upload -t stdin --plain -u "$url" -k key in
	chmod 600 key
	fails 66 sp1-upload -t stdin --plain -u "$url" -k none in
	fails 64 sp1-upload -t stdin --plain -k key in
	fails 64 sp1-upload -t stdin --plain -u ftp://x -k key in
	(
		unset SSL_CERT_FILE
		fails 77 sp1-upload -t stdin --plain -u "$url" -k key in
		sp1-upload -t stdin --plain --ca cert.pem -u "$url" -k key in
		mkdir authorities
		cp cert.pem authorities
		openssl rehash authorities
		SSL_CERT_DIR=$PWD/authorities sp1-upload -t stdin --plain -u "$url" -k key in
		SSL_CERT_DIR=$PWD/authorities SSL_CERT_FILE='' \
			sp1-upload -t stdin --plain -u "$url" -k key in
		SP1_RPC_URL=$url sp1-upload -t stdin --plain --ca cert.pem -k key in
	)
}

@test "records that do not fit" {
	start_devnet
	sp1-stdin | sp1-upload -t stdin --plain -u "$url" -k key >up
	elf=$ROOT/test/guest/fib.elf
	fails 65 sp1-request -p "$elf" -k key <<<'{}'
	fails 65 sp1-request -p "$elf" -k key </dev/null
	fails 65 sp1-request -p "$elf" -k key <<<'nonsense'
	fails 64 sp1-request -p "$elf" -k key -m fast up
	fails 65 sp1-request -p "$elf" -k key <<<"$(jq -c \
		'.requester = "0x0000000000000000000000000000000000000001"' up)"
	fails 65 sp1-request -p "$elf" -k key <<<"$(jq -c \
		'.vk_hash = "0x" + "11" * 32' up)"
	fails 65 sp1-poll up
	fails 65 sp1-fetch up
	like "$stderr" "*sp1-poll it first"
	fails 66 sp1-poll <<<"$(jq -c '.request_id = "0x" + "11" * 32' up)"
}

@test "fetch hands out what holds, and nothing else" {
	needs perl "$(proof_of fib-20)"
	cp "$(proof_of fib-20)" saved
	head -c -1 saved >network
	vk=$(vk_of fib) halt=$(vk_of halt)
	serve_file /proof network -f
	jq -nc --arg u "$url/proof" --arg vk "0x$vk" \
		'{proof_uri: $u, vk: $vk, mode: "core"}' >record
	run --separate-stderr sp1-fetch -o proof record
	is "$status" 0 "$stderr"
	like "$stderr" "sp1-fetch: the proof holds: core, 1 shard, exit code 0, program 0x40652bf6*"
	cmp proof saved
	sp1-fetch -q --network-form record >proof
	cmp proof network
	sp1-fetch -q -p "$ROOT/test/guest/fib.elf" record >proof
	cmp proof saved
	fails 1 sp1-fetch -o none <<<"$(jq -c --arg vk "0x$halt" '.vk = $vk' record)"
	[[ ! -e none ]]
	fails 1 sp1-fetch <<<"$(jq -c '.mode = "groth16"' record)"
	fails 65 sp1-fetch <<<"$(jq -c 'del(.vk)' record)"
	fails 66 sp1-fetch <<<"$(jq -c '.proof_uri += "x"' record)"
	{ head -c 5000 network; printf x; tail -c +5002 network; } >bad
	serve_file /proof bad -f
	run --separate-stderr sp1-fetch -o none <<<"$(jq -c --arg u "$url/proof" \
		'.proof_uri = $u' record)"
	[[ $status = 1 || $status = 65 ]]
	[[ ! -e none ]]
}
