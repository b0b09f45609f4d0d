#include "bn254/tower.h"

#include <string.h>

/* Four products, but two reductions: less than three of each. */
fq2
fq2_mul(fq2 a, fq2 b)
{
	return (fq2){
		fq_dot(a.c0, b.c0, fq_neg(a.c1), b.c1),
		fq_dot(a.c0, b.c1, a.c1, b.c0)
	};
}

fq2
fq2_square(fq2 a)
{
	fq t = fq_mul(a.c0, a.c1);

	return (fq2){
		fq_mul(fq_add(a.c0, a.c1), fq_sub(a.c0, a.c1)), fq_double(t)
	};
}

fq2
fq2_inv(fq2 a)
{
	fq n = fq_inv(fq_add(fq_square(a.c0), fq_square(a.c1)));

	return (fq2){fq_mul(a.c0, n), fq_neg(fq_mul(a.c1, n))};
}

/*
 * (x0 + x1 u)^2 = a means x0^2 - x1^2 = a0, 2 x0 x1 = a1; then x0^2 is one of
 * (a0 +- s) / 2 where s^2 = a0^2 + a1^2, and since -1 is no square, just one of the
 * two is a square.
 */
int
fq2_sqrt(fq2 *r, fq2 a)
{
	fq s, x0, x1;

	if (fq_is_zero(a.c1)) {
		if (fq_sqrt(&s, a.c0) == 0)
			*r = (fq2){s, FQ_ZERO};
		else if (fq_sqrt(&s, fq_neg(a.c0)) == 0)
			*r = (fq2){FQ_ZERO, s};
		else
			return -1;
		return 0;
	}
	if (fq_sqrt(&s, fq_add(fq_square(a.c0), fq_square(a.c1))))
		return -1;
	if (fq_sqrt(&x0, fq_halve(fq_add(a.c0, s))) &&
	    fq_sqrt(&x0, fq_halve(fq_sub(a.c0, s))))
		return -1;
	x1 = fq_mul(fq_halve(a.c1), fq_inv(x0));
	*r = (fq2){x0, x1};
	return 0;
}

bool
fq2_is_large(fq2 a)
{
	return fq_is_large(fq_is_zero(a.c1) ? a.c0 : a.c1);
}

/* (9 + u) a */
static inline fq2
mul_xi(fq2 a)
{
	fq2 t = fq2_double(fq2_double(fq2_double(a)));

	return (fq2){
		fq_sub(fq_add(t.c0, a.c0), a.c1),
		fq_add(fq_add(t.c1, a.c1), a.c0)
	};
}

static inline void
fq6_add(fq6 *r, const fq6 *a, const fq6 *b)
{
	for (int i = 0; i < 3; i++)
		r->c[i] = fq2_add(a->c[i], b->c[i]);
}

static inline void
fq6_sub(fq6 *r, const fq6 *a, const fq6 *b)
{
	for (int i = 0; i < 3; i++)
		r->c[i] = fq2_sub(a->c[i], b->c[i]);
}

static inline void
fq6_neg(fq6 *r, const fq6 *a)
{
	for (int i = 0; i < 3; i++)
		r->c[i] = fq2_neg(a->c[i]);
}

static inline void
fq6_mul_v(fq6 *r, const fq6 *a)
{
	*r = (fq6){{mul_xi(a->c[2]), a->c[0], a->c[1]}};
}

/* a_i b_j + a_j b_i, given a_i b_i and a_j b_j */
static inline fq2
cross(const fq6 *a, const fq6 *b, int i, int j, fq2 ii, fq2 jj)
{
	fq2 s = fq2_mul(fq2_add(a->c[i], a->c[j]), fq2_add(b->c[i], b->c[j]));

	return fq2_sub(fq2_sub(s, ii), jj);
}

static void
fq6_mul(fq6 *r, const fq6 *a, const fq6 *b)
{
	fq2 t0 = fq2_mul(a->c[0], b->c[0]);
	fq2 t1 = fq2_mul(a->c[1], b->c[1]);
	fq2 t2 = fq2_mul(a->c[2], b->c[2]);
	fq2 t12 = cross(a, b, 1, 2, t1, t2);
	fq2 t01 = cross(a, b, 0, 1, t0, t1);
	fq2 t02 = cross(a, b, 0, 2, t0, t2);

	*r = (fq6){{
		fq2_add(t0, mul_xi(t12)), fq2_add(t01, mul_xi(t2)),
		fq2_add(t02, t1)
	}};
}

