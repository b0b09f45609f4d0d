#!/usr/bin/env bats
# libsp1verify from another language, as its man page shows, and what it exports.
load helpers

# The example of the man page, in example.py; the library under its installed name.
setup_file() {
	export dir=$BATS_FILE_TMPDIR
	ln -s "$B/libsp1verify.so" "$dir/libsp1verify.so.1"
	sed -n '/^In Python/,$ { /^\.Bd/,/^\.Ed/ { /^\./d; p; } }' \
		"$ROOT/man/libsp1verify.3" >"$dir/example.py"
	cp "$(proof_of fib-20)" "$dir/proof"
}

example() { LD_LIBRARY_PATH=$dir python3 "$dir/example.py" "$@"; }

@test "the Python example verifies our proof" {
	needs python3
	run example "$ROOT/test/guest/fib.elf" "$dir/proof"
	is "$output" "valid: 140000006d1a0000d30b0000"
	is "$status" 0
}

@test "it tells why a proof does not hold, and what is malformed" {
	needs python3
	run --separate-stderr example "$ROOT/test/guest/halt.elf" "$dir/proof"
	is "$status" 1
	like "$stderr" "?*"
	# The last byte of the public values: the version's 8 + 6 and the None follow.
	cp "$dir/proof" altered
	printf '\001' | dd of=altered bs=1 conv=notrunc status=none \
		seek=$(($(stat -c %s altered) - 16))
	run --separate-stderr example "$ROOT/test/guest/fib.elf" altered
	is "$stderr" "the public values are not those that the program committed to"
	is "$status" 1
	head -c 1000 "$dir/proof" >short
	run --separate-stderr example "$ROOT/test/guest/fib.elf" short
	like "$stderr" "malformed proof at byte *"
	run --separate-stderr example short "$dir/proof"
	is "$status" 1
	like "$stderr" "?*"
}

@test "only what the header declares is exported" {
	needs nm
	for lib in so a; do
		if [[ $lib = so ]]; then
			run nm -D --defined-only -P "$B/libsp1verify.so"
		else
			run nm -g --defined-only -P "$B/libsp1verify.a"
		fi
		is "$status" 0 "nm"
		is "$(grep -o '^sp1verify[a-z_]*' <<<"$output")" \
			$'sp1verify\nsp1verify_calldata\nsp1verify_key\nsp1verify_snark\nsp1verify_to_calldata' "exports of $lib"
		is "$(grep -c ' [TDBRVW] ' <<<"$output")" 5 "symbols of $lib"
	done
}

@test "a C program links with the static library" {
	needs cc
	cat >use.c <<-'END'
	#include <stdio.h>
	#include "sp1verify.h"
	int
	main(void)
	{
		static const uint8_t key[SP1VERIFY_KEY_BYTES];
		struct sp1verify_result r;
		int v = sp1verify(key, (const uint8_t *)"none", 4, 0, &r);

		puts(r.reason);
		return v;
	}
	END
	cc -I"$ROOT/share/sp1verify" -o use use.c "$B/libsp1verify.a" -lcrypto -lpthread
	run ./use
	is "$status" 65
	is "$output" "malformed proof: it begins with none of the four modes"
}
