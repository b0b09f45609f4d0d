#!/usr/bin/env bats
# sp1-verify: exit status, record and reason.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.."
	build=${B:-build}
	PATH="$(cd "$build" && pwd)/bin:$PATH"
	d=$BATS_TEST_TMPDIR
	own=$d/own
	mkdir "$own"
}

# stock PROOF...: links to these in $own, to what our prover made of the stock prover's
# bytes (make proofs), else to the stock file; leaves the test out where one is not.
stock() {
	local proof from
	for proof; do
		for from in "$build/proofs" ../shared/vectors/own/proof; do
			[ ! -e "$from/$proof.bin" ] || break
		done
		[ -e "$from/$proof.bin" ] || skip "no $proof.bin: make proofs, or ../shared"
		ln -s "$(realpath "$from/$proof.bin")" "$own/$proof.bin"
	done
}

# key GUEST: its raw key in $d/GUEST.vk
key() {
	awk -F '\t' -v g="$1" '$1 == g { print $4 }' test/vectors/vk.tsv |
		xxd -r -p > "$d/$1.vk"
	[ "$(wc -c < "$d/$1.vk")" = 104 ]
}

# verify STATUS ARGS: runs it; the record in $output, the reason in $stderr
verify() {
	local want=$1
	shift
	run "-$want" --separate-stderr sp1-verify "$@"
}

@test "a stock proof is valid with its program's key" {
	stock fib-20.core; key fib
	verify 0 -k $d/fib.vk $own/fib-20.core.bin
	[ "$output" = '{"mode":"core","valid":true,"version":"v6.1.0","vk_hash":"0x40652bf62bb897f428cfb7fa4f97d2170ff2700a1307e5fb35a5ac484dc33a89","public_values":"0x140000006d1a0000d30b0000","exit_code":0,"shards":1}' ]
	[ -z "$stderr" ]
}

@test "the key is computed from the program" {
	stock halt.core
	verify 0 -p test/guest/halt.elf $own/halt.core.bin
	[ "$(jq .valid <<< "$output")" = true ]
}

@test "a proof comes from standard input too" {
	stock keccak256-1000.core fib-20.core; key fib; key keccak256
	verify 0 -k $d/keccak256.vk < $own/keccak256-1000.core.bin
	[ "$(jq .shards <<< "$output")" = 3 ]
	verify 0 -k $d/fib.vk - < $own/fib-20.core.bin
}

@test "the network's form, without the last byte, is valid" {
	stock halt.core; key halt
	head -c -1 $own/halt.core.bin > $d/network
	verify 0 -k $d/halt.vk $d/network
}

@test "an exit code is refused, unless it is allowed" {
	stock exit-1.core; key exit
	verify 1 -k $d/exit.vk $own/exit-1.core.bin
	[ "$(jq -c '[.valid, .exit_code]' <<< "$output")" = '[false,1]' ]
	[[ $stderr == "sp1-verify: "*"exit code 1" ]]
	verify 0 --allow-exit-code -k $d/exit.vk $own/exit-1.core.bin
	[ "$(jq -c '[.valid, .exit_code]' <<< "$output")" = '[true,1]' ]
}

@test "another program's key is refused" {
	stock fib-20.core; key halt; key fib
	verify 1 -k $d/halt.vk $own/fib-20.core.bin
	[ "$(jq .valid <<< "$output")" = false ]
	[ -n "$stderr" ]
}

@test "an altered proof is refused with the reason" {
	stock halt.core; key halt
	cp $own/halt.core.bin $d/altered
	chmod u+w $d/altered
	# The low byte of an element in the middle: among the openings.
	printf '\001\002\003\004' |
		dd of=$d/altered bs=1 seek=700000 conv=notrunc status=none
	verify 1 -k $d/halt.vk $d/altered
	[ "$(jq .valid <<< "$output")" = false ]
	[[ $stderr == *"shard 0: openings: "* ]]
}

