#ifndef POLY_HASH_H
#define POLY_HASH_H
/*
 * Poseidon2 over KoalaBear, width 16, x^3, 4 + 20 + 4 rounds (sp1-proof(7),
 * Hashes), the padding-free overwrite sponge and the 2-to-1 compression over it,
 * one at a time; many at a time are hasher_kb's (poly/hasher.h), on AVX-512 or
 * AVX2 where the processor has it, with the same results.
 */
#include <stddef.h>

#include "field/kb.h"

typedef struct { kb c[8]; } digest;

/* External rounds 0-3, 24-27; internal: [0] only. */
TABLE_DECLARE(kb poseidon2_rc[28][16])
TABLE_DECLARE(kb poseidon2_diag[16])

/* The permutation. */
DEVICE void poseidon2(kb state[16]);
/* Its linear layer of external rounds alone. */
DEVICE void poseidon2_external(kb state[16]);
/* Its linear layer of internal rounds alone, with the division by 2^32. */
DEVICE void poseidon2_internal(kb state[16]);
/* The sponge over v[0 .. n); n = 0: the zero digest. */
digest hash_kb(const kb *v, size_t n);
/* The first half of the permutation of left and right. */
digest hash_compress(const digest *left, const digest *right);

/* All eight elements are equal. */
KERNEL int
digest_eq(const digest *a, const digest *b)
{
	for (int i = 0; i < 8; i++)
		if (a->c[i].v != b->c[i].v)
			return 0;
	return 1;
}

#endif
