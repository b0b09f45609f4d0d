#include "recursion/verify.h"

/* r, r^2, ..., r^n. */
static eexpr *
powers(struct circuit *c, ext r, unsigned n)
{
	eexpr *v = circuit_alloc(c, n + 1, sizeof *v);
	eexpr next = e_mul(c, e_k(1), e_var(r));

	for (unsigned i = 0; i < n; i++) {
		v[i] = next;
		next = e_mul(c, next, e_var(r));
	}
	return v;
}

/* Main columns first. */
static eexpr
batch(struct circuit *c, const struct air_chip *chip, const struct chip_var *x,
    const eexpr *power)
{
	eexpr sum = e_k(0);

	for (unsigned i = 0; i < chip->main_width + chip->prep_width; i++) {
		ext v = i < chip->main_width ? x->main[i] :
		    x->prep[i - chip->main_width];

		sum = e_add(c, sum, e_mul(c, e_var(v), power[i]));
	}
	return sum;
}

/* The height's bits are bits, and none is set beside the highest. */
static void
check_height(struct circuit *c, const eexpr *bit, unsigned n, ext zero, ext one)
{
	for (unsigned i = 0; i < n; i++) {
		e_assert_eq(c, e_mul(c, bit[i],
		    e_sub(c, bit[i], e_var(one))), e_var(zero));
		if (i > 0)
			e_assert_eq(c, e_mul(c, bit[i], bit[0]), e_var(zero));
	}
}

/* All columns are one variable that is zero. */
static ext
padded_row(struct circuit *c, const struct replay *r,
    const struct air_chip *chip, const felt *public_values, ext alpha)
{
	ext zero = e_eval(c, e_k(0));
	struct chip_var row;

	row.main = circuit_alloc(c, chip->main_width, sizeof *row.main);
	row.prep = circuit_alloc(c, chip->prep_width, sizeof *row.prep);
	for (unsigned i = 0; i < chip->main_width; i++)
		row.main[i] = zero;
	for (unsigned i = 0; i < chip->prep_width; i++)
		row.prep[i] = zero;
	return replay_constraints(c, r, &row, public_values, alpha);
}

struct zerocheck_var {
	ext zero, one, alpha, lambda;
	eexpr *power, eq, *point;	/* of one coordinate more */
};

/* rlc * lambda + eq * (constraints + openings) */
static ext
add_chip(struct circuit *c, const struct zerocheck_var *z,
    const struct proof_var *p, unsigned i, ext rlc)
{
	const struct air_chip *chip = p->shape->chip[i];
	const struct opened_var *o = &p->opened[i];
	unsigned n = p->shape->params->max_log_row + 1;
	eexpr *bit = circuit_alloc(c, n, sizeof *bit), geq, row, openings;
	struct replay *r = replay_new(c, chip);
	ext pad, real;

	for (unsigned j = 0; j < n; j++)
		bit[j] = e_felt(f_var(o->height[j]));
	check_height(c, bit, n, z->zero, z->one);
	geq = geq_eval(c, bit, z->point, n);
	pad = padded_row(c, r, chip, p->public_values, z->alpha);
	real = replay_constraints(c, r, &o->at, p->public_values, z->alpha);
	replay_free(r);
	row = e_sub(c, e_var(real), e_mul(c, e_var(pad), geq));
	openings = batch(c, chip, &o->at, z->power);
	return e_eval(c, e_add(c, e_mul(c, e_var(rlc), e_var(z->lambda)),
	    e_mul(c, z->eq, e_add(c, row, openings))));
}

static void
verify_claim(struct circuit *c, const struct zerocheck_var *z,
    const struct proof_var *p)
{
	const struct proof_shape *s = p->shape;
	eexpr *sum = circuit_alloc(c, s->nchips, sizeof *sum);
	eexpr claim = e_var(z->zero);

	for (unsigned i = 0; i < s->nchips; i++)
		sum[i] = batch(c, s->chip[i], &p->gkr.chip[i], z->power);
	for (unsigned i = 0; i < s->nchips; i++)
		claim = e_add(c, e_mul(c, e_var(z->lambda), claim), sum[i]);
	e_assert_eq(c, e_var(p->zerocheck.claim), claim);
}

static void
sample_challenges(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, struct zerocheck_var *z)
{
	const struct proof_shape *s = p->shape;
	unsigned n = s->params->max_log_row, widest = 0;
	ext r;

	z->zero = e_eval(c, e_k(0));
	z->one = e_eval(c, e_k(1));
	z->alpha = sample_ext(c, t);
	r = sample_ext(c, t);
	z->lambda = sample_ext(c, t);
	z->point = circuit_alloc(c, n + 1, sizeof *z->point);
	z->point[0] = e_var(z->zero);
	for (unsigned i = 0; i < n; i++)
		z->point[1 + i] = e_var(p->zerocheck.point[i]);
	z->eq = eq_eval(c, symbolic(c, p->gkr.point, n), z->point + 1, n);
	for (unsigned i = 0; i < s->nchips; i++) {
		unsigned w = s->chip[i]->main_width + s->chip[i]->prep_width;

		if (widest < w)
			widest = w;
	}
	z->power = powers(c, r, widest);
}

void
zerocheck_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p)
{
	const struct proof_shape *s = p->shape;
	struct zerocheck_var z;
	ext rlc;

	sample_challenges(c, t, p, &z);
	rlc = z.zero;
	for (unsigned i = 0; i < s->nchips; i++)
		rlc = add_chip(c, &z, p, i, rlc);
	e_assert_eq(c, e_var(rlc), e_var(p->zerocheck.eval));
	verify_claim(c, &z, p);
	sumcheck_verify(c, t, &p->zerocheck);
	observe_number(c, t, s->nchips);
	for (unsigned i = 0; i < s->nchips; i++) {
		observe_exts(c, t, p->opened[i].at.prep,
		    s->chip[i]->prep_width);
		observe_exts(c, t, p->opened[i].at.main,
		    s->chip[i]->main_width);
	}
}