@test "the stock proofs of precompiles, in shards of their own or not" {
	stock keccak256-1000.core; key sha256; key keccak256; key precompiles
	verify 0 -k $d/keccak256.vk $own/keccak256-1000.core.bin
	[ "$(jq .shards <<< "$output")" = 3 ]
	stock sha256-1000.core precompiles.core
	verify 0 -k $d/sha256.vk $own/sha256-1000.core.bin
	verify 0 -k $d/precompiles.vk $own/precompiles.core.bin
	[ "$(jq .shards <<< "$output")" = 18 ]
}

@test "a chip that does not exist is named" {
	stock keccak256-1000.core; key keccak256
	LC_ALL=C sed s/KeccakPermute/KeccakPermutf/g \
		$own/keccak256-1000.core.bin > $d/altered
	verify 1 -k $d/keccak256.vk $d/altered
	[[ $stderr == *"chip KeccakPermutf is not supported" ]]
}

@test "malformed: cut, too long, a wrong last byte, no proof at all" {
	stock halt.core; key halt
	head -c 1000000 $own/halt.core.bin > $d/cut
	verify 65 -k $d/halt.vk $d/cut
	[ "$(jq .valid <<< "$output")" = false ]
	[[ $stderr == *"malformed proof at byte "* ]]
	{ cat $own/halt.core.bin; printf '\0'; } > $d/long
	verify 65 -k $d/halt.vk $d/long
	{ head -c -1 $own/halt.core.bin; printf '\002'; } > $d/option
	verify 65 -k $d/halt.vk $d/option
}

@test "a compressed proof is valid with its program's key" {
	stock fib-20.compressed; key fib
	verify 0 -k $d/fib.vk $own/fib-20.compressed.bin
	[ "$output" = '{"mode":"compressed","valid":true,"version":"v6.1.0","vk_hash":"0x40652bf62bb897f428cfb7fa4f97d2170ff2700a1307e5fb35a5ac484dc33a89","public_values":"0x140000006d1a0000d30b0000","exit_code":0,"shards":2}' ]
	[ -z "$stderr" ]
	verify 0 -p test/guest/fib.elf $own/fib-20.compressed.bin
	head -c -1 $own/fib-20.compressed.bin > $d/network
	verify 0 -k $d/fib.vk < $d/network
}

@test "a compressed proof of another program, altered, cut or too long" {
	stock fib-20.compressed; key fib; key halt
	verify 1 -k $d/halt.vk $own/fib-20.compressed.bin
	[ "$(jq .valid <<< "$output")" = false ]
	[[ $stderr == *"the proof is of another program" ]]
	cp $own/fib-20.compressed.bin $d/altered
	chmod u+w $d/altered
	printf '\001\002\003\004' |
		dd of=$d/altered bs=1 seek=700000 conv=notrunc status=none
	verify 1 -k $d/fib.vk $d/altered
	[[ $stderr == *": openings: "* ]]
	head -c 1000000 $own/fib-20.compressed.bin > $d/cut
	verify 65 -k $d/fib.vk $d/cut
	[ "$output" = '{"mode":"compressed","valid":false}' ]
	{ cat $own/fib-20.compressed.bin; printf '\0'; } > $d/long
	verify 65 -k $d/fib.vk $d/long
}

@test "other public values than a compressed proof's are refused" {
	stock fib-20.compressed; key fib
	cp $own/fib-20.compressed.bin $d/altered
	chmod u+w $d/altered
	# They end 8 + 6 + 1 bytes before the end: the version, the None.
	printf '\001' | dd of=$d/altered bs=1 conv=notrunc status=none \
		seek=$(($(stat -c %s $d/altered) - 16))
	verify 1 -k $d/fib.vk $d/altered
	[[ $stderr == *"public values are not those that the program committed to" ]]
}

