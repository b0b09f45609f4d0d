#ifndef POLY_HASHER_H
#define POLY_HASHER_H
/*
 * The hash that a proof is made with: KoalaBear's Poseidon2, or in the last recursion
 * stage BN254's.  All that the verifier needs to know of it.
 */
#include <stddef.h>

#include "poly/hash.h"

struct challenger;

struct hasher {
	digest (*hash)(const kb *v, size_t n);
	digest (*compress)(const digest *left, const digest *right);
	void (*rows)(digest *out, const kb *row, size_t width, size_t n);
	void (*layer)(digest *out, const digest *in, size_t n);
	/* The transcript's sponge: elements in a permutation, the permutation (inputs
	 * in, eight outputs out), a digest as elements. */
	unsigned rate;
	void (*duplex)(struct challenger *c);
	size_t (*elements)(kb out[8], const digest *d);
};

extern const struct hasher hasher_kb, hasher_bn254;

/* merkle_tensor_commitment(), with this hash. */
digest hasher_tensor_commitment(const struct hasher *h, const digest *root,
    unsigned log_height, size_t width);

#endif
