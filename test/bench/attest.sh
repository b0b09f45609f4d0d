#!/bin/bash
# A quote with its collateral, under collateral that was judged before, and of the same
# platform as the one before, beside dcap-qvl, which keeps nothing: microseconds, the best
# and the median of RUNS, one after another in one run.  Then a GPU's report, and a file of
# reference measurements.
#
#	DCAP=PROGRAM	a built test/interop/dcap (else $B/dcap/release/dcap; else left out)
#	RUNS=300
set -e -o pipefail
cd "$(dirname "$0")/../.."
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/attest_quote" "$B/bench/attest_gpu"
case $B in /*) ;; *) B=$PWD/$B ;; esac
DCAP=${DCAP:-$B/dcap/release/dcap}
RUNS=${RUNS:-300}
v=$PWD/test/vectors/attest
quote=$v/a-quote-v4.bin
collateral=$v/a-collateral.json

echo "# a quote: what, us at best, us in the median"
"$B/bench/attest_quote" "$quote" "$collateral" 1751000000 "$RUNS"
if [[ -x $DCAP ]]; then
	echo "$quote $collateral 1751000000" | "$DCAP" --bench "$RUNS"
fi
"$B/bench/attest_gpu" "$v/nvidia/hopper_evidence.json" 1768000000 \
	"$v/nvidia/NV_GPU_DRIVER_GH100_550.144.03.xml" 1740000000 "$((RUNS / 3))"
