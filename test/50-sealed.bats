#!/usr/bin/env bats
# Sealed inputs: sp1-encrypt, tee-keyd, sp1-decrypt; whom each refuses.
# shellcheck disable=SC2154  # bats and helpers set stderr, url
load helpers

# Descriptors that bats keeps open are not a daemon's.
start_keyd() {
	mkfifo ready
	tee-keyd -S keyd.sock --allow-unlocked "$@" 3>ready 2>keyd.log &
	keyd=$!
	read -r info <ready
}

teardown() {
	[[ -z ${keyd:-} ]] || kill "$keyd" 2>/dev/null || true
}

new_key() {
	(umask 077 && openssl rand -hex 32 >"$1")
}

hash=0x1111111111111111111111111111111111111111111111111111111111111111
other=0x2222222222222222222222222222222222222222222222222222222222222222
who=0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a

@test "command lines" {
	check_command_line sp1-encrypt
	check_command_line sp1-decrypt
}

@test "sealed and opened by the key's holder" {
	start_keyd
	jq -r .public_key <<<"$info" >enclave.pub
	sp1-stdin u32:20 >in
	sp1-encrypt --vk-hash $hash --requester $who -r enclave.pub \
		--pin "$(jq -r .fingerprint <<<"$info")" -o sealed in
	is "$(head -c 7 sealed)" SP1SEAL
	is "$(stat -c %s sealed)" 4252 "size: of a bucket, not of the input"
	sp1-decrypt -S keyd.sock --vk-hash $hash --requester $who \
		--allow-unlocked -o out sealed
	cmp in out
	is "$(stat -c %a out)" 600
	# two inputs in the same bucket look alike, and are sealed differently
	sp1-stdin u32:20 u64:7 | sp1-encrypt --vk-hash $hash --requester $who \
		-r enclave.pub >sealed2
	is "$(stat -c %s sealed2)" 4252
	run ! cmp -s <(tail -c +109 sealed) <(tail -c +109 sealed2)
}

@test "refused: another program, requester, key, an altered or plain one" {
	start_keyd
	jq -r .public_key <<<"$info" >enclave.pub
	sp1-stdin u32:20 | sp1-encrypt --vk-hash $hash --requester $who \
		-r enclave.pub >sealed
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $other \
		--requester $who sealed
	like "$stderr" "*sealed for another program"
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester 0x0000000000000000000000000000000000000001 sealed
	like "$stderr" "*sealed for another requester"
	# the header says otherwise, but the seal does not
	{ head -c 48 sealed; printf '"%.0s' {1..32}; tail -c +81 sealed; } >forged
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $other \
		--requester $who forged
	like "$stderr" "*altered*"
	is "$output" ""
	{ head -c 2000 sealed; printf x; tail -c +2002 sealed; } >altered
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester $who altered
	like "$stderr" "*altered*"
	is "$output" ""
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester $who <<<"$(head -c 4000 sealed | tr -d '\0')"
	sp1-stdin u32:20 >plain
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester $who plain
	like "$stderr" "*not a sealed input"
	kill "$keyd"
	fails 75 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester $who sealed
	# a new enclave has a new key
	rm ready
	start_keyd
	fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester $who sealed
	like "$stderr" "*another enclave's key"
}

@test "a fixed key, without tee-keyd" {
	new_key enclave.key
	start_keyd --enclave-key enclave.key
	jq -r .public_key <<<"$info" >enclave.pub
	sp1-stdin text:hello | sp1-encrypt --vk-hash $hash --requester $who \
		-r enclave.pub >sealed
	is "$(sp1-decrypt -k enclave.key --allow-unlocked --vk-hash $hash \
		--requester $who <sealed | sp1-stdin -s | jq -r '.items[0].text')" \
		hello
	chmod 644 enclave.key
	fails 78 sp1-decrypt -k enclave.key --allow-unlocked --vk-hash $hash \
		--requester $who sealed
}

