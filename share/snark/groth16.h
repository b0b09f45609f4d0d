#ifndef SNARK_GROTH16_H
#define SNARK_GROTH16_H
/*
 * Groth16 over BN254 as gnark writes keys and proofs, for circuits without gnark's
 * commitments, which SP1's has not.
 */
#include "base/err.h"
#include "bn254/pairing.h"

#define GROTH16_INPUTS 8	/* public inputs, at most */
#define GROTH16_PROOF 256	/* bytes: A, B, C as coordinates */

struct groth16_key {
	struct g1 k[GROTH16_INPUTS + 1];
	struct g2_lines gamma, delta;
	fq12 alpha_beta;	/* pairing_loop() of both */
	size_t ninputs;
};

/* gnark's verifying key, of curve points with flags (g1_unpack()); EX_DATAERR with the
 * reason.  key needs no freeing. */
CHECKED int groth16_key_read(struct groth16_key *key, const uint8_t *in,
    size_t len, struct err *e);
/* One proof of GROTH16_PROOF bytes, for n inputs, big-endian; EX_NO with the reason. */
CHECKED int groth16_verify(const struct groth16_key *key,
    const uint8_t (*input)[32], size_t n, const uint8_t *proof, size_t len,
    struct err *e);

/* Whether gnark's own form says the same as GROTH16_PROOF bytes of a valid proof. */
CHECKED int groth16_check_raw(const uint8_t *raw, size_t len,
    const uint8_t *proof, struct err *e);

#endif
