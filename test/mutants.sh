#!/bin/bash
# Is each check of the verifier missed by some test when it is taken out (TAP)?
#
#	test/mutants.sh [N...]	these mutants; without any, all
#	test/mutants.sh -l	lists them
#	ONLY=PATTERN		of files that match alone, as 'share/attest/*', numbered anew
#	WORK=FOLDER		keeps the copy of the sources that is built and altered
#	J=N			so many at a time (2)
#
# In a copy of the sources each place that refuses a proof or evidence (EX_NO, check_fail),
# or bytes as malformed (EX_DATAERR, EX_CONFIG), gets a number, and is passed over where
# MUTANT in the environment is that number: one build for all.  TEST_ONLY tells the tests which message it is about.  A mutant
# that no test notices is listed as TODO with the reason below, or fails.
set -u -o pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
J=${J:-2}
bail() { echo "Bail out! $*"; exit 1; }
if [[ -n ${WORK:-} ]]; then
	work=$WORK
else
	work=$(mktemp -d) || exit
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
fi

# FILES: the tests that should notice, the quickest and likeliest first.
suites='
share/stark/{core,shape,sumcheck,gkr,zerocheck}: stark/reasons stark/replayed
share/stark/{jagged,basefold}: stark/reasons stark/replayed
share/stark/committed: stark/reasons stark/compressed
share/stark/recursion: stark/compressed
share/proof/{read,proof_read,container_read,container}: proof/container
share/proof/container_snark: snark/proof
share/stark/setup: stark/vk sp1verify/any_proof
share/proof/vk: stark/vk sp1verify/any_proof
share/bn254/{curve,twist}: bn254/curve
share/snark/{groth16,plonk,plonk_key}: snark/gnark
share/snark/{verify,sp1}: snark/proof
share/sp1verify/any_proof: sp1verify/any_proof
share/attest/{quote,key,chain,collateral,tcb,evidence,policy,strict}: attest/parse attest/synthetic
share/attest/{events,compose}: attest/parse attest/synthetic
share/attest/{platform,quote_check,application,apply,statement_check}: attest/synthetic
share/crypto/statement: crypto/statement
share/attest/{gpu,gpu_check,rim}: attest/gpu
share/attest/{dns,caa,ct,ingress,logged}: attest/domain_values attest/domain
share/attest/domain: attest/domain
share/attested/record: attested/record
share/wire/bincode: wire/bincode
share/wire/stdin: wire/stdin
share/wire/pb: wire/pb
share/wire/record: wire/record
share/wire/unpack: wire/unpack
'
declare -A of
tests=() files=()
while IFS=: read -r names list; do
	[[ -n $names ]] || continue
	some=
	for f in $(eval "echo $names"); do
		# shellcheck disable=SC2053	# a pattern
		[[ $f.c == ${ONLY:-*} ]] || continue
		of[$f.c]=$list
		files+=("$f.c")
		some=1
	done
	[[ $some ]] || continue
	for t in $list; do
		[[ " ${tests[*]} " == *" $t "* ]] || tests+=("$t")
	done
done <<<"$suites"

# Why a check can be missed without a false proof that a test could hold.
excused() {	# MESSAGE
	case $1 in
	*'sums to the point at infinity'*)
		echo 'needs a discrete logarithm of the curve' ;;
	'%zu certificates, not %zu')
		echo 'the root is not the last of another number' ;;
	'event %s: too long' | 'the log names no key provider')
		echo 'what was not read is no JSON' ;;
	'the key is no point of P-256' | 'no RIM of its %s %.40s is given' | \
	'it tells no version of its %s')
		echo 'there is none then' ;;
	'nothing that is measured tells of GPU evidence')
		echo 'no evidence has a hash of zeros' ;;
	*) return 1 ;;
	esac
}

mkdir -p "$work/main" || bail "no folder $work"
[[ -e $ROOT/../shared ]] && ln -sfn "$(cd "$ROOT/../shared" && pwd)" "$work/shared"
mkdir -p "$work/main/build"
ln -sfn "$(cd "${B:-$ROOT/build}" && pwd)/proofs" "$work/main/build/proofs"
cd "$work/main" || exit

