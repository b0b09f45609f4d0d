#!/usr/bin/env bats
# sp1-vk: the stock keys, JSON and raw.
load helpers

# row GUEST: its line of test/vectors/vk.tsv in $bytes32, $hash, $key
row() {
	local name words
	while IFS=$'\t' read -r name bytes32 words key; do
		if [[ $name == "$1" ]]; then
			# shellcheck disable=SC2086  # eight words
			hash=$(printf '%08x' $words)
			return
		fi
	done <"$ROOT/test/vectors/vk.tsv"
	echo "no key of $1"
	return 1
}

@test "command line" {
	check_command_line sp1-vk
}

# Of other guests: unit/stark/setup.
@test "JSON, as the stock has it" {
	needs "$ROOT/test/guest/isa.elf"
	row isa
	sp1-vk -o isa.json "$ROOT/test/guest/isa.elf"
	is "$(<isa.json)" \
		"{\"bytes32\":\"$bytes32\",\"vk_hash\":\"0x$hash\",\"vk\":\"0x$key\"}"
}

@test "raw, from standard input, into a file" {
	needs "$ROOT/test/guest/fib.elf"
	row fib
	is "$(sp1-vk --raw <"$ROOT/test/guest/fib.elf" | hex)" "$key"
	sp1-vk --raw -o fib.vk - <"$ROOT/test/guest/fib.elf"
	is "$(hex fib.vk)" "$key"
	is "$(stat -c %s fib.vk)" 104
}

@test "a program as the network's store has it" {
	needs zstd
	elf=$ROOT/test/guest/fib.elf
	row fib
	perl -e 'local $/; $_ = <STDIN>; print pack("Q<", length), $_' <"$elf" >bare
	zstd -q <bare >packed
	for form in bare packed; do
		is "$(sp1-vk --raw --unpack out.elf "$form" | hex)" "$key" "$form"
		cmp out.elf "$elf"
		rm out.elf
	done
	head -c 1000 packed >short
	head -c 600000000 /dev/zero | zstd -q >bomb
	for form in short bomb "$elf"; do
		fails 65 sp1-vk --raw -o key --unpack out.elf "$form"
		[[ ! -e out.elf && ! -e key ]]
	done
	fails 64 sp1-vk --diff --unpack out.elf "$elf" "$elf"
}

@test "the same with narrower instructions and any number of threads" {
	needs "$ROOT/test/guest/halt.elf"
	row halt
	is "$(SP1_SIMD=avx2 sp1-vk -j 1 "$ROOT/test/guest/halt.elf" | jq -r .vk)" \
		"0x$key"
	is "$(sp1-vk -j 3 "$ROOT/test/guest/halt.elf" | jq -r .vk)" "0x$key"
}

@test "raw bytes are not for a terminal, unless asked for" {
	needs script "$ROOT/test/guest/halt.elf"
	run script -qec "sp1-vk --raw $ROOT/test/guest/halt.elf" /dev/null
	is "$status" 64
	like "$output" "sp1-vk: *"
	run script -qec "sp1-vk --raw -o - $ROOT/test/guest/halt.elf" /dev/null
	is "$status" 0
}

@test "what is no program is refused, and leaves no file" {
	fails 65 sp1-vk </dev/null
	fails 65 sp1-vk -o key <<<"no program"
	[[ ! -e key ]]
	is "$(find . -type f | wc -l)" 0 "files left"
	needs "$ROOT/test/guest/fib.elf"
	head -c 100 "$ROOT/test/guest/fib.elf" >short
	fails 65 sp1-vk short
	like "$stderr" "sp1-vk: short: *"
	fails 66 sp1-vk none
	fails 64 sp1-vk -j 0 short
	fails 64 sp1-vk a b
	cp "$ROOT/test/guest/fib.elf" same
	fails 64 sp1-vk -o same same
	cmp same "$ROOT/test/guest/fib.elf"
	run bash -c 'sp1-vk "$0" >/dev/full' same
	is "$status" 74
	run bash -c 'sp1-vk "$0" >&-' same
	is "$status" 74
	like "$output" "*standard output: Bad file descriptor"
}

@test "without seccomp filters: the reason, and a way on" {
	needs strace
	strace -o /dev/null -e trace=none true 2>/dev/null ||
		skip "strace may trace nothing here"
	local none=(strace -f -o /dev/null -e trace=seccomp
		-e inject=seccomp:error=EINVAL)
	run -71 "${none[@]}" sp1-vk "$ROOT/test/guest/halt.elf"
	[[ $output == *"no seccomp filters"* ]]
	run -0 "${none[@]}" sp1-vk --no-sandbox "$ROOT/test/guest/halt.elf"
	row halt
	is "$(jq -r .vk <<<"$output")" "0x$key"
	sp1-stdin >"$BATS_TEST_TMPDIR/in"
	run -71 "${none[@]}" sp1-exec -p "$ROOT/test/guest/halt.elf" \
		-i "$BATS_TEST_TMPDIR/in"
	run -0 "${none[@]}" sp1-exec --no-sandbox -p "$ROOT/test/guest/halt.elf" \
		-i "$BATS_TEST_TMPDIR/in"
}

@test "in what two programs differ" {
	cp "$ROOT/test/guest/fib.elf" a.elf
	cp a.elf b.elf
	# what the key does not know: the file's end
	echo more >>b.elf
	run --separate-stderr sp1-vk --diff a.elf b.elf
	is "$status" 0 "$stderr"
	is "$output" "the same key"
	# a byte of public_values, in .data
	printf x | dd of=b.elf bs=1 seek=$((0xbb0 + 0x10)) conv=notrunc status=none
	run --separate-stderr sp1-vk --diff a.elf b.elf
	is "$status" 1 "$stderr"
	is "$output" "segment 0x0000000078002000 rw-: 1 of 112 bytes differ, the first at +0x10
section .data: 1 of 112 bytes differ, the first at +0x10
symbol public_values: 1 of 104 bytes differ, the first at +0x8"
	fails 64 sp1-vk --diff a.elf
	fails 64 sp1-vk a.elf b.elf
	fails 64 sp1-vk --diff --raw a.elf b.elf
	fails 66 sp1-vk --diff a.elf none
	echo text >said
	fails 65 sp1-vk --diff said a.elf
}
