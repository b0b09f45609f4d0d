/*
 * Codewords on VN lanes (poly/twiddle.h): included by one file for each instruction set.
 *
 * The last 2 VN_LOG layers are done on tiles of VN^2 elements in registers:
 * half of them between rows, then, transposed, between the elements of a row, all
 * rows at once, each with its own factors.
 */
#include "poly/ntt_kernels.h"
#include "poly/transpose.h"

#define TILE_LOG (2 * VN_LOG)

/* u + c v, u - c v, c[lane] of each lane. */
KERNEL void
butterfly(vec *u, vec *v, vec c)
{
	vec p = s_fit(s_mul(*v, c));

	*v = v_sub(*u, p);
	*u = v_add(*u, p);
}

/* Entries [begin, end) of each part of a block; begin and end are multiples of
 * VN. */
static inline __attribute__((always_inline)) void
pass(kb *out, const kb *in, size_t part, int radix, const kb *c, size_t begin,
    size_t end)
{
	for (size_t j = begin; j < end; j += VN)
		ntt_pass_at(out, in, part, radix, c, j);
}

/* simd_ops.ntt_pass: where part, begin or end is no multiple of VN, the scalar
 * one. */
static void
pass_lanes(kb *out, const kb *in, unsigned log, unsigned radix, uint32_t b,
    size_t begin, size_t end)
{
	size_t part = (size_t)1 << (log - radix);
	kb c[1 << NTT_MAX_RADIX];

	DEBUG_ASSERT(radix >= 1 && radix <= NTT_MAX_RADIX && radix <= log);
	DEBUG_ASSERT(begin <= end && end <= part);
	if (part < VN || begin % VN || end % VN) {
		ntt_pass_scalar(out, in, log, radix, b, begin, end);
		return;
	}
	twiddle_tree(c, b, radix);
	switch (radix) {
	case 1:
		pass(out, in, part, 1, c, begin, end);
		break;
	case 2:
		pass(out, in, part, 2, c, begin, end);
		break;
	case 3:
		pass(out, in, part, 3, c, begin, end);
		break;
	default:
		pass(out, in, part, 4, c, begin, end);
	}
}

/* All 2 VN_LOG layers of block b, of VN^2 elements; rows: the factors' part
 * that depends on the row, lane j: twiddle(j << (VN_LOG - 1)). */
static void
tile(kb *x, uint32_t b, vec rows)
{
	kb c[VN];
	vec r[VN], f, s[VN_LOG];

#pragma GCC unroll 16
	for (int i = 0; i < VN; i++)
		r[i] = v_load(x + i * VN);
	twiddle_tree(c, b, VN_LOG);
	ntt_layers(r, VN_LOG, c);
	transpose(r);
	/* Row j is block VN * b + j.  s[l]: tw(2^l * that) */
	f = v_set(twiddle(b << (TILE_LOG - 1)));
	s[VN_LOG - 1] = s_fit(s_mul(rows, f));
	for (int l = VN_LOG - 1; l > 0; l--)
		s[l - 1] = s_fit(s_mul(s[l], s[l]));
#pragma GCC unroll 4
	for (int l = 0; l < VN_LOG; l++) {
		const int half = 1 << (VN_LOG - 1 - l);

#pragma GCC unroll 8
		for (int i = 0; i < 1 << l; i++) {
			f = i ? s_mul(s[l], v_set(twiddle_table[i])) :
			    s[l];
#pragma GCC unroll 8
			for (int j = 0; j < half; j++)
				butterfly(&r[2 * half * i + j],
				    &r[2 * half * i + half + j], f);
		}
	}
	transpose(r);
#pragma GCC unroll 16
	for (int i = 0; i < VN; i++)
		v_store(x + i * VN, r[i]);
}

/* simd_ops.ntt_block: passes of about equal radix down to tiles. */
static void
block_lanes(kb *x, unsigned log, uint32_t b)
{
	unsigned rest, passes, radix;

	if (log < TILE_LOG) {
		ntt_block_scalar(x, log, b);
		return;
	}
	if (log == TILE_LOG) {
		kb c[VN];

		for (uint32_t j = 0; j < VN; j++)
			c[j] = twiddle(j << (VN_LOG - 1));
		tile(x, b, v_load(c));
		return;
	}
	rest = log - TILE_LOG;
	passes = (rest + NTT_MAX_RADIX - 1) / NTT_MAX_RADIX;
	radix = (rest + passes - 1) / passes;
	pass_lanes(x, x, log, radix, b, 0, (size_t)1 << (log - radix));
	if (log - radix == TILE_LOG) {
		kb c[VN];
		vec rows;

		for (uint32_t j = 0; j < VN; j++)
			c[j] = twiddle(j << (VN_LOG - 1));
		rows = v_load(c);
		for (uint32_t i = 0; i < 1u << radix; i++)
			tile(x + ((size_t)i << TILE_LOG), (b << radix) + i, rows);
		return;
	}
	for (uint32_t i = 0; i < 1u << radix; i++)
		block_lanes(x + ((size_t)i << (log - radix)), log - radix,
		    (b << radix) + i);
}
