#ifndef POLY_LANES_AVX512_H
#define POLY_LANES_AVX512_H
/* Sixteen 32-bit lanes: the vocabulary of poseidon2_lanes.h. */
#include <immintrin.h>

#include "poly/hash.h"

#define LANES 16
#define LOG_LANES 4
typedef __m512i V;

#define v_set(x) _mm512_set1_epi32((int)(x))
#define v_set64(x) _mm512_set1_epi64((long long)(x))
#define v_zero() _mm512_setzero_si512()
#define v_load(p) _mm512_loadu_si512(p)
#define v_store(p, a) _mm512_storeu_si512(p, a)
#define v_add(a, b) _mm512_add_epi32(a, b)
#define v_sub(a, b) _mm512_sub_epi32(a, b)
#define v_and(a, b) _mm512_and_si512(a, b)
#define v_minu(a, b) _mm512_min_epu32(a, b)
#define v_sll(a, n) _mm512_slli_epi32(a, n)
#define v_srl(a, n) _mm512_srli_epi32(a, n)
#define v_sra(a, n) _mm512_srai_epi32(a, n)
/* Even lanes as 64-bit numbers: signed product of the low halves, ... */
#define v_mul64(a, b) _mm512_mul_epi32(a, b)
#define v_sub64(a, b) _mm512_sub_epi64(a, b)
/* ... and the high halves moved down, or put together again. */
#define v_high(a) _mm512_srli_epi64(a, 32)
#define v_join(even, odd) ((V)_mm512_mask_movehdup_ps((__m512)(odd), 0x5555, \
	(__m512)(even)))

KERNEL V
v_join_halves(__m256i low, __m256i high)
{
	return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

KERNEL __m256i
v_half(V a, int i)
{
	return i ? _mm512_extracti64x4_epi64(a, 1) : _mm512_castsi512_si256(a);
}

#include "poly/lanes_wide.h"

/* r[i] lane j becomes r[j] lane i. */
KERNEL void
transpose(V r[16])
{
	V a[16], b[16];

	for (int i = 0; i < 16; i += 2) {
		a[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
		a[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
	}
	/* b[4g + c]: in each 128-bit part q, column 4q + c of rows 4g .. 4g + 3 */
	for (int g = 0; g < 16; g += 4) {
		for (int c = 0; c < 2; c++) {
			b[g + 2 * c] = _mm512_unpacklo_epi64(a[g + c],
			    a[g + c + 2]);
			b[g + 2 * c + 1] = _mm512_unpackhi_epi64(a[g + c],
			    a[g + c + 2]);
		}
	}
	for (int c = 0; c < 4; c++) {
		V e01 = _mm512_shuffle_i32x4(b[c], b[4 + c], 0x88);
		V o01 = _mm512_shuffle_i32x4(b[c], b[4 + c], 0xdd);
		V e23 = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0x88);
		V o23 = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0xdd);

		r[c] = _mm512_shuffle_i32x4(e01, e23, 0x88);
		r[8 + c] = _mm512_shuffle_i32x4(e01, e23, 0xdd);
		r[4 + c] = _mm512_shuffle_i32x4(o01, o23, 0x88);
		r[12 + c] = _mm512_shuffle_i32x4(o01, o23, 0xdd);
	}
}

#endif
