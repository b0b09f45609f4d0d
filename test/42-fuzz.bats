#!/usr/bin/env bats
# Each fuzz target over its corpus and a second of alterations, as the Makefile runs
# it: `make fuzz-smoke` does it with sanitizers.
load helpers

@test "alterations of what is parsed end no parser" {
	local target name
	for target in "$ROOT"/test/fuzz/*.c; do
		name=$(basename "$target" .c)
		[[ $name != replay ]] || continue
		run env -u MAKEFLAGS "${MAKE:-make}" -s -C "$ROOT" B="$B" \
			FUZZ_SECONDS=1 "fuzz-built-$name"
		is "$status" 0 "$name: $output"
		like "$output" "*# [1-9]* alterations*"
	done
}