@test "the key that a URL gives must be the one pinned" {
	needs perl
	start_keyd
	serve_file /v1/enclave-key "$info"
	print=$(jq -r .fingerprint <<<"$info")
	sp1-stdin u32:20 >in
	sp1-encrypt --vk-hash $hash --requester $who -u "$url" --pin "$print" \
		in >sealed
	is "$(sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
		--requester $who sealed | hex)" "$(hex in)"
	fails 77 sp1-encrypt --vk-hash $hash --requester $who -u "$url" \
		--pin $other in
	like "$stderr" "*nothing was encrypted"
	is "$output" ""
	fails 64 sp1-encrypt --vk-hash $hash --requester $who -u "$url" in
	like "$stderr" "*--pin is needed*"
	serve_file /v1/enclave-key '{"public_key":"0x12"}'
	fails 76 sp1-encrypt --vk-hash $hash --requester $who -u "$url" \
		--pin "$print" in
}

# The X-Wing key that tee-keyd tells of, in hexadecimal.
xwing_key() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new("keyd.sock") or die;
		print $s "\x01\0\0\0\x01"; $s->flush;
		read $s, my $a, 5 + 1398;
		print "0x", unpack("H*", substr $a, 5 + 53, 1216);'
}

@test "X-Wing: the key pinned is the one sealed to" {
	local served
	needs perl
	start_keyd
	served=$(jq -c --arg k "$(xwing_key)" '. + {xwing_public_key: $k}' <<<"$info")
	serve_file /v1/enclave-key "$served"
	sp1-stdin u32:20 >in
	for which in xwing_fingerprint:647a:5340 fingerprint:0020:4252; do
		IFS=: read -r field kem size <<<"$which"
		sp1-encrypt --vk-hash $hash --requester $who -u "$url" \
			--pin "$(jq -r ".$field" <<<"$info")" in >sealed
		is "$(head -c 10 sealed | tail -c 2 | hex)" "$kem"
		is "$(stat -c %s sealed)" "$size"
		sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
			--requester $who sealed | cmp - in
		{ head -c 200 sealed; printf x; tail -c +202 sealed; } >altered
		fails 65 sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
			--requester $who altered
	done
	fails 77 sp1-encrypt --vk-hash $hash --requester $who -u "$url" --pin $other in
}

@test "a key of either KEM from a file" {
	needs perl
	start_keyd
	xwing_key >xwing.pub
	jq -r .public_key <<<"$info" >x25519.pub
	sp1-stdin u32:20 >in
	for which in xwing:xwing_fingerprint:647a:5340 x25519:fingerprint:0020:4252; do
		IFS=: read -r file field kem size <<<"$which"
		sp1-encrypt --vk-hash $hash --requester $who -r $file.pub \
			--pin "$(jq -r ".$field" <<<"$info")" in >sealed
		is "$(head -c 10 sealed | tail -c 2 | hex)" "$kem"
		is "$(stat -c %s sealed)" "$size"
		is "0x$(head -c 48 sealed | tail -c 32 | hex)" "$(jq -r ".$field" <<<"$info")"
		sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash $hash \
			--requester $who sealed | cmp - in
		fails 77 sp1-encrypt --vk-hash $hash --requester $who -r $file.pub \
			--pin $other in
		# a digit too few, one too many, none
		head -c -3 $file.pub >short
		{ tr -d '\n' <$file.pub; echo 0; } >longer
		: >none
		for bad in short longer none; do
			fails 78 sp1-encrypt --vk-hash $hash --requester $who -r $bad in
			like "$stderr" "*does not hold 32 or 1216 bytes in hex: *"
		done
	done
	fails 66 sp1-encrypt --vk-hash $hash --requester $who -r missing in
	# a key of ML-KEM whose coefficients are none
	{ printf 'ff%.0s' {1..1184}; tail -c 64 xwing.pub; } >coefficients
	fails 65 sp1-encrypt --vk-hash $hash --requester $who -r coefficients in
}

# Until tee-keyd has had new keys so often.
await_keys() {
	until [[ $(grep -c 'new keys' keyd.log) -ge $1 ]]; do sleep 0.1; done
}

