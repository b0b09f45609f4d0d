#ifndef POLY_SIMD_H
#define POLY_SIMD_H
/*
 * The inner loops that exist more than once, one table an instruction set
 * (private to share/poly).  simd() gives isa_best()'s.  All tables give the same
 * results.
 */
#include <stddef.h>
#include <stdint.h>

#include "poly/hash.h"

struct simd_ops {
	const char *name;
	/* out[i] from entries begin + i, i < n */
	void (*hash_leaves)(digest *out, const kb *const *column, size_t width,
	    size_t begin, size_t n);
	/* The same, some columns at a time, a multiple of 8 but the last time:
	 * in[i], what the sponge of entry begin + i holds (its elements 8 .. 15;
	 * NULL: nothing yet), becomes out[i], the digest the last time.  out may be
	 * in. */
	void (*absorb)(digest *out, const digest *in, const kb *const *column,
	    size_t width, size_t begin, size_t n, int last);
	/* These write out[begin .. end); out may be in for layers. */
	void (*hash_rows)(digest *out, const kb *row, size_t width,
	    size_t begin, size_t end);
	void (*hash_layer)(digest *out, const digest *in, size_t begin,
	    size_t end);
	/* Bit i: with from + i (canonical) at state[at], output 7 of the
	 * permutation has no bit of mask.  i < 16; from + i >= p: bit clear. */
	uint32_t (*grind16)(const kb state[16], unsigned at, uint32_t from,
	    uint32_t mask);
	/* `radix` <= 4 layers of block b, of 2^log elements: from in to out (which
	 * may be in), entries [begin, end) of each of its 2^radix parts. */
	void (*ntt_pass)(kb *out, const kb *in, unsigned log, unsigned radix,
	    uint32_t b, size_t begin, size_t end);
	/* All layers of block b. */
	void (*ntt_block)(kb *x, unsigned log, uint32_t b);
};

/* isa_best()'s. */
const struct simd_ops *simd(void);
/* For tests: NULL when the processor or the build lacks it. */
const struct simd_ops *simd_by_name(const char *name);

extern const struct simd_ops simd_scalar, simd_avx2, simd_avx512;

/* simd_scalar's, which also do what is left over of whole vectors. */

/* .hash_leaves */
void hash_leaves_scalar(digest *out, const kb *const *column, size_t width,
    size_t begin, size_t n);
/* .absorb */
void absorb_scalar(digest *out, const digest *in, const kb *const *column,
    size_t width, size_t begin, size_t n, int last);
/* .hash_rows */
void hash_rows_scalar(digest *out, const kb *row, size_t width, size_t begin,
    size_t end);
/* .hash_layer */
void hash_layer_scalar(digest *out, const digest *in, size_t begin, size_t end);
/* .ntt_pass */
void ntt_pass_scalar(kb *out, const kb *in, unsigned log, unsigned radix,
    uint32_t b, size_t begin, size_t end);
/* .ntt_block */
void ntt_block_scalar(kb *x, unsigned log, uint32_t b);
/* .grind16 */
uint32_t grind16_scalar(const kb state[16], unsigned at, uint32_t from,
    uint32_t mask);

#endif
