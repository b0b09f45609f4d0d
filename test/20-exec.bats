#!/usr/bin/env bats
# sp1-exec: guests by their expected values, failures by their causes.
load helpers

guest=$ROOT/test/guest

field() {	# name: of report.json
	jq -r ".$1" report.json
}

execute() {	# guest input option ...
	local g=$1 i=$2
	shift 2
	run --separate-stderr sp1-exec -p "$guest/$g.elf" --report report.json \
	    -o pv "$@" < "$guest/inputs/$i.bin"
}

@test "expected.tsv: exit code, cycles, gas, public values" {
	local n=0
	while IFS=$'\t' read -r g i code cycles gas pv; do
		[[ $g != \#* ]] || continue
		n=$((n + 1))
		rm -f pv report.json
		execute "$g" "$i"
		[ "$status" -eq $((code != 0)) ]
		[ "$(field cause)" = halted ]
		[ "$(field exit_code) $(field cycles) $(field gas)" = \
		    "$code $cycles $gas" ]
		[ "$(field public_values)" = "0x$pv" ]
		[ "$(od -An -v -tx1 pv | tr -d ' \n')" = "$pv" ]
	done < "$guest/expected.tsv"
	[ "$n" = "$(grep -vc '^#' "$guest/expected.tsv")" ] && [ "$n" -gt 0 ]
}

@test "crash guests: cause, status 65, a line, no public values" {
	while read -r g i cause; do
		rm -f pv report.json
		execute "crash-$g" "$i" --max-cycles 100000 \
		    --max-unconstrained 100000
		echo "$g: $status $stderr"
		[ "$status" -eq 65 ]
		[ "$(field cause)" = "$cause" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "sp1-exec: "* ]]
		[ "$cause" = InvalidProgram ] || [[ $stderr == *"$cause"* ]]
		[ ! -e pv ]
	done <<- END
		misaligned-load none InvalidMemoryAccess
		misaligned-store none InvalidMemoryAccess
		far-load none InvalidMemoryAccess
		far-store none InvalidMemoryAccess
		wrapped-load none InvalidMemoryAccess
		ebreak-op none Unimplemented
		unimp-op none Unimplemented
		fence-op none Unimplemented
		csr-op none Unimplemented
		jump-to-data none InvalidJump
		jump-misaligned none InvalidJump
		jump-to-zero none InvalidJump
		run-off-end none InvalidJump
		unknown-syscall none UnsupportedSyscall
		deprecated-syscall none UnsupportedSyscall
		high-syscall none UnsupportedSyscall
		no-input none InvalidSyscallUsage
		wrong-hint-length exit-0 InvalidSyscallUsage
		misaligned-hint exit-0 InvalidSyscallUsage
		commit-index none InvalidSyscallUsage
		commit-wide none InvalidSyscallUsage
		misaligned-precompile none InvalidSyscallUsage
		infinity none InvalidSyscallUsage
		off-curve none InvalidSyscallUsage
		bad-ed-point none InvalidSyscallUsage
		sha-argument none InvalidSyscallUsage
		nested-unconstrained none InvalidSyscallUsage
		halt-unconstrained none InvalidSyscallUsage
		read-unconstrained none InvalidSyscallUsage
		exit-constrained none InvalidSyscallUsage
		endless none ExceededCycleLimit
		endless-unconstrained none ExceededUnconstrainedLimit
		undecodable none InvalidProgram
		writable-code none InvalidProgram
		low-segment none InvalidProgram
	END
}

@test "the report has the whole exit code; status is 1" {
	execute crash-wide-exit none
	[ "$status" -eq 1 ]
	[ "$(field exit_code) $(field cycles)" = "4294967298 8" ]
	[ -e pv ]
}

@test "report: counts by name, the digest" {
	execute precompiles precompiles
	[ "$status" -eq 0 ]
	[ "$(jq '[.opcodes[]] | add' report.json)" = 28087 ]
	[ "$(field opcodes.ECALL)" = 132 ]
	[ "$(jq '.syscalls | length' report.json)" = 29 ]
	[ "$(field syscalls.KECCAK_PERMUTE)" = 2 ]
	[ "$(field committed_digest)" = "0x$(sha256sum < pv | cut -d' ' -f1)" ]
	[ "$(wc -l < report.json)" -eq 1 ]
}

@test "what the guest prints goes to stderr, line by line" {
	execute io io
	[ "$stderr" = "stdout: cycle-tracker-report-start: items
stdout: cycle-tracker-report-end: items
stderr: in the block
stdout: two lines
stdout: at once, the last without a newline
stderr: done" ]
	execute io io --quiet
	[ -z "$stderr" ]
}

@test "limits: cycles to the last one, memory" {
	execute halt none --max-cycles 82
	[ "$status" -eq 0 ]
	execute halt none --max-cycles 81
	[ "$status" -eq 65 ]
	[ "$(field cause) $(field cycles)" = "ExceededCycleLimit 81" ]
	execute mem mem-20000 --max-memory 1
	[ "$status" -eq 65 ]
	[ "$(field cause)" = TooMuchMemory ]
}

# most_of COMMAND...: runs it, its status in $status, its largest process' memory in KiB.
most_of() {
	run python3 -c 'import resource, subprocess, sys
r = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(r.returncode)' "$@"
}

@test "--max-memory holds in unconstrained blocks, and of what is far apart" {
	needs python3 pgrep
	sp1-stdin >none
	exec_in() { most_of sp1-exec -p "$1" -i none -o out --report report.json \
		--max-memory 256; }
	# a page after the other is stored to, in a block
	tiny_elf 0 00300293 00000073 790005b7 000016b7 00c5b023 00d585b3 \
		ff9ff06f >block.elf
	exec_in block.elf
	is "$status" 65
	is "$(field cause)" TooMuchMemory
	((output < 290000)) || { echo "$output KiB"; return 1; }
	# and one each 64 MiB: lui a3, 0x4000
	tiny_elf 0 790005b7 040006b7 00c5b023 00d585b3 ff9ff06f >far.elf
	exec_in far.elf
	is "$status" 65
	is "$(field cause)" TooMuchMemory
	# should the count be wrong, the child has a limit of its own
	sp1-exec -p "$guest/crash-endless.elf" -i none -o out --max-memory 256 3>&- &
	for _ in {1..100}; do
		child=$(pgrep -P $!) || true
		most=$(awk '/^Max address space/ { print $4 }' \
			"/proc/${child:-0}/limits" 2>/dev/null) || true
		[[ ! $most =~ ^[0-9]+$ ]] || break
		sleep 0.1
	done
	kill $!
	((most < 8000000000))
	# a page that a block has changed costs what it did before, after the block
	execute io io --max-memory 64
	[ "$status" -eq 0 ]
}

# 40 MiB of zeros, and COMMIT of their SHA-256.
values_elf() {
	tiny_elf 0 02800413 00200293 00d00513 791005b7 00100637 00000073 fff40413 \
		fe0414e3 01000293 00000513 1172a5b7 3805859b 02059593 0205d593 \
		00000073 01000293 00100513 1802e5b7 4885859b 02059593 0205d593 \
		00000073 01000293 00200513 772695b7 bb05859b 02059593 0205d593 \
		00000073 01000293 00300513 da3bc5b7 56b5859b 02059593 0205d593 \
		00000073 01000293 00400513 844725b7 ee85859b 02059593 0205d593 \
		00000073 01000293 00500513 711df5b7 7ff5859b 02059593 0205d593 \
		00000073 01000293 00600513 731915b7 a455859b 02059593 0205d593 \
		00000073 01000293 00700513 13a1d5b7 b195859b 02059593 0205d593 \
		00000073 00000293 00000513 00000073
}

@test "--max-output bounds what is printed and committed; --brief leaves values out" {
	sp1-stdin >none
	values_elf >values.elf
	sp1-exec -p values.elf -i none -o out --report report.json --brief
	is "$(stat -c %s out)" 41943040
	is "$(jq -c '[.cause, .public_values]' report.json)" '["halted",null]'
	run sp1-exec -p values.elf -i none -o out --report report.json --max-output 39
	is "$status" 65
	is "$(field cause)" TooMuchOutput
	sp1-exec -p values.elf -i none -o out --max-output 40
	# for ever a megabyte: lines, and values
	for fd in 00100513 00d00513; do
		tiny_elf 0 00200293 $fd 780005b7 00100637 00000073 fedff06f >writes.elf
		run sp1-exec -q -p writes.elf -i none -o out --report report.json \
			--max-output 50
		is "$status" 65
		is "$(field cause)" TooMuchOutput
	done
}

@test "an input that is malformed or cut short is refused" {
	for n in 0 7 8 20 35; do
		head -c $n "$guest/inputs/fib-20.bin" > in
		run --separate-stderr sp1-exec -p "$guest/fib.elf" \
		    --report report.json -o pv -i in
		[ "$status" -eq 65 ]
		[ "$(field cause)" = InvalidInput ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[ ! -e pv ]
	done
	(cat "$guest/inputs/fib-20.bin"; echo) > in
	run -65 sp1-exec -p "$guest/fib.elf" -i in
}

@test "an input in a zstd frame, and no longer than --max-input" {
	needs zstd
	zstd -q <"$guest/inputs/fib-20.bin" >packed
	is "$(sp1-exec -p "$guest/fib.elf" -i packed | hex)" 140000006d1a0000d30b0000
	head -c 1000 /dev/urandom >bytes
	sp1-stdin file:bytes >in
	zstd -q -f <in >packed
	size=$(stat -c %s in)
	for form in in packed; do
		sp1-exec -p "$guest/halt.elf" -i $form --max-input "$size"
		run --separate-stderr sp1-exec -p "$guest/halt.elf" --report report.json \
			-i $form --max-input $((size - 1))
		is "$status $(field cause)" "65 InvalidInput" "$form"
	done
	head -c $(($(stat -c %s packed) - 1)) packed >short
	run -65 sp1-exec -p "$guest/halt.elf" -i short
	# items without bytes count for 64
	perl -e 'print pack("Q<", 100), "\0" x 816' >items
	sp1-exec -p "$guest/halt.elf" -i items --max-input 6400
	fails 65 sp1-exec -p "$guest/halt.elf" -i items --max-input 6399
	like "$stderr" "*more than 99 items*"
}

@test "what is no ELF is refused; a missing one is 66" {
	head -c 100 "$guest/fib.elf" > cut.elf
	for f in cut.elf /dev/null "$guest/inputs/io.bin"; do
		run --separate-stderr -65 sp1-exec -p "$f" --report report.json \
		    < "$guest/inputs/none.bin"
		[ "$(field cause)" = InvalidProgram ]
		[[ $stderr == *ELF* ]]
	done
	run -66 sp1-exec -p none.elf < "$guest/inputs/none.bin"
	run -66 sp1-exec -p "$guest/fib.elf" -i none.bin
}

@test "the command line" {
	check_command_line sp1-exec
}

@test "wrong usage is 64" {
	run -64 sp1-exec
	run -64 sp1-exec -p "$guest/fib.elf" --nonce 12
	run -64 sp1-exec -p "$guest/fib.elf" --max-cycles x
	run -64 sp1-exec -p "$guest/fib.elf" more
}

@test "records: a stream with its end; none is whole when the guest fails" {
	execute fib fib-20 --records
	[ "$status" -eq 0 ]
	[ "$(head -c 8 pv)" = "$(printf 'SP1RECS\1')" ]
	# cut by the environment: more shards, more frames
	mv pv whole
	ELEMENT_THRESHOLD=2100000 execute fib fib-20 --records
	[ "$status" -eq 0 ]
	[ "$(stat -c %s pv)" -gt "$(stat -c %s whole)" ]
	[ "$(field public_values)" = 0x140000006d1a0000d30b0000 ]
	rm pv
	execute crash-far-load none --records
	[ "$status" -eq 65 ]
	[ ! -e pv ]
	# in a pipe: what was executed, and a frame that it failed (9, 16 bytes), last
	run -65 bash -o pipefail -c \
	    'sp1-exec -p "$0" -q --records --max-cycles 3000 <"$1" | cat >part' \
	    "$guest/fib.elf" "$guest/inputs/fib-20.bin"
	[ "$(stat -c %s part)" -gt 200000 ]
	[ "$(tail -c 32 part | od -An -t u8 -w8 | tr -d ' ' | paste -sd ' ')" = \
	    "9 16 3000 5" ]
	# a hint over touched words runs, but has no proof
	execute hintword hintword --records
	[ "$status" -eq 65 ]
	[ "$(field cause)" = Unprovable ]
}

@test "outputs that cannot be written, or are one" {
	in=$guest/inputs/fib-20.bin
	run -74 --separate-stderr bash -c \
	    'sp1-exec -p "$0" --records --report r <"$1" >/dev/full' \
	    "$guest/fib.elf" "$in"
	[ "$stderr" = "sp1-exec: cannot write the records: No space left on device" ]
	[ "$(jq -r .cause r)" = HostError ]
	run -74 bash -c 'sp1-exec -p "$0" <"$1" >&-' "$guest/fib.elf" "$in"
	run -64 sp1-exec -p "$guest/fib.elf" --report - -i "$in"
	run -64 sp1-exec -p "$guest/fib.elf" --report x -o x -i "$in"
	[ ! -e x ]
}

@test "a reader that goes away ends it" {
	run bash -c "sp1-exec -p '$guest/bench.elf' --records \
	    < '$guest/inputs/bench-4.bin' | head -c 100 | wc -c
	    echo \${PIPESTATUS[0]}"
	# by the signal, or, where that is ignored, since it cannot write
	[[ $output = $'100\n'@(141|74) ]]
}

@test "a guest that does not commit: a warning, and no records to prove" {
	sp1-stdin >in
	run -0 --separate-stderr sp1-exec -p "$guest/nocommit.elf" -i in -o pv
	[[ $stderr == *"warning: the guest did not give COMMIT the hash"* ]]
	[ "$(xxd -p pv)" = 0700000000000000 ]
	execute nocommit none --records
	[ "$status" -eq 65 ]
	[ "$(field cause)" = Unprovable ]
	run -65 --separate-stderr sp1-prove-gpu -p "$guest/nocommit.elf" -o proof <in
	[[ $stderr == *"did not give COMMIT the hash"* ]]
	[ ! -e proof ]
}

@test "POSEIDON2 of a word above p runs as stock has it, and has no proof" {
	sp1-stdin -o in u32:0x7f000001
	run -0 sp1-exec -p "$guest/pos.elf" -i in -o pv --report report.json
	[ "$(field cycles) $(field gas)" = "10978 11916" ]
	[ "$(xxd -p pv | tr -d '\n')" = bc4c762d45cece2e0df3c0182f0c4648f388450eca98d8710f66da68fcad6426c5a550600e05b21a847356687c28fa54aa5ea9724bf66c22086b3049d558b04a ]
	run -65 sp1-exec -p "$guest/pos.elf" -i in --records --report report.json
	[ "$(field cause)" = Unprovable ]
}


# verifies EXIT OPTION ...: of the guest on ./in
verifies() {
	local want=$1
	shift
	rm -f report.json pv
	run --separate-stderr sp1-exec -p "$guest/verify.elf" -i in \
		--report report.json -o pv "$@"
	is "$status" "$want" "status: $stderr"
}

@test "an input carries proofs: the guest's digest is theirs, or a warning says so" {
	needs "$compressed"
	proof=proof:$compressed:$(key_of fib)
	mapfile -t twice < <(verified 2)
	sp1-stdin -o in "${twice[@]}" "$proof" "$proof"
	verifies 0
	is "$stderr" ""
	is "$(jq -c '[.proofs,.verify_calls,.proofs_match,.deferred_digest]' report.json)" \
		'[2,2,true,"0x30df842b7eb48537e20b6a505137a3762ea88a646930ca579da7b9043e61b90b"]'
	for carried in "" "$proof" "$proof $proof $proof"; do
		# shellcheck disable=SC2086  # words
		sp1-stdin -o in "${twice[@]}" $carried
		verifies 0
		like "$stderr" "*warning: the guest did not verify the proofs of its input*"
		is "$(field proofs_match)" false
	done
}

@test "a carried proof that does not hold: refused before anything runs" {
	needs "$compressed"
	mapfile -t once < <(verified 1)
	sp1-stdin -o good "${once[@]}" "proof:$compressed:$(key_of fib)"
	n=$(stat -c %s good)
	cp good in && verifies 0
	# a byte of its shard
	perl -e 'local $/; $_ = <>; substr($_, 700000, 1) ^= "\x01"; print' good >in
	verifies 65
	like "$stderr" "sp1-exec: in: carried proof 0: *"
	is "$(field cause)" InvalidProof
	[ ! -e pv ]
	verifies 0 --no-verify
	# another program's key
	head -c -104 good >in
	vk_of halt | unhex >>in
	verifies 65
	like "$stderr" "*carried proof 0: recursion: the proof is of another program"
	is "$(field cause)" InvalidProof
	# none
	head -c $((n - 1)) good >in
	verifies 65
	is "$(field cause)" InvalidInput
	(cat good; echo) >in
	verifies 65 --no-verify
	like "$stderr" "*bytes follow the last carried proof"
}

@test "records: the carried proofs come first" {
	needs "$compressed"
	mapfile -t once < <(verified 1)
	sp1-stdin -o in "${once[@]}" "proof:$compressed:$(key_of fib)"
	verifies 0 --records
	# a frame's head, then the length
	is "$(od -An -t u4 -j 80 -N 8 -w8 pv | tr -s ' ')" " 1 0"
	is "$(od -An -t u8 -j 88 -N 16 -w16 pv | tr -s ' ')" " 1272552 1272542"
	cmp <(tail -c +105 pv | head -c 1272542) <(tail -c +5 "$compressed" | head -c 1272542)
}

@test "a guest that verifies what its input does not carry: the report, a warning" {
	cp "$guest/inputs/verify-2.bin" in
	verifies 0
	like "$stderr" "*warning: the guest did not verify the proofs of its input*"
	is "$(jq -c '[.proofs,.verify_calls,.proofs_match,.deferred_digest]' report.json)" \
		'[0,2,false,"0x2266f4746975d4728299e94d34478232cc9bac6726b0ba7570d29f73ce99515c"]'
	cp "$guest/inputs/verify-0.bin" in
	verifies 0
	is "$stderr" ""
	is "$(jq -c '[.proofs,.verify_calls,.proofs_match]' report.json)" '[0,0,true]'
}
