#ifndef FIELD_KB_H
#define FIELD_KB_H
/*
 * KoalaBear, p = 2^31 - 2^24 + 1, two-adicity 24, generator 3.
 *
 * A `kb` holds x * 2^32 mod p (Montgomery form), always below p: equality is
 * equality of representations.  Everything outside a program (proofs, keys,
 * vectors, traces on disk) is canonical: go through kb_from() and kb_to().  The
 * struct keeps the two from being mixed; an array of kb may be read as uint32_t.
 */
#include <stdint.h>

#include "base/debug.h"
#include "base/kernel.h"

#define KB_P 0x7f000001u
#define KB_NINV 0x81000001u	/* check: KB_P * KB_NINV == 1 mod 2^32 */
#define KB_R2 0x17f7efe4u	/* check: 2^64 mod KB_P */
#define KB_TWO_ADICITY 24

typedef struct { uint32_t v; } kb;

#define KB_ZERO ((kb){0})
#define KB_ONE ((kb){0x01fffffe})	/* check: 2^32 mod KB_P */

/* Below p, as every kb. */
KERNEL int
kb_valid(kb a)
{
	return a.v < KB_P;
}

/* t / 2^32 mod p, for t < 2^32 p. */
KERNEL uint32_t
kb_reduce(uint64_t t)
{
	uint32_t m = (uint32_t)t * KB_NINV;
	uint32_t u = (uint32_t)(((uint64_t)m * KB_P) >> 32);
	uint32_t h = (uint32_t)(t >> 32);
	uint32_t d = h - u;

	DEBUG_ASSERT(h < KB_P);
	return h < u ? d + KB_P : d;
}

/* a + b */
KERNEL kb
kb_add(kb a, kb b)
{
	uint32_t s = a.v + b.v;	/* < 2^32 */
	uint32_t d = s - KB_P;

	DEBUG_ASSERT(kb_valid(a) && kb_valid(b));
	return (kb){s < KB_P ? s : d};
}

/* a - b */
KERNEL kb
kb_sub(kb a, kb b)
{
	uint32_t d = a.v - b.v;

	DEBUG_ASSERT(kb_valid(a) && kb_valid(b));
	return (kb){a.v < b.v ? d + KB_P : d};
}

/* -a */
KERNEL kb
kb_neg(kb a)
{
	DEBUG_ASSERT(kb_valid(a));
	return (kb){a.v ? KB_P - a.v : 0};
}

/* a b */
KERNEL kb
kb_mul(kb a, kb b)
{
	DEBUG_ASSERT(kb_valid(a) && kb_valid(b));
	return (kb){kb_reduce((uint64_t)a.v * b.v)};
}

/* Of any number, its residue. */
KERNEL kb
kb_from(uint32_t x)
{
	return (kb){kb_reduce((uint64_t)(x % KB_P) * KB_R2)};
}

/* The same of 64 bits. */
KERNEL kb
kb_from64(uint64_t x)
{
	return kb_from((uint32_t)(x % KB_P));
}

/* The canonical number, below p. */
KERNEL uint32_t
kb_to(kb a)
{
	DEBUG_ASSERT(kb_valid(a));
	return kb_reduce(a.v);
}

/* Of one residue: each has one representation. */
KERNEL int
kb_eq(kb a, kb b)
{
	return a.v == b.v;
}

/* a^e; a^0 is 1. */
DEVICE kb kb_pow(kb a, uint64_t e);
/* 1/a; 0 gives 0. */
DEVICE kb kb_inv(kb a);
/* The root of unity of order 2^log: 3^((p - 1) / 2^log), log <= 24. */
DEVICE kb kb_root(unsigned log);

/* n inverses at some three products each; 0 gives 0.  out may be a. */
DEVICE void kb_inv_many(kb *out, const kb *a, unsigned long n);

#endif
