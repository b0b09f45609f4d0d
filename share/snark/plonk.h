#ifndef SNARK_PLONK_H
#define SNARK_PLONK_H
/*
 * PLONK over BN254 with KZG commitments, as gnark writes keys and (for contracts) proofs
 * of circuits with one of its commitments (BSB22), which SP1's is.
 */
#include "base/err.h"
#include "bn254/pairing.h"

#define PLONK_INPUTS 8		/* public inputs, at most */
#define PLONK_PROOF 864		/* bytes */

struct plonk_key {
	uint64_t size, ninputs;	/* rows; the public inputs are the first */
	uint64_t committed;	/* the commitment's row, after those */
	bn254_fr size_inv, generator, shift;
	struct g1 s[3], ql, qr, qm, qo, qk, qc, g1;
	struct g2_lines g2[2];	/* the setup's generator, and times its secret */
};

/* gnark's verifying key, of curve points with flags (g1_unpack()); EX_DATAERR with the
 * reason.  key needs no freeing. */
CHECKED int plonk_key_read(struct plonk_key *key, const uint8_t *in, size_t len,
    struct err *e);
/* One proof of PLONK_PROOF bytes, for n inputs, big-endian; EX_NO with the reason.
 * linear: the linearised polynomial's value goes there, which gnark's own form has
 * besides. */
CHECKED int plonk_verify(const struct plonk_key *key,
    const uint8_t (*input)[32], size_t n, const uint8_t *proof, size_t len,
    uint8_t linear[32], struct err *e);
/* Whether gnark's own form says the same as PLONK_PROOF bytes of a valid proof. */
CHECKED int plonk_check_raw(const uint8_t *raw, size_t len,
    const uint8_t *proof, const uint8_t linear[32], struct err *e);

#endif