@test "keys are rotated; the last ones open inputs for a time" {
	start_keyd --rotate 5 --keep 5
	jq -r .public_key <<<"$info" >enclave.pub
	sp1-stdin u32:20 | sp1-encrypt --vk-hash $hash --requester $who \
		-r enclave.pub >sealed
	open=(sp1-decrypt -S keyd.sock --allow-unlocked --vk-hash "$hash" --requester "$who"
		sealed)
	"${open[@]}" >/dev/null
	await_keys 1
	"${open[@]}" >/dev/null
	await_keys 2
	fails 65 "${open[@]}"
	like "$stderr" "*another enclave's key"
	kill "$keyd"
	new_key enclave.key
	fails 64 tee-keyd -S keyd.sock --enclave-key enclave.key --rotate 5
	fails 64 tee-keyd -S keyd.sock --rotate 5 --keep 6
}

@test "the program and the requester by their files" {
	needs "$ROOT/test/guest/fib.elf"
	start_keyd
	jq -r .public_key <<<"$info" >enclave.pub
	(umask 077 && printf '11%.0s' {1..32} >key)
	sp1-stdin u32:20 | sp1-encrypt -p "$ROOT/test/guest/fib.elf" -k key \
		-r enclave.pub >sealed
	sp1-decrypt -S keyd.sock --allow-unlocked --requester $who --vk-hash \
		0x40652bf62bb897f428cfb7fa4f97d2170ff2700a1307e5fb35a5ac484dc33a89 \
		sealed >out
	is "$(hex out)" "$(sp1-stdin u32:20 | hex)"
}

@test "what is no input is not sealed" {
	openssl rand -hex 32 >enclave.pub
	fails 65 sp1-encrypt --vk-hash $hash --requester $who -r enclave.pub \
		<<<"not an SP1Stdin"
	sp1-encrypt --raw --vk-hash $hash --requester $who -r enclave.pub \
		<<<"not an SP1Stdin" >sealed
	printf '00%.0s' {1..32} >zero.pub
	fails 65 sp1-encrypt --raw --vk-hash $hash --requester $who -r zero.pub \
		<<<x
}

@test "tee-keyd" {
	check_command_line tee-keyd 8
	start_keyd
	is "$(stat -c %a keyd.sock)" 600
	is "$(jq -r 'keys | join(" ")' <<<"$info")" \
		"fingerprint fulfiller public_key xwing_fingerprint"
	# no dump of its memory, no tracing by others
	like "$(grep -c . "/proc/$keyd/status")" '*'
	[[ $(id -u) = 0 ]] || run ! cat "/proc/$keyd/environ"
	# it has no way to the network
	sanitized || is "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$keyd/status")" 2
	# nonsense on its socket
	perl -MIO::Socket::UNIX -e '
		for my $m ("", "\x00" x 5, "\xff" x 5, "\x01\0\0\0\x09",
		    "\x01\0\0\x10\x03" . "A" x 100000, "\xc1\0\0\0\x02" . "A" x 192) {
			my $s = IO::Socket::UNIX->new("keyd.sock") or die;
			$SIG{PIPE} = "IGNORE";
			print $s $m; $s->flush; shutdown $s, 1;
			local $/; my $a = <$s> // "";
			die "granted" if length $a and ord(substr $a, 4) == 0;
		}'
	kill -0 "$keyd"
}

@test "carried proofs are looked into before they are sealed" {
	openssl rand -hex 32 >enclave.pub
	to=(--vk-hash "$hash" --requester "$who" -r enclave.pub -o sealed)
	cp "$ROOT/test/fuzz/corpus/wire_stdin/carried" in
	sp1-encrypt "${to[@]}" in
	rm sealed
	head -c -1 in >short
	fails 65 sp1-encrypt "${to[@]}" short
	like "$stderr" "*short is no SP1Stdin*: carried proof 1: malformed proof at byte *"
	[[ ! -e sealed ]]
	sp1-encrypt "${to[@]}" --raw short
}
