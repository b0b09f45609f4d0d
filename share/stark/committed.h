#ifndef STARK_COMMITTED_H
#define STARK_COMMITTED_H
/* Inside the verifiers: what a container says beside its proof. */
#include "base/err.h"
#include "proof/proof.h"

/* The proof's version is STARK_VERSION; EX_NO: another. */
CHECKED int check_version(const struct byte_vec *version, struct err *e);
/* The bytes are those whose digest, SHA-256 or BLAKE3, the program committed to;
 * EX_NO: they are not. */
CHECKED int check_committed(const kb hash[32],
    const struct byte_vec *public_values, struct err *e);

#endif
