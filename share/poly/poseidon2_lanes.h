/*
 * Poseidon2 on LANES states at once, element i of all of them in s[i]: included by
 * one file for each instruction set, after its vocabulary (lanes_*.h).
 *
 * Two ideas beside the lanes.
 *
 * Products are signed: of |a b| <= 2^31 p, the reduction is strictly between -p
 * and p, and another product may follow without any correction.
 *
 * Internal rounds: x_i <- (sum + 2^k x_i) / 2^32 becomes, for u_i = mu_r x_i with
 * mu_r = 2^(9r), u_i <- (sum' + 2^k u_i) / 2^23, all of whose factors are 2^-n with
 * n = 8 .. 23; and dividing by 2^n takes shifts: with x = 2^n h + l, since
 * 2^24 * 127 = -1 mod p, x / 2^n = h - l * 127 * 2^(24-n).  The u_i stay signed and
 * uncorrected, |u_i| < p + 2^23 + 2 < 2^31.  The factor mu_20 is never taken out:
 * the last rounds' constants are scaled by what it has become (mu^3, mu^9, mu^27),
 * and the result is multiplied by mu^-81.
 */
#include "poly/hash.h"
#include "poly/poseidon2_scaled.h"

struct modulus { V p, ninv; };

static inline struct modulus
modulus(void)
{
	return (struct modulus){v_set(KB_P), v_set(KB_NINV)};
}

/* Of the even lanes' products t, the reduction in the high halves. */
static inline V
reduce(V t, const struct modulus *k)
{
	return v_sub64(t, v_mul(v_mul(t, k->ninv), k->p));
}

/* (-p, p) -> [0, p) */
static inline V
canonical(V a, const struct modulus *k)
{
	return v_minu(a, v_add(a, k->p));
}

static inline V
add(V a, V b, const struct modulus *k)
{
	V s = v_add(a, b);

	return v_minu(s, v_sub(s, k->p));
}

static inline V
sub(V a, V b, const struct modulus *k)
{
	return canonical(v_sub(a, b), k);
}

/* a b / 2^32, in (-p, p) */
static inline V
product(V a, V b, const struct modulus *k)
{
	V even = reduce(v_mul(a, b), k);
	V odd = reduce(v_mul(v_high(a), v_high(b)), k);

	return v_join(even, odd);
}

/* x^3, in (-p, p) */
static inline V
cube(V x, const struct modulus *k)
{
	V xo = v_high(x);
	V even = v_high(reduce(v_mul(x, x), k));
	V odd = v_high(reduce(v_mul(xo, xo), k));

	return v_join(reduce(v_mul(even, x), k), reduce(v_mul(odd, xo), k));
}

/* x^2 (x c): c the same in all lanes. */
static inline V
cube_scaled(V x, V c, const struct modulus *k)
{
	V xo = v_high(x);
	V even = v_high(reduce(v_mul(x, x), k));
	V odd = v_high(reduce(v_mul(xo, xo), k));
	V ce = v_high(reduce(v_mul(x, c), k));
	V co = v_high(reduce(v_mul(xo, c), k));

	return v_join(reduce(v_mul(even, ce), k), reduce(v_mul(odd, co), k));
}

static inline void
external_layer(V s[16], const struct modulus *k)
{
	V sum[4];

#pragma GCC unroll 4
	for (int i = 0; i < 16; i += 4) {
		V *x = s + i;
		V t01 = add(x[0], x[1], k), t23 = add(x[2], x[3], k);
		V t = add(t01, t23, k);
		V t1 = add(t, x[1], k), t3 = add(t, x[3], k);
		V x0 = add(x[0], x[0], k), x2 = add(x[2], x[2], k);

		x[0] = add(t1, t01, k);
		x[1] = add(t1, x2, k);
		x[2] = add(t3, t23, k);
		x[3] = add(t3, x0, k);
	}
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		sum[i] = add(add(s[i], s[i + 4], k),
		    add(s[i + 8], s[i + 12], k), k);
#pragma GCC unroll 16
	for (int i = 0; i < 16; i++)
		s[i] = add(s[i], sum[i & 3], k);
}

/* From and to [0, p).  rc: constants less p. */
static inline void
external_round(V s[16], const int32_t rc[16], const struct modulus *k)
{
#pragma GCC unroll 16
	for (int i = 0; i < 16; i++)
		s[i] = canonical(cube(v_add(s[i], v_set(rc[i])), k), k);
	external_layer(s, k);
}

/* x / 2^n of any signed x, for 8 <= n <= 24, in (-p - 2^(31-n), 2^(31-n)]. */
#define v_shrink(x, n) (v_sub(v_sra(x, n), low_part(v_sll(x, 32 - (n)))))
static inline V
low_part(V w)
{
	return v_sub(v_srl(w, 1), v_srl(w, 8));
}

/* The sum of u[1 .. 15], each above -2^31 and below 2^31, in [0, p).  High and
 * low halves apart: the first exact, the second by what is missing. */
