#ifndef FIELD_LANES_AVX2_H
#define FIELD_LANES_AVX2_H
/* Eight lanes: what field/vec.h is made of. */
#include <immintrin.h>

#include "field/kb.h"

#define VN 8
#define VN_LOG 3
typedef __m256i vec;

#define LANES_OP(name) _mm256_##name
#define LANES_SET64(x) _mm256_set1_epi64x((long long)(x))

/* The 8 elements at p, of any alignment. */
KERNEL vec
v_load(const kb *p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

/* Writes the 8 elements to p. */
KERNEL void
v_store(kb *p, vec a)
{
	_mm256_storeu_si256((__m256i *)p, a);
}

/* a & b. */
KERNEL vec
u_and(vec a, vec b)
{
	return _mm256_and_si256(a, b);
}

/* There is only a signed comparison. */
KERNEL vec
lanes_min64(vec a, vec b)
{
	const vec top = _mm256_set1_epi64x((long long)0x8000000000000000ull);
	vec gt = _mm256_cmpgt_epi64(_mm256_xor_si256(a, top),
	    _mm256_xor_si256(b, top));

	return _mm256_blendv_epi8(a, b, gt);
}

/* The high halves of e's 64-bit numbers in even lanes, of o's in odd ones. */
KERNEL vec
lanes_join(vec e, vec o)
{
	return _mm256_blend_epi32(_mm256_srli_epi64(e, 32), o, 0xaa);
}

/* Even and odd elements of the 16 in a, b. */
KERNEL void
v_split(vec a, vec b, vec *even, vec *odd)
{
	const vec ix = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
	vec x = _mm256_permutevar8x32_epi32(a, ix);	/* a's even | odd */
	vec y = _mm256_permutevar8x32_epi32(b, ix);

	*even = _mm256_permute2x128_si256(x, y, 0x20);
	*odd = _mm256_permute2x128_si256(x, y, 0x31);
}

/* The opposite of v_split(). */
KERNEL void
v_merge(vec even, vec odd, vec *a, vec *b)
{
	vec lo = _mm256_unpacklo_epi32(even, odd);
	vec hi = _mm256_unpackhi_epi32(even, odd);

	*a = _mm256_permute2x128_si256(lo, hi, 0x20);
	*b = _mm256_permute2x128_si256(lo, hi, 0x31);
}

#include "field/lanes_wide.inc"

#endif