# What is as it was keeps its time, what is gone goes.
(cd "$ROOT" && git ls-files Makefile '*.mk' share enclave test/unit test/lib test/vectors) |
	grep -vxF "${files[@]/#/-e}" >list || bail 'no list of files'
while read -r f; do
	cmp -s "$ROOT/$f" "$f" || { mkdir -p "${f%/*}" && cp "$ROOT/$f" "$f"; }
done < <(sed 's,^Makefile,./&,' list)
find share enclave test -type f | grep -vxFf list | grep -vxF "${files[@]/#/-e}" | xargs -r rm

# NUMBER<TAB>FILE<TAB>LINE<TAB>message, of what perl numbers on its way.  A statement that
# ends a function gives 0 instead.
mkdir -p altered
perl -0777 -e '
	my $n = 0;
	open my $list, ">", "mutants" or die;
	while (<>) {
		(my $file = $ARGV) =~ s/.*?(share\/)/$1/;
		s{
			^(\t+)((?:return\s|r->bad\ =\s|r\ =\s)?
			(?:check_refuse\(|read_fail\(|bin_fault\(|bad\(r,|
			err_set\([^,;]*,\s*EX_(?:NO|DATAERR|CONFIG),|
			check_fail\(|verdict\(k,|apply_value\(k,|
			err_prefix\(e,\s"shard|k->bad\ =\s")[^;]*;)(\n\})?
		}{
			my ($lead, $call, $last) = ($1, $2, $3 // "");
			my $line = 1 + ($` =~ tr/\n//);
			my $text = join "", $call =~ /"((?:[^"\\]|\\.)*)"/g;
			$n++;
			print $list "$n\t$file\t$line\t$text\n";
			my $pass = $last && $call =~ /^return/ ? "return 0" : "(void)0";
			"${lead}if (mutant($n)) $pass; else $call$last";
		}gemx;
		(my $out = $file) =~ tr/\//_/;
		open my $c, ">", "altered/$out" or die;
		print $c "#include <stdlib.h>\nstatic int mutant(int n) { const char *s = ",
		    "getenv(\"MUTANT\"); return s && atoi(s) == n; }\n$_";
	}
' "${files[@]/#/$ROOT/}" || bail 'no mutants'
for f in "${files[@]}"; do
	a=altered/${f//\//_}
	cmp -s "$a" "$f" || cp "$a" "$f"
done
if [[ ${1:-} == -l ]]; then
	cat mutants
	exit
fi
targets=("${tests[@]/#/build/unit/}")
make -s -j2 B=build WARN= "${targets[@]/%/.t}" >make.log 2>&1 ||
	bail "no tests: $(tail -n 1 make.log)"

# Until it has failed, which need not be its end; a loop without end fails too.
passes() {	# TEST
	(ulimit -t 60 && exec "build/unit/$1.t" 2>&1) 2>/dev/null |
		awk '/^not ok/ { exit 1 } { print }'
}
try() {	# NUMBER
	local n file line text t only why
	IFS=$'\t' read -r n file line text < <(sed -n "$1p" mutants)
	# First what the message may be of; then everything.
	for only in "$text" ''; do for t in ${of[$file]}; do
		MUTANT=$n TEST_ONLY=$only passes "$t" >/dev/null && continue
		echo "ok - $n $file:$line: $text # $t"
		return
	done; done
	if why=$(excused "$text"); then
		echo "not ok - $n $file:$line: $text # TODO $why"
	else
		echo "not ok - $n $file:$line: $text: no test notices"
		return 1
	fi
}

export MUTANT=0 B=build
for t in "${tests[@]}"; do
	[[ build/unit/$t.log -nt build/unit/$t.t ]] && continue
	passes "$t" >log || bail "$t fails as it is: $(tail -n 1 log)"
	! grep -q '^1\.\.0' log || { cat log; exit; }
	mv log "build/unit/$t.log"
done
(($# == 0)) && set -- $(seq "$(wc -l <mutants)")
echo "1..$#"
failed=0 running=0
for n; do
	if ((running == J)); then
		wait -n || failed=1
		((running--))
	fi
	try "$n" 2>/dev/null &	# signals are told there
	((++running))
done
for (( ; running > 0; running--)); do
	wait -n || failed=1
done
exit $failed
