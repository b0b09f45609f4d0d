#ifndef POLY_NTT_KERNELS_H
#define POLY_NTT_KERNELS_H
/*
 * Kernels (base/kernel.h) of codewords, over the lanes of field/vec.h: what is
 * written belongs to VN indices from the given one on.  See poly/twiddle.h for blocks and
 * their factors.
 */
#include "field/vec.h"
#include "poly/twiddle.h"

#define NTT_MAX_RADIX 4

/* u + c v, u - c v, c being the same in all lanes. */
KERNEL void
butterfly_set(vec *u, vec *v, vec c)
{
	vec p = s_fit(s_mul_set(*v, c));

	*v = v_sub(*u, p);
	*u = v_add(*u, p);
}

/* log layers between x[0 .. 2^log) */
KERNEL __attribute__((always_inline)) void
ntt_layers(vec *x, int log, const kb *c)
{
	UNROLL(4)
	for (int l = 0; l < log; l++) {
		int half = 1 << (log - 1 - l);

		UNROLL(8)
		for (int i = 0; i < 1 << l; i++) {
			vec f = v_set(c[(1 << l) - 1 + i]);

			UNROLL(8)
			for (int j = 0; j < half; j++)
				butterfly_set(&x[2 * half * i + j],
				    &x[2 * half * i + half + j], f);
		}
	}
}

/* radix layers between the parts in[q * part + j], q < 2^radix, to out, which may be in;
 * c: the block's twiddle_tree(). */
KERNEL __attribute__((always_inline)) void
ntt_pass_at(kb *out, const kb *in, size_t part, int radix, const kb *c, size_t j)
{
	vec x[1 << NTT_MAX_RADIX];

	DEBUG_ASSERT(is_power_of_2(part) && j % VN == 0 && j + VN <= part);
	UNROLL(16)
	for (int i = 0; i < 1 << radix; i++)
		x[i] = v_load(in + (size_t)i * part + j);
	ntt_layers(x, radix, c);
	UNROLL(16)
	for (int i = 0; i < 1 << radix; i++)
		v_store(out + (size_t)i * part + j, x[i]);
}

/*
 * The same for whole blocks b0, b0 + 1, ... of 2^log elements, one after the other in
 * out: index i is entry i mod 2^(log - radix) of a block's parts.  in_step: from one block
 * to the next in `in`; 0: all of them begin as the same (poly/ntt.h).  table:
 * twiddle_table.
 */
KERNEL void
ntt_blocks_at(kb *out, const kb *in, size_t in_step, unsigned log, unsigned radix,
    uint32_t b0, size_t i, const kb *table)
{
	size_t part = (size_t)1 << (log - radix), block = i / part;
	uint32_t b = b0 + (uint32_t)block;
	kb c[1 << NTT_MAX_RADIX];

	DEBUG_ASSERT(radix >= 1 && radix <= NTT_MAX_RADIX && radix <= log);
	out += block << log;
	in += block * in_step;
	i &= part - 1;
#define NTT_CASE(r) \
	case r: \
		twiddle_tree_of(table, c, b, r); \
		ntt_pass_at(out, in, part, r, c, i); \
		break;
	switch (radix) {
	NTT_CASE(1)
	NTT_CASE(2)
	NTT_CASE(3)
	NTT_CASE(4)
	}
#undef NTT_CASE
}

#endif
