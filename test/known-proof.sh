#!/bin/bash
# A proof whose bytes are known, made by our prover: known-proof.sh NAME FILE [MODE].  NAME
# is its input's, or its guest's where there is none; test/vectors/proofs.tsv has what its
# bytes must be, of mode compressed compressed.tsv.
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
sp1-prove-gpu -p "$ROOT/test/guest/$guest.elf" -m "$mode" -o "$file.new" \
	<"$ROOT/test/guest/inputs/$input.bin"
echo "$hash  $file.new" | sha256sum --check --quiet
mv "$file.new" "$file"
