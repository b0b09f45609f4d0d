#ifndef BN254_MONT4_H
#define BN254_MONT4_H
/*
 * Montgomery arithmetic modulo an odd p < 2^254 in four 64-bit limbs, low first:
 * the field a type wraps.  Values are x * 2^256 mod p, always below p.  Not in
 * constant time: what is verified is public.
 */
#include <stdbool.h>
#include <stdint.h>
#ifdef __x86_64__
#if __has_include(<x86gprintrin.h>) && !defined(__clang__)
#include <x86gprintrin.h>	/* gcc's part of the other, which takes it half a second */
#else
#include <immintrin.h>
#endif
#endif

#include "base/debug.h"

struct mont4 { uint64_t v[4]; };
struct mont4_modulus {
	uint64_t p[4];
	uint64_t ninv;		/* -1/p mod 2^64 */
	struct mont4 one, r2;	/* 2^256 and 2^512 mod p */
};

/* a + b + *carry, of 0 or 1. */
static inline uint64_t
mont4_adc(uint64_t a, uint64_t b, unsigned char *carry)
{
#ifdef __x86_64__	/* a chain of these becomes one of adc, which gcc 12 does not
			 * find by itself */
	unsigned long long t;

	*carry = _addcarry_u64(*carry, a, b, &t);
	return t;
#else
	uint64_t s, t;
	bool c = __builtin_add_overflow(a, b, &s);

	*carry = c | __builtin_add_overflow(s, *carry, &t);
	return t;
#endif
}

/* a - b - *borrow, of 0 or 1. */
static inline uint64_t
mont4_sbb(uint64_t a, uint64_t b, unsigned char *borrow)
{
#ifdef __x86_64__
	unsigned long long t;

	*borrow = _subborrow_u64(*borrow, a, b, &t);
	return t;
#else
	uint64_t s, t;
	bool c = __builtin_sub_overflow(a, b, &s);

	*borrow = c | __builtin_sub_overflow(s, *borrow, &t);
	return t;
#endif
}

/* a + b * c + *carry */
static inline uint64_t mont4_mac(uint64_t a, uint64_t b, uint64_t c,
    uint64_t *carry)
{
	unsigned __int128 t = (unsigned __int128)b * c + a + *carry;

	*carry = (uint64_t)(t >> 64);
	return (uint64_t)t;
}

/* x < p */
static inline bool mont4_below(const struct mont4_modulus *m,
    const uint64_t x[4])
{
	unsigned char borrow = 0;

	for (int i = 0; i < 4; i++)
		mont4_sbb(x[i], m->p[i], &borrow);
	return borrow;
}

/* Below p, for assertions. */
DEBUG_FUNCTION bool mont4_valid(const struct mont4_modulus *m,
    const uint64_t x[4])
{
	return mont4_below(m, x);
}

/* Below 2 p: what one subtraction of p makes valid. */
DEBUG_FUNCTION bool mont4_valid_twice(const struct mont4_modulus *m,
    const uint64_t x[4])
{
	unsigned char borrow = 0;
	uint64_t d[4];

	for (int i = 0; i < 4; i++)
		d[i] = mont4_sbb(x[i], m->p[i], &borrow);
	return borrow || mont4_below(m, d);
}

/* x - p where that is not negative; x < 2p. */
static inline struct mont4 mont4_once(const struct mont4_modulus *m,
    struct mont4 x)
{
	unsigned char borrow = 0;
	struct mont4 d;
	uint64_t mask;

	DEBUG_ASSERT(mont4_valid_twice(m, x.v));
	for (int i = 0; i < 4; i++)
		d.v[i] = mont4_sbb(x.v[i], m->p[i], &borrow);
	/* No branch, which would be taken half of the time. */
	mask = -(uint64_t)borrow;
	for (int i = 0; i < 4; i++)
		d.v[i] ^= (d.v[i] ^ x.v[i]) & mask;
	return d;
}

/* a + b */
static inline struct mont4 mont4_add(const struct mont4_modulus *m,
    struct mont4 a, struct mont4 b)
{
	unsigned char carry = 0;

	DEBUG_ASSERT(mont4_valid(m, a.v) && mont4_valid(m, b.v));
	for (int i = 0; i < 4; i++)
		a.v[i] = mont4_adc(a.v[i], b.v[i], &carry);
	return mont4_once(m, a);
}

