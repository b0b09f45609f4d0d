/*
 * Batches of hash_kernels.h's functions: included by one file for each instruction
 * set.
 */
#include "poly/hash_kernels.h"

/* simd_ops.absorb, VN entries at a time, the rest by the scalar one. */
static void
absorb_lanes(digest *out, const digest *in, const kb *const *column,
    size_t width, size_t begin, size_t n, int last)
{
	for (; n >= VN; begin += VN, n -= VN, out += VN) {
		absorb_at(out, in, column, width, begin, last,
		    &poseidon2_scaled);
		if (in)
			in += VN;
	}
	absorb_scalar(out, in, column, width, begin, n, last);
}

/* simd_ops.hash_leaves: all columns at one time. */
static void
leaves_lanes(digest *out, const kb *const *column, size_t width, size_t begin,
    size_t n)
{
	absorb_lanes(out, NULL, column, width, begin, n, 1);
}

/* simd_ops.hash_rows. */
static void
rows_lanes(digest *out, const kb *row, size_t width, size_t begin, size_t end)
{
	for (; end - begin >= VN; begin += VN)
		row_at(out, row, width, begin, &poseidon2_scaled);
	hash_rows_scalar(out, row, width, begin, end);
}

/* simd_ops.hash_layer. */
static void
layer_lanes(digest *out, const digest *in, size_t begin, size_t end)
{
	for (; end - begin >= VN; begin += VN)
		layer_at(out, in, begin, &poseidon2_scaled);
	hash_layer_scalar(out, in, begin, end);
}

/* simd_ops.grind16: 16 / VN permutations. */
static uint32_t
grind16_lanes(const kb state[16], unsigned at, uint32_t from, uint32_t mask)
{
	uint32_t hit = 0;

	if (from > KB_P - 16)
		return grind16_scalar(state, at, from, mask);
	for (int k = 0; k < 16; k += VN) {
		kb w[VN];

		for (int i = 0; i < VN; i++)
			w[i] = kb_from(from + (uint32_t)(k + i));
		grind_at(w, state, at, w, &poseidon2_scaled);
		for (int i = 0; i < VN; i++)
			if (!(kb_to(w[i]) & mask))
				hit |= 1u << (k + i);
	}
	return hit;
}
