#!/bin/bash
# How the prover's time and memory grow with a run's length, and how far it is from
# what the machine can do: the guest `bench` of so many rounds, one after the other.
#
#	ROUNDS="1 4 8 16"	of 1.3 million cycles each
#	MEMORY="- 4G"		--memory, -: without
set -e -o pipefail
cd "$(dirname "$0")/../.."
ROOT=$PWD
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/stark_cells" "$B/bench/poly" \
	"$B/bench/base_bandwidth"
case $B in /*) ;; *) B=$ROOT/$B ;; esac
export PATH=$B/bin:$PATH
elf=$ROOT/test/guest/bench.elf
threads=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "# rounds, --memory, cycles, shards, seconds, cycles a second, peak MB, largest trace MB, peak / trace"
for memory in ${MEMORY:--}; do
	ceiling=(--memory "$memory")
	[[ $memory != - ]] || ceiling=()
	for rounds in ${ROUNDS:-1 4 8 16}; do
		sp1-stdin "u32:$rounds" >input
		# A ceiling may be too low for a length: the prover says so.
		if ! sp1-prove-gpu -p "$elf" "${ceiling[@]}" --timings new.json \
			-o proof <input; then
			[[ $memory != - ]] && continue
			exit 1
		fi
		mv new.json t.json
		"$B/bench/stark_cells" proof >cells
		jq -r --arg r "$rounds" --arg m "$memory" \
			--argjson cells "$(cut -f2 cells | sort -n | tail -1)" '
			([.shards[].cycles] | add) as $c | (4e-6 * $cells) as $t |
			[$r, $m, $c, (.shards | length), .total,
			    ($c / .total | floor), (.peak_memory / 1e6 | floor),
			    ($t | floor), (.peak_memory / 1e6 / $t)] | @tsv' t.json
	done
done

echo "# the last run's phases, in all: seconds, part of the whole, ns a cell of the trace"
jq -r --argjson cells "$(awk '{ n += $2 } END { print n }' cells)" '
	.total as $all | [.shards[].phases | to_entries[]] |
	group_by(.key) | map({key: .[0].key, s: (map(.value) | add)}) |
	sort_by(-.s)[] | [.key, .s, .s / $all, .s * 1e9 / $cells] | @tsv' t.json

echo "# the machine, $threads threads"
"$B/bench/poly" "$threads" >poly
"$B/bench/base_bandwidth" "$threads" | grep -v '^#'
# A cell becomes four code symbols: four of poly's, each an eighth of a leaf's
# permutation; its tree's permutations, one a leaf, are 4 / ncols a cell.
awk -F '\t' -v ncols="$(cut -f3 cells | sort -n | tail -1)" '
	$1 == "poseidon2_leaves_8" { leaf = $3 }
	$1 == "poseidon2_layer" { node = $3 }
	$1 == "ntt_extend_x4" { ntt = $3 }
	END {
		printf "Poseidon2 of a cell\t%.2f ns\n", 4 * (leaf / 8 + node / ncols)
		printf "its encoding\t%.2f ns\n", 4 * ntt
	}' poly
