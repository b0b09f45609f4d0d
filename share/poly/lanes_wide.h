/* The end of the vocabularies of vectors: 64-bit numbers of all lanes, of which those of
 * even lanes are in e, those of odd ones in o. */
typedef struct { V e, o; } W;

/* The lanes as numbers: low halves.  w_same: where all lanes are equal. */
KERNEL W
w_lanes(V a)
{
	return (W){a, v_high(a)};
}

KERNEL W
w_same(V a)
{
	return (W){a, a};
}

/* Signed product of the low halves. */
KERNEL W
w_mul(W a, W b)
{
	return (W){v_mul64(a.e, b.e), v_mul64(a.o, b.o)};
}

KERNEL W
w_sub(W a, W b)
{
	return (W){v_sub64(a.e, b.e), v_sub64(a.o, b.o)};
}

/* The high halves, as low ones and as lanes. */
KERNEL W
w_high(W a)
{
	return (W){v_high(a.e), v_high(a.o)};
}

KERNEL V
w_join(W a)
{
	return v_join(a.e, a.o);
}

/* ---- in and out ---- */

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

/* s[j] lane i = row[i * stride + j], j < n <= 8; other s[j] stay. */
KERNEL void
gather8(V s[8], const kb *row, size_t stride, unsigned n)
{
	const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n),
	    _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
	__m256i r[LANES / 8][8];

	for (int h = 0; h < LANES / 8; h++) {
		for (int i = 0; i < 8; i++)
			r[h][i] = _mm256_maskload_epi32((const int *)
			    (row + (size_t)(8 * h + i) * stride), mask);
		transpose8(r[h]);
	}
	for (unsigned j = 0; j < n; j++)
		s[j] = v_join_halves(r[0][j], r[LANES / 8 - 1][j]);
}

KERNEL void
put_digests(digest *out, const V s[8])
{
	for (int h = 0; h < LANES / 8; h++) {
		__m256i r[8];

		for (int i = 0; i < 8; i++)
			r[i] = v_half(s[i], h);
		transpose8(r);
		for (int i = 0; i < 8; i++)
			_mm256_storeu_si256((__m256i *)&out[8 * h + i], r[i]);
	}
}
