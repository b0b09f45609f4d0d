/*
 * Codewords on LANES lanes (poly/twiddle.h): included by one file for each
 * instruction set, after its vocabulary (lanes_*.h).
 *
 * The last 2 LOG_LANES layers are done on tiles of LANES^2 elements in registers:
 * half of them between rows, then, transposed, between the elements of a row, all
 * rows at once, each with its own factors.
 */
#include "poly/ntt_kernels.h"

#define TILE_LOG (2 * LOG_LANES)

#if LANES == 8
#define transpose transpose8
#endif

KERNEL void
butterfly(V *u, V *v, V c, const struct modulus *k)
{
	V p = canonical(product(*v, c, k), k);

	*v = sub(*u, p, k);
	*u = add(*u, p, k);
}

static inline __attribute__((always_inline)) void
pass(kb *out, const kb *in, size_t part, int radix, const kb *c, size_t begin,
    size_t end)
{
	for (size_t j = begin; j < end; j += LANES)
		ntt_pass_at(out, in, part, radix, c, j);
}

static void
pass_lanes(kb *out, const kb *in, unsigned log, unsigned radix, uint32_t b,
    size_t begin, size_t end)
{
	size_t part = (size_t)1 << (log - radix);
	kb c[1 << NTT_MAX_RADIX];

	if (part < LANES || begin % LANES || end % LANES) {
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

static void
tile(kb *x, uint32_t b, V rows)
{
	const struct modulus k = modulus();
	kb c[LANES];
	V r[LANES], f, s[LOG_LANES];

#pragma GCC unroll 16
	for (int i = 0; i < LANES; i++)
		r[i] = v_load(x + i * LANES);
	twiddle_tree(c, b, LOG_LANES);
	ntt_layers(r, LOG_LANES, c, &k);
	transpose(r);
	/* Row j is block LANES * b + j.  s[l]: tw(2^l * that) */
	f = v_set(twiddle(b << (TILE_LOG - 1)).v);
	s[LOG_LANES - 1] = canonical(product(rows, f, &k), &k);
	for (int l = LOG_LANES - 1; l > 0; l--)
		s[l - 1] = canonical(product(s[l], s[l], &k), &k);
#pragma GCC unroll 4
	for (int l = 0; l < LOG_LANES; l++) {
		const int half = 1 << (LOG_LANES - 1 - l);

#pragma GCC unroll 8
		for (int i = 0; i < 1 << l; i++) {
			f = i ? product(s[l], v_set(twiddle_table[i].v), &k) :
			    s[l];
#pragma GCC unroll 8
			for (int j = 0; j < half; j++)
				butterfly(&r[2 * half * i + j],
				    &r[2 * half * i + half + j], f, &k);
		}
	}
	transpose(r);
#pragma GCC unroll 16
	for (int i = 0; i < LANES; i++)
		v_store(x + i * LANES, r[i]);
}

static void
block_lanes(kb *x, unsigned log, uint32_t b)
{
	unsigned rest, passes, radix;

	if (log < TILE_LOG) {
		ntt_block_scalar(x, log, b);
		return;
	}
	if (log == TILE_LOG) {
		kb c[LANES];

		for (uint32_t j = 0; j < LANES; j++)
			c[j] = twiddle(j << (LOG_LANES - 1));
		tile(x, b, v_load(c));
		return;
	}
	rest = log - TILE_LOG;
	passes = (rest + NTT_MAX_RADIX - 1) / NTT_MAX_RADIX;
	radix = (rest + passes - 1) / passes;
	pass_lanes(x, x, log, radix, b, 0, (size_t)1 << (log - radix));
	if (log - radix == TILE_LOG) {
		kb c[LANES];
		V rows;

		for (uint32_t j = 0; j < LANES; j++)
			c[j] = twiddle(j << (LOG_LANES - 1));
		rows = v_load(c);
		for (uint32_t i = 0; i < 1u << radix; i++)
			tile(x + ((size_t)i << TILE_LOG), (b << radix) + i, rows);
		return;
	}
	for (uint32_t i = 0; i < 1u << radix; i++)
		block_lanes(x + ((size_t)i << (log - radix)), log - radix,
		    (b << radix) + i);
}
