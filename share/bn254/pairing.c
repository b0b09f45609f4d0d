#include "bn254/pairing.h"

#define CURVE_X 0x44e992b44a6909f1u

/*
 * A number in digits 0, 1 and -1, no two neighbours of them other than 0: digit i is
 * bit i + 1 of three times it less bit i + 1 of itself.
 */
static int
digit(unsigned __int128 k, int i)
{
	return (int)(3 * k >> (i + 1) & 1) - (int)(k >> (i + 1) & 1);
}

/* What the loop multiplies with; its first digit, of 66, is left out, as is that of the
 * 63 of CURVE_X. */
#define LOOP ((unsigned __int128)6 * CURVE_X + 2)
#define LOOP_BITS 65
#define X_BITS 62

struct g2
g2_neg(struct g2 p)
{
	p.y = fq2_neg(p.y);
	return p;
}

struct g2
g2_frobenius(const struct g2 *p)
{
	return (struct g2){
		fq2_mul(fq2_conj(p->x), frobenius_xi[2]),
		fq2_mul(fq2_conj(p->y), frobenius_xi[3]), p->infinity
	};
}

struct proj { fq2 x, y, z; };	/* x = X / Z, y = Y / Z */

/*
 * Doubling and the tangent (Aranha, Karabina, Longa, Gebotys, Lopez, Faster explicit
 * formulas for computing pairings over ordinary curves, 2011, section 4).
 */
static struct line
double_step(struct proj *t)
{
	static const fq2 b3 = {	/* 9 / xi */
		{{{0x3baa927cb62e0d6au, 0xd71e7c52d1b664fdu,
		   0x03873e63d95d4664u, 0x0e75b5b1082ab8f4u}}},
		{{{0xaab7c6667596fe35u, 0x31d21a78bb6a27bau,
		   0x85dd7297680401ffu, 0x03c52d6adf39a7e9u}}}
	};
	fq2 b = fq2_square(t->y), c = fq2_square(t->z);
	fq2 e = fq2_mul(b3, c), f = fq2_add(fq2_double(e), e);
	fq2 h = fq2_sub(fq2_square(fq2_add(t->y, t->z)), fq2_add(b, c));
	fq2 xx = fq2_square(t->x), xy = fq2_mul(t->x, t->y);
	fq2 g = fq2_add(b, f), ee = fq2_square(e);
	struct line l = {
		fq2_neg(h), fq2_add(fq2_double(xx), xx), fq2_sub(e, b)
	};

	/* All three times 4, instead of halving xy and g. */
	t->x = fq2_double(fq2_mul(xy, fq2_sub(b, f)));
	ee = fq2_double(fq2_double(fq2_add(fq2_double(ee), ee)));
	t->y = fq2_sub(fq2_square(g), ee);
	t->z = fq2_double(fq2_double(fq2_mul(b, h)));
	return l;
}

/* t + q, and the line through both. */
static struct line
add_step(struct proj *t, const struct g2 *q)
{
	fq2 theta = fq2_sub(t->y, fq2_mul(q->y, t->z));
	fq2 lambda = fq2_sub(t->x, fq2_mul(q->x, t->z));
	fq2 c = fq2_square(theta), d = fq2_square(lambda);
	fq2 e = fq2_mul(d, lambda), f = fq2_mul(t->z, c);
	fq2 g = fq2_mul(t->x, d);
	fq2 h = fq2_sub(fq2_add(e, f), fq2_double(g));
	struct line l = {
		lambda, fq2_neg(theta),
		fq2_sub(fq2_mul(theta, q->x), fq2_mul(lambda, q->y))
	};

	t->x = fq2_mul(lambda, h);
	t->y = fq2_sub(fq2_mul(theta, fq2_sub(g, h)), fq2_mul(e, t->y));
	t->z = fq2_mul(t->z, e);
	return l;
}

/*
 * With Frobenius f, (6x + 2) Q + f(Q) - f^2(Q), where the lines end, is -f^3(Q) in the
 * subgroup and nowhere else: the norm of (6x + 2) + f - f^2 + f^3, f^2 = t f - q, t the
 * trace, has no more than r in common with the number of points on the twist (Dai, Lin,
 * Zhao, Zhou, Fast subgroup membership testings, 2022).  Should a step meet a case that
 * its formulas do not have, which none does in the subgroup, then Z stays 0.
 */
