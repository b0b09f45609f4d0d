#!/usr/bin/env bats
# sp1-prove-gpu: the stock prover's bytes, whatever the way, the threads, the vectors.
load helpers

G=$ROOT/test/guest

# row INPUT: guest, threshold and hash of a stock proof, from the table
row() {
	IFS=$'\t' read -r guest input threshold hash < <(
		awk -F '\t' -v i="$1" '$2 == i' "$ROOT/test/vectors/proofs.tsv" |
		    sed -n "${2:-1}p")
	unset ELEMENT_THRESHOLD
	[[ $threshold = - ]] || export ELEMENT_THRESHOLD=$threshold
	stdin=$G/inputs/$input.bin
}

# same FILE: it is the stock proof of the last row
same() {
	is "$(sha256sum <"$1")" "$hash  -" "SHA-256 of the proof of $input"
}

prove() {
	sp1-prove-gpu -p "$G/$guest.elf" "$@"
}

# Of `make proofs`, with all that may be told of them: fib's, of one shard, and
# keccak256's, of three.
made=$B/proofs/fib-20.core.bin
three=$B/proofs/keccak256-1000.core.bin
setup_file() {
	[[ -e $made.said && -e $three.work ]] || { echo "first: make proofs"; return 1; }
}

@test "the command line" {
	check_command_line sp1-prove-gpu
}

@test "an input becomes the stock proof, which verifies; --timings" {
	row fib-20
	is "$(<"$made.said")" ""
	same "$made"
	run -0 --separate-stderr sp1-verify -k "$(key_of fib)" "$made"
	is "$(jq -c '[.valid,.shards,.exit_code]' <<<"$output")" '[true,1,0]'
	cp "$made.json" t.json
	is "$(jq -c 'keys' t.json)" \
		'["peak_memory","setup","shards","total","verify"]'
	is "$(jq -c '.shards|map(.shard,.what,.kept,(.phases|keys_unsorted))' t.json)" \
		'[0,"execution",false,["prepare","trace","commit","gkr","zerocheck","jagged","basefold"]]'
	is "$(jq '.setup + .verify + (.shards|map(.total)|add) <= .total and
		.setup > 0 and .verify > 0 and .peak_memory > 100000000 and
		.shards[0].cycles > 0 and (.shards[0] |
		(.phases|add) <= .total + 0.001)' t.json)" true
}

@test "records through a pipe become the same proof, one thread or more" {
	row none
	# a reader of how far it is that is gone is no fault
	sp1-exec -p "$G/halt.elf" --records <"$stdin" |
		prove -m core -j 1 --memory 3G --timings t.json \
			--progress 5 5> >(:) >proof.bin
	same proof.bin
	is "$(jq '.peak_memory <= 3 * 1024 * 1024 * 1024' t.json)" true
	# every place of our own proof, altered, is refused
	SP1_TEST_PROOF=$PWD/proof.bin SP1_TEST_VK=$PWD/$(key_of halt)
	export SP1_TEST_PROOF SP1_TEST_VK
	cd "$ROOT"
	run -0 "$B/unit/stark/alter.t"
	like "$output" "*ok *"
}

@test "a guest that halts with another code is proved; the verifier must be told" {
	row exit-1
	needs "$(proof_of exit-1)"
	cp "$(proof_of exit-1)" proof.bin
	same proof.bin
	run -1 --separate-stderr sp1-verify -k "$(key_of exit)" proof.bin
	like "$stderr" "sp1-verify: *exit code*"
	run -0 sp1-verify --allow-exit-code -k exit.vk proof.bin
}

@test "--debug finds nothing wrong with a run of every instruction, on a terminal" {
	needs script
	row isa-3
	TERM=xterm script -qec "sp1-prove-gpu -p $G/isa.elf -d cpu --debug \
		--no-verify -o proof.bin <$stdin" /dev/null </dev/null >screen
	same proof.bin
	# Which lines are shown depends on how long each phase takes.
	like "$(<screen)" "*setup*shard 0*"
	run ! grep sp1-prove-gpu: screen
}

