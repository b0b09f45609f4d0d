#ifndef FIELD_LANES_AVX512_H
#define FIELD_LANES_AVX512_H
/* Sixteen lanes: what field/vec.h is made of. */
#include <immintrin.h>

#include "field/kb.h"

#define VN 16
#define VN_LOG 4
typedef __m512i vec;

#define LANES_OP(name) _mm512_##name
#define LANES_SET64(x) _mm512_set1_epi64((long long)(x))

/* The 16 elements at p, of any alignment. */
KERNEL vec
v_load(const kb *p)
{
	return _mm512_loadu_si512(p);
}

/* Writes the 16 elements to p. */
KERNEL void
v_store(kb *p, vec a)
{
	_mm512_storeu_si512(p, a);
}

/* a & b. */
KERNEL vec
u_and(vec a, vec b)
{
	return _mm512_and_si512(a, b);
}

/* The smaller of unsigned 64-bit numbers. */
KERNEL vec
lanes_min64(vec a, vec b)
{
	return _mm512_min_epu64(a, b);
}

/* The high halves of e's 64-bit numbers in even lanes, of o's in odd ones. */
KERNEL vec
lanes_join(vec e, vec o)
{
	return (vec)_mm512_mask_movehdup_ps((__m512)o, 0x5555, (__m512)e);
}

/* Even and odd elements of the 32 in a, b. */
KERNEL void
v_split(vec a, vec b, vec *even, vec *odd)
{
	const vec ie = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12,
	    10, 8, 6, 4, 2, 0);
	const vec io = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13,
	    11, 9, 7, 5, 3, 1);

	*even = _mm512_permutex2var_epi32(a, ie, b);
	*odd = _mm512_permutex2var_epi32(a, io, b);
}

/* The opposite of v_split(). */
KERNEL void
v_merge(vec even, vec odd, vec *a, vec *b)
{
	const vec ia = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2,
	    17, 1, 16, 0);
	const vec ib = _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11,
	    26, 10, 25, 9, 24, 8);

	*a = _mm512_permutex2var_epi32(even, ia, odd);
	*b = _mm512_permutex2var_epi32(even, ib, odd);
}

#include "field/lanes_wide.inc"

#endif
