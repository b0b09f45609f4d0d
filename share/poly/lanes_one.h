#ifndef POLY_LANES_ONE_H
#define POLY_LANES_ONE_H
/* One lane, in plain C: the vocabulary of poseidon2_lanes.h for a thread of CUDA. */
#include <stdint.h>

#include "poly/hash.h"

#define LANES 1
#define LOG_LANES 0
typedef uint32_t V;
typedef int64_t W;

#define v_set(x) ((V)(x))
#define v_zero() ((V)0)
#define v_add(a, b) ((V)(a) + (V)(b))
#define v_sub(a, b) ((V)(a) - (V)(b))
#define v_and(a, b) ((V)(a) & (V)(b))
#define v_sll(a, n) ((V)(a) << (n))
#define v_srl(a, n) ((V)(a) >> (n))
#define v_sra(a, n) ((V)((int32_t)(a) >> (n)))

KERNEL V
v_load(const kb *p)
{
	return p->v;
}

KERNEL void
v_store(kb *p, V a)
{
	p->v = a;
}

KERNEL V
v_minu(V a, V b)
{
	return a < b ? a : b;
}

#define w_lanes(a) ((W)(int32_t)(a))
#define w_same(a) ((W)(int32_t)(a))
#define w_mul(a, b) ((W)(int32_t)(a) * (int32_t)(b))
#define w_sub(a, b) ((a) - (b))
#define w_high(a) ((a) >> 32)
#define w_join(a) ((V)((a) >> 32))

KERNEL void
gather8(V s[8], const kb *row, size_t stride, unsigned n)
{
	UNROLL(8)
	for (unsigned j = 0; j < 8; j++)
		if (j < n)
			s[j] = row[j].v;
}

KERNEL void
put_digests(digest *out, const V s[8])
{
	UNROLL(8)
	for (int i = 0; i < 8; i++)
		out->c[i].v = s[i];
}

#endif
