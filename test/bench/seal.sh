#!/bin/bash
# Sealing an input beside raw AES-256-GCM of libcrypto, in one run.  The sizes are padded
# by nothing, so that as many bytes are encrypted.
#
#	RUNS=20
set -e -o pipefail
cd "$(dirname "$0")/../.."
B=${B:-build}
${MAKE:-make} -s B="$B" "$B/bench/crypto_seal"
echo "# bytes, MB/s sealed to X25519, to X-Wing, AES-256-GCM alone, share of it"
"$B/bench/crypto_seal" "${RUNS:-20}" $(((1 << 16) - 8)) $(((1 << 20) - 8)) \
	$(((1 << 24) - 8)) $(((1 << 28) - 8))
