#ifndef POLY_BN254_HASH_H
#define POLY_BN254_HASH_H
/*
 * Poseidon2 over BN254's scalars, width 3, x^5, 4 + 56 + 4 rounds, and what the last
 * recursion stage hashes with it (prover.md 1.2): eight KoalaBear elements are one
 * scalar in base 2^31, low first; two scalars a permutation, overwriting.
 *
 * A digest is one scalar.  So that proofs of either kind have one type, it travels in
 * the 32 bytes of a `digest`, in Montgomery form: equal digests have equal bytes, and
 * only these functions look inside.
 */
#include <stddef.h>

#include "bn254/fr.h"
#include "poly/hash.h"

extern const bn254_fr bn254_rc_begin[4][3], bn254_rc_partial[56],
    bn254_rc_end[4][3];

/* The permutation, in place. */
void bn254_poseidon2(bn254_fr state[3]);
/* n <= 8 elements as one scalar: the sum of v[i] 2^(31 i). */
bn254_fr bn254_pack(const kb *v, size_t n);
/* The canonical value's four limbs, each mod KoalaBear's p. */
void bn254_split(kb out[4], bn254_fr x);

/* A scalar as it travels. */
digest bn254_to_digest(bn254_fr x);
/* The same, back. */
bn254_fr bn254_from_digest(const digest *d);

/* The sponge over v[0 .. n); n = 0: the zero digest. */
digest bn254_hash(const kb *v, size_t n);
/* A node of a tree from the two below it: the first element of one permutation. */
digest bn254_compress(const digest *left, const digest *right);
/* As hash_rows(), but in the calling thread. */
void bn254_hash_rows(digest *out, const kb *row, size_t width, size_t n);
/* As hash_layer(), but in the calling thread. */
void bn254_hash_layer(digest *out, const digest *in, size_t n);

#endif
