#ifndef POLY_HASH_KERNELS_H
#define POLY_HASH_KERNELS_H
/*
 * Kernels (base/kernel.h) of Merkle trees, over the lanes of field/vec.h: what is
 * written belongs to VN indices from i on.  t: poseidon2_scaled, or a copy of it.
 */
#include "poly/poseidon2_permute.h"
#include "poly/transpose.h"

/*
 * A sponge over column[0][i], column[1][i], ...  in: what it holds before (its
 * elements 8 .. 15, so that 8 columns or more have to follow); NULL: nothing yet.
 * out: the digest, or (not last; width is a multiple of 8) what it holds afterwards.
 * The state between two blocks has to be unscaled whole.
 */
KERNEL void
absorb_at(digest *out, const digest *in, const kb *const *column, size_t width,
    size_t i, int last, const struct poseidon2_scaled *t)
{
	vec s[16];

	DEBUG_ASSERT(!in || width >= 8);
	DEBUG_ASSERT(last || width % 8 == 0);
	UNROLL(16)
	for (int j = 0; j < 16; j++)
		s[j] = u_set(0);
	if (in)
		gather8(s + 8, in->c, 8, 8);
	for (size_t j = 0; j < width; j += 8) {
		size_t m = width - j < 8 ? width - j : 8;

		if (j)
			unscale(s, 16, t);
		UNROLL(8)
		for (size_t k = 0; k < 8; k++)
			if (k < m)
				s[k] = v_load(column[j + k] + i);
		permute_scaled(s, t);
	}
	if (!last) {
		UNROLL(8)
		for (int j = 0; j < 8; j++)
			s[j] = s[8 + j];
	}
	if (width)
		unscale(s, 8, t);
	put_digests(out, s);
}

/* out[i] = hash of row[i * width .. (i + 1) * width) */
KERNEL void
row_at(digest *out, const kb *row, size_t width, size_t i,
    const struct poseidon2_scaled *t)
{
	vec s[16];

	UNROLL(16)
	for (int j = 0; j < 16; j++)
		s[j] = u_set(0);
	for (size_t j = 0; j < width; j += 8) {
		if (j)
			unscale(s, 16, t);
		gather8(s, row + i * width + j, width,
		    width - j < 8 ? (unsigned)(width - j) : 8);
		permute_scaled(s, t);
	}
	if (width)
		unscale(s, 8, t);
	put_digests(out + i, s);
}

/* out[i] = compress(in[2i], in[2i + 1]) */
KERNEL void
layer_at(digest *out, const digest *in, size_t i,
    const struct poseidon2_scaled *t)
{
	vec s[16];

	gather8(s, in[2 * i].c, 16, 8);
	gather8(s + 8, in[2 * i + 1].c, 16, 8);
	permute_scaled(s, t);
	unscale(s, 8, t);
	put_digests(out + i, s);
}

/* out[k] = element 7 of the permutation of state with w[k] at state[at], k < VN;
 * out may be w. */
KERNEL void
grind_at(kb *out, const kb *state, unsigned at, const kb *w,
    const struct poseidon2_scaled *t)
{
	vec s[16];

	DEBUG_ASSERT(at < 16);
	UNROLL(16)
	for (unsigned i = 0; i < 16; i++)
		s[i] = i == at ? v_load(w) : v_set(state[i]);
	permute_scaled(s, t);
	unscale(s + 7, 1, t);
	v_store(out, s[7]);
}

#endif