@test "--debug finds nothing wrong with precompiles" {
	# shards/mutants looks at such traces, the killed run below at keccak256's
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	row bytes-1000
	run -0 --separate-stderr prove --debug -o proof.bin <"$stdin"
	is "$stderr" ""
	same proof.bin
	run -0 --separate-stderr sp1-verify -k "$(key_of "$guest")" proof.bin
	is "$(jq -c '[.valid,.exit_code]' <<<"$output")" '[true,0]'
}

@test "a system call may be the first to touch a word, which stock cannot prove" {
	# shards/mutants looks at the traces, vm/records at the shards' cuts
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	guest=untouched
	run -0 --separate-stderr prove --debug -o proof.bin \
		<"$G/inputs/bytes-0.bin"
	is "$stderr" ""
	run -0 --separate-stderr sp1-verify -p "$G/untouched.elf" proof.bin
	is "$(jq -c '[.valid,.shards,.exit_code]' <<<"$output")" '[true,6,0]'
}

@test "a killed run goes on from its finished shards, to the same bytes; --progress" {
	local pid _
	row bytes-1000 2	# two shards with precompiles, one for memory
	sp1-prove-gpu -p "$G/$guest.elf" --work w -o proof.bin <"$stdin" 3>&- &
	pid=$!
	for _ in {1..6000}; do
		[[ -e w/shard-000000.proof ]] && break
		sleep 0.1
	done
	kill -9 "$pid"
	wait "$pid" || true
	cmp w/shard-000000.proof "$three.work/shard-000000.proof"
	# As if it had come one further, and no more.
	rm -f proof.bin w/shard-000002.proof
	cp "$three.work/shard-000001.proof" w
	# one of the two is cut short, and a file was left half written
	truncate -s 100000 w/shard-000000.proof
	echo half >w/shard-000002.proof.abcdef
	run -0 --separate-stderr prove --work w --debug --timings t.json \
		--progress 5 -o proof.bin 5>lines <"$stdin"
	is "$stderr" "sp1-prove-gpu: proving shard 0 again: w/shard-000000.proof: is not whole"
	same proof.bin
	is "$(jq -c '[.shards[].kept]' t.json)" '[false,true,false]'
	# a line of JSON a phase; --debug looks at the kept shard's trace too
	jq -es 'map(.seconds) | . == sort' lines
	is "$(jq -r 'select(.shard != 0).phase' lines | xargs)" "setup prepare trace done \
prepare trace commit gkr zerocheck jagged basefold done verify write"
	is "$(jq -c 'select(.phase == "done") | [.shard, .done, .shards]' lines |
		xargs)" "[0,1,3] [1,2,3] [2,3,3]"
	is "$(jq -s 'map(select(.phase == "done").cycles) | . == sort and
		.[0] > 0' lines)" true
	is "$(jq -s 'map(select(.shard == 2)) | all(.seconds_left >= 0 and
		.cycles_per_second > 0)' lines)" true
	# all kept: nothing but the proofs is there, and nothing is proved
	is "$(echo w/*)" "$(echo w/shard-00000{0,1,2}.proof)"
	is "$(stat -c %a w w/shard-000000.proof | xargs)" "700 600"
	rm proof.bin
	run -0 --separate-stderr prove --work w --timings t.json -o proof.bin \
		<"$stdin"
	is "$stderr" ""
	same proof.bin
	is "$(jq -c '[.shards[].kept]|all' t.json)" true
	run -0 --separate-stderr sp1-verify -k "$(key_of "$guest")" proof.bin
	is "$(jq -c '[.valid,.shards,.exit_code]' <<<"$output")" '[true,3,0]'
}

