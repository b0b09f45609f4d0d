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

# Messages of the network, in hexadecimal.  varint N; bytes FIELD TEXT.
varint() {
	local n=$1
	while ((n > 127)); do
		printf '%02x' $((n & 127 | 128))
		n=$((n >> 7))
	done
	printf '%02x' "$n"
}
bytes() {
	varint $(($1 << 3 | 2))
	varint ${#2}
	printf '%s' "$2" | hex
}
# place URL: CreateArtifact's answer.  status_of FULFILLMENT [PROOF_URI [EXECUTION]]:
# GetProofRequestStatus's, of a request with ten minutes left.
place() { bytes 1 http://store/a; bytes 2 "$1"; }
status_of() {
	printf 08; varint "$1"
	printf 10; varint "${3:-1}"
	printf 20; varint $(($(date +%s) + 600))
	[[ -z ${2:-} ]] || bytes 6 "$2"
}
key_file() { (umask 077 && printf '11%.0s' {1..32} >key); }

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

# fetch STATUS [RECORD's more]: from $fake, in the clear.
fetched() {
	run --separate-stderr sp1-fetch --no-verify -v -o got \
		<<<"$(proof_at "http://$fake/p?token=SECRET" "${2:-}")"
	is "$status" "$1" "$stderr"
	[[ $stderr != *SECRET* ]]
}

@test "what S3 asks to send again is sent again" {
	needs python3
	printf proof >proof
	fake store 500 200,body=proof
	fetched 0
	cmp got proof
	is "$(wc -l <store.log)" 2
	for answer in 502 503 429; do
		fake store $answer 200,body=proof
		fetched 0
		like "$stderr" "*HTTP status $answer: *Why $answer.; trying again"
	done
	# an upload goes again whole
	fake store 503 500 200
	fake_url="http://$fake/put?token=SECRET"
	fake network "$(place "$fake_url")"
	key_file
	head -c 300000 /dev/urandom >in
	sp1-stdin file:in >stdin
	run --separate-stderr sp1-upload -v -t stdin --plain -k key -u "http://$fake" stdin
	is "$status" 0 "$stderr"
	[[ $stderr != *SECRET* ]]
	is "$(cut -d ' ' -f 3- store.log | sort -u | wc -l)" 1 "bodies"
	is "$(wc -l <store.log)" 3
}

@test "Retry-After is waited for, but not past the time that there is" {
	needs python3
	printf proof >proof
	fake store 503,retry-after=3 200,body=proof
	SECONDS=0
	fetched 0
	((SECONDS >= 3))
	fake store 503,retry-after=3600
	SECONDS=0
	fetched 75
	((SECONDS < 60))
	like "$stderr" "*HTTP status 503 (again after 3600 s): SlowDown: *"
}

@test "redirects are followed with the body, five of them, not from https to http" {
	needs python3 openssl
	printf proof >proof
	fake store 307,location=/elsewhere 308,location=there?x=1 200,body=proof
	fetched 0
	cmp got proof
	is "$(cut -d ' ' -f 1-2 store.log)" "GET /p?token=SECRET
GET /elsewhere
GET /there?x=1" "the URLs, without the first one's token"
	fake store 307,location=/again
	fetched 76
	like "$stderr" "*sent on more than 5 times*"
	is "$(wc -l <store.log)" 6
	fake store 307
	fetched 76
	fake store 307,location=file:///etc/passwd
	fetched 76
	# an upload, to another port
	mkdir other
	cd other
	fake store 200
	cd ..
	fake store "307,location=http://$fake/put2"
	fake_url="http://$fake/put?token=SECRET"
	fake network "$(place "$fake_url")"
	key_file
	head -c 3000000 /dev/urandom >in
	sp1-stdin file:in | sp1-upload -t stdin --plain -k key -u "http://$fake" >up
	is "$(cut -d ' ' -f 1-2 other/store.log)" "PUT /put2"
	is "$(cut -d ' ' -f 3- other/store.log)" "$(cut -d ' ' -f 3- store.log)" "the body"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	fake store --tls cert.pem key.pem 307,location=http://127.0.0.1:9/
	run --separate-stderr sp1-fetch --ca cert.pem --no-verify -o none \
		<<<"$(proof_at "https://$fake/p?token=SECRET")"
	is "$status" 76
	like "$stderr" "*sends on to http://127.0.0.1:9/, which is no https URL"
}

@test "an expired proof_uri is asked for anew, once" {
	needs python3
	printf proof >proof
	fake store 403 200,body=proof
	store=$fake
	fake network "$(status_of 3 "http://$store/new?X-Amz-Signature=SECRET")"
	asked="{\"url\": \"http://$fake\", \"request_id\": \"0x$(printf '11%.0s' {1..32})\"}"
	fake=$store
	fetched 0 "$asked"
	cmp got proof
	is "$(cut -d ' ' -f 2 store.log)" "/p?token=SECRET
/new?X-Amz-Signature=SECRET"
	is "$(wc -l <network.log)" 1
	# refused again: it ends, and 77 is for certificates
	fake store 403
	proof_at "http://$fake/p?token=SECRET" "$asked" >record
	sed -i "s|http://$store|http://$fake|" record
	network=$(<network.port)
	rm -f none
	fake network "$(status_of 3 "http://$fake/new?X-Amz-Signature=SECRET")"
	sed -i "s|127.0.0.1:$network|$fake|" record
	fails 66 sp1-fetch --no-verify -o none record
	like "$stderr" "*a new proof_uri is refused too: *AccessDenied: Why 403."
	is "$(wc -l <network.log)" 1
	is "$(wc -l <store.log)" 2
	# nobody to ask
	fails 66 sp1-fetch --no-verify -o none <<<"$(jq -c 'del(.url)' record)"
	like "$stderr" "*proof_uri is refused (sp1-poll may get a new one): *"
	[[ ! -e none ]]
}

# asked: a record of a request at the fake network.
asked() {
	jq -nc --arg u "http://$fake" --arg id "0x$(printf '11%.0s' {1..32})" \
		'{url: $u, request_id: $id}'
}

@test "a status that the protocol has got since is no failure" {
	needs python3
	fake network "$(status_of 7 http://127.0.0.1:9/p)"
	asked >record
	fails 76 sp1-poll -t 3 record
	like "$stderr" "*not known here: fulfillment 7, execution unexecuted; *"
	is "$(jq -c '[.fulfillment_status, .execution_status, .proof_uri]' <<<"$output")" \
		'[7,"unexecuted","http://127.0.0.1:9/p"]'
	fails 65 sp1-fetch <<<"$(jq -c 'del(.proof_uri)' <<<"$output")"
	like "$stderr" "*sp1-poll it again"
	fake network "$(status_of 2 '' 9)"
	asked >record
	fails 76 sp1-poll -t 3 record
	like "$stderr" "*: fulfillment assigned, execution 9; *"
	# what has a proof, or has failed, has
	fake network "$(status_of 3 http://127.0.0.1:9/p 9)"
	asked >record
	is "$(sp1-poll record | jq .execution_status)" 9
	fake network "$(status_of 4 '' 9)"
	asked >record
	fails 1 sp1-poll record
	like "$stderr" "*the request ended unfulfillable, 9"
	# none yet: open
	fake network "$(status_of 0 '' 0)"
	asked >record
	fails 75 sp1-poll -t 1 record
	like "$stderr" "*the request is still unspecified"
}

@test "Service was not ready is tried again, whatever its letters" {
	needs python3
	fake network "2 Service was not ready: transport error" "$(status_of 3 http://x/p)"
	asked >record
	run --separate-stderr sp1-poll -v record
	is "$status" 0 "$stderr"
	like "$stderr" "*Service was not ready: transport error; trying again"
	fake network "2 something else"
	asked >record
	fails 76 sp1-poll -t 3 record
}

# within SECONDS COMMAND...: ends so soon, and not before half of it.
within() {
	local want=$1 begin took
	shift
	begin=$(date +%s%N)
	"$@"
	took=$((($(date +%s%N) - begin) / 1000000))
	((took <= want * 1000 && took >= want * 250)) ||
		{ echo "took $took ms, not $want s"; return 1; }
}

@test "sp1-poll -t ends in time when the server is away, with the record" {
	needs python3
	fake=127.0.0.1:9
	asked >record
	within 5 fails 75 sp1-poll -t 4 record
	is "$(jq -c . <<<"$output")" "$(<record)"
	like "$stderr" "sp1-poll: http://127.0.0.1:9: *"
	# it takes calls, and says nothing
	fake network wait
	asked >record
	within 4 fails 75 sp1-poll -t 3 record
	is "$(jq -c . <<<"$output")" "$(<record)"
	# away after an answer: the record has it.  A refusal for a while is no end.
	fake network "$(status_of 2)" "14 for a while"
	asked >record
	within 5 fails 75 sp1-poll -t 4 --interval 100 record
	is "$(jq -r .fulfillment_status <<<"$output")" assigned
	# of several records each is written
	cat record record >two
	fake network "14 for a while"
	sed -i "s|127.0.0.1:[0-9]*|$fake|" two
	within 4 fails 75 sp1-poll -t 3 two
	is "$(wc -l <<<"$output")" 2
	# no time: asked once all the same
	fake network "$(status_of 3 http://x/p)"
	asked >record
	is "$(sp1-poll -t 0 record | jq -r .fulfillment_status)" fulfilled
}

@test "proxies of the environment: loopback goes direct, messages name them" {
	needs python3 curl
	fake network "$(status_of 3 http://x/p)"
	asked >record
	https_proxy=http://127.0.0.1:9 http_proxy=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9 \
		no_proxy='' NO_PROXY='' sp1-poll -t 5 record >ended
	export no_proxy='' NO_PROXY=''
	sed "s|http://$fake|https://network.example|" record >far
	export https_proxy=http://me:SECRET@127.0.0.1:9
	fails 75 sp1-poll -t 1 far
	like "$stderr" "sp1-poll: https://network.example through the proxy http://127.0.0.1:9 (https_proxy): *"
	# one that answers, and does not let through
	fake store 403
	export https_proxy=http://$fake
	SECONDS=0
	fails 78 sp1-poll -t 60 far
	((SECONDS < 20))
	like "$stderr" "*through the proxy http://$fake (https_proxy): *403*"
	is "$(wc -l <store.log)" 1 "it is not asked again"
	like "$(<store.log)" "CONNECT network.example:443 *"
	# one that is busy is asked again
	rm store.log
	fake store 503 429 407
	export https_proxy=http://$fake
	fails 78 sp1-poll -t 60 far
	is "$(wc -l <store.log)" 3
	# HTTP/2 without TLS is not even tried
	export http_proxy=http://$fake
	rm store.log
	sed s/https:/http:/ far >clear
	run --separate-stderr timeout 5 sp1-poll clear
	is "$status" 76 "$stderr"
	like "$stderr" "*: http://network.example through the proxy http://$fake (http_proxy): gRPC without TLS does not pass *no_proxy"
	[[ ! -e store.log ]]
	# a store is reached through it
	printf proof >proof
	fake store 403 200,body=proof
	export http_proxy=http://$fake
	proof_at "http://store.example/p?token=SECRET" >record
	fails 66 sp1-fetch --no-verify -o got record
	like "$stderr" "*http://store.example/p through the proxy http://$fake (http_proxy): HTTP status 403: *"
	sp1-fetch --no-verify -o got record
	cmp got proof
	is "$(sort -u <store.log | cut -d ' ' -f 1-2)" "GET http://store.example/p?token=SECRET"
	# the daemons of the tests and the demo, for whatever asks them
	http_proxy=http://127.0.0.1:9 bash -c 'source "$ROOT/test/servers.sh" && curl -fsS "$0"' \
		"http://$fake/p" >got
	cmp got proof
}

# nested FIELD HEX: a message in a message.
nested() {
	varint $(($1 << 3 | 2))
	varint $((${#2} / 2))
	printf '%s' "$2"
}

@test "error_trace: kind and message are shown, the record has it, bounded" {
	needs python3
	trace='{"version":1,"source":"program","kind":"program_panic","message":"index 7\u001b[31m\nout","other":1,"exit_code":101}'
	fake network "$(status_of 4 '' 3)" "$(nested 1 "e00101$(bytes 39 "$trace")")"
	asked >record
	fails 1 sp1-poll record
	is "$stderr" "sp1-poll: the request ended unfulfillable, unexecutable: halt_with_non_zero_exit_code; program_panic: index 7 [31m out"
	is "$(jq -c .error_trace <<<"$output")" \
		'{"version":1,"source":"program","kind":"program_panic","message":"index 7\u001b[31m\nout","exit_code":101}'
	# what is too long, or no trace, is no end of it
	trace="{\"version\":1,\"message\":\"$(printf 'x%.0s' {1..5000})\"}"
	fake network "$(status_of 4 '' 3)" "$(nested 1 "$(bytes 39 "$trace")")"
	asked >record
	fails 1 sp1-poll record
	is "$(jq '.error_trace.message | length' <<<"$output")" 4096
	((${#stderr} < 700))
	fake network "$(status_of 4 '' 3)" "$(nested 1 "$(bytes 39 nonsense)")"
	asked >record
	fails 1 sp1-poll -v record
	like "$stderr" "*error_trace is no JSON object*"
	is "$(jq -c 'has("error_trace")' <<<"$output")" false
}
