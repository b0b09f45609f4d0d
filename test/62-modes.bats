#!/usr/bin/env bats
# Proofs of all modes from a network: what sp1-devnet takes of a prover that is not
# ours, what sp1-fetch hands out, and how a request ends that we cannot serve.
# shellcheck disable=SC2154  # bats sets stderr
load helpers
source "$ROOT/test/servers.sh"

guest=$ROOT/test/guest
# test/vectors/snark/README; the program's hash as the network has it.
snark=$ROOT/test/vectors/snark/groth16-v6.1.bin
snark_hash=0x798e9e41386b179027dfc46e066f7b681020b43c335c7db23a9ec85624732a93

# A worker dies with the test that started it: each that needs one has its own.
setup_file() { PROXY_OPTIONS='--reconcile 1' file_servers && servers_stop worker; }

teardown_file() {
	SERVERS=$BATS_FILE_TMPDIR/servers
	servers_stop
}

setup() { client; }

teardown() { servers_stop worker; }

# ask GUEST MODE > record: a request that the network gives to our fulfiller, and of
# which our proxy knows nothing.
ask() {
	sp1-stdin u32:20 | sp1-upload -t stdin --plain -u "$DEVNET" "${tls[@]}" \
		-k key | request "$1" -m "$2"
}

# fulfil RECORD PROOF: hands it in as the fulfiller would; the status in $code.
fulfil() {
	perl -e 'print pack "CC H40", 10, 20, substr $ARGV[0], 2' "$FULFILLER" \
		>address
	raw_call "$DEVNET" /network.ProverNetwork/GetNonce address >code
	is "$(<code)" 0 "GetNonce"
	perl -MIO::Socket::UNIX -e '
		my ($socket, $id, $file) = @ARGV;
		local $/;
		sub number { my $n = shift; my $s = "";
			while ($n > 127) { $s .= chr($n & 127 | 128); $n >>= 7 }
			$s . chr $n }
		sub field { my ($k, $v) = @_;
			chr($k << 3 | 2) . number(length $v) . $v }
		sub file { open my $f, "<:raw", shift or die; <$f> }
		# as the nonce came: field 1, or nothing for 0
		my $body = substr(file("reply"), 5) .
		    field(2, pack("H64", substr $id, 2)) . field(3, file($file));
		my $keyd = IO::Socket::UNIX->new(Peer => $socket) or die;
		print $keyd pack("VC", 1 + length $body, 3), $body;
		$keyd->flush;
		read $keyd, my $head, 5;
		my ($n, $refused) = unpack "VC", $head;
		read $keyd, my $sig, $n - 1;
		die "tee-keyd: $sig\n" if $refused;
		print pack("CC", 8, 1), field(2, $sig), field(3, $body);
	' "$SERVERS/keyd.sock" "$(jq -r .request_id "$1")" "$2" >signed
	raw_call "$DEVNET" /network.ProverNetwork/FulfillProof signed >code
	code=$(<code)
}

# refused TEXT RECORD PROOF: the devnet does not take it, and says so.
refused() {
	fulfil "$2" "$3"
	is "$code" 3 "status, $grpc_text"
	like "$grpc_text" "$1"
}

@test "a prover hands in another mode, another program" {
	needs curl perl
	ask fib groth16 >asked
	refused "*the proof does not verify: the proof is for another program" \
		asked "$snark"
	(printf '\2' && tail -c +2 "$snark") >plonk
	refused "a plonk proof, where groth16 was asked for" asked plonk
	run --separate-stderr sp1-poll -t 1 --interval 200 "${tls[@]}" asked
	is "$status" 75 "the request stays open"
}

@test "a compressed proof, from the prover to the client, and others" {
	needs curl perl "$compressed"
	ask fib compressed >asked
	perl -e 'local $/; $_ = <>; substr($_, 700000, 1) ^= "\x01"; print' \
		"$compressed" >altered
	refused "*the proof does not verify: openings: *" asked altered
	head -c 1000000 "$compressed" >short
	refused "*the proof does not verify: malformed proof *" asked short
	ask halt compressed >other
	refused "*the proof is of another program" other "$compressed"
	head -c -1 "$compressed" >network
	fulfil asked network
	is "$code" 0 "$grpc_text"
	sp1-poll "${tls[@]}" asked >record
	run --separate-stderr sp1-fetch "${tls[@]}" -o proof record
	is "$status" 0 "$stderr"
	is "$stderr" "sp1-fetch: the proof holds: compressed, 1 shard, exit code 0, program 0x40652bf62bb897f428cfb7fa4f97d2170ff2700a1307e5fb35a5ac484dc33a89"
	cmp proof "$compressed"
	fetch --network-form -p "$guest/fib.elf" record >proof
	cmp proof network
	fails 1 sp1-fetch "${tls[@]}" -o none <<<"$(jq -c '.mode = "core"' record)"
	fails 1 sp1-fetch "${tls[@]}" -o none <<<"$(jq -c --arg vk "0x$(vk_of halt)" \
		'del(.vk_hash) | .vk = $vk' record)"
	[[ ! -e none ]]
}

