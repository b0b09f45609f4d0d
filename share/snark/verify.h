#ifndef SNARK_VERIFY_H
#define SNARK_VERIFY_H
/*
 * PLONK and Groth16 proofs of SP1, beside stark/verify.h: refusals are EX_NO and give
 * the reason.
 */
#include <stdbool.h>

#include "base/err.h"
#include "proof/container_snark.h"
#include "stark/verify.h"

/* program: vk_bytes32() of its key, all that such a proof knows of it.  What is checked:
 * the version; that the proof is for the program and the public values (SHA-256 or
 * BLAKE3), made through the known recursion keys; the exit code; the pairings; and that
 * whatever the container says twice is the same.  o may be NULL. */
CHECKED int verify_snark(const uint8_t program[32], const struct snark_proof *p,
    const struct verify_options *o, struct err *e);

/* The public values' digest as such a proof has it: SHA-256 or BLAKE3, without its
 * three highest bits. */
void snark_values_digest(uint8_t out[32], const struct byte_vec *values,
    bool is_blake3);

/* As the proof claims; UINT32_MAX for what is none. */
uint32_t snark_proof_exit_code(const struct snark_proof *p);

/* The root that it must name: recursion_vk_root() in base 2^31, first word highest. */
extern const uint8_t snark_vk_root[32];

#endif
