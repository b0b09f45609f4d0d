#!/bin/bash
# Is each check of the verifier missed by some test when it is taken out (TAP)?
#
#	test/mutants.sh [N...]	these mutants; without any, all
#	WORK=FOLDER		keeps the copy of the sources that is built and altered
#
# In a copy of the sources each `return` of a refusal (EX_NO) in share/stark and
# share/snark gets a number, and is passed over where MUTANT in the environment is
# that number: one build for all.  A mutant that no test notices is listed as TODO with
# the reason below, or fails.
set -u -o pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
bail() { echo "Bail out! $*"; exit 1; }
if [[ -n ${WORK:-} ]]; then
	work=$WORK
else
	work=$(mktemp -d) || exit
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
fi
stark=(core shard sumcheck gkr zerocheck jagged basefold)
tests=(stark_reasons stark_compressed snark_proof snark_gnark snark_curve)

# Why a check can be missed without a false proof that a test could hold.
excused() {	# MESSAGE
	case $1 in
	*'the fingerprint of interaction'*)
		echo 'a challenge that hits it: 2^-120' ;;
	*'cells together'*)
		echo 'log_m and its limit refuse the same next' ;;
	*'not that of the tables'*)
		echo 'needs a sumcheck proved for another layout' ;;
	*'does not give its claim'* | *'lead to the final constant'* | \
	*'folds to'* | *'fold to the final'*)
		echo 'needs a codeword committed to and queried anew' ;;
	*'of evaluation is a row'*)
		echo 'a challenge that hits it: 2^-230' ;;
	*) return 1 ;;
	esac
}

mkdir -p "$work/main" || bail "no folder $work"
(cd "$ROOT" && git ls-files -z Makefile share test/unit test/vectors 'test/*.h' |
	xargs -0 cp --parents -p -u -t "$work/main") || bail 'no copy'
[[ -e $ROOT/../shared ]] && ln -sfn "$(cd "$ROOT/../shared" && pwd)" "$work/shared"
cd "$work/main" || exit

# NUMBER<TAB>FILE:LINE<TAB>message, of what perl numbers on its way.
files=("${stark[@]/#/share/stark/}" share/stark/recursion share/stark/committed
	share/snark/{verify,groth16,plonk,curve,twist,sp1})
for f in "${files[@]}"; do
	cp -p "$ROOT/$f.c" "$f.c"
done
perl -0777 -i -e '
	my $n = 0;
	open my $list, ">", "mutants" or die;
	while (<>) {
		my $file = $ARGV;
		s{return ((?:check_refuse\(|err_set\([^,;]*, EX_NO,)[^;]*;)(\n\})?}{
			my ($call, $last) = ($1, $2 // "");
			my $line = 1 + ($` =~ tr/\n//);
			my $text = join "", $call =~ /"((?:[^"\\]|\\.)*)"/g;
			$n++;
			print $list "$n\t$file:$line\t$text\n";
			my $pass = $last ? "return 0" : "(void)0";
			"if (mutant($n)) $pass; else return $call$last";
		}ge;
		print "#include <stdlib.h>\nstatic int mutant(int n) { const char *s = ",
		    "getenv(\"MUTANT\"); return s && atoi(s) == n; }\n$_";
	}
' "${files[@]/%/.c}" || bail 'no mutants'
targets=("${tests[@]/#/build/unit/}")
make -s -j2 B=build WARN= "${targets[@]/%/.t}" >make.log 2>&1 ||
	bail "no tests: $(tail -n 1 make.log)"

noticed() {	# FILE
	local t list=(stark_reasons stark_compressed)
	case $1 in
	share/snark/*) list=(snark_proof snark_gnark snark_curve) ;;
	share/stark/recursion.c:*) list=(stark_compressed) ;;
	esac
	for t in "${list[@]}"; do
		timeout 600 "build/unit/$t.t" >log 2>&1 || return 0
	done
	return 1
}

MUTANT=0
export MUTANT
for t in "${tests[@]}"; do
	"build/unit/$t.t" >log 2>&1 || bail "$t fails as it is"
done
failed=0 k=0
all=$(wc -l <mutants)
(($# == 0)) && set -- $(seq "$all")
echo "1..$#"
for MUTANT; do
	IFS=$'\t' read -r _ where text < <(sed -n "${MUTANT}p" mutants)
	((++k))
	if noticed "$where"; then
		echo "ok $k - $where: $text"
	elif why=$(excused "$text"); then
		echo "not ok $k - $where: $text # TODO $why"
	else
		echo "not ok $k - $where: $text: no test notices"
		((++failed))
	fi
done
((failed == 0))
