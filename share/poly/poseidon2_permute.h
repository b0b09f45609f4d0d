#ifndef POLY_POSEIDON2_PERMUTE_H
#define POLY_POSEIDON2_PERMUTE_H
/*
 * Poseidon2 on VN states at once, element i of all of them in s[i] (field/vec.h).
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
#include "field/vec.h"
#include "poly/poseidon2_scaled.h"

/* x^3, in (-p, p) */
KERNEL vec
cube(vec x)
{
	wide w = w_of(x), square = w_high(s_reduce(w_muls(w, w)));

	return w_join(s_reduce(w_muls(square, w)));
}

/* x^2 (x c): c the same in all lanes. */
KERNEL vec
cube_scaled(vec x, vec c)
{
	wide w = w_of(x), square = w_high(s_reduce(w_muls(w, w)));
	wide scaled = w_high(s_reduce(w_muls(w, w_same(c))));

	return w_join(s_reduce(w_muls(square, scaled)));
}

/* From and to [0, p). */
KERNEL void
external_layer(vec s[16])
{
	vec sum[4];

	UNROLL(4)
	for (int i = 0; i < 16; i += 4) {
		vec *x = s + i;
		vec t01 = v_add(x[0], x[1]), t23 = v_add(x[2], x[3]);
		vec t = v_add(t01, t23);
		vec t1 = v_add(t, x[1]), t3 = v_add(t, x[3]);
		vec x0 = v_add(x[0], x[0]), x2 = v_add(x[2], x[2]);

		x[0] = v_add(t1, t01);
		x[1] = v_add(t1, x2);
		x[2] = v_add(t3, t23);
		x[3] = v_add(t3, x0);
	}
	UNROLL(4)
	for (int i = 0; i < 4; i++)
		sum[i] = v_add(v_add(s[i], s[i + 4]),
		    v_add(s[i + 8], s[i + 12]));
	UNROLL(16)
	for (int i = 0; i < 16; i++)
		s[i] = v_add(s[i], sum[i & 3]);
}

/* From and to [0, p).  rc: constants less p. */
KERNEL void
external_round(vec s[16], const int32_t rc[16])
{
	UNROLL(16)
	for (int i = 0; i < 16; i++)
		s[i] = s_fit(cube(u_add(s[i], u_set(rc[i]))));
	external_layer(s);
}

/* x / 2^n of any signed x, for 8 <= n <= 24, in (-p - 2^(31-n), 2^(31-n)]. */
#define s_shrink(x, n) (u_sub(u_sar(x, n), low_part(u_shl(x, 32 - (n)))))
/* 127/256 w: with w = 2^(32-n) l this is 127 * 2^(24-n) l, exactly. */
KERNEL vec
low_part(vec w)
{
	return u_sub(u_shr(w, 1), u_shr(w, 8));
}

/* The sum of u[1 .. 15], each above -2^31 and below 2^31, in [0, p).  High and
 * low halves apart: the first exact, the second by what is missing. */
KERNEL vec
sum15(const vec *u)
{
	vec all = u[1], high = u_sar(u[1], 16), low, top, z;

	UNROLL(14)
	for (int i = 2; i < 16; i++) {
		all = u_add(all, u[i]);
		high = u_add(high, u_sar(u[i], 16));
	}
	low = u_sub(all, u_shl(high, 16));		/* < 15 * 2^16 */
	DEBUG_ASSERT(u_below(low, 15 << 16));
	high = u_add(high, u_set(1 << 19));		/* in [0, 2^20) */
	DEBUG_ASSERT(u_below(high, 1 << 20));
	/* 2^31 = 2^24 - 1 */
	top = u_shr(high, 15);
	z = u_sub(u_shl(top, 24), top);			/* < 2^29 */
	z = u_add(z, u_shr(u_shl(high, 17), 1));	/* + 2^31 */
	z = u_add(z, low);
	z = u_min(z, u_sub(z, u_set(KB_P)));
	/* 2^35 = 2^28 - 16 was added */
	return s_fit(u_sub(z, u_set((1 << 28) - 16)));
}

/* Of what internal rounds leave. */
#define SIGNED_BOUND ((int64_t)KB_P + (1 << 23) + 2)

/* rc: as external_round(); c: mu^-2 */
KERNEL void
internal_round(vec u[16], int32_t rc, int32_t c)
{
	vec sum = sum15(u), v0, w;

	v0 = cube_scaled(u_add(u[0], u_set(rc)), u_set(c));
	v0 = s_fit(v0);
	w = v_add(v0, sum);
	w = s_fit(s_shrink(w, 23));
	u[0] = s_shrink(v_sub(sum, v0), 23);
	UNROLL(14)
	for (int i = 1; i < 15; i++)
		u[i] = u_add(s_shrink(u[i], 24 - i), w);
	u[15] = u_add(s_shrink(u[15], 8), w);
	for (int i = 0; i < 16; i++)
		DEBUG_ASSERT(s_within(u[i], SIGNED_BOUND));
}

/* s in [0, p).  Of the result, scaled by mu^81, all 16 elements. */
KERNEL void
permute_scaled(vec s[16], const struct poseidon2_scaled *t)
{
	external_layer(s);
	for (int r = 0; r < 4; r++)
		external_round(s, t->external[r]);
	for (int r = 0; r < 20; r++)
		internal_round(s, t->internal[r], t->inverse_square[r]);
	/* (-SIGNED_BOUND, SIGNED_BOUND) -> [0, p) */
	UNROLL(16)
	for (int i = 0; i < 16; i++) {
		/* p more where negative, twice; then what is above p */
		s[i] = u_add(s[i], u_and(u_sar(s[i], 31), u_set(KB_P)));
		s[i] = u_min(s[i], u_add(s[i], u_set(KB_P)));
		s[i] = u_min(s[i], u_sub(s[i], u_set(KB_P)));
	}
	for (int r = 4; r < 8; r++)
		external_round(s, t->external[r]);
}

/* The first n <= 16 elements, in [0, p), times mu^-81. */
KERNEL void
unscale(vec *s, int n, const struct poseidon2_scaled *t)
{
	const vec f = u_set(t->unscale);

	UNROLL(16)
	for (int i = 0; i < n; i++)
		s[i] = s_fit(s_mul(s[i], f));
}

#endif