@test "what is kept of other runs, or was damaged, is proved again" {
	local file=w/shard-000000.proof
	local again="sp1-prove-gpu: proving shard 0 again: $file"
	# begins GUEST PATTERN < input: says so, and goes on to prove it: not awaited
	begins() {
		rm -f said
		sp1-prove-gpu -p "$G/$1.elf" --work w -o begun.bin 2>said 3>&- <&0 &
		until [[ -s said ]]; do
			kill -0 $!
			sleep 0.05
		done
		kill -9 $!
		wait $! || true
		is "$(<said)" "$again$2"
	}
	mkdir -m 700 w
	cp "$made.work/shard-000000.proof" $file
	begins halt ": is of another program" <"$G/inputs/none.bin"
	sp1-stdin u32:21 >input
	begins fib ": is of another run" <input
	row fib-20
	printf '\377' | dd of=$file bs=1 seek=5000 conv=notrunc 2>dd.log
	begins fib ": is damaged" <"$stdin"
	# an element changed, and the file's own hash made right
	cp "$made.work/shard-000000.proof" $file
	perl -MDigest::SHA=sha256 -0777 -pi -e '
		substr($_, 50120, 1) ^= "\1";
		substr($_, 88, 32) = sha256(substr($_, 120))' $file
	run -0 --separate-stderr prove --work w -o proof.bin <"$stdin"
	like "$stderr" "$again: *"
	is "${#stderr_lines[@]}" 1
	same proof.bin
	# and while another process has it
	exec 9<w
	flock 9
	fails 75 sp1-prove-gpu -p "$G/fib.elf" --work w -o none.bin <"$stdin"
	exec 9<&-
	fails 73 sp1-prove-gpu -p "$G/fib.elf" --work none/w -o none.bin <"$stdin"
	[[ ! -e none.bin ]]
}

# ends_so STATUS PATTERN COMMAND...: fails with this said last, and leaves no part
# of a proof; the first shard is kept.
ends_so() {
	local want=$1 pattern=$2
	shift 2
	run --separate-stderr "$@"
	is "$status" "$want" "status of $*: $stderr"
	like "${stderr_lines[-1]}" "$pattern"
	is "$(compgen -G 'proof.bin*')" "" "what is left of a proof"
	is "$(compgen -G 'w/shard-000000.proof*')" w/shard-000000.proof
}

@test "a run that ends badly late: its cause, no half proof, and it goes on" {
	guest=isa stdin=$G/inputs/isa-3.bin
	export ELEMENT_THRESHOLD=3000000	# two execution shards, and memory
	work=(sp1-prove-gpu -p "$G/isa.elf" --work w)
	# the guest, near the end of its second shard
	printf '#!/bin/sh\nexec sp1-exec "$@" --max-cycles 22700\n' >late
	printf '#!/bin/sh\nsp1-exec "$@" | head -c 1500000; kill -9 $$\n' >dying
	chmod +x late dying
	ends_so 65 "sp1-exec: the guest failed *: ExceededCycleLimit: *" \
		"${work[@]}" --exec ./late -o proof.bin <"$stdin"
	ends_so 70 "sp1-prove-gpu: sp1-exec ended by signal 9" \
		"${work[@]}" --exec ./dying -o proof.bin <"$stdin"
	# its records, cut there; the first instruction of the second shard damaged
	sp1-exec -p "$G/isa.elf" --records <"$stdin" >records
	head -c 1500000 records >short
	ends_so 65 "sp1-prove-gpu: *ends early*" "${work[@]}" -o proof.bin <short
	printf '\377\377' | dd of=records bs=1 seek=1280192 conv=notrunc 2>dd.log
	ends_so 65 "sp1-prove-gpu: *" "${work[@]}" -o proof.bin <records
	# no room for the second shard's proof
	ends_so 74 "sp1-prove-gpu: cannot write w/shard-000001.proof: File too large" \
		bash -c 'ulimit -f 500; exec "$@"' - "${work[@]}" -o proof.bin <"$stdin"
	is "$(echo w/*)" w/shard-000000.proof
	# none for the whole one's; then nobody reads it
	row bytes-1000 2
	rm -r w
	cp -a "$three.work" w
	work=(sp1-prove-gpu -p "$G/$guest.elf" --work w)
	ends_so 74 "sp1-prove-gpu: cannot write /dev/full: No space left on device" \
		"${work[@]}" -o /dev/full <"$stdin"
	ends_so 74 "sp1-prove-gpu: cannot write standard output: Broken pipe" \
		bash -o pipefail -c '"$@" | :' - "${work[@]}" <"$stdin"
	is "$(echo w/*)" "$(echo w/shard-00000{0,1,2}.proof)"
}

@test "it has no network, nor has what it runs" {
	printf '#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/9\nexit 65\n' >net
	chmod +x net
	sp1-stdin u32:20 >in
	fails 70 sp1-prove-gpu -p "$ROOT/test/guest/fib.elf" --exec "$PWD/net" \
		-o proof.bin <in
	like "$stderr" "*ended by signal 31"
	[ ! -e proof.bin ]
}