static inline V
sum15(const V *u, const struct modulus *k)
{
	V all = u[1], high = v_sra(u[1], 16), low, top, z;

#pragma GCC unroll 14
	for (int i = 2; i < 16; i++) {
		all = v_add(all, u[i]);
		high = v_add(high, v_sra(u[i], 16));
	}
	low = v_sub(all, v_sll(high, 16));		/* < 15 * 2^16 */
	high = v_add(high, v_set(1 << 19));		/* in [0, 2^20) */
	/* 2^31 = 2^24 - 1 */
	top = v_srl(high, 15);
	z = v_sub(v_sll(top, 24), top);			/* < 2^29 */
	z = v_add(z, v_srl(v_sll(high, 17), 1));	/* + 2^31 */
	z = v_add(z, low);
	z = v_minu(z, v_sub(z, k->p));
	/* 2^35 = 2^28 - 16 was added */
	return canonical(v_sub(z, v_set((1 << 28) - 16)), k);
}

static inline void
internal_round(V u[16], int32_t rc, int32_t c, const struct modulus *k)
{
	V sum = sum15(u, k), v0, w;

	v0 = cube_scaled(v_add(u[0], v_set(rc)), v_set(c), k);
	v0 = canonical(v0, k);
	w = add(v0, sum, k);
	w = canonical(v_shrink(w, 23), k);
	u[0] = v_shrink(sub(sum, v0, k), 23);
#pragma GCC unroll 14
	for (int i = 1; i < 15; i++)
		u[i] = v_add(v_shrink(u[i], 24 - i), w);
	u[15] = v_add(v_shrink(u[15], 8), w);
}

/* s in [0, p).  Of the result, scaled by mu^81, all 16 elements. */
static inline void
permute_scaled(V s[16])
{
	const struct poseidon2_scaled *t = &poseidon2_scaled;
	const struct modulus k = modulus();

	external_layer(s, &k);
	for (int r = 0; r < 4; r++)
		external_round(s, t->external[r], &k);
	for (int r = 0; r < 20; r++)
		internal_round(s, t->internal[r], t->inverse_square[r], &k);
	/* (-p - 2^23 - 2, p + 2^23 + 2) -> [0, p) */
#pragma GCC unroll 16
	for (int i = 0; i < 16; i++) {
		s[i] = v_add(s[i], v_and(v_sra(s[i], 31), k.p));
		s[i] = canonical(s[i], &k);
		s[i] = v_minu(s[i], v_sub(s[i], k.p));
	}
	for (int r = 4; r < 8; r++)
		external_round(s, t->external[r], &k);
}

static inline void
unscale(V *s, int n)
{
	const struct modulus k = modulus();
	const V f = v_set(poseidon2_scaled.unscale);

	for (int i = 0; i < n; i++)
		s[i] = canonical(product(s[i], f, &k), &k);
}

/* ---- in and out ---- */

static inline void
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
static inline void
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

static inline void
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

/* The sponge keeps the state between blocks: it has to be unscaled whole. */
static void
leaves_lanes(digest *out, const kb *const *column, size_t width, size_t begin,
    size_t n)
{
	for (; n >= LANES; begin += LANES, n -= LANES, out += LANES) {
		V s[16];

		for (int i = 0; i < 16; i++)
			s[i] = v_zero();
		for (size_t j = 0; j < width; j += 8) {
			size_t m = width - j < 8 ? width - j : 8;

			if (j)
				unscale(s, 16);
			for (size_t i = 0; i < m; i++)
				s[i] = v_load(column[j + i] + begin);
			permute_scaled(s);
		}
		if (width)
			unscale(s, 8);
		put_digests(out, s);
	}
	hash_leaves_scalar(out, column, width, begin, n);
}

static void
rows_lanes(digest *out, const kb *row, size_t width, size_t begin, size_t end)
{
	for (; end - begin >= LANES; begin += LANES) {
		V s[16];

		for (int i = 0; i < 16; i++)
			s[i] = v_zero();
		for (size_t j = 0; j < width; j += 8) {
			if (j)
				unscale(s, 16);
			gather8(s, row + begin * width + j, width,
			    width - j < 8 ? (unsigned)(width - j) : 8);
			permute_scaled(s);
		}
		if (width)
			unscale(s, 8);
		put_digests(out + begin, s);
	}
	hash_rows_scalar(out, row, width, begin, end);
}

static void
layer_lanes(digest *out, const digest *in, size_t begin, size_t end)
{
	for (; end - begin >= LANES; begin += LANES) {
		V s[16];

		gather8(s, in[2 * begin].c, 16, 8);
		gather8(s + 8, in[2 * begin + 1].c, 16, 8);
		permute_scaled(s);
		unscale(s, 8);
		put_digests(out + begin, s);
	}
	hash_layer_scalar(out, in, begin, end);
}

static uint32_t
grind16_lanes(const kb state[16], unsigned at, uint32_t from, uint32_t mask)
{
	uint32_t hit = 0;

	if (from > KB_P - 16)
		return grind16_scalar(state, at, from, mask);
	for (int k = 0; k < 16; k += LANES) {
		kb w[LANES], out[LANES];
		V s[16];

		for (int i = 0; i < 16; i++)
			s[i] = v_set(state[i].v);
		for (int i = 0; i < LANES; i++)
			w[i] = kb_from(from + (uint32_t)(k + i));
		s[at] = v_load(w);
		permute_scaled(s);
		unscale(s + 7, 1);
		v_store(out, s[7]);
		for (int i = 0; i < LANES; i++)
			if (!(kb_to(out[i]) & mask))
				hit |= 1u << (k + i);
	}
	return hit;
}