bool
g2_lines(struct g2_lines *out, const struct g2 *q)
{
	struct proj t = {q->x, q->y, fq2_one()};
	struct g2 minus = g2_neg(*q), f;
	struct line *l = out->line;

	out->infinity = q->infinity;
	if (q->infinity)
		return true;
	for (int i = LOOP_BITS - 1; i >= 0; i--) {
		int d = digit(LOOP, i);

		*l++ = double_step(&t);
		if (d != 0)
			*l++ = add_step(&t, d > 0 ? q : &minus);
	}
	f = g2_frobenius(q);
	*l++ = add_step(&t, &f);
	f = g2_frobenius(&f);
	f = g2_neg(f);
	*l++ = add_step(&t, &f);
	must(l == out->line + PAIRING_LINES);
	f = g2_frobenius(&f);
	return !fq2_is_zero(t.z) && fq2_eq(t.x, fq2_mul(f.x, t.z)) &&
	    fq2_eq(t.y, fq2_mul(f.y, t.z));
}

/* Multiplies by line k of each pair. */
static void
mul_lines(fq12 *r, const struct g1 *p, const struct g2_lines *const *q,
    size_t n, size_t k)
{
	for (size_t i = 0; i < n; i++) {
		const struct line *l = &q[i]->line[k];

		if (p[i].infinity || q[i]->infinity)
			continue;
		fq12_mul_line(r, r, fq2_mul_fq(l->a, p[i].y),
		    fq2_mul_fq(l->b, p[i].x), l->c);
	}
}

void
pairing_loop(fq12 *r, const struct g1 *p, const struct g2_lines *const *q,
    size_t n)
{
	size_t k = 0;

	fq12_one(r);
	for (int i = LOOP_BITS - 1; i >= 0; i--) {
		if (k > 0)
			fq12_square(r, r);
		mul_lines(r, p, q, n, k++);
		if (digit(LOOP, i) != 0)
			mul_lines(r, p, q, n, k++);
	}
	mul_lines(r, p, q, n, k++);
	mul_lines(r, p, q, n, k++);
}

/* Of the cyclotomic subgroup, where an inverse is a conjugate. */
static void
power_x(fq12 *r, const fq12 *a)
{
	fq12 t = *a, inverse;

	fq12_conj(&inverse, a);
	for (int i = X_BITS - 1; i >= 0; i--) {
		int d = digit(CURVE_X, i);

		fq12_cyclotomic_square(&t, &t);
		if (d != 0)
			fq12_mul(&t, &t, d > 0 ? a : &inverse);
	}
	*r = t;
}

/*
 * a^((q^12 - 1) / r) to the fixed power: first (q^6 - 1)(q^2 + 1), then the rest as
 * Fuentes-Castaneda, Knapp and Rodriguez-Henriquez have it (Faster hashing to G2,
 * 2011): b (12x^3 + 6x^2 + 4x), c (b + 2x), and
 * (c + 6x^2 + 1) + b q + c q^2 + (b - 1) q^3.
 */
static void
final_exponentiation(fq12 *r, const fq12 *a)
{
	fq12 f, t, b, c, six;

	fq12_inv(&t, a);
	fq12_conj(&f, a);
	fq12_mul(&f, &f, &t);
	fq12_frobenius(&t, &f);
	fq12_frobenius(&t, &t);
	fq12_mul(&f, &f, &t);

	power_x(&t, &f);
	fq12_cyclotomic_square(&t, &t);		/* 2x */
	fq12_cyclotomic_square(&b, &t);
	fq12_mul(&b, &b, &t);			/* 6x */
	power_x(&six, &b);			/* 6x^2 */
	fq12_cyclotomic_square(&c, &six);
	power_x(&c, &c);			/* 12x^3 */
	fq12_mul(&c, &c, &six);
	fq12_mul(&c, &c, &b);
	fq12_conj(&t, &t);
	fq12_mul(&b, &c, &t);

	fq12_mul(r, &c, &six);
	fq12_mul(r, r, &f);
	fq12_frobenius(&t, &b);
	fq12_mul(r, r, &t);
	fq12_frobenius(&c, &c);
	fq12_frobenius(&c, &c);
	fq12_mul(r, r, &c);
	fq12_conj(&f, &f);
	fq12_mul(&b, &b, &f);
	for (int i = 0; i < 3; i++)
		fq12_frobenius(&b, &b);
	fq12_mul(r, r, &b);
}

void
pairing(fq12 *r, const struct g1 *p, const struct g2_lines *const *q, size_t n)
{
	fq12 f;

	pairing_loop(&f, p, q, n);
	final_exponentiation(r, &f);
}

bool
pairing_loop_is_one(const fq12 *a)
{
	fq12 r;

	final_exponentiation(&r, a);
	return fq12_is_one(&r);
}

bool
pairing_is_one(const struct g1 *p, const struct g2_lines *const *q, size_t n)
{
	fq12 f;

	pairing_loop(&f, p, q, n);
	return pairing_loop_is_one(&f);
}