@test "a full disk" {
	unshare -rm true || skip "needs a mount namespace"
	on_full_disk() {
		unshare -rm sh -c 'mount -t tmpfs -o size=1m none small || exit
			"$@"; status=$?; find small -mindepth 1 >left; exit $status' - "$@"
	}
	row fib-20
	mkdir small w
	chmod 700 w
	cp "$made.work/shard-000000.proof" w/shard-000000.proof
	run --separate-stderr on_full_disk sp1-prove-gpu -p "$G/fib.elf" \
		--work w -o small/proof.bin <"$stdin"
	is "$status" 74
	is "$stderr" "sp1-prove-gpu: cannot write small/proof.bin: No space left on device"
	is "$(<left)" ""
	[[ -n ${CHECK_LONG:-} ]] || return 0	# the shard's file, as above
	run --separate-stderr on_full_disk sp1-prove-gpu -p "$G/fib.elf" \
		--work small -o proof.bin <"$stdin"
	is "$status" 74
	is "$stderr" "sp1-prove-gpu: cannot write small/shard-000000.proof: No space left on device"
	is "$(<left)" ""
	[[ ! -e proof.bin ]]
}

@test "a device, --verify, --progress: what is refused" {
	row none
	fails 69 sp1-prove-gpu -p "$G/halt.elf" -d cuda -o none.bin <"$stdin"
	like "$stderr" "*without CUDA*"
	fails 64 sp1-prove-gpu -p "$G/halt.elf" -d tpu -o none.bin <"$stdin"
	fails 64 sp1-prove-gpu -p "$G/halt.elf" --verify --no-verify \
		-o none.bin <"$stdin"
	fails 64 sp1-prove-gpu -p "$G/halt.elf" --progress 9 -o none.bin \
		<"$stdin" 9>&-
	like "$stderr" "*--progress 9 is not open*"
	fails 64 sp1-prove-gpu -p "$G/halt.elf" --progress 1 -o none.bin <"$stdin"
	[[ ! -e none.bin ]]
}

# within SIZE [ARGUMENT...]: tries to prove the last row's input in no more memory.
within() {
	rm -f proof.bin
	run --separate-stderr prove --memory "$1" --timings t.json \
		-o proof.bin "${@:2}" <"$stdin"
}

# kept SIZE: the proof is there, the same bytes, and it was within SIZE.
kept() {
	is "$status" 0 "status with --memory $1: $stderr"
	is "$stderr" ""
	same proof.bin
	local most peak
	most=$(numfmt --from=iec "$1") peak=$(jq .peak_memory t.json)
	((peak <= most)) || is "$peak" "at most $1, $most"
}

