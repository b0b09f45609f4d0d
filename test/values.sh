# shellcheck shell=bash
# Bytes as text, the guests' keys and what is made of both; sourced, with ROOT set.

# hex FILE, unhex < text
hex() { od -An -v -tx1 "$@" | tr -d ' \n'; }
unhex() { perl -ne 'chomp; print pack "H*", $_'; }

# vk_of GUEST: its verifying key in hexadecimal, from the stock table, since working it
# out takes a second.  key_of GUEST: a file with it, as sp1-vk --raw writes it.
vk_of() {
	awk -F '\t' -v g="$1" '$1 == g { print $4 }' "$ROOT/test/vectors/vk.tsv"
}
key_of() {
	vk_of "$1" | unhex >"$1.vk" && echo "$1.vk"
}
# vk_hash_of GUEST: its hash as the network has it.
vk_hash_of() {
	local words
	words=$(awk -F '\t' -v g="$1" '$1 == g { print $3 }' \
		"$ROOT/test/vectors/vk.tsv")
	# shellcheck disable=SC2086  # words
	[[ $words ]] && printf 0x && printf %08x $words
}

# verified N: items for the guest "verify", which verifies a proof of fib on 20 so often.
verified() {
	local key values n
	key=$(vk_hash_of fib | cut -c 3- | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/g')
	values=$(unhex <<<140000006d1a0000d30b0000 | sha256sum | cut -d ' ' -f 1)
	echo "u32:$1"
	for ((n = 0; n < $1; n++)); do
		echo "hex:$key$values"
	done
}

# verify_two PROOF > input: one for "verify" that carries this proof of fib on 20 twice.
verify_two() {
	local items proof
	proof=proof:$1:$(key_of fib) || return
	mapfile -t items < <(verified 2)
	sp1-stdin "${items[@]}" "$proof" "$proof"
}
