#ifndef PROOF_CONTAINER_SNARK_H
#define PROOF_CONTAINER_SNARK_H
/*
 * PLONK and Groth16 proofs as bytes (sp1-proof(7), Containers): five decimal
 * numbers, two hexadecimal strings, a hash.  Stricter than the stock reader, so
 * that a proof has one encoding: no leading zeros, nothing above 32 bytes,
 * lower case.
 */
#include "base/err.h"
#include "proof/container.h"

#define SNARK_ENCODED_HEAD 96	/* exit code, root, nonce, before gnark's bytes */

struct snark_proof {
	enum proof_mode mode;		/* PROOF_PLONK, PROOF_GROTH16 */
	/* big-endian: program, public values, exit code, root, nonce */
	uint8_t input[5][32];
	struct byte_vec encoded;	/* nothing in a mock proof */
	struct byte_vec raw;		/* gnark's own form */
	uint8_t key_hash[32];
	struct proof_tail tail;
};

/* As core_proof_read() and its like. */
CHECKED int snark_proof_read(struct snark_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);
/* Bytes that snark_proof_write() writes. */
size_t snark_proof_size(const struct snark_proof *p);
/* Writes snark_proof_size(p) bytes. */
void snark_proof_write(uint8_t *out, const struct snark_proof *p);

#endif
