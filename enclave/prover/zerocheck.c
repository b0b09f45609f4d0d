/*
 * Zerocheck (sp1-proof(7), Zerocheck).  A chip's polynomial is eq(zeta, x)
 * times C(x) - C(0) geq(x) + columns combined: eq of what is bound, times eq of
 * the round's variable, times a cubic, of which the rows give the values at 0,
 * 2 and 4 and the claim (as in gkr.c, without eq of what is bound) that at 1.
 */
#include "prover/phase.h"

#include "poly/mle.h"
#include "stark/params.h"
#include "stark/transcript.h"

struct chip_state {
	size_t n;		/* rows left */
	ef zero;		/* C of the row of zeros */
	ef geq;			/* at the last row left; 0 before it, 1 after */
	ef claim;
	ef q[4];
};

struct zerocheck {
	struct prove *p;
	struct chip_state *chip;
	const ef *zeta;
	ef alpha, batch, lambda;
	const ef **weight;
	ef *power;		/* batch^(k+1) */
};

static ef *
powers(struct prove *p, ef first, ef x, size_t n, bool backwards)
{
	ef *v = prove_alloc(p, &p->tmp, n + 1, sizeof *v), a = first;

	for (size_t i = 0; v && i < n; i++) {
		v[backwards ? n - 1 - i : i] = a;
		a = ef_mul(a, x);
	}
	return v;
}

static ef
combine(const ef *v, const ef *power, size_t n)
{
	ef s = EF_ZERO;

	for (size_t i = 0; i < n; i++)
		s = ef_add(s, ef_mul(v[i], power[i]));
	return s;
}

/* Claims, powers, and the rows of zeros. */
static int
begin(struct zerocheck *z)
{
	struct prove *p = z->p;
	const struct prover_shard *s = &p->shard;
	size_t widest = 0;
	kb *none;

	z->chip = prove_alloc(p, &p->tmp, s->nchips, sizeof *z->chip);
	z->weight = prove_alloc(p, &p->tmp, s->nchips, sizeof *z->weight);
	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;

		if (widest < a->main_width + a->prep_width)
			widest = a->main_width + a->prep_width;
	}
	z->power = powers(p, z->batch, z->batch, widest, false);
	none = prove_alloc(p, &p->tmp, widest + 1, sizeof *none);
	if (!z->chip || !z->weight || !z->power || !none)
		return -1;
	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;
		const struct chip_openings *o = &p->proof->gkr.chip[c];
		struct chip_state *t = &z->chip[c];

		if (!(z->weight[c] = powers(p, EF_ONE, z->alpha,
		    a->nconstraints, true)))
			return -1;
		t->n = s->chip[c].rows;
		t->zero = air_fold_row(a, none, none, s->public_values,
		    z->alpha);
		t->geq = EF_ZERO;
		t->claim = ef_add(combine(o->main.v, z->power, o->main.n),
		    combine(o->prep.v, z->power + o->main.n, o->prep.n));
	}
	return 0;
}

/* eq(first n coordinates of zeta, bits of index) */
static ef
eq_at(const ef *zeta, unsigned n, size_t index)
{
	ef r = EF_ONE;

	for (unsigned i = 0; i < n; i++)
		r = ef_mul(r, index >> (n - 1 - i) & 1 ? zeta[i] :
		    ef_sub(EF_ONE, zeta[i]));
	return r;
}

/* The cubic through its values at 0, 1, 2, 4. */
static void
cubic(ef q[4], ef y0, ef y1, ef y2, ef y4)
{
	kb half = kb_inv(kb_from(2)), third = kb_inv(kb_from(3));
	/* Newton's divided differences. */
	ef a = ef_sub(y1, y0), b = ef_sub(y2, y1);
	ef c = ef_mul_kb(ef_sub(y4, y2), half);
	ef ab = ef_mul_kb(ef_sub(b, a), half);
	ef bc = ef_mul_kb(ef_sub(c, b), third);
	ef abc = ef_mul_kb(ef_mul_kb(ef_sub(bc, ab), half), half);

	/* y0 + a X + ab X (X - 1) + abc X (X - 1) (X - 2) */
	q[0] = y0;
	q[1] = ef_add(ef_sub(a, ab), ef_add(abc, abc));
	q[2] = ef_sub(ab, ef_add(ef_add(abc, abc), abc));
	q[3] = abc;
}

