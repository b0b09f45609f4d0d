#!/bin/bash
# A proof whose bytes are known, made by our prover: known-proof.sh NAME FILE [MODE].  NAME
# is its input's, or its guest's where there is none; test/vectors/proofs.tsv has what its
# bytes must be, of mode compressed compressed.tsv.
#
# Beside FILE is what else the run left: FILE.work, its kept shards and nodes; FILE.json, its
# timings; FILE.progress; FILE.said.  A compressed one goes on from the shards of the core
# proof beside it.
set -eu -o pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
name=$1 file=$2 mode=${3:-core}
table=proofs
[[ $mode = core ]] || table=$mode
table=$ROOT/test/vectors/$table.tsv
row=$(awk -F '\t' -v n="$name" '
	/^#/ { next }
	{ is = $2 == "none" ? $1 : $2; sub(/^bytes/, $1, is) }
	$3 != "-" { is = is ".threshold-" $3 }
	is == n' "$table")
[[ $row ]] || { echo "known-proof: no $name in $table" >&2; exit 1; }
IFS=$'\t' read -r guest input threshold hash <<<"$row"
[[ $threshold = - ]] || export ELEMENT_THRESHOLD=$threshold
PATH=$(cd "$B" && pwd)/bin:$PATH
trap 'rm -f "$file.new"' EXIT
rm -rf "$file.work"
core=${file%/*}/$name.core.bin.work
[[ $mode = core || ! -e $core ]] || cp -a "$core" "$file.work"
sp1-prove-gpu -p "$ROOT/test/guest/$guest.elf" -m "$mode" -d auto --verify \
	--work "$file.work" --timings "$file.json" --progress 5 -o "$file.new" \
	<"$ROOT/test/guest/inputs/$input.bin" 5>"$file.progress" 2>"$file.said" ||
	{ cat "$file.said" >&2; exit 1; }
echo "$hash  $file.new" | sha256sum --check --quiet
mv "$file.new" "$file"