/* a (b0 + b1 v) */
static void
fq6_mul_01(fq6 *r, const fq6 *a, fq2 b0, fq2 b1)
{
	fq2 t0 = fq2_mul(a->c[0], b0), t1 = fq2_mul(a->c[1], b1);
	fq2 s = fq2_mul(fq2_add(a->c[0], a->c[1]), fq2_add(b0, b1));
	fq2 u0 = fq2_mul(a->c[2], b1), u1 = fq2_mul(a->c[2], b0);

	*r = (fq6){{
		fq2_add(t0, mul_xi(u0)), fq2_sub(fq2_sub(s, t0), t1),
		fq2_add(t1, u1)
	}};
}

static void
fq6_inv(fq6 *r, const fq6 *a)
{
	const fq2 *c = a->c;
	/* The first column of the adjoint of multiplication by a. */
	fq2 t0 = fq2_sub(fq2_square(c[0]), mul_xi(fq2_mul(c[1], c[2])));
	fq2 t1 = fq2_sub(mul_xi(fq2_square(c[2])), fq2_mul(c[0], c[1]));
	fq2 t2 = fq2_sub(fq2_square(c[1]), fq2_mul(c[0], c[2]));
	fq2 n = fq2_add(fq2_mul(c[0], t0), mul_xi(fq2_add(fq2_mul(c[2], t1),
	    fq2_mul(c[1], t2))));

	n = fq2_inv(n);
	*r = (fq6){{fq2_mul(t0, n), fq2_mul(t1, n), fq2_mul(t2, n)}};
}

void
fq12_one(fq12 *r)
{
	memset(r, 0, sizeof *r);
	r->c0.c[0] = fq2_one();
}

void
fq12_mul(fq12 *r, const fq12 *a, const fq12 *b)
{
	fq6 t0, t1, sa, sb, s;

	fq6_mul(&t0, &a->c0, &b->c0);
	fq6_mul(&t1, &a->c1, &b->c1);
	fq6_add(&sa, &a->c0, &a->c1);
	fq6_add(&sb, &b->c0, &b->c1);
	fq6_mul(&s, &sa, &sb);
	fq6_sub(&s, &s, &t0);
	fq6_sub(&r->c1, &s, &t1);
	fq6_mul_v(&t1, &t1);
	fq6_add(&r->c0, &t0, &t1);
}

/* c0^2 + v c1^2 = (c0 + c1) (c0 + v c1) - (1 + v) c0 c1 */
void
fq12_square(fq12 *r, const fq12 *a)
{
	fq6 s, t, p;

	fq6_mul(&p, &a->c0, &a->c1);
	fq6_mul_v(&t, &a->c1);
	fq6_add(&t, &t, &a->c0);
	fq6_add(&s, &a->c0, &a->c1);
	fq6_mul(&s, &s, &t);
	fq6_sub(&s, &s, &p);
	fq6_mul_v(&t, &p);
	fq6_sub(&r->c0, &s, &t);
	fq6_add(&r->c1, &p, &p);
}

void
fq12_conj(fq12 *r, const fq12 *a)
{
	r->c0 = a->c0;
	fq6_neg(&r->c1, &a->c1);
}

void
fq12_inv(fq12 *r, const fq12 *a)
{
	fq6 t0, t1;

	fq6_mul(&t0, &a->c0, &a->c0);
	fq6_mul(&t1, &a->c1, &a->c1);
	fq6_mul_v(&t1, &t1);
	fq6_sub(&t0, &t0, &t1);
	fq6_inv(&t0, &t0);
	fq6_mul(&r->c0, &a->c0, &t0);
	fq6_mul(&t1, &a->c1, &t0);
	fq6_neg(&r->c1, &t1);
}