# The least that it can be proved in, as it says, from a size that is too small on: a
# later shard may take more than the first one.  $least: in megabytes.
narrow() {
	least=32
	within "${least}M"
	while [[ $status != 0 ]]; do
		is "$status" 71 "status with --memory ${least}M: $stderr"
		like "$stderr" "sp1-prove-gpu: shard [0-9]: cannot be proved in \
less than *M of memory, and may take ${least}M"
		[[ ! -e proof.bin ]]
		stderr=${stderr#*less than }
		((${stderr%%M*} > least))
		least=${stderr%%M*}
		within "${least}M"
	done
	kept "${least}M"
}

@test "--memory: the same proof, within it; or what is needed, before any work" {
	row fib-20
	narrow
	fails 71 sp1-prove-gpu -p "$G/fib.elf" --memory $((least - 1))M \
		-o none.bin <"$stdin"
	for size in 0 1 G 5X 1.5G -1; do
		run ! sp1-prove-gpu -p "$G/fib.elf" --memory=$size \
			-o none.bin <"$stdin"
	done
	[[ ! -e none.bin ]]
}

@test "--memory: every shard of longer runs within it; 20 million cycles within 8G" {
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	row bench-1
	narrow
	row mem-20000
	narrow
	unset ELEMENT_THRESHOLD
	guest=bench
	sp1-stdin u32:16 >input
	prove --memory 8G --timings t.json -o proof.bin <input
	is "$(jq '(.shards | map(.cycles) | add) > 20000000 and
		.peak_memory <= 8 * 1024 * 1024 * 1024' t.json)" true
	run -0 --separate-stderr sp1-verify -p "$G/bench.elf" proof.bin
}

@test "all stock proofs, byte for byte, on each instruction set" {
	[[ -n ${CHECK_LONG:-} ]] || skip "long: make check-long"
	local n simd
	n=$(grep -vc '^#' "$ROOT/test/vectors/proofs.tsv")
	for ((k = 1; k <= n; k++)); do
		IFS=$'\t' read -r guest input threshold hash < <(
			grep -v '^#' "$ROOT/test/vectors/proofs.tsv" |
			    sed -n "${k}p")
		unset ELEMENT_THRESHOLD
		[[ $threshold = - ]] || export ELEMENT_THRESHOLD=$threshold
		prove -o proof.bin <"$G/inputs/$input.bin"
		same proof.bin
	done
	row fib-20
	for simd in scalar avx2 avx512; do
		SP1_SIMD=$simd prove -j 1 -o proof.bin <"$stdin"
		same proof.bin
	done
}

@test "a guest that fails leaves no proof, and its own message" {
	fails_exec() {
		run --separate-stderr "$@"
		is "$status" 65 "status: $stderr"
		like "$stderr" "sp1-exec: *"
	}
	fails_exec sp1-prove-gpu -p "$G/crash-misaligned-load.elf" -o proof.bin \
		<"$G/inputs/none.bin"
	like "$stderr" "*InvalidMemoryAccess*"
	[[ ! -e proof.bin ]]
	# through a pipe the prover is told
	run --separate-stderr bash -o pipefail -c '
		sp1-exec -p "$0" --records <"$1" |
		    sp1-prove-gpu -p "$0" -o proof.bin' \
		"$G/crash-misaligned-load.elf" "$G/inputs/none.bin"
	is "$status" 65
	like "$stderr" "*sp1-prove-gpu: *the execution failed after * cycles: InvalidMemoryAccess*"
	[[ ! -e proof.bin ]]
}

@test "bad input" {
	row none
	fails 65 sp1-prove-gpu -p "$G/halt.elf" -o proof.bin </dev/null
	fails 65 sp1-prove-gpu -p "$G/halt.elf" -o proof.bin < <(printf abc)
	fails 66 sp1-prove-gpu -p none.elf -o proof.bin <"$stdin"
	fails 64 sp1-prove-gpu -o proof.bin <"$stdin"
	fails 64 sp1-prove-gpu -p "$G/halt.elf" -m groth17 -o proof.bin <"$stdin"
	fails 64 sp1-prove-gpu -p "$G/halt.elf" -j 0 -o proof.bin <"$stdin"
	fails 65 sp1-prove-gpu -p "$G/crash-undecodable.elf" -o proof.bin <"$stdin"
	[[ ! -e proof.bin ]]
}

@test "records of another program, cut short, damaged" {
	row none
	sp1-exec -p "$G/halt.elf" --records <"$stdin" >records
	fails 65 sp1-prove-gpu -p "$G/fib.elf" -o proof.bin <records
	like "$stderr" "*another program*"
	local n size
	size=$(stat -c %s records)
	for n in 8 60 100 $((size / 2)) $((size - 8)); do
		head -c "$n" records >short
		fails 65 sp1-prove-gpu -p "$G/halt.elf" -o proof.bin <short
	done
	# an instruction beyond the program: the first record's index
	cp records bad
	printf '\377\377\377\177' | dd of=bad bs=1 seek=104 conv=notrunc 2>dd.log
	run --separate-stderr sp1-prove-gpu -p "$G/halt.elf" -o proof.bin <bad
	[[ $status -ge 65 && $status -le 70 ]] || is "$status" 65..70
	[[ ! -e proof.bin ]]
}

@test "carried proofs leave a core proof as it is" {
	guest=verify
	needs "$compressed"
	sp1-stdin u32:0 "proof:$compressed:$(key_of fib)" |
		prove -o proof.bin 2>said
	like "$(<said)" "sp1-exec: warning: the guest did not verify the proofs of its input*"
	sp1-verify -k "$(key_of verify)" proof.bin
	# the proof of `sp1-stdin u32:0`
	is "$(sha256sum <proof.bin)" \
		"9c8078883f93e078cb80384b60931eeffa3ba865a0f8cf519d681e5ef5479eb8  -"
}
