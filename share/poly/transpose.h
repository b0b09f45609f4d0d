#ifndef POLY_TRANSPOSE_H
#define POLY_TRANSPOSE_H
/*
 * What lies one after the other in memory to and from the lanes of field/vec.h.
 *
 *	transpose(r)	r[i] lane j becomes r[j] lane i, i, j < VN (more than one lane)
 *	gather8(s, row, stride, n)
 *			s[j] lane i = row[i * stride + j], j < n <= 8; other s[j] stay
 *	put_digests(out, s)
 *			out[i].c[j] = s[j] lane i, i < VN
 */
#include "field/vec.h"
#include "poly/hash.h"

#if VN > 1
/* r[i] lane j becomes r[j] lane i, of 8 x 8. */
KERNEL void
transpose8(__m256i r[8])
{
	__m256i a[8], b[8];

	for (int i = 0; i < 8; i += 2) {
		a[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
		a[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
	}
	for (int i = 0; i < 8; i += 4) {
		for (int j = 0; j < 2; j++) {
			b[i + 2 * j] = _mm256_unpacklo_epi64(a[i + j],
			    a[i + j + 2]);
			b[i + 2 * j + 1] = _mm256_unpackhi_epi64(a[i + j],
			    a[i + j + 2]);
		}
	}
	for (int j = 0; j < 4; j++) {
		r[j] = _mm256_permute2x128_si256(b[j], b[j + 4], 0x20);
		r[j + 4] = _mm256_permute2x128_si256(b[j], b[j + 4], 0x31);
	}
}

#if VN == 8
/* r[i] lane j becomes r[j] lane i, of 8 x 8. */
KERNEL void
transpose(vec r[VN])
{
	transpose8(r);
}

/* Eight lanes are all: low. */
KERNEL vec
join_halves(__m256i low, __m256i high)
{
	return low;
}

/* Lanes 8 i to 8 i + 7: all. */
KERNEL __m256i
half(vec a, int i)
{
	return a;
}
#else
/* r[i] lane j becomes r[j] lane i, of 16 x 16. */
KERNEL void
transpose(vec r[VN])
{
	vec a[16], b[16];

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
		vec e01 = _mm512_shuffle_i32x4(b[c], b[4 + c], 0x88);
		vec o01 = _mm512_shuffle_i32x4(b[c], b[4 + c], 0xdd);
		vec e23 = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0x88);
		vec o23 = _mm512_shuffle_i32x4(b[8 + c], b[12 + c], 0xdd);

		r[c] = _mm512_shuffle_i32x4(e01, e23, 0x88);
		r[8 + c] = _mm512_shuffle_i32x4(e01, e23, 0xdd);
		r[4 + c] = _mm512_shuffle_i32x4(o01, o23, 0x88);
		r[12 + c] = _mm512_shuffle_i32x4(o01, o23, 0xdd);
	}
}

/* Lanes 0 to 7 from low, 8 to 15 from high. */
KERNEL vec
join_halves(__m256i low, __m256i high)
{
	return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/* Lanes 8 i to 8 i + 7. */
KERNEL __m256i
half(vec a, int i)
{
	return i ? _mm512_extracti64x4_epi64(a, 1) : _mm512_castsi512_si256(a);
}
#endif

/* s[j] lane i = row[i * stride + j], j < n <= 8.  Nothing beyond n is read. */
KERNEL void
gather8(vec s[8], const kb *row, size_t stride, unsigned n)
{
	const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n),
	    _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
	__m256i r[VN / 8][8];

	DEBUG_ASSERT(n <= 8);
	for (int h = 0; h < VN / 8; h++) {
		for (int i = 0; i < 8; i++)
			r[h][i] = _mm256_maskload_epi32((const int *)
			    (row + (size_t)(8 * h + i) * stride), mask);
		transpose8(r[h]);
	}
	for (unsigned j = 0; j < n; j++)
		s[j] = join_halves(r[0][j], r[VN / 8 - 1][j]);
}

/* Writes VN digests: out[i].c[j] = s[j] lane i. */
KERNEL void
put_digests(digest *out, const vec s[8])
{
	for (int h = 0; h < VN / 8; h++) {
		__m256i r[8];

		for (int i = 0; i < 8; i++)
			r[i] = half(s[i], h);
		transpose8(r);
		for (int i = 0; i < 8; i++)
			_mm256_storeu_si256((__m256i *)&out[8 * h + i], r[i]);
	}
}

#else

/* s[j] = row[j], j < n <= 8. */
KERNEL void
gather8(vec s[8], const kb *row, size_t stride, unsigned n)
{
	DEBUG_ASSERT(n <= 8);
	UNROLL(8)
	for (unsigned j = 0; j < 8; j++)
		if (j < n)
			s[j] = row[j];
}

/* Writes one digest: out->c[j] = s[j]. */
KERNEL void
put_digests(digest *out, const vec s[8])
{
	UNROLL(8)
	for (int i = 0; i < 8; i++)
		out->c[i] = s[i];
}
#endif

#endif