const fq2 frobenius_xi[6] = {
	{{{{0xd35d438dc58f0d9du, 0x0a78eb28f5c70b3du,
	    0x666ea36f7879462cu, 0x0e0a77c19a07df2fu}}},
	 {{{0}}}},
	{{{{0xaf9ba69633144907u, 0xca6b1d7387afb78au,
	    0x11bded5ef08a2087u, 0x02f34d751a1f3a7cu}}},
	 {{{0xa222ae234c492d72u, 0xd00f02a4565de15bu,
	    0xdc2ff3a253dfc926u, 0x10a75716b3899551u}}}},
	{{{{0xb5773b104563ab30u, 0x347f91c8a9aa6454u,
	    0x7a007127242e0991u, 0x1956bcd8118214ecu}}},
	 {{{0x6e849f1ea0aa4757u, 0xaa1c7b6d89f89141u,
	    0xb6e713cdfae0ca3au, 0x26694fbb4e82ebc3u}}}},
	{{{{0xe4bbdd0c2936b629u, 0xbb30f162e133bacbu,
	    0x31a9d1b6f9645366u, 0x253570bea500f8ddu}}},
	 {{{0xa1d77ce45ffe77c7u, 0x07affd117826d1dbu,
	    0x6d16bd27bb7edc6bu, 0x2c87200285defeccu}}}},
	{{{{0x7361d77f843abe92u, 0xa5bb2bd3273411fbu,
	    0x9c941f314b3e2399u, 0x15df9cddbb9fd3ecu}}},
	 {{{0x5dddfd154bd8c949u, 0x62cb29a5a4445b60u,
	    0x37bc870a0c7dd2b9u, 0x24830a9d3171f0fdu}}}},
	{{{{0xc970692f41690fe7u, 0xe240342127694b0bu,
	    0x32bee66b83c459e8u, 0x12aabced0ab08841u}}},
	 {{{0x0d485d2340aebfa9u, 0x05193418ab2fcc57u,
	    0xd3b0a40b8a4910f5u, 0x2f21ebb535d2925au}}}}
};

void
fq12_frobenius(fq12 *r, const fq12 *a)
{
	for (int i = 0; i < 3; i++) {
		r->c0.c[i] = fq2_mul(fq2_conj(a->c0.c[i]),
		    frobenius_xi[2 * i]);
		r->c1.c[i] = fq2_mul(fq2_conj(a->c1.c[i]),
		    frobenius_xi[2 * i + 1]);
	}
}

bool
fq12_is_one(const fq12 *a)
{
	fq12 one;

	fq12_one(&one);
	return memcmp(a, &one, sizeof one) == 0;
}

void
fq12_mul_line(fq12 *r, const fq12 *a, fq2 l0, fq2 l1, fq2 l3)
{
	fq6 t0, t1, s;

	for (int i = 0; i < 3; i++)
		t0.c[i] = fq2_mul(a->c0.c[i], l0);
	fq6_mul_01(&t1, &a->c1, l1, l3);
	fq6_add(&s, &a->c0, &a->c1);
	fq6_mul_01(&s, &s, fq2_add(l0, l1), l3);
	fq6_sub(&s, &s, &t0);
	fq6_sub(&r->c1, &s, &t1);
	fq6_mul_v(&t1, &t1);
	fq6_add(&r->c0, &t0, &t1);
}

/* (a + b s)^2 in Fq4 = Fq2[s] / (s^2 - xi) */
static inline void
fq4_square(fq2 *r0, fq2 *r1, fq2 a, fq2 b)
{
	fq2 t0 = fq2_square(a), t1 = fq2_square(b);

	*r1 = fq2_sub(fq2_sub(fq2_square(fq2_add(a, b)), t0), t1);
	*r0 = fq2_add(t0, mul_xi(t1));
}

static inline fq2
triple_less(fq2 t, fq2 z)	/* 3 t - 2 z */
{
	return fq2_add(fq2_double(fq2_sub(t, z)), t);
}

static inline fq2
triple_more(fq2 t, fq2 z)	/* 3 t + 2 z */
{
	return fq2_add(fq2_double(fq2_add(t, z)), t);
}

/*
 * Granger and Scott, Faster squaring in the cyclotomic subgroup, 2010: with s = w^3 the
 * element has three coefficients in Fq4, and what holds for the subgroup makes each
 * coefficient of its square three times a square less twice a conjugate.
 */
void
fq12_cyclotomic_square(fq12 *r, const fq12 *a)
{
	fq2 x0, x1, y0, y1, z0, z1;

	/* pairs of powers of w: 0 and 3, 1 and 4, 2 and 5 */
	fq4_square(&x0, &x1, a->c0.c[0], a->c1.c[1]);
	fq4_square(&y0, &y1, a->c1.c[0], a->c0.c[2]);
	fq4_square(&z0, &z1, a->c0.c[1], a->c1.c[2]);
	r->c0.c[0] = triple_less(x0, a->c0.c[0]);
	r->c1.c[1] = triple_more(x1, a->c1.c[1]);
	r->c0.c[1] = triple_less(y0, a->c0.c[1]);
	r->c1.c[2] = triple_more(y1, a->c1.c[2]);
	r->c0.c[2] = triple_less(z0, a->c0.c[2]);
	r->c1.c[0] = triple_more(mul_xi(z1), a->c1.c[0]);
}