/* a - b */
static inline struct mont4 mont4_sub(const struct mont4_modulus *m,
    struct mont4 a, struct mont4 b)
{
	unsigned char borrow = 0, carry = 0;
	uint64_t mask;

	DEBUG_ASSERT(mont4_valid(m, a.v) && mont4_valid(m, b.v));
	for (int i = 0; i < 4; i++)
		a.v[i] = mont4_sbb(a.v[i], b.v[i], &borrow);
	mask = -(uint64_t)borrow;
	for (int i = 0; i < 4; i++)
		a.v[i] = mont4_adc(a.v[i], m->p[i] & mask, &carry);
	return a;
}

/*
 * a b, or with `two` a b + c d, by one reduction.  Row by row: add a * b_i and c * d_i,
 * then a multiple of p that clears the lowest limb.  After a row the sum is below
 * 3p < 2^256, in the end below (2p / 2^256 + 1) p < 2p.
 */
static inline struct mont4 mont4_dot(const struct mont4_modulus *m,
    struct mont4 a, struct mont4 b, bool two, struct mont4 c, struct mont4 d)
{
	uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0;

	DEBUG_ASSERT(mont4_valid(m, a.v) && mont4_valid(m, b.v));
	DEBUG_ASSERT(mont4_valid(m, c.v) && mont4_valid(m, d.v));
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		uint64_t carry = 0, more = 0, k;

		t0 = mont4_mac(t0, a.v[0], b.v[i], &carry);
		t1 = mont4_mac(t1, a.v[1], b.v[i], &carry);
		t2 = mont4_mac(t2, a.v[2], b.v[i], &carry);
		t3 = mont4_mac(t3, a.v[3], b.v[i], &carry);
		if (two) {
			t0 = mont4_mac(t0, c.v[0], d.v[i], &more);
			t1 = mont4_mac(t1, c.v[1], d.v[i], &more);
			t2 = mont4_mac(t2, c.v[2], d.v[i], &more);
			t3 = mont4_mac(t3, c.v[3], d.v[i], &more);
			carry += more;
		}
		more = 0;
		k = t0 * m->ninv;
		mont4_mac(t0, k, m->p[0], &more);
		t0 = mont4_mac(t1, k, m->p[1], &more);
		t1 = mont4_mac(t2, k, m->p[2], &more);
		t2 = mont4_mac(t3, k, m->p[3], &more);
		t3 = carry + more;
	}
	return mont4_once(m, (struct mont4){{t0, t1, t2, t3}});
}

/* a b */
static inline struct mont4 mont4_mul(const struct mont4_modulus *m,
    struct mont4 a, struct mont4 b)
{
	return mont4_dot(m, a, b, false, a, b);
}

/* a = b */
static inline bool
mont4_eq(struct mont4 a, struct mont4 b)
{
	return !((a.v[0] ^ b.v[0]) | (a.v[1] ^ b.v[1]) | (a.v[2] ^ b.v[2]) |
	    (a.v[3] ^ b.v[3]));
}

/* From canonical limbs, below p. */
static inline struct mont4 mont4_from(const struct mont4_modulus *m,
    const uint64_t x[4])
{
	return mont4_mul(m, (struct mont4){{x[0], x[1], x[2], x[3]}}, m->r2);
}

/* To canonical limbs: the reduction alone. */
static inline void mont4_to(const struct mont4_modulus *m, uint64_t x[4],
    struct mont4 a)
{
	a = mont4_mul(m, a, (struct mont4){{1, 0, 0, 0}});
	for (int i = 0; i < 4; i++)
		x[i] = a.v[i];
}

/* a^e, e little-endian limbs */
static inline struct mont4 mont4_pow(const struct mont4_modulus *m,
    struct mont4 a, const uint64_t e[4])
{
	struct mont4 r = m->one;

	for (int i = 255; i >= 0; i--) {
		r = mont4_mul(m, r, r);
		if (e[i / 64] >> i % 64 & 1)
			r = mont4_mul(m, r, a);
	}
	return r;
}

/* a^(p-2): 0 gives 0 */
static inline struct mont4 mont4_inv(const struct mont4_modulus *m,
    struct mont4 a)
{
	uint64_t e[4] = {m->p[0], m->p[1], m->p[2], m->p[3]};
	unsigned char borrow = 0;

	e[0] = mont4_sbb(e[0], 2, &borrow);
	for (int i = 1; i < 4; i++)
		e[i] = mont4_sbb(e[i], 0, &borrow);
	return mont4_pow(m, a, e);
}

#endif
