#!/usr/bin/env bats
# The whole way of an input to a proof, and the ways that it may fail, each told to
# the client with its cause, exit code and record.  The servers are this file's own.
load helpers
source "$ROOT/test/servers.sh"

guest=$ROOT/test/guest

setup_file() { file_servers; }

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop
}

setup() { client; }

# fails_so GUEST CAUSE EXIT_CODE OPTION... < record: requests, and sees the client
# told.
fails_so() {
	local g=$1 cause=$2 code=$3
	shift 3
	request "$g" "$@" >requested
	run --separate-stderr poll <requested
	is "$status" 1 "status of sp1-poll: $stderr"
	like "$stderr" "sp1-poll: the request ended *$cause*"
	printf '%s\n' "$output" >ended
	is "$(jq -r .cause ended)" "$cause" "cause"
	is "$(jq -r '.exit_code // "none"' ended)" "$code" "exit code"
	# the failed execution is told first, and ends the wait
	like "$(jq -r '.fulfillment_status + " " + .execution_status' ended)" \
		"@(unfulfillable *|assigned unexecutable)"
	is "$(jq -r .request_id ended)" "$(jq -r .request_id requested)"
	fails 1 sp1-fetch "${tls[@]}" ended
}

@test "command lines" {
	check_command_line sp1-devnet
	check_command_line tee-proxy 8
	check_command_line tee-worker 8
	fails 64 tee-proxy -n http://x --keyd k -w w -s s --insecure-loopback \
		-l 0.0.0.0:0
	fails 64 tee-proxy -n http://x --keyd k -w w -s s
	like "$stderr" "*--cert and --key are missing*"
	fails 64 sp1-devnet -s s -f 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf \
		-l 0.0.0.0:0
	fails 75 tee-worker -n http://localhost:1 --keyd none -w none
}

@test "an input becomes a proof" {
	sp1-stdin u32:20 | sp1-encrypt -p "$guest/fib.elf" -k key -u "$TEE" \
		"${tls[@]}" --pin "$FINGERPRINT" | upload | request fib -m core |
		poll | tee record | fetch -o proof.bin
	run --separate-stderr sp1-verify -k "$(key_of fib)" proof.bin
	is "$status" 0
	is "$(jq -r .public_values <<<"$output")" 0x140000006d1a0000d30b0000
	is "$(jq -c '[.fulfillment_status,.cause,.exit_code,.cycles,.gas]' record)" \
		'["fulfilled","halted",0,5804,6937]'
	# the record is enough to fetch again; the key is the program's
	fetch record >again.bin
	cmp proof.bin again.bin
}

