#!/usr/bin/env bats
load helpers

@test "command line" {
	check_command_line sp1-stdin
}

@test "one of every kind" {
	printf 'in a file' >f
	printf 'from a pipe' |
		sp1-stdin u8:1 u16:0x203 u32:4 u64:5 hex:0xAbcd hex: text:a:b file:f - \
			>out
	is "$(hex out)" "$(
		printf '%s' 0900000000000000 \
			0100000000000000 01 \
			0200000000000000 0302 \
			0400000000000000 04000000 \
			0800000000000000 0500000000000000 \
			0200000000000000 abcd \
			0000000000000000 \
			0300000000000000 613a62 \
			0900000000000000 696e20612066696c65 \
			0b00000000000000 66726f6d20612070697065 \
			0000000000000000 0000000000000000
	)"
}

# items ITEM...: their bytes, one a line.
items() { sp1-stdin "$@" | sp1-stdin --show | jq -r '.items[].hex'; }

@test "what Rust's read::<T>() takes, as bincode has it" {
	is "$(items vec:0xAbcd vec: string:hé string: bool:true bool:false)" \
		"0x0200000000000000abcd
0x0000000000000000
0x030000000000000068c3a9
0x0000000000000000
0x01
0x00"
	is "$(items i32:-1 i32:2147483647 i32:-2147483648 i32:-0x10 i64:-2 \
		i64:-9223372036854775808 i64:7)" \
		"0xffffffff
0xffffff7f
0x00000080
0xf0ffffff
0xfeffffffffffffff
0x0000000000000080
0x0700000000000000"
	is "$(items u128:1 u128:340282366920938463463374607431768211455 \
		u128:0x102030405060708090a0b0c0d0e0f10)" \
		"0x01000000000000000000000000000000
0xffffffffffffffffffffffffffffffff
0x100f0e0d0c0b0a090807060504030201"
}

@test "no items" {
	is "$(sp1-stdin | hex)" 000000000000000000000000000000000000000000000000
}

@test "shown as JSON" {
	sp1-stdin u32:1000 hex:00ff text:hi u64:0xffffffffffffffff >in
	is "$(sp1-stdin --show in)" '{"bytes":72,"items":[{"length":4,"hex":"0xe8030000","number":1000},{"length":2,"hex":"0x00ff","number":65280},{"length":2,"hex":"0x6869","number":26984,"text":"hi"},{"length":8,"hex":"0xffffffffffffffff","number":"18446744073709551615"}],"ptr":0,"proofs":0}'
	is "$(sp1-stdin -s <in)" "$(sp1-stdin --show in)"
	sp1-stdin -s -o shown in
	is "$(jq -r '.items[].hex' shown | paste -sd ' ')" \
		"0xe8030000 0x00ff 0x6869 0xffffffffffffffff"
}

@test "what is malformed is refused, with its place" {
	sp1-stdin u32:1000 >in
	head -c 20 in >short
	fails 65 sp1-stdin --show short
	is "$stderr" "sp1-stdin: short: SP1Stdin: ends early (8 bytes wanted, 0 left) at byte 20"
	(cat in; echo) >long
	fails 65 sp1-stdin --show long
	unhex <<<ffffffffffffffff00 >huge
	fails 65 sp1-stdin --show huge
}

@test "usage" {
	local item
	for item in u8:256 u16:65536 u32:-1 u32:1.5 u32: u64:18446744073709551616 \
		hex:0 hex:xy nothing what:1 U8:1 file:- vec:0 vec:xy bool: bool:1 \
		i32:2147483648 i32:-2147483649 i32:- i32:--1 i64:9223372036854775808 \
		u128:-1 u128:340282366920938463463374607431768211456 u128:0x u128:1x \
		$'string:\xff' $'u128:\x11'; do
		fails 64 sp1-stdin "$item"
		is "$output" ""
	done
	fails 64 sp1-stdin - - </dev/null
	fails 64 sp1-stdin --show a b
	fails 66 sp1-stdin file:none
	is "$stderr" "sp1-stdin: cannot open none: No such file or directory"
	fails 66 sp1-stdin --show none
}