# served FILE JSON: a record whose proof is FILE; JSON is what else it has.
served() {
	serve_file /proof "$1" -f
	jq -nc --arg u "$url/proof" "$2 + {proof_uri: \$u}" >record
}

@test "fetch: a Groth16 proof, in both forms" {
	needs perl
	head -c -1 "$snark" >network
	for form in "$snark" network; do
		served "$form" "{mode: \"groth16\", vk_hash: \"$snark_hash\"}"
		run --separate-stderr sp1-fetch -o proof record
		is "$status" 0 "$stderr"
		is "$stderr" "sp1-fetch: the proof holds: groth16, exit code 0, program $snark_hash"
		cmp proof "$snark"
		fetch --network-form record >proof
		cmp proof network
	done
	# a TEE proof stays where it was, or goes
	(cat network && printf '\1\3\0\0\0\0\0\0\0tee') >with
	served with "{vk_hash: \"$snark_hash\"}"
	fetch record >proof
	cmp proof with
	fetch --network-form record >proof
	cmp proof network
}

@test "fetch: what is not the proof that was asked for is not handed out" {
	needs perl
	served "$snark" "{mode: \"groth16\", vk_hash: \"$snark_hash\"}"
	for mode in core compressed plonk; do
		fails 1 sp1-fetch -o none <<<"$(jq -c ".mode = \"$mode\"" record)"
		is "$stderr" "sp1-fetch: a groth16 proof came, a $mode one was requested"
	done
	fails 1 sp1-fetch -o none <<<"$(jq -c \
		'.vk_hash |= sub("798e"; "798f")' record)"
	like "$stderr" "*the proof is for another program"
	# of no program: a word of it is above the prime
	fails 65 sp1-fetch -o none <<<"$(jq -c \
		'.vk_hash |= sub("798e"; "ffff")' record)"
	fails 65 sp1-fetch -o none <<<"$(jq -c 'del(.vk_hash)' record)"
	like "$stderr" "*no verifying key (see -p)*"
	fails 1 sp1-fetch -o none <<<"$(jq -c --arg vk "0x$(vk_of fib)" \
		'del(.vk_hash) | .vk = $vk' record)"
	like "$stderr" "*the proof is for another program"
	fails 65 sp1-fetch -o none -p "$guest/fib.elf" record
	like "$stderr" "*vk_hash is of another key"
	sed 's/290c39343/290c39344/' "$snark" >altered
	served altered "{mode: \"groth16\", vk_hash: \"$snark_hash\"}"
	fails 1 sp1-fetch -o none record
	like "$stderr" "*the proof does not hold: groth16: A is not on the curve"
	[[ ! -e none ]]
	fetch --no-verify record >proof
	cmp proof altered
	head -c -2 "$snark" >short
	served short "{mode: \"groth16\", vk_hash: \"$snark_hash\"}"
	fails 65 sp1-fetch -o none record
	[[ ! -e none ]]
}

@test "fetch: an exit code is allowed or not" {
	exit=$(proof_of exit-1)
	needs perl "$exit"
	served "$exit" "{mode: \"core\", vk: \"0x$(vk_of exit)\"}"
	fails 1 sp1-fetch -o none record
	like "$stderr" "*exit code 1"
	[[ ! -e none ]]
	run --separate-stderr sp1-fetch --allow-exit-code -o proof record
	is "$status" 0 "$stderr"
	like "$stderr" "*core, 1 shard, exit code 1, *"
	cmp proof "$exit"
}

