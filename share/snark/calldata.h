#ifndef SNARK_CALLDATA_H
#define SNARK_CALLDATA_H
/*
 * Groth16 and PLONK proofs as contracts take them, the SDK's proof.bytes(): four bytes
 * that select the verifier (the first of its key's SHA-256), exit code, root of the
 * recursion keys and nonce of 32 bytes each, then the proof: 356 bytes of Groth16, 964
 * of PLONK.  (sp1-sdk, SP1ProofWithPublicValues::bytes.)  Neither the program nor the
 * public values are in it: a contract is given them beside.
 */
#include <stdbool.h>

#include "base/err.h"
#include "proof/container_snark.h"

#define CALLDATA_SELECTOR 4
#define CALLDATA_GROTH16 356
#define CALLDATA_PLONK 964
#define CALLDATA_MAX CALLDATA_PLONK

/* Bytes that p gives; 0: it gives none (a mock proof, or of another length than its
 * mode has). */
size_t calldata_size(const struct snark_proof *p);
/* Writes calldata_size(p) bytes, not 0. */
void calldata_write(uint8_t *out, const struct snark_proof *p);

/* Is this calldata, by its length and selector, of either circuit of this version? */
CHECKED bool calldata_is(const uint8_t *in, size_t len);

/*
 * The proof that a contract would be shown: *p as if it had been read from a container
 * of this version, for the program with this hash (vk_bytes32()) and these public
 * values, of which it has the SHA-256, or the BLAKE3 digest: which one, calldata does
 * not tell.  Its arrays are `in` and `values`, which must outlive it.  EX_DATAERR where
 * calldata_is() is false.
 */
CHECKED int calldata_read(struct snark_proof *p, const uint8_t program[32],
    const struct byte_vec *values, bool is_blake3, uint8_t *in, size_t len,
    struct err *e);

#endif
