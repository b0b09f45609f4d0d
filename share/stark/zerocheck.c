/*
 * Zerocheck (sp1-proof(7), Zerocheck): every chip's constraints vanish on its
 * rows, and the columns' openings at the GKR point reduce to openings at a new
 * one.
 */
#include "stark/check.h"

#include "poly/mle.h"

ef
mle_geq(uint32_t height, const ef *point, unsigned n)
{
	ef acc = EF_ONE;

	for (unsigned i = 0; i < n; i++) {
		ef y = point[n - 1 - i];

		if (height >> i & 1)
			acc = ef_mul(y, acc);
		else
			acc = ef_add(ef_mul(ef_sub(EF_ONE, y), acc), y);
	}
	/* The point's coordinate above the n is 0. */
	return height >> n & 1 ? EF_ZERO : acc;
}

/* Sum of r^k * value_k, k from 1: main columns, then preprocessed ones. */
static ef
batch(ef r, const struct ef_vec *main, const struct ef_vec *prep)
{
	ef sum = EF_ZERO;

	for (size_t i = prep->n; i-- > 0;)
		sum = ef_mul(ef_add(sum, prep->v[i]), r);
	for (size_t i = main->n; i-- > 0;)
		sum = ef_mul(ef_add(sum, main->v[i]), r);
	return sum;
}

/* What the last polynomial's value must be: the chips' polynomials at the
 * point, from the opened values. */
static int
evaluate(struct shard_check *c, ef alpha, ef r, ef lambda, ef *out)
{
	const struct shard_proof *p = c->p;
	const ef *point = p->zerocheck.point.v;
	const kb *pv = p->public_values.v;
	unsigned n = c->params->max_log_row, widest = 1;
	ef *zeros, sum = EF_ZERO;

	for (unsigned i = 0; i < c->nchips; i++) {
		if (widest < c->chip[i]->main_width)
			widest = c->chip[i]->main_width;
		if (widest < c->chip[i]->prep_width)
			widest = c->chip[i]->prep_width;
	}
	zeros = check_alloc(c, widest, sizeof *zeros);
	if (zeros == NULL)
		return -1;
	for (unsigned i = 0; i < c->nchips; i++) {
		const struct air_chip *chip = c->chip[i];
		const struct opened_chip *o = &p->opened[i];
		ef row = air_fold_point(chip, o->main.v, o->prep.v, pv, alpha);
		ef pad = air_fold_point(chip, zeros, zeros, pv, alpha);

		row = ef_sub(row,
		    ef_mul(pad, mle_geq(c->height[i], point, n)));
		sum = ef_add(ef_mul(sum, lambda),
		    ef_add(row, batch(r, &o->main, &o->prep)));
	}
	*out = ef_mul(sum, mle_eq(p->gkr.point.v, point, n));
	return 0;
}

int
check_zerocheck(struct shard_check *c)
{
	const struct shard_proof *p = c->p;
	ef alpha = challenger_sample_ef(&c->t);
	ef r = challenger_sample_ef(&c->t);
	ef lambda = challenger_sample_ef(&c->t);
	ef claim = EF_ZERO, want;

	for (unsigned i = 0; i < c->nchips; i++)
		claim = ef_add(ef_mul(claim, lambda),
		    batch(r, &p->gkr.chip[i].main, &p->gkr.chip[i].prep));
	if (!ef_eq(claim, p->zerocheck.claim))
		return check_refuse(c, "zerocheck: the claim is not that of "
		    "the LogUp-GKR openings");
	if (check_sumcheck(c, &p->zerocheck, c->params->max_log_row,
	    STARK_MAX_DEGREE + 1, "zerocheck") ||
	    evaluate(c, alpha, r, lambda, &want))
		return -1;
	if (!ef_eq(p->zerocheck.eval, want))
		return check_refuse(c, "zerocheck: the constraints do not hold "
		    "at the opened values");
	transcript_openings(&c->t, p);
	return 0;
}
