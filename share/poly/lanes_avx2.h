#ifndef POLY_LANES_AVX2_H
#define POLY_LANES_AVX2_H
/* Eight 32-bit lanes: the vocabulary of poseidon2_lanes.h. */
#include <immintrin.h>

#include "poly/hash.h"

#define LANES 8
#define LOG_LANES 3
typedef __m256i V;

#define v_set(x) _mm256_set1_epi32((int)(x))
#define v_set64(x) _mm256_set1_epi64x((long long)(x))
#define v_zero() _mm256_setzero_si256()
#define v_load(p) _mm256_loadu_si256((const __m256i *)(p))
#define v_store(p, a) _mm256_storeu_si256((__m256i *)(p), a)
#define v_add(a, b) _mm256_add_epi32(a, b)
#define v_sub(a, b) _mm256_sub_epi32(a, b)
#define v_and(a, b) _mm256_and_si256(a, b)
#define v_minu(a, b) _mm256_min_epu32(a, b)
#define v_sll(a, n) _mm256_slli_epi32(a, n)
#define v_srl(a, n) _mm256_srli_epi32(a, n)
#define v_sra(a, n) _mm256_srai_epi32(a, n)
/* Even lanes as 64-bit numbers: signed product of the low halves, ... */
#define v_mul64(a, b) _mm256_mul_epi32(a, b)
#define v_sub64(a, b) _mm256_sub_epi64(a, b)
/* ... and the high halves moved down, or put together again. */
#define v_high(a) _mm256_srli_epi64(a, 32)
#define v_join(even, odd) _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, \
	0xaa)

KERNEL V
v_join_halves(__m256i low, __m256i high)
{
	return low;
}

KERNEL __m256i
v_half(V a, int i)
{
	return a;
}

#include "poly/lanes_wide.h"

#endif
