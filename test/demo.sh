#!/bin/bash
# The whole pipeline on one machine: a guest and a private input, to a proof that
# anybody can verify.  `make demo` runs it.  MODE: core or compressed; without, compressed
# where that takes less than a minute: a single processor may need more.
set -o pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
B=${B:-build}
case $B in /*) ;; *) B=$ROOT/$B ;; esac
export PATH=$B/bin:$PATH
for tool in openssl jq setpriv; do
	command -v $tool >/dev/null || { echo "demo: needs $tool" >&2; exit 69; }
done

# shellcheck source=test/servers.sh
source "$ROOT/test/servers.sh"
# shellcheck source=test/attested.sh
source "$ROOT/test/attested.sh"
work=$(mktemp -d) || exit
out=$B/demo
mkdir -p "$out" || exit
trap 'servers_stop worker proxy devnet keyd agent; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
guest=$ROOT/test/guest/fib.elf
mode=${MODE:-$( (($(nproc) > 1)) && echo compressed || echo core)}

now() { date +%s%N; }
begin=$(now)
seconds() { printf '%d.%02d s' $((($2 - $1) / 1000000000)) $((($2 - $1) / 10000000 % 100)); }

say() { printf '%s\n' "$*"; }
# Runs one step, says what it did and how long it took.
step() {
	local text=$1 from status
	shift
	from=$(now)
	"$@"
	status=$?
	if ((status)); then
		printf '   FAILED (%d): %s\n' $status "$text"
		for log in "$work"/*.log; do
			sed "s|^|   $(basename "$log"): |" "$log"
		done
		exit $status
	fi
	printf '%8s  %s\n' "$(seconds "$from" "$(now)")" "$text"
}

say 'Private SP1 proving, on this machine: four daemons, then the pipeline'
say
say '    sp1-attest > att'
say '    sp1-stdin u32:1000 | sp1-encrypt --record att | sp1-upload --record att |'
say '        sp1-request | sp1-poll | sp1-fetch -o proof.bin && sp1-verify proof.bin'
say
# What a machine with TDX has: dstack's agent, here one that makes quotes up.
step 'tee-keyd, sp1-devnet, tee-proxy, tee-worker started, over TLS with a new certificate' \
	attested_servers "$work"
say "          the network:     $DEVNET (sp1-devnet: a Prover Network for tests)"
say "          the enclave:     $TEE"
say "          its key's print: $FINGERPRINT"
if grep -q 'memory is not locked' "$work"/*.log; then
	say '          (memory is not locked here: RLIMIT_MEMLOCK is too small, and the'
	say '          daemons were started with --allow-unlocked; a real enclave is not)'
else
	say '          (started with --allow-unlocked, which was not needed: memory is locked)'
fi
say

cd "$work" || exit
(umask 077 && openssl rand -hex 32 >key)
tls=(--ca "$CA")

attested() {
	sp1-attest "${tls[@]}" --policy policy.json --collateral collateral.json \
		--trust-root root.der "$TEE" 2>attest.log
}
attest() {
	echo '{ "require_nonce": true, "require_tls": "exporter", "public_logs": false }' \
		>policy.json
	attested >att
}
# The same quote with one bit of what it attests to changed.
refuse() {
	agent_words data_bit
	attested >refused
	local status=$?
	agent_words ''
	((status == 1)) && [[ $(jq -r .reason refused) == statement_binding ]]
}
encrypt() {
	sp1-stdin u32:1000 | sp1-encrypt -p "$guest" -k key --record att >sealed.bin
}
upload() {
	sp1-upload -t stdin --record att "${tls[@]}" -k key sealed.bin >uploaded
}
request() { sp1-request -p "$guest" -m "$mode" -k key "${tls[@]}" <uploaded >requested; }
poll() { sp1-poll --interval 250 "${tls[@]}" <requested >ended; }
fetch() { sp1-fetch -q "${tls[@]}" -o "$out/proof.bin" <ended; }
verify() { sp1-verify -p "$guest" "$out/proof.bin" >verdict; }

step 'sp1-attest   verified the evidence of the enclave at the other end of its connection' attest
say "          $(jq '[.checks[] | select(.result == "pass")] | length' att) checks passed; the quote is SYNTHETIC: no TDX machine made it, and its"
say '          root is trusted by --trust-root alone; a real one is verified the same way'
step 'sp1-attest   refused the same with one bit changed' refuse
say "          $(jq -r '.reason as $r | .checks[] | select(.name == $r) | "\(.name): \(.detail)"' refused)"
step 'sp1-stdin    made the input, one number, 1000, for sp1-encrypt, which sealed it' encrypt
say "          to the attested key, for this program and requester alone: $(wc -c <sealed.bin) bytes,"
say '          of which nobody else can read any (in the clear it was never in a file)'
step 'sp1-upload   gave it to the enclave' upload
step 'sp1-request  registered the program and asked for a proof, signed' request
say "          request $(jq -r .request_id requested)"
say "          mode $mode; \`make demo MODE=core\` and \`MODE=compressed\` ask for that"
step 'sp1-poll     waited: the enclave opened the input, ran the guest, proved, verified, submitted' poll
say "          $(jq -r '"\(.fulfillment_status): \(.cycles) cycles, \(.gas) gas, exit code \(.exit_code)"' ended)"
step 'sp1-fetch    downloaded the proof and checked it' fetch
step 'sp1-verify   accepts it, offline' verify
say "          $(jq -r '"public values \(.public_values), exit code \(.exit_code)"' verdict)"
# Without the upload's token.
jq -c 'del(.report_url)' <ended >"$out/record.json"
cp verdict "$out/verdict.json"
say
say "$(seconds "$begin" "$(now)") in all.  The proof is $out/proof.bin ($(wc -c <"$out/proof.bin") bytes)."
