#ifndef AIR_OP_CHECK_H
#define AIR_OP_CHECK_H
/*
 * What all chips are written with: constants, conditions of conditions, words
 * (four 16-bit limbs, lowest first), lookups in the Range and Byte tables.
 *
 * Everything here keeps the stock order of operands: `when2(c, d)` is c * (d * x).
 */
#include "air/expr.h"

#define WORD 4			/* limbs in a word */
#define WORD_BYTES 8

/* check: each times its divisor is 1 mod KB_P */
#define INV_8 0x6f200001u
#define INV_64 0x7d040001u
#define INV_256 0x7e810001u
#define INV_65536 0x7eff8101u

#define U16_MAX 0xffffu
#define BASE 0x10000u		/* of a limb */

/* The constant 0. */
static inline expr
x_zero(struct air *a)
{
	return x_k(a, 0);
}

/* The constant 1. */
static inline expr
x_one(struct air *a)
{
	return x_k(a, 1);
}

/* c * x + (1 - c) * y */
static inline expr
x_select(expr c, expr x, expr y)
{
	expr l = x_mul(c, x);

	return x_add(l, x_mul(x_rsubk(1, c), y));
}

/* The word (0 + x, 0, 0, 0). */
static inline void
word_extend(expr w[WORD], expr x)
{
	struct air *a = x.air;

	w[0] = x_add(x_zero(a), x);
	for (int i = 1; i < WORD; i++)
		w[i] = x_zero(a);
}

/* The word (0, 0, 0, 0). */
static inline void
word_zero(struct air *a, expr w[WORD])
{
	for (int i = 0; i < WORD; i++)
		w[i] = x_zero(a);
}

/* The place that they remember is the caller's. */
#define air_zero_when2(a, c, d, x) air_zero_when((a), (c), x_mul((d), (x)))
#define air_equal_when2(a, c, d, x, y) \
	air_zero_when((a), (c), x_mul((d), x_sub((x), (y))))
#define air_one_when(a, c, x) air_zero_when((a), (c), x_subk((x), 1))

/* Limb by limb. */
#define air_word_equal_when(a, c, x, y) \
	air_word_equal_when_at((a), (c), (x), (y), AIR_HERE)
/* Four constraints: c * (x[i] - y[i]). */
void air_word_equal_when_at(struct air *a, expr c, const expr x[WORD],
    const expr y[WORD], const char *at);

/* (a, x, bits, mult): 0 <= x < 2^bits, bits <= 16, in `mult` copies. */
#define air_range(...) air_range_at(AIR_HERE, __VA_ARGS__)
#define air_range_bits(...) air_range_bits_at(AIR_HERE, __VA_ARGS__)
/* (a, x, n, mult): each of n values below 2^16; below 2^8 (looked up in pairs). */
#define air_range_u16(...) air_range_u16_at(AIR_HERE, __VA_ARGS__)
#define air_range_u8(...) air_range_u8_at(AIR_HERE, __VA_ARGS__)

/* Looks x up in Range, with a number of bits that is an expression. */
void air_range_at(const char *at, struct air *a, expr x, expr bits, expr mult);
/* The same with a constant number of bits. */
void air_range_bits_at(const char *at, struct air *a, expr x, unsigned bits,
    expr mult);
/* Looks each of x[n] up with 16 bits. */
void air_range_u16_at(const char *at, struct air *a, const expr *x, unsigned n,
    expr mult);
/* Looks x[n] up in pairs as bytes, the last of an odd n with 0. */
void air_range_u8_at(const char *at, struct air *a, const expr *x, unsigned n,
    expr mult);

#endif
