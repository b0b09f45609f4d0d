#!/usr/bin/env bats
# sp1-prove-gpu -m compressed: one proof, whatever the number of shards, the way, the threads.
load helpers

G=$ROOT/test/guest

T=$ROOT/test/vectors/compressed.tsv

# take_row < line of the table: guest, input, threshold and hash of a proof
take_row() {
	IFS=$'\t' read -r guest input threshold hash
	unset ELEMENT_THRESHOLD
	[[ $threshold = - ]] || export ELEMENT_THRESHOLD=$threshold
	stdin=$G/inputs/$input.bin
}

# row GUEST: its first one
row() {
	take_row < <(awk -F '\t' -v g="$1" '$1 == g' "$T")
}

# same FILE: it is the proof of the last row
same() {
	is "$(sha256sum <"$1")" "$hash  -" "SHA-256 of the compressed proof of $guest on $input"
}

prove() {
	sp1-prove-gpu -p "$G/$guest.elf" -m compressed "$@"
}

# `make proofs` made fib's, from the shard that its core proof left, with all that may be
# told of it.
nodes=$compressed.work
setup_file() {
	[[ -e $compressed.said ]] || { echo "first: make proofs"; return 1; }
}

@test "a compressed proof is made, and verifies; --timings, --progress" {
	cp "$compressed" proof.bin
	cp "$compressed.json" t.json
	cp "$compressed.progress" lines
	row fib
	is "$(<"$compressed.said")" ""
	same proof.bin
	run -0 --separate-stderr sp1-verify -k "$(key_of fib)" proof.bin
	is "$(jq -c '[.mode,.valid,.shards,.exit_code]' <<<"$output")" \
		'["compressed",true,1,0]'
	sp1-verify --bytes32 "$(sp1-vk "$G/fib.elf" | jq -r .bytes32)" proof.bin
	run -1 sp1-verify -k "$(key_of halt)" proof.bin
	is "$(jq -c '.shards|map([.shard,.what,.kept])' t.json)" \
		'[[0,"execution",true],[1,"normalize",false]]'
	is "$(jq -c '.shards[1].phases|keys_unsorted' t.json)" \
		'["program","key","execute","trace","commit","gkr","zerocheck","jagged","basefold"]'
	is "$(jq '.shards[1].phases.program < 5' t.json)" true
	is "$(jq -r .phase lines | xargs)" "setup prepare trace done program key execute \
trace commit gkr zerocheck jagged basefold done verify write"
	is "$(jq -c 'select(.phase == "done") | [.shard, .done, .shards]' lines |
		xargs)" "[0,1,2] [1,2,2]"
}

@test "finished nodes are kept: it goes on from them, to the same bytes" {
	cp -a "$nodes" w
	row fib
	is "$(cd w && echo *)" "node-000000.proof shard-000000.proof"
	is "$(stat -c %a w/node-000000.proof)" 600
	# the shard's proof is not needed where its node's is there
	rm w/shard-000000.proof
	echo half >w/node-000001.proof.abcdef
	run -0 --separate-stderr prove --work w -j 1 --timings t.json -o proof.bin \
		<"$stdin"
	is "$stderr" ""
	same proof.bin
	is "$(jq -c '[.shards[].kept]' t.json)" '[true,true]'
	is "$(cd w && echo *)" node-000000.proof
}

# again GUEST PATTERN < input: a kept node is told to be no good, and why; what follows is
# not awaited
again() {
	rm -f said
	sp1-prove-gpu -p "$G/$1.elf" -m compressed --work w -o begun.bin \
		2>said 3>&- <&0 &
	until [[ -s said ]]; do
		kill -0 $!
		sleep 0.05
	done
	kill -9 $!
	wait $! || true
	like "$(<said)" "sp1-prove-gpu: proving node 0 again: w/node-000000.proof: $2"
}

@test "a kept node of another run or program, or damaged, is proved again" {
	local file=w/node-000000.proof
	mkdir -m 700 w
	cp "$nodes/node-000000.proof" $file
	again halt "is of another program" <"$G/inputs/none.bin"
	sp1-stdin u32:21 >input
	again fib "is of another run" <input
	row fib
	printf '\377' | dd of=$file bs=1 seek=5000 conv=notrunc 2>dd.log
	again fib "is damaged" <"$stdin"
	# an element changed, and the file's own hash made right
	cp "$nodes/node-000000.proof" $file
	perl -MDigest::SHA=sha256 -0777 -pi -e '
		substr($_, 50120, 1) ^= "\1";
		substr($_, 88, 32) = sha256(substr($_, 120))' $file
	again fib "*" <"$stdin"
	# a core shard's proof is no node
	cp "$nodes/shard-000000.proof" $file
	again fib "is no node's proof" <"$stdin"
}

@test "carried proofs: a guest that verified others is refused" {
	guest=verify
	sp1-stdin -o in u32:0 "proof:$compressed:$(key_of fib)"
	run --separate-stderr prove -o none.bin <in
	is "$status" 65 "$stderr"
	like "$stderr" "*sp1-prove-gpu: the guest did not verify the proofs of its input, *"
	[[ ! -e none.bin ]]
}

@test "a mode that there is not" {
	fails 64 sp1-prove-gpu -p "$G/fib.elf" -m plonk -o none.bin <"$G/inputs/fib-20.bin"
	like "$stderr" "*mode plonk is not one of: core compressed*"
	[[ ! -e none.bin ]]
}

@test "--debug, threads, memory, a kill: the same bytes" {
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	local least
	row fib
	run -0 --separate-stderr prove --debug -j 1 -o proof.bin <"$stdin"
	is "$stderr" ""
	same proof.bin
	# three shards and a node that composes their nodes; within what it takes
	row keccak256
	run ! --separate-stderr prove --memory 300M -o proof.bin <"$stdin"
	is "$status" 71
	least=$(sed -n 's/.*less than \([0-9]*M\) of.*/\1/p' <<<"$stderr")
	run -0 --separate-stderr prove --memory "$least" --timings t.json \
		--work w -o proof.bin <"$stdin"
	same proof.bin
	((${least%M} * 1048576 >= $(jq .peak_memory t.json)))
	is "$(jq -c '[.shards[].what]' t.json)" '["execution","normalize","KECCAK_PERMUTE","normalize","memory","normalize","compose"]'
	rm w/node-00000[13].proof
	run -0 --separate-stderr prove --work w --timings t.json -o again.bin <"$stdin"
	cmp proof.bin again.bin
	is "$(jq -c '[.shards[].kept]' t.json)" '[true,true,true,false,true,true,false]'
}

@test "every other row of the table" {
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	local rows line
	mapfile -t rows < <(grep -vE '^(#|fib\b|keccak256\b|verify\b)' "$T")
	((${#rows[@]} > 2))
	for line in "${rows[@]}"; do
		take_row <<<"$line"
		prove -o proof.bin <"$stdin"
		same proof.bin
	done
}

@test "carried proofs: a guest verifies two of our proofs" {
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	row verify
	verify_two "$compressed" >in
	run -0 --separate-stderr prove --timings t.json -o proof.bin <in
	is "$stderr" ""
	same proof.bin
	is "$(jq -c '[.shards[].what]' t.json)" \
		'["execution","normalize","deferred","deferred","compose"]'
	run -0 --separate-stderr sp1-verify -p "$G/verify.elf" proof.bin
	is "$(jq -r .public_values <<<"$output")" "0x$(verified 2 | sed -n 's/hex://p' | tr -d '\n')"
}
