#ifndef FIELD_LANES_ONE_H
#define FIELD_LANES_ONE_H
/* One lane, in plain C: what field/vec.h is made of for other processors, and for a
 * thread of CUDA. */
#include "field/kb.h"

#define VN 1
#define VN_LOG 0
typedef kb vec;
typedef uint64_t wide;

/* The element at p. */
KERNEL vec
v_load(const kb *p)
{
	return *p;
}

/* Writes the element to p. */
KERNEL void
v_store(kb *p, vec a)
{
	*p = a;
}

/* With one lane a is the even element, b the odd one. */
KERNEL void
v_split(vec a, vec b, vec *even, vec *odd)
{
	*even = a;
	*odd = b;
}

/* The opposite of v_split(). */
KERNEL void
v_merge(vec even, vec odd, vec *a, vec *b)
{
	*a = even;
	*b = odd;
}

/* x. */
KERNEL vec
u_set(uint32_t x)
{
	return (vec){x};
}

/* a + b mod 2^32. */
KERNEL vec
u_add(vec a, vec b)
{
	return (vec){a.v + b.v};
}

/* a - b mod 2^32. */
KERNEL vec
u_sub(vec a, vec b)
{
	return (vec){a.v - b.v};
}

/* a & b. */
KERNEL vec
u_and(vec a, vec b)
{
	return (vec){a.v & b.v};
}

/* The smaller, unsigned. */
KERNEL vec
u_min(vec a, vec b)
{
	return (vec){a.v < b.v ? a.v : b.v};
}

/* a << n. */
KERNEL vec
u_shl(vec a, int n)
{
	return (vec){a.v << n};
}

/* a >> n, unsigned. */
KERNEL vec
u_shr(vec a, int n)
{
	return (vec){a.v >> n};
}

/* a >> n, signed: the top bit is copied. */
KERNEL vec
u_sar(vec a, int n)
{
	return (vec){(uint32_t)((int32_t)a.v >> n)};
}

#define w_zero ((wide)0)

/* a as the low half. */
KERNEL wide
w_of(vec a)
{
	return a.v;
}

/* The same as w_of(): there is one lane. */
KERNEL wide
w_same(vec a)
{
	return a.v;
}

/* The high half as a lane. */
KERNEL vec
w_join(wide a)
{
	return (vec){(uint32_t)(a >> 32)};
}

/* The high half, moved down. */
KERNEL wide
w_high(wide a)
{
	return a >> 32;
}

/* a + b mod 2^64. */
KERNEL wide
w_add(wide a, wide b)
{
	return a + b;
}

/* a - b mod 2^64. */
KERNEL wide
w_sub(wide a, wide b)
{
	return a - b;
}

/* The product of the low halves, unsigned. */
KERNEL wide
w_mulu(wide a, wide b)
{
	return (uint64_t)(uint32_t)a * (uint32_t)b;
}

/* The product of the low halves, signed. */
KERNEL wide
w_muls(wide a, wide b)
{
	return (wide)((int64_t)(int32_t)a * (int32_t)b);
}

/* A thread of CUDA takes the high half alone, a register of its own. */
KERNEL wide
lanes_fit(wide t)
{
#ifdef __CUDACC__
	const vec h = u_set((uint32_t)(t >> 32));

	return (wide)u_min(h, u_sub(h, u_set(KB_P))).v << 32 | (uint32_t)t;
#else
	uint64_t d = t - ((uint64_t)KB_P << 32);

	return t < d ? t : d;
#endif
}

#endif