/* A chip's cubic of the round over zeta's coordinate v, the last not bound. */
static void
chip_round(const struct zerocheck *z, struct chip_state *t,
    const struct zerocheck_sums *s, unsigned v, ef inv)
{
	size_t last = (t->n + 1) / 2 - 1;	/* pair that the rows end in */
	ef at = ef_mul(t->zero, eq_at(z->zeta, v, last));
	ef slope = ef_sub(s->column[1], s->column[0]), y[3], y1;

	for (unsigned i = 0; i < 3; i++) {
		kb x = kb_from(2 * i);
		ef geq = t->n % 2 == 0 ? ef_mul_kb(t->geq, x) : ef_add(t->geq,
		    ef_mul_kb(ef_sub(EF_ONE, t->geq), x));

		y[i] = ef_sub(s->constraint[i], ef_mul(at, geq));
		y[i] = ef_add(y[i], ef_add(s->column[0], ef_mul_kb(slope, x)));
	}
	y1 = ef_mul(ef_sub(t->claim, ef_mul(ef_sub(EF_ONE, z->zeta[v]), y[0])),
	    inv);
	cubic(t->q, y[0], y1, y[1], y[2]);
}

static void
chip_bind(struct chip_state *t, ef r)
{
	t->claim = ef_poly_eval(t->q, 4, r);
	t->geq = t->n % 2 == 0 ? ef_mul(t->geq, r) : ef_add(t->geq,
	    ef_mul(ef_sub(EF_ONE, t->geq), r));
	t->n = (t->n + 1) / 2;
}

static int
rounds(struct zerocheck *z, struct zerocheck_sums *sums)
{
	struct prove *p = z->p;
	struct sumcheck_proof *sc = &p->proof->zerocheck;
	size_t nchips = p->shard.nchips;
	ef bound = EF_ONE;

	for (unsigned v = p->params->max_log_row; v-- > 0;) {
		ef q[4] = {EF_ZERO, EF_ZERO, EF_ZERO, EF_ZERO}, m[5], r;
		ef inv = ef_inv(z->zeta[v]);

		p->b->zerocheck_sum(p->s, sums);
		for (size_t c = 0; c < nchips; c++) {
			struct chip_state *t = &z->chip[c];

			if (t->n)
				chip_round(z, t, &sums[c], v, inv);
			for (int i = 0; i < 4; i++)
				q[i] = ef_add(ef_mul(q[i], z->lambda),
				    t->n ? t->q[i] : EF_ZERO);
		}
		sumcheck_times_eq(m, q, 4, z->zeta[v], bound);
		r = sumcheck_round(p, sc, p->params->max_log_row - 1 - v, m);
		bound = ef_mul(bound, eq_bit(z->zeta[v], r));
		for (size_t c = 0; c < nchips; c++)
			if (z->chip[c].n)
				chip_bind(&z->chip[c], r);
		if (p->b->zerocheck_fold(p->s, r) < 0)
			return prove_no_memory(p);
	}
	return 0;
}

/* The opened values; each chip's claim must be what they give. */
static int
finish(struct zerocheck *z)
{
	struct prove *p = z->p;
	const struct prover_shard *s = &p->shard;
	size_t ncols = 0;
	ef *v;

	for (size_t c = 0; c < s->nchips; c++)
		ncols += p->proof->gkr.chip[c].main.n +
		    p->proof->gkr.chip[c].prep.n;
	if (!(v = prove_alloc(p, p->out, ncols, sizeof *v)))
		return -1;
	p->b->zerocheck_take(p->s, v);
	p->b->zerocheck_end(p->s);
	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;
		struct opened_chip *o = &p->proof->opened[c];
		const struct chip_state *t = &z->chip[c];
		ef want;

		o->main = (struct ef_vec){a->main_width, v};
		v += a->main_width;
		o->prep = (struct ef_vec){a->prep_width, v};
		v += a->prep_width;
		if (!t->n)
			continue;
		want = ef_sub(air_fold_point(a, o->main.v, o->prep.v,
		    s->public_values, z->alpha), ef_mul(t->zero, t->geq));
		want = ef_add(want, combine(o->main.v, z->power,
		    a->main_width + a->prep_width));
		if (!ef_eq(want, t->claim))
			return err_set(p->e, EX_SOFTWARE,
			    "a constraint of %s does not hold", a->name);
	}
	transcript_openings(&p->t, p->proof);
	return 0;
}

int
prove_zerocheck(struct prove *p)
{
	struct zerocheck z = {.p = p, .zeta = p->proof->gkr.point.v};
	struct zerocheck_sums *sums = prove_alloc(p, &p->tmp, p->shard.nchips,
	    sizeof *sums);
	ef claim = EF_ZERO;

	z.alpha = challenger_sample_ef(&p->t);
	z.batch = challenger_sample_ef(&p->t);
	z.lambda = challenger_sample_ef(&p->t);
	if (!sums || begin(&z) < 0)
		return -1;
	for (size_t c = 0; c < p->shard.nchips; c++)
		claim = ef_add(ef_mul(claim, z.lambda), z.chip[c].claim);
	if (sumcheck_begin(p, &p->proof->zerocheck, p->params->max_log_row,
	    STARK_MAX_DEGREE + 1, claim) < 0)
		return -1;
	if (p->b->zerocheck_begin(p->s, z.weight, z.power, z.zeta) < 0)
		return prove_no_memory(p);
	if (rounds(&z, sums) < 0)
		return -1;
	return finish(&z);
}