@test "a stock client's input, plain: zstd over bincode; it is in no file of any server" {
	sp1-stdin text:a-secret-that-must-not-be-found u32:1 >in
	upload --plain in | request io | poll | fetch -o proof.bin
	sp1-verify -k "$(key_of io)" proof.bin
	# sealed, and executed to some point
	seal io <in | upload | fails_so io exceeded_cycle_limit 0 --cycle-limit 1000
	run ! grep -rq a-secret-that-must "$SERVERS"
	run ! grep -rq "$(head -c 24 in | tail -c 8 | hex)" "$SERVERS"/*.log
}

# traced KIND CAUSE: what the network tells everybody, once it knows all: nothing of the
# run but that.
traced() {
	local _
	for _ in {1..200}; do
		poll <requested >told 2>/dev/null || true
		! jq -e .error_trace told >/dev/null || break
		sleep 0.1
	done
	is "$(jq -cS .error_trace told)" "$(jq -ncS --arg k "$1" --arg c "$2" \
		--arg id "$(jq -r .request_id requested)" '{version: 1, kind: $k,
		source: (if $k == "program_panic" then "program" else "executor" end),
		phase: "execution", message: $c, request_id: $id}')"
}

@test "a guest that halts with another code than 0" {
	sp1-stdin u32:3 | seal exit | upload |
		fails_so exit halt_with_non_zero_exit_code 3
	is "$(jq -c '[.execution_status,.execute_fail_cause,.cycles,.gas]' ended)" \
		'["unexecutable","halt_with_non_zero_exit_code",5578,6675]'
	traced program_panic halt_with_non_zero_exit_code
}

@test "a guest that crashes" {
	sp1-stdin | seal crash-misaligned-load | upload |
		fails_so crash-misaligned-load invalid_memory_access 0
	traced executor_error invalid_memory_access
	is "$(jq -r .execution_status ended)" unexecutable
}

@test "limits: cycles, gas" {
	sp1-stdin u32:20 | seal fib | upload |
		fails_so fib exceeded_cycle_limit 0 --cycle-limit 5000
	sp1-stdin u32:20 | seal fib | upload |
		fails_so fib exceeded_gas_limit 0 --gas-limit 6936
	is "$(jq -r .gas ended)" 6937
}

@test "an input altered on the way" {
	sp1-stdin u32:20 | seal fib >sealed
	perl -e 'local $/; $_ = <>; substr($_, 1000, 1) ^= "\x01"; print' \
		sealed >altered
	upload altered | fails_so fib input_altered none
	is "$(jq -r '.execute_fail_cause // "none"' ended)" none "not the guest's"
	# cut, and with another input's seal
	head -c 4000 sealed >short
	run upload short
	is "$status" 65
	like "$output" "*HTTP status 400*"
	sp1-stdin u32:21 | seal fib >other
	(head -c 140 other && tail -c +141 sealed) >mixed
	upload mixed | fails_so fib input_altered none
}

@test "an input encrypted for another program, requester, enclave" {
	sp1-stdin u32:20 | seal fib | upload |
		fails_so exit input_for_another_program none
	# the same with the name in the header changed
	sp1-stdin u32:20 | seal fib >sealed
	vk_hash_of exit | cut -c 3- | unhex >other_hash
	(head -c 48 sealed && cat other_hash && tail -c +81 sealed) >renamed
	upload renamed | fails_so exit input_altered none
	sp1-stdin u32:20 | sp1-encrypt --vk-hash "$(vk_hash_of fib)" \
		-u "$TEE" "${tls[@]}" --requester 0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a \
		--pin "$FINGERPRINT" | upload |
		fails_so fib input_for_another_requester none
	# as if under evidence, which this enclave has not given
	{ head -c 7 sealed && printf '\2' && tail -c +9 sealed; } >under
	upload under | fails_so fib input_for_another_enclave none
	openssl rand -hex 32 >somebody.pub
	sp1-stdin u32:20 | sp1-encrypt --vk-hash "$(vk_hash_of fib)" -k key \
		-r somebody.pub >sealed
	run upload sealed
	is "$status" 65
	like "$output" "*: seal it anew: *HTTP status 421*"
}

# nowhere WHAT: it is in no file of any server, nor in what the client was told.
nowhere() { run ! grep -raq -- "$1" "$SERVERS" ended; }

@test "an input that is none: nothing of it goes anywhere" {
	printf 'no SP1Stdin at all' >none
	sp1-encrypt --raw --vk-hash "$(vk_hash_of fib)" -k key \
		-u "$TEE" "${tls[@]}" --pin "$FINGERPRINT" <none | upload |
		fails_so fib input_malformed none
	# its first eight bytes stand where a count should
	number=$(od -An -N8 -tu8 none | tr -d ' ')
	is "$number" 8382097552528404334
	nowhere "$number"
	upload --plain none | fails_so fib input_malformed none
	nowhere "$number"
	# and the length of an item
	printf '\1\0\0\0\0\0\0\0secret\1\0more' >none
	sp1-encrypt --raw --vk-hash "$(vk_hash_of fib)" -k key \
		-u "$TEE" "${tls[@]}" --pin "$FINGERPRINT" <none | upload |
		fails_so fib input_malformed none
	nowhere "$(od -An -j8 -N8 -tu8 none | tr -d ' ')"
	is "$(jq -r .detail ended)" \
		"it is no SP1Stdin (bincode, or that inside one zstd frame), or too long"
}

@test "what a failed run tells of its input is in no file" {
	local log before
	wc -c "$SERVERS"/{worker,proxy}.log >before
	sp1-stdin u32:119 | seal exit | upload |
		fails_so exit halt_with_non_zero_exit_code 119
	# in what this run added to the logs: others may have told their cycles
	for log in worker proxy; do
		before=$(awk -v f="$log.log" 'index($2, f) { print $1 }' before)
		run ! grep -aqE 'exit_code[^ ]*119|cycles|gas|machine' \
			<(tail -c +$((before + 1)) "$SERVERS/$log.log")
	done
	run ! grep -raqE 'exit_code":119|"cycles_done"|"failed"[^}]*"gas"' \
		"$SERVERS"/proxy.db*
}

@test "the wrong pin: nothing is encrypted" {
	sp1-stdin u32:20 >in
	fails 77 sp1-encrypt --vk-hash "$(vk_hash_of fib)" -k key -u "$TEE" "${tls[@]}" \
		--pin "0x$(openssl rand -hex 32)" -o sealed in
	like "$stderr" "*not the one pinned*"
	[ ! -e sealed ]
}

@test "modes that are not made here are refused at once" {
	sp1-stdin | seal halt | upload >uploaded
	run --separate-stderr request halt -m groth16 <uploaded
	is "$status" 76
	like "$stderr" "*groth16 proofs are not made here yet*"
}

@test "asked twice, requested once; an input serves one proof" {
	sp1-stdin u32:3 | seal exit | upload >uploaded
	request exit <uploaded >first
	request exit <uploaded >second
	is "$(jq -r .request_id second)" "$(jq -r .request_id first)"
	run --separate-stderr request fib <uploaded
	is "$status" 65
	like "$stderr" "*used for another proof*"
	# another key's owner has no use for it
	(umask 077 && openssl rand -hex 32 >thief)
	run --separate-stderr sp1-request -k thief "${tls[@]}" < <(jq -c \
		--arg vk "0x$(vk_of exit)" 'del(.requester) | .vk = $vk' uploaded)
	is "$status" 77
	like "$stderr" "*another address's*"
}

@test "a request by the record's key: the network must know the program" {
	sp1-stdin | upload --plain >uploaded
	jq -c --arg vk "0x$(vk_of lax)" '. + {vk: $vk}' uploaded >keyed
	fails 65 sp1-request -k key "${tls[@]}" keyed
	like "$stderr" "*the program is new to *: it must be given (-p)"
	fails 65 sp1-request -k key "${tls[@]}" uploaded
	like "$stderr" "*the record has no verifying key (see -p)"
	fails 65 sp1-request -k key "${tls[@]}" <<<"$(jq -c \
		--arg hash "$(vk_hash_of fib)" '.vk_hash = $hash' keyed)"
	like "$stderr" "*of another program than its key"
	fails 65 sp1-request -k key "${tls[@]}" <<<"$(jq -c '.vk = "0x00"' keyed)"
}

vectors=$ROOT/test/vectors/network
prover=/network.ProverNetwork

@test "a replayed request: its nonce is not the next" {
	needs curl
	# as a stock client signed it, when nonce 9 was its next
	raw_call "$DEVNET" $prover/RequestProof "$vectors/07-RequestProof.request.bin" \
		>code
	is "$(<code)" 10
	is "$grpc_text" "failed nonce verification: invalid nonce for sender 0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a expected 0, got 9"
	# the proxy does not even pass it on: the input is not one of its own
	raw_call "$TEE" $prover/RequestProof "$vectors/07-RequestProof.request.bin" \
		>code
	is "$(<code)" 3
	raw_call "$TEE" $prover/CreateProgram "$vectors/04-CreateProgram.request.bin" \
		>code
	is "$(<code)" 10
	like "$grpc_text" "*expected 0, got 8"
}

@test "uploads: the token, once and again; nobody fetches an input" {
	needs curl
	raw_call "$TEE" /artifact.ArtifactStore/CreateArtifact \
		"$vectors/05-CreateArtifact.request.bin" >code
	is "$(<code)" 0
	put=$(grep -ao 'https://[!-~]*?token=[0-9a-f]*' reply | tail -1)
	like "$put" "$TEE/artifacts/stdin/artifact_*?token=*"
	web() { curl -s --cacert "$CA" -o body -w '%{http_code}\n' "$@"; }
	is "$(web "${put/\?/\/report?}")" 200
	is "$(<body)" '{"status":"awaiting_upload"}'
	is "$(web -T "$vectors/put-stdin.zst" "${put%?????}00000")" 401
	is "$(web -T "$vectors/put-stdin.zst" "${put%%\?*}")" 404
	is "$(web -T "$vectors/put-stdin.zst" "$put")" 200
	is "$(web -T "$vectors/put-stdin.zst" "$put")" 200 "the same again"
	printf 'something else' >else
	is "$(web -T else "$put")" 409 "another"
	is "$(web "${put/\?/\/report?}")" 200
	is "$(<body)" '{"status":"uploaded"}'
	is "$(web "$put")" 404 "nobody fetches it"
	is "$(web "${put%%\?*}")" 404
	is "$(web "${put%%\?*}/report?token=0")" 401
	is "$(web -X DELETE "$put")" 405
}

@test "what the proxy does not know is unimplemented" {
	needs curl
	: >empty
	raw_call "$TEE" $prover/FulfillProof empty >code
	is "$(<code)" 12
	raw_call "$DEVNET" $prover/GetStdinUri empty >code
	is "$(<code)" 12
}