@test "many proofs in one call: a record each, the worst verdict" {
	stock fib-20.core fib-20.compressed halt.core; key fib
	verify 0 -k $d/fib.vk $own/fib-20.c*.bin
	[ "${#lines[@]}" = 2 ]
	[ "$(jq -c '[.mode, .valid]' <<< "$output")" = '["compressed",true]
["core",true]' ]
	[ "$(jq -r .proof <<< "${lines[1]}")" = $own/fib-20.core.bin ]
	verify 1 -k $d/fib.vk $own/{halt,fib-20}.core.bin
	[ "$(jq -c .valid <<< "$output")" = 'false
true' ]
	: > $d/none
	verify 65 -k $d/fib.vk $d/none $own/{halt,fib-20}.core.bin
	[ "${#lines[@]}" = 3 ]
}

@test "the public values alone, if the proof is valid" {
	stock fib-20.core fib-20.compressed; key fib; key halt
	for proof in fib-20.core fib-20.compressed; do
		sp1-verify --public-values -k $d/fib.vk \
			$own/$proof.bin > $d/values
		[ "$(xxd -p $d/values)" = 140000006d1a0000d30b0000 ]
	done
	verify 1 --public-values -k $d/halt.vk $own/fib-20.core.bin
	[ -z "$output" ]
	verify 64 --public-values -k $d/fib.vk $own/fib-20.c*.bin
}

# A public Groth16 proof, and its program's hash.
snark=test/vectors/snark/groth16-v6.1.bin
bytes32=0x00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93

@test "a Groth16 proof is valid for its program's hash" {
	verify 0 --bytes32 $bytes32 $snark
	[ "$(jq -c '[.mode, .valid, .bytes32, .exit_code, .shards]' <<< "$output")" = \
		"[\"groth16\",true,\"$bytes32\",0,null]" ]
	verify 1 --bytes32 ${bytes32/0x00f/0x00e} $snark
	[[ $stderr == *"the proof is for another program" ]]
	head -c 104 /dev/zero > $d/zero.vk
	verify 1 -k $d/zero.vk $snark
	verify 64 --bytes32 0x00 $snark
	verify 64 --bytes32 $bytes32 -k $d/zero.vk $snark
}

@test "a SNARK's pieces are checked" {
	head -c -2 $snark > $d/short
	verify 65 --bytes32 $bytes32 $d/short
	sed 's/v6.1.0/v5.1.0/' $snark > $d/old
	verify 1 --bytes32 $bytes32 $d/old
	[[ $stderr == *"not of version v6.1.0" ]]
	sed 's/290c39343/290c39344/' $snark > $d/point
	verify 1 --bytes32 $bytes32 $d/point
	[[ $stderr == *"groth16: A is not on the curve" ]]
	{ printf '\2'; tail -c +2 $snark; } > $d/plonk
	verify 1 --bytes32 $bytes32 $d/plonk
	[[ $stderr == *"another plonk key than that of circuit v6.1.0" ]]
	[ "$(jq -r .mode <<< "$output")" = plonk ]
}

@test "calldata: out of a container, and verified with the values beside it" {
	verify 0 --bytes32 $bytes32 --calldata $snark
	sp1-verify --bytes32 $bytes32 --calldata $snark > $d/calldata
	[ "$(wc -c < $d/calldata)" = 356 ]
	[ "$(head -c 4 $d/calldata | xxd -p)" = 4388a21c ]
	sp1-verify --bytes32 $bytes32 --public-values $snark > $d/values
	verify 0 --bytes32 $bytes32 --values $d/values $d/calldata
	[ "$(jq -c '[.mode, .valid, .exit_code]' <<< "$output")" = '["groth16",true,0]' ]
	# what comes out of calldata is itself
	sp1-verify --bytes32 $bytes32 --values $d/values --calldata < $d/calldata |
		cmp - $d/calldata
	echo >> $d/values
	verify 1 --bytes32 $bytes32 --values $d/values $d/calldata
	[[ $stderr == *"public values"* || $stderr == *"does not hold"* || $stderr == *pairing* ]]
	verify 1 --bytes32 $bytes32 --values $d/values --calldata $d/calldata
	[ -z "$output" ]
	verify 65 --bytes32 $bytes32 --values $d/values $snark
	verify 64 --bytes32 $bytes32 --values $d/values $d/calldata $d/calldata
	verify 64 --bytes32 $bytes32 --calldata --public-values $snark
}

@test "a fixture for contracts" {
	verify 0 --bytes32 $bytes32 --fixture $snark
	[ "$(jq -r 'keys | join(" ")' <<< "$output")" = "proof publicValues vkey" ]
	[ "$(jq -r .vkey <<< "$output")" = $bytes32 ]
	[ "$(jq -r .proof <<< "$output")" = "0x$(sp1-verify --bytes32 $bytes32 --calldata $snark | xxd -p | tr -d '\n')" ]
	verify 64 --bytes32 $bytes32 --fixture $snark $snark
}

@test "a proof of an older SDK is told as one" {
	verify 65 --bytes32 $bytes32 test/vectors/old-sdk-v5.bin
	[[ $stderr == *"a proof of circuit v5.0.0; this verifies v6.1.0" ]]
}

@test "a compressed proof is valid with the program's hash alone" {
	stock fib-20.compressed
	hash=$(sp1-vk test/guest/fib.elf | jq -r .bytes32)
	verify 0 --bytes32 $hash $own/fib-20.compressed.bin
	[ "$(jq -c '[.mode, .valid, .bytes32]' <<< "$output")" = \
		"[\"compressed\",true,\"$hash\"]" ]
	head -c -1 $own/fib-20.compressed.bin > $d/network
	verify 0 --bytes32 ${hash#0x} $d/network
	# of no key: a word of it is above the prime
	verify 65 --bytes32 "0x00$(printf 'f%.0s' {1..62})" $d/network
	[[ $stderr == *"bytes32: word 0 is no canonical field element" ]]
	verify 1 --bytes32 "$(sp1-vk test/guest/halt.elf | jq -r .bytes32)" \
		$own/fib-20.compressed.bin
	[[ $stderr == *"another program" ]]
	verify 65 --calldata -p test/guest/fib.elf $own/fib-20.compressed.bin
}

@test "the hash alone is not enough for a core proof" {
	head -c 29 /dev/zero > $d/empty
	verify 64 --bytes32 "0x$(printf '%064d' 0)" $d/empty
}

@test "no proof at all is malformed" {
	head -c 104 /dev/zero > $d/zero.vk
	verify 65 -k $d/zero.vk < /dev/null
	[ "$output" = '{"valid":false}' ]
	verify 65 -k $d/zero.vk <<< "not a proof"
	printf '\0\0\0\0\377\377\377\377\377\377\377\377' > $d/huge
	verify 65 -k $d/zero.vk $d/huge
	[ "$output" = '{"mode":"core","valid":false}' ]
	[[ $stderr == *"a count is larger than what follows" ]]
	head -c 29 /dev/zero > $d/empty
	verify 1 -k $d/zero.vk $d/empty
}

@test "a key that is none is malformed" {
	head -c 29 /dev/zero > $d/empty
	verify 65 -k $d/empty $d/empty
	head -c 104 /dev/zero | tr '\0' '\377' > $d/ones.vk
	verify 65 -k $d/ones.vk $d/empty
	verify 65 -p $d/empty $d/empty
}

@test "usage and missing files" {
	verify 64
	verify 64 -p a -k b
	verify 64 --no-such-option
	verify 66 -k /dev/null $d/none
	head -c 29 /dev/zero > $d/empty
	verify 66 -k $d/none $d/empty
	verify 0 -h
	[[ $output == *"sp1-verify -p fib.elf proof.bin"* ]]
}

@test "-m: a proof of another mode is none" {
	stock fib-20.core
	key fib
	verify 0 -m core -k $d/fib.vk $own/fib-20.core.bin
	verify 1 -m compressed -k $d/fib.vk $own/fib-20.core.bin
	[[ $stderr$output == *": a core proof, and compressed is wanted"* ]]
	verify 64 -m cor -k $d/fib.vk $own/fib-20.core.bin
}
