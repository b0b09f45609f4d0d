#!/usr/bin/env bats
# The client's programs before servers that refuse, fail, redirect, are away, or say what
# is new: what they show, what they try again, how they end.
# shellcheck disable=SC2154  # bats sets stderr
load helpers

# fake NAME ARGUMENT...: test/fake/NAME.py; it ends with the test.  $fake gets its address.
fake() {
	local name=$1 _
	shift
	rm -f "$name.port" "$name.log"
	setpriv --pdeathsig KILL -- python3 "$ROOT/test/fake/$name.py" "$@" 3>&- &
	for _ in {1..600}; do
		[[ ! -e $name.port ]] || break
		sleep 0.05
	done
	fake=127.0.0.1:$(<"$name.port")
}

# A record whose proof is at a URL, with more fields.
proof_at() {
	jq -nc --arg u "$1" --arg vk "0x$(printf '00%.0s' {1..104})" \
		'{vk: $vk, proof_uri: $u} + $more' --argjson more "${2:-null}"
}

@test "a refusal shows S3's reason, and nothing of the URL's query" {
	needs python3
	fake store 400
	proof_at "http://$fake/p?X-Amz-Signature=SECRET" >record
	fails 65 sp1-fetch --no-verify -v -o none record
	is "$stderr" "sp1-fetch: http://$fake/p: HTTP status 400: BadRequest: Why 400."
	# a transfer that fails, and one that is tried again
	fake store 504 200
	proof_at "http://me:SECRET@$fake/p?X-Amz-Signature=SECRET" >record
	run --separate-stderr sp1-fetch --no-verify -v -o got record
	is "$status" 0 "$stderr"
	like "$stderr" "sp1-fetch: http://$fake/p: HTTP status 504: * trying again"
	proof_at "https://$fake/p?X-Amz-Signature=SECRET" '{"url": "http://127.0.0.1:9"}' >record
	run --separate-stderr timeout 1 sp1-fetch --no-verify -v -o none record
	like "$stderr" "sp1-fetch: https://$fake/p: *"
	[[ $stderr != *SECRET* ]]
	# a server's URL may have none
	fails 64 sp1-poll -u "https://$fake/?token=SECRET" \
		<<<"{\"request_id\": \"0x$(printf '11%.0s' {1..32})\"}"
	[[ $stderr != *SECRET* ]]
}
