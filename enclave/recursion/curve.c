/*
 * Sums of digests on the septic curve (field/septic.h): each addition is hinted and
 * checked (sp1-proof(7), Recursion verifiers).
 */
#include "recursion/gadgets.h"

#include "field/septic.h"

typedef struct { fexpr c[7]; } sexpr;

static sexpr
s_var(const felt x[7])
{
	sexpr r;

	for (int i = 0; i < 7; i++)
		r.c[i] = f_var(x[i]);
	return r;
}

static sexpr
s_add(struct circuit *c, const sexpr *a, const sexpr *b)
{
	sexpr r;

	for (int i = 0; i < 7; i++)
		r.c[i] = f_add(c, a->c[i], b->c[i]);
	return r;
}

static sexpr
s_sub(struct circuit *c, const sexpr *a, const sexpr *b)
{
	sexpr r;

	for (int i = 0; i < 7; i++)
		r.c[i] = f_sub(c, a->c[i], b->c[i]);
	return r;
}

/* z^7 = 3z + 5 */
static sexpr
s_mul(struct circuit *c, const sexpr *a, const sexpr *b)
{
	fexpr t[13];
	sexpr r;

	for (int i = 0; i < 13; i++)
		t[i] = f_k(0);
	for (int i = 0; i < 7; i++)
		for (int j = 0; j < 7; j++)
			t[i + j] = f_add(c, t[i + j],
			    f_mul(c, a->c[i], b->c[j]));
	for (int i = 0; i < 7; i++)
		r.c[i] = t[i];
	for (int i = 7; i < 13; i++) {
		r.c[i - 7] = f_add(c, r.c[i - 7], f_mul(c, t[i], f_k(5)));
		r.c[i - 6] = f_add(c, r.c[i - 6], f_mul(c, t[i], f_k(3)));
	}
	return r;
}

/* (x1 + x2 + x3) (x2 - x1)^2 - (y2 - y1)^2, zero if the third is the sum. */
static sexpr
check_x(struct circuit *c, const sexpr x[3], const sexpr y[3])
{
	sexpr a = s_add(c, &x[0], &x[1]), b, d;

	a = s_add(c, &a, &x[2]);
	d = s_sub(c, &x[1], &x[0]);
	d = s_mul(c, &d, &d);
	a = s_mul(c, &a, &d);
	b = s_sub(c, &y[1], &y[0]);
	b = s_mul(c, &b, &b);
	return s_sub(c, &a, &b);
}

/* (y1 + y3) (x2 - x1) - (y2 - y1) (x1 - x3) */
static sexpr
check_y(struct circuit *c, const sexpr x[3], const sexpr y[3])
{
	sexpr a = s_add(c, &y[0], &y[2]), b, d;

	d = s_sub(c, &x[1], &x[0]);
	a = s_mul(c, &a, &d);
	b = s_sub(c, &y[1], &y[0]);
	d = s_sub(c, &x[0], &x[2]);
	b = s_mul(c, &b, &d);
	return s_sub(c, &a, &b);
}

static struct curve_var
curve_add(struct circuit *c, const struct curve_var *a,
    const struct curve_var *b)
{
	struct curve_var r = hint_curve(c, a, b);
	sexpr x[3] = {s_var(a->x), s_var(b->x), s_var(r.x)};
	sexpr y[3] = {s_var(a->y), s_var(b->y), s_var(r.y)};
	sexpr zero[2];

	zero[0] = check_x(c, x, y);
	zero[1] = check_y(c, x, y);
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < 7; i++)
			f_assert_eq(c, zero[k].c[i], f_k(0));
	return r;
}

static struct curve_var
constant(struct circuit *c, const struct septic_point *p)
{
	struct curve_var r;

	for (int i = 0; i < 7; i++)
		r.x[i] = f_eval(c, f_kb(p->x.c[i]));
	for (int i = 0; i < 7; i++)
		r.y[i] = f_eval(c, f_kb(p->y.c[i]));
	return r;
}

struct curve_var
curve_zero(struct circuit *c)
{
	return constant(c, &septic_start);
}

static struct septic_point
negated(struct septic_point p)
{
	p.y = septic_neg(p.y);
	return p;
}

struct curve_var
curve_sum(struct circuit *c, const struct curve_var *digest, unsigned n)
{
	struct septic_point minus_offset = negated(septic_sum_start);
	struct septic_point minus_zero = negated(septic_start);
	struct curve_var sum = constant(c, &septic_sum_start), back, off;

	curve_zero(c);
	off = constant(c, &minus_offset);
	back = constant(c, &minus_zero);
	for (unsigned i = 0; i < n; i++) {
		sum = curve_add(c, &sum, &digest[i]);
		if (i + 1 < n)
			sum = curve_add(c, &sum, &back);
	}
	return curve_add(c, &sum, &off);
}
