#ifndef POLY_BN254_HASH_H
#define POLY_BN254_HASH_H
/*
 * Poseidon2 over BN254's scalars, width 3, x^5, 4 + 56 + 4 rounds, and what the last
 * recursion stage hashes with it (sp1-proof(7), Hashes): eight KoalaBear elements
 * are one scalar in base 2^31, low first; two scalars a permutation, overwriting.
 * A digest is one scalar.  As a hasher it is hasher_bn254 (poly/hasher.h).
 */
#include <stddef.h>

#include "bn254/fr.h"
#include "field/kb.h"

extern const bn254_fr bn254_rc_begin[4][3], bn254_rc_partial[56],
    bn254_rc_end[4][3];

/* The permutation, in place. */
void bn254_poseidon2(bn254_fr state[3]);
/* n <= 8 elements as one scalar: the sum of v[i] 2^(31 i). */
bn254_fr bn254_pack(const kb *v, size_t n);
/* The canonical value's four limbs, each mod KoalaBear's p. */
void bn254_split(kb out[4], bn254_fr x);

#endif
