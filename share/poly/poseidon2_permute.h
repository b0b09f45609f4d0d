#ifndef POLY_POSEIDON2_PERMUTE_H
#define POLY_POSEIDON2_PERMUTE_H
/*
 * Poseidon2 on LANES states at once, element i of all of them in s[i]: after a
 * vocabulary (lanes_*.h).
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
#include "base/kernel.h"
#include "poly/hash.h"
#include "poly/poseidon2_scaled.h"

struct modulus { V p, ninv; };

KERNEL struct modulus
modulus(void)
{
	return (struct modulus){v_set(KB_P), v_set(KB_NINV)};
}

/* Of products t, the reduction in the high halves. */
KERNEL W
reduce(W t, const struct modulus *k)
{
	return w_sub(t, w_mul(w_mul(t, w_same(k->ninv)), w_same(k->p)));
}

/* (-p, p) -> [0, p) */
KERNEL V
canonical(V a, const struct modulus *k)
{
	return v_minu(a, v_add(a, k->p));
}

KERNEL V
add(V a, V b, const struct modulus *k)
{
	V s = v_add(a, b);

	return v_minu(s, v_sub(s, k->p));
}

KERNEL V
sub(V a, V b, const struct modulus *k)
{
	return canonical(v_sub(a, b), k);
}

/* a b / 2^32, in (-p, p) */
KERNEL V
product(V a, V b, const struct modulus *k)
{
	return w_join(reduce(w_mul(w_lanes(a), w_lanes(b)), k));
}

/* x^3, in (-p, p) */
KERNEL V
cube(V x, const struct modulus *k)
{
	W w = w_lanes(x), square = w_high(reduce(w_mul(w, w), k));

	return w_join(reduce(w_mul(square, w), k));
}

/* x^2 (x c): c the same in all lanes. */
KERNEL V
cube_scaled(V x, V c, const struct modulus *k)
{
	W w = w_lanes(x), square = w_high(reduce(w_mul(w, w), k));
	W scaled = w_high(reduce(w_mul(w, w_same(c)), k));

	return w_join(reduce(w_mul(square, scaled), k));
}

KERNEL void
external_layer(V s[16], const struct modulus *k)
{
	V sum[4];

	UNROLL(4)
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
	UNROLL(4)
	for (int i = 0; i < 4; i++)
		sum[i] = add(add(s[i], s[i + 4], k),
		    add(s[i + 8], s[i + 12], k), k);
	UNROLL(16)
	for (int i = 0; i < 16; i++)
		s[i] = add(s[i], sum[i & 3], k);
}

/* From and to [0, p).  rc: constants less p. */
KERNEL void
external_round(V s[16], const int32_t rc[16], const struct modulus *k)
{
	UNROLL(16)
	for (int i = 0; i < 16; i++)
		s[i] = canonical(cube(v_add(s[i], v_set(rc[i])), k), k);
	external_layer(s, k);
}

/* x / 2^n of any signed x, for 8 <= n <= 24, in (-p - 2^(31-n), 2^(31-n)]. */
#define v_shrink(x, n) (v_sub(v_sra(x, n), low_part(v_sll(x, 32 - (n)))))
KERNEL V
low_part(V w)
{
	return v_sub(v_srl(w, 1), v_srl(w, 8));
}

/* The sum of u[1 .. 15], each above -2^31 and below 2^31, in [0, p).  High and
 * low halves apart: the first exact, the second by what is missing. */
KERNEL V
sum15(const V *u, const struct modulus *k)
{
	V all = u[1], high = v_sra(u[1], 16), low, top, z;

	UNROLL(14)
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

KERNEL void
internal_round(V u[16], int32_t rc, int32_t c, const struct modulus *k)
{
	V sum = sum15(u, k), v0, w;

	v0 = cube_scaled(v_add(u[0], v_set(rc)), v_set(c), k);
	v0 = canonical(v0, k);
	w = add(v0, sum, k);
	w = canonical(v_shrink(w, 23), k);
	u[0] = v_shrink(sub(sum, v0, k), 23);
	UNROLL(14)
	for (int i = 1; i < 15; i++)
		u[i] = v_add(v_shrink(u[i], 24 - i), w);
	u[15] = v_add(v_shrink(u[15], 8), w);
}

/* s in [0, p).  Of the result, scaled by mu^81, all 16 elements. */
KERNEL void
permute_scaled(V s[16], const struct poseidon2_scaled *t)
{
	const struct modulus k = modulus();

	external_layer(s, &k);
	for (int r = 0; r < 4; r++)
		external_round(s, t->external[r], &k);
	for (int r = 0; r < 20; r++)
		internal_round(s, t->internal[r], t->inverse_square[r], &k);
	/* (-p - 2^23 - 2, p + 2^23 + 2) -> [0, p) */
	UNROLL(16)
	for (int i = 0; i < 16; i++) {
		s[i] = v_add(s[i], v_and(v_sra(s[i], 31), k.p));
		s[i] = canonical(s[i], &k);
		s[i] = v_minu(s[i], v_sub(s[i], k.p));
	}
	for (int r = 4; r < 8; r++)
		external_round(s, t->external[r], &k);
}

KERNEL void
unscale(V *s, int n, const struct poseidon2_scaled *t)
{
	const struct modulus k = modulus();
	const V f = v_set(t->unscale);

	UNROLL(16)
	for (int i = 0; i < n; i++)
		s[i] = canonical(product(s[i], f, &k), &k);
}

#endif
