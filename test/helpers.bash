# Common to all *.bats.  A test runs the programs of one build (B, the Makefile's)
# by their bare names, in a folder of its own.
# shellcheck disable=SC2154  # bats sets status, output, stderr, lines
bats_require_minimum_version 1.5.0

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The facts' folder with large vectors, where there is one.
SHARED=$ROOT/../shared
B=${B:-build}
case $B in /*) ;; *) B=$ROOT/$B ;; esac
export PATH=$B/bin:$PATH
export ROOT SHARED B
# shellcheck source=test/no-proxy.sh
source "$ROOT/test/no-proxy.sh"
# shellcheck source=test/values.sh
source "$ROOT/test/values.sh"

setup() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return 1
}

# Leaves the test out unless everything named is there: programs, files.
needs() {
	local what
	for what; do
		[[ -e $what ]] || command -v "$what" >/dev/null ||
			skip "needs ${what#"$ROOT"/}"
	done
}

# Are the programs built with sanitizers?  They have no seccomp filter then, and take what
# memory they like.
sanitized() { grep -qa __asan_init "$B/bin/tee-proxy"; }

# proof_of NAME: the file of a stock proof, made by `make proofs` or stock itself; what
# `needs` finds missing where there is none.
proof_of() {
	local made=$B/proofs/$1.core.bin
	[[ -e $made ]] || made=$SHARED/vectors/own/proof/$1.core.bin
	echo "$made"
}

# A compressed proof of fib, of the input 20, made by `make proofs`.
# shellcheck disable=SC2034  # tests use it
compressed=$B/proofs/fib-20.made.compressed.bin

# is GOT WANT [NAME]: equal, or both are shown.
is() {
	[[ $1 == "$2" ]] && return
	printf '%s\n got: %s\nwant: %s\n' "${3:-differs}" "$1" "$2"
	return 1
}

# like GOT PATTERN: matches as in case, or both are shown.
like() {
	# shellcheck disable=SC2053  # the pattern is meant
	[[ $1 == $2 ]] && return
	printf 'got: %s\nnot like: %s\n' "$1" "$2"
	return 1
}

# fails STATUS COMMAND...: ends so, with one message on stderr that begins with the
# program's name; $output and $stderr have what it said.
fails() {
	local want=$1
	shift
	run --separate-stderr "$@"
	is "$status" "$want" "status of $*: $stderr" &&
		like "$stderr" "${1##*/}: *"
}