# prover_gives FILE: the worker's prover is another, that gives this file as the compressed
# proof of any run, once it has the records.
prover_gives() {
	cat >prover <<-END
		#!/bin/sh
		case " \$* " in *" -m compressed "*) ;; *) exit 64 ;; esac
		cat >/dev/null
		echo '{"phase":"reduce","shard":2,"done":1,"shards":3,"seconds":1}' >&3
		exec cat "$1"
	END
	chmod +x prover
	servers_stop worker
	WORKER_OPTIONS="--prover $PWD/prover" server_start worker
}

@test "a compressed proof through the whole pipeline; one of another program is not handed in" {
	needs "$compressed"
	# the worker's own prover, which finds its node made
	cp -a "$compressed.work" w
	printf '#!/bin/sh\nexec sp1-prove-gpu "$@" --work "%s"\n' "$PWD/w" >own
	chmod +x own
	WORKER_OPTIONS="--prover $PWD/own" server_start worker
	sp1-stdin u32:20 | seal fib | upload | request fib -m compressed >asked
	poll <asked | fetch -o proof
	cmp proof "$compressed"
	# the network may know of such a proof before it knows of the run
	for _ in {1..200}; do
		poll <asked >record
		! jq -e .cause record >/dev/null || break
		sleep 0.1
	done
	is "$(jq -c '[.mode,.fulfillment_status,.cause,.cycles]' record)" \
		'["compressed","fulfilled","halted",5804]'
	sp1-verify -k "$(key_of fib)" proof
	sp1-verify --bytes32 "0x$(awk -F '\t' '$1 == "fib" { print substr($2, 3) }' \
		"$ROOT/test/vectors/vk.tsv")" proof
	prover_gives "$compressed"
	sp1-stdin u32:0 | seal exit | upload | request exit -m compressed >asked
	run --separate-stderr poll <asked
	is "$status" 1 "$stderr"
	like "$stderr" "*the request ended *proof_invalid*"
	# a core one, where compressed was asked for
	core=$(proof_of fib-20)
	needs "$core"
	prover_gives "$core"
	sp1-stdin u32:20 | seal fib | upload | request fib -m compressed >asked
	run --separate-stderr poll <asked
	is "$status" 1 "$stderr"
	like "$stderr" "*the request ended *proof_invalid*"
}

@test "an input with a carried proof: core, by the worker's own prover; one that does not hold" {
	needs "$compressed"
	server_start worker
	# the digests that the guest reads need not be the proof's, for a core one
	sp1-stdin -o in u32:1 "hex:$(printf '%0128d' 0)" "proof:$compressed:$(key_of fib)"
	sp1-stdin --show in | jq -e '.proofs == 1'
	seal verify <in | upload | request verify -m core | poll | fetch -o proof
	sp1-verify -k "$(key_of verify)" proof >record
	is "$(jq -r .public_values record)" "0x$(printf '%0128d' 0)"
	perl -e 'local $/; $_ = <>; substr($_, 700000, 1) ^= "\x01"; print' in >altered
	seal verify <altered | upload | request verify -m core >asked
	run --separate-stderr poll <asked
	is "$status" 1 "$stderr"
	like "$stderr" "*the request ended *input_proof_invalid*"
	is "$(jq -r .detail <<<"$output")" "a proof that the input carries does not hold"
	# and no compressed proof shows what the guest did not verify
	prover_gives "$compressed"
	seal verify <in | upload | request verify -m compressed >asked
	run --separate-stderr poll <asked
	is "$status" 1 "$stderr"
	like "$stderr" "*the request ended *unprovable*"
}

@test "a mode that our prover does not make: refused, or told as failed" {
	sp1-stdin | sp1-upload -t stdin -u "$TEE" "${tls[@]}" --plain -k key \
		>uploaded
	run --separate-stderr request halt -m plonk <uploaded
	is "$status" 76
	like "$stderr" "*plonk proofs are not made here yet*"
	server_start worker
	# past the proxy, which finds it at the network and hands it to a worker
	request halt -m groth16 -u "$DEVNET" <uploaded >asked
	is "$(jq -r .mode asked)" groth16
	run --separate-stderr sp1-poll --interval 200 -t 60 "${tls[@]}" asked
	is "$status" 1 "$stderr"
	like "$stderr" "sp1-poll: the request ended *mode_unsupported*"
	printf '%s\n' "$output" >ended
	is "$(jq -r '.fulfillment_status + " " + .cause' ended)" \
		"unfulfillable mode_unsupported"
	fails 1 sp1-fetch "${tls[@]}" ended
	like "$stderr" "*unfulfillable, mode_unsupported"
}