@test "output is whole or not there" {
	sp1-stdin -o out u8:1
	is "$(hex out)" "$(sp1-stdin u8:1 | hex)"
	fails 66 sp1-stdin -o new file:none
	[[ ! -e new ]]
	is "$(ls)" out
	fails 64 sp1-stdin -o out - <out
	is "$(hex out)" "$(sp1-stdin u8:1 | hex)" "the input is as it was"
	run --separate-stderr bash -c 'sp1-stdin u8:1 >/dev/full'
	is "$status" 74
	is "$stderr" "sp1-stdin: cannot write standard output: No space left on device"
}

# Items as the recorded inputs name them; zero:N and ramp:N are theirs.
item() {
	case $1 in
	none) ;;
	zero:*) perl -e 'print "\0" x $ARGV[0]' "${1#*:}" >"z$2"; echo "file:z$2" ;;
	ramp:*) perl -e 'print map { chr($_ % 251 + 1) } 0 .. $ARGV[0] - 1' \
		"${1#*:}" >"r$2"; echo "file:r$2" ;;
	file:*) echo "file:$SHARED/guest/${1#*:}" ;;
	*) echo "$1" ;;
	esac
}

@test "the recorded inputs, byte for byte" {
	local guest name items i args n=0
	needs "$SHARED/guest/cases.txt"
	while read -r guest name items; do
		[[ -z $guest || $guest == \#* || ! -e $SHARED/guest/inputs/$name.bin ]] &&
			continue
		args=() i=0
		for item in $items; do
			args+=("$(item "$item" "$i")")
			i=$((i + 1))
		done
		sp1-stdin "${args[@]}" | cmp - "$SHARED/guest/inputs/$name.bin"
		is "$(sp1-stdin --show "$SHARED/guest/inputs/$name.bin" |
			jq '.items | length')" "${#args[@]}" "items of $name"
		n=$((n + 1))
	done <"$SHARED/guest/cases.txt"
	((n >= 20))
}


@test "carried proofs: beside the items, with their keys" {
	needs "$compressed"
	key_of fib
	jq -nc --arg vk "0x$(vk_of fib)" '{bytes32: "0x00", vk: $vk}' >fib.json
	sp1-stdin -o out u32:1 "proof:$compressed:fib.vk" u8:2 "proof:$compressed:fib.json"
	n=1272542		# without mode, public values, version, TEE's byte
	tail -c +5 "$compressed" | head -c $n >bare
	cmp out <(sp1-stdin u32:1 u8:2 | head -c -8; unhex <<<0200000000000000
		cat bare fib.vk bare fib.vk)
	is "$(sp1-stdin --show out | jq -c '[(.items | length), .proofs, .carried[1]]')" \
		'[2,2,{"length":1272542,"vk_hash":"0x40652bf62bb897f428cfb7fa4f97d2170ff2700a1307e5fb35a5ac484dc33a89","committed_digest":"0x3719e997592568e7c1a368bd782b52a0476304e84a0e8b0bb6279594e777e3ce","exit_code":0}]'
	# the form that the network stores, and a name with a colon
	mkdir a:b && head -c -1 "$compressed" >a:b/network
	sp1-stdin proof:a:b/network:fib.vk | sp1-stdin --show | jq -e '.proofs == 1'
	head -c -1 out >short
	fails 65 sp1-stdin --show short
	like "$stderr" "*short: carried proof 1: malformed proof at byte *"
}

@test "carried proofs: of another program, another mode, no proof, no key" {
	needs "$compressed"
	key_of fib
	fails 65 sp1-stdin "proof:$compressed:$(key_of halt)"
	like "$stderr" "*the proof is of another program than the key"
	fails 65 sp1-stdin "proof:$ROOT/test/vectors/snark/groth16-v6.1.bin:fib.vk"
	like "$stderr" "*a groth16 proof, where a compressed one is needed"
	head -c 1000000 "$compressed" >short
	fails 65 sp1-stdin proof:short:fib.vk
	like "$stderr" "sp1-stdin: short: malformed proof at byte *"
	head -c 103 fib.vk >short
	fails 65 sp1-stdin "proof:$compressed:short"
	echo '{"vk_hash":"0x00"}' >record
	fails 65 sp1-stdin "proof:$compressed:record"
	like "$stderr" "sp1-stdin: record: *vk*"
	fails 66 sp1-stdin "proof:$compressed:none"
	fails 66 sp1-stdin proof:none:fib.vk
	for item in proof: proof:fib.vk proof::fib.vk proof:fib.vk:; do
		fails 64 sp1-stdin "$item"
	done
}