# The rules that every program's command line keeps: --help on one screen with an
# example, --version, usage errors, and a man page (of section $2, else 1) that has
# the same options.
check_command_line() {
	local program=$1 option page=$ROOT/man/$1.${2:-1} screen n=0
	run --separate-stderr "$program" --help
	is "$status" 0 "status of --help"
	screen=$output
	like "$screen" "usage: $program *"
	like "$screen" "*example:*"
	((${#lines[@]} <= 45)) || { echo "more than a screen"; return 1; }
	run --separate-stderr "$program" -h
	is "$output" "$screen" "-h"
	run --separate-stderr "$program" --version
	is "$status" 0 "status of --version"
	like "$output" "$program [0-9]*"
	fails 64 "$program" --no-such-option
	is "$(wc -l <<<"$stderr")" 3 "lines of a usage error"
	run bash -n <("$program" --completion)
	is "$status" 0 "completion: $output"
	while read -r option; do
		grep -q -- "Fl -${option#--}\b" "$page" ||
			{ echo "$page lacks $option"; return 1; }
		n=$((n + 1))
	done < <(grep -o '^ *\(-., \)\?--[a-z0-9-]*' <<<"$screen" |
		grep -o -- '--[a-z0-9-]*')
	((n > 2)) || { echo "no options in --help"; return 1; }
	# An answer that did not get there is no answer.
	run bash -c '"$0" --help >/dev/full' "$program"
	is "$status" 74 "status of --help to a full disk"
}

# tiny_elf BYTES WORD...: an ELF of these instructions, in hexadecimal, at 0x78000000, and
# of a data segment of so many zero bytes at 0x79000000.
tiny_elf() {
	perl -e 'my ($zeros, @w) = @ARGV; my $n = 4 * @w; binmode STDOUT;
		print pack("C16", 127, 69, 76, 70, 2, 1, 1),
		    pack("SSLQQQLSSSSSS", 2, 243, 1, 0x78000000, 64, 0, 0, 64, 56, 2, 64, 0, 0),
		    pack("LLQQQQQQ", 1, 5, 176, (0x78000000) x 2, $n, $n, 4096),
		    pack("LLQQQQQQ", 1, 6, 176, (0x79000000) x 2, 0, $zeros, 4096),
		    map { pack "L", hex } @w' "$@"
}

# serve_file PATH TEXT, serve_file PATH FILE -f: an HTTP server that knows one path, at
# $url; it ends with the test.
serve_file() {
	local body=$2
	[[ ${3:-} = -f ]] || { body=served.$RANDOM; printf '%s' "$2" >"$body"; }
	rm -f served.port
	setpriv --pdeathsig KILL -- perl -MIO::Socket::INET -e '
		my ($path, $file) = @ARGV;
		my $l = IO::Socket::INET->new(Listen => 5,
		    LocalAddr => "127.0.0.1") or die;
		open my $f, "<", $file or die; binmode $f;
		my $body = do { local $/; <$f> };
		open my $p, ">", "served.tmp"; print $p $l->sockport; close $p;
		rename "served.tmp", "served.port";
		alarm 600;
		$SIG{PIPE} = "IGNORE";
		while (my $s = $l->accept) {
			my $first = <$s> // next;
			while (<$s>) { last if /^\r?$/ }
			my $ok = $first =~ m{^GET \Q$path\E HTTP};
			my $b = $ok ? $body : "none";
			printf $s "HTTP/1.1 %s\r\ncontent-length: %d\r\n" .
			    "connection: close\r\n\r\n%s", $ok ? "200 OK" :
			    "404 Not Found", length $b, $b;
		}' "$1" "$body" 3>&- &
	local _
	for _ in {1..1200}; do
		[[ -e served.port ]] && break
		sleep 0.05
	done
	# shellcheck disable=SC2034  # the tests use it
	url=http://127.0.0.1:$(<served.port)
}

# The message in a file as a gRPC call to a server of servers.sh: its status, its text
# in grpc_text, its answer in ./reply after 5 bytes.
raw_call() {	# URL METHOD FILE
	perl -e 'local $/; open F, "<", $ARGV[0]; $_ = <F>;
		print pack("CN", 0, length), $_' "$3" |
		curl -s --cacert "$CA" --http2 -D head -o reply \
			-H 'content-type: application/grpc' -H 'te: trailers' \
			--data-binary @- "$1$2"
	# shellcheck disable=SC2034  # the tests use it
	grpc_text=$(sed -n 's/^grpc-message: //p' head | tr -d '\r' |
		perl -pe 's/%(..)/chr hex $1/ge')
	sed -n 's/^grpc-status: //p' head | tr -d '\r'
}

# ---- tests of a pipeline through the daemons of servers.sh, which they source ----

# In setup_file(): the daemons, for all tests of a file.
file_servers() {
	mkdir "$BATS_FILE_TMPDIR/servers"
	servers_start "$BATS_FILE_TMPDIR/servers" || return
	export SERVERS DEVNET_PORT TEE_PORT
}

# prover_knows PROOF: ./prover, a worker's, has this file for the proof of any run.
prover_knows() {
	printf '#!/bin/sh\ncat >/dev/null\nexec cat "%s"\n' "$1" >prover
	chmod +x prover
}

# In setup(): a client's folder, with a key of its own.
client() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return 1
	(umask 077 && openssl rand -hex 32 >key) && tls=(--ca "$CA")
}

# The pipeline's steps.  Where the stock table has a guest's key, no program works it
# out again, but for who must see the program for the first time.
seal() {	# GUEST < SP1Stdin > sealed
	local who=(-p "$ROOT/test/guest/$1.elf") hash
	! hash=$(vk_hash_of "$1") || who=(--vk-hash "$hash")
	sp1-encrypt "${who[@]}" -k key -u "$TEE" "${tls[@]}" \
		--pin "$FINGERPRINT"
}
upload() { sp1-upload -t stdin -u "$TEE" "${tls[@]}" -k key "$@"; }
request() {	# GUEST OPTION... < record > record
	local g=$1 vk
	shift
	vk=$(vk_of "$g")
	if [[ $vk && -e $SERVERS/knows.$g ]]; then
		jq -c --arg vk "0x$vk" '. + {vk: $vk}' |
			sp1-request -k key "${tls[@]}" "$@"
	else
		sp1-request -p "$ROOT/test/guest/$g.elf" -k key "${tls[@]}" "$@" &&
			: >"$SERVERS/knows.$g"
	fi
}
poll() { sp1-poll --interval 200 -t 900 "${tls[@]}"; }
fetch() { sp1-fetch -q "${tls[@]}" "$@"; }
