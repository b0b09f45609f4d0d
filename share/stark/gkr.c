/*
 * LogUp-GKR (sp1-proof(7), LogUp-GKR): the fractions of all interactions sum to
 * what the public values' interactions leave, and the openings of the traces
 * are what the first layer's fractions are made of.
 */
#include "stark/check.h"

#include "poly/mle.h"

struct fingerprint {
	ef alpha;
	ef *beta;		/* eq table of the seed */
};

/* alpha + beta_0 * kind + sum of beta_(j+1) * value_j, on extension
 * elements. */
static ef
denominator_at(const struct fingerprint *f, const struct air_interaction *it,
    const struct air_chip *chip, const ef *main, const ef *prep)
{
	ef d = ef_add(f->alpha,
	    ef_mul_kb(f->beta[0], kb_from((uint32_t)it->kind)));

	for (unsigned j = 0; j < it->nvalues; j++)
		d = ef_add(d, ef_mul(f->beta[j + 1], air_affine_point(
		    &it->value[j], chip->main_width, main, prep)));
	return d;
}

/* The same on a row of base-field elements; NULL is the row of zeros. */
static ef
denominator_row(const struct fingerprint *f, const struct air_interaction *it,
    const kb *row)
{
	ef d = ef_add(f->alpha,
	    ef_mul_kb(f->beta[0], kb_from((uint32_t)it->kind)));

	for (unsigned j = 0; j < it->nvalues; j++) {
		kb v = row == NULL ? it->value[j].constant : air_affine_row(
		    &it->value[j], AIR_PUBLIC_VALUES, row, NULL);

		d = ef_add(d, ef_mul_kb(f->beta[j + 1], v));
	}
	return d;
}

static int
check_public_values(struct shard_check *c, const struct fingerprint *f,
    ef challenge, ef *sum)
{
	const struct air_chip *pv = &c->machine->public_values;
	const kb *row = c->p->public_values.v;
	unsigned n = pv->nsends + pv->nreceives;

	if (!ef_is_zero(air_fold_row(pv, row, NULL, row, challenge)))
		return check_refuse(c, "public values: a constraint on them "
		    "does not hold");
	*sum = EF_ZERO;
	for (unsigned i = 0; i < n; i++) {
		const struct air_interaction *it = &pv->interaction[i];
		ef d = denominator_row(f, it, row);
		kb m = air_affine_row(&it->mult, AIR_PUBLIC_VALUES, row, NULL);

		if (ef_is_zero(d))
			return check_refuse(c, "public values: the fingerprint "
			    "of interaction %u is zero", i);
		d = ef_mul_kb(ef_inv(d), m);
		*sum = it->send ? ef_add(*sum, d) : ef_sub(*sum, d);
	}
	return 0;
}

static int
check_output(struct shard_check *c, ef public_sum)
{
	const struct gkr_proof *g = &c->p->gkr;
	size_t n = g->denominator.n;
	ef *inv = check_alloc(c, n, sizeof *inv);

	if (inv == NULL)
		return -1;
	transcript_efs(&c->t, g->numerator.v, n);
	transcript_efs(&c->t, g->denominator.v, n);
	for (size_t i = 0; i < n; i++)
		if (ef_is_zero(g->denominator.v[i]))
			return check_refuse(c, "LogUp-GKR: denominator %zu of "
			    "the output is zero", i);
	ef_inv_many(inv, g->denominator.v, n);
	for (size_t i = 0; i < n; i++)
		public_sum = ef_add(public_sum,
		    ef_mul(g->numerator.v[i], inv[i]));
	if (!ef_is_zero(public_sum))
		return check_refuse(c, "LogUp-GKR: the output's fractions do "
		    "not cancel those of the public values");
	return 0;
}

/* Where the layers lead: a point, and what the first layer's tables are
 * there. */
struct gkr_claim { ef *point; ef numerator, denominator; };

static int
check_layer(struct shard_check *c, unsigned i, struct gkr_claim *claim)
{
	const struct gkr_round *r = &c->p->gkr.round[i];
	unsigned nvars = c->log_interactions + 1 + i;
	ef lambda = challenger_sample_ef(&c->t), cross, want, last;
	char what[32];

	snprintf(what, sizeof what, "LogUp-GKR: layer %u's", i);
	if (!ef_eq(r->sc.claim, ef_add(ef_mul(claim->numerator, lambda),
	    claim->denominator)))
		return check_refuse(c, "%s sumcheck: the claim is not the "
		    "layer's before", what);
	if (check_sumcheck(c, &r->sc, nvars, 3, what))
		return -1;
	cross = ef_add(ef_mul(r->n0, r->d1), ef_mul(r->n1, r->d0));
	want = ef_mul(mle_eq(r->sc.point.v, claim->point, nvars),
	    ef_add(ef_mul(cross, lambda), ef_mul(r->d0, r->d1)));
	if (!ef_eq(r->sc.eval, want))
		return check_refuse(c, "%s evaluation is not that of its "
		    "fractions", what);
	challenger_observe_ef(&c->t, r->n0);
	challenger_observe_ef(&c->t, r->n1);
	challenger_observe_ef(&c->t, r->d0);
	challenger_observe_ef(&c->t, r->d1);

	last = challenger_sample_ef(&c->t);
	for (unsigned k = 0; k < nvars; k++)
		claim->point[k] = r->sc.point.v[k];
	claim->point[nvars] = last;
	claim->numerator = ef_add(r->n0, ef_mul(ef_sub(r->n1, r->n0), last));
	claim->denominator = ef_add(r->d0, ef_mul(ef_sub(r->d1, r->d0), last));
	return 0;
}

static int
check_layers(struct shard_check *c, struct gkr_claim *claim)
{
	const struct gkr_proof *g = &c->p->gkr;
	unsigned nvars = c->log_interactions + 1;

	claim->point = check_alloc(c, nvars + g->nrounds, sizeof(ef));
	if (claim->point == NULL)
		return -1;
	for (unsigned i = 0; i < nvars; i++)
		claim->point[i] = challenger_sample_ef(&c->t);
	claim->numerator = mle_eval_ef(g->numerator.v, g->numerator.n,
	    claim->point, nvars);
	claim->denominator = mle_eval_ef(g->denominator.v, g->denominator.n,
	    claim->point, nvars);
	for (unsigned i = 0; i < g->nrounds; i++)
		if (check_layer(c, i, claim))
			return -1;
	for (unsigned i = 0; i < c->params->max_log_row; i++)
		if (!ef_eq(g->point.v[i],
		    claim->point[c->log_interactions + i]))
			return check_refuse(c, "LogUp-GKR: coordinate %u of "
			    "the openings' point is not where the layers lead",
			    i);
	return 0;
}

/* The openings give the first layer: each interaction's fraction, with 0/1
 * beyond a chip's height. */
static int
check_first_layer(struct shard_check *c, const struct fingerprint *f,
    const struct gkr_claim *claim)
{
	const struct gkr_proof *g = &c->p->gkr;
	ef *eq = check_alloc(c, (size_t)1 << c->log_interactions, sizeof *eq);
	ef n = EF_ZERO, d = EF_ONE;
	size_t k = 0;

	if (eq == NULL)
		return -1;
	mle_eq_table(eq, claim->point, c->log_interactions);
	for (unsigned i = 0; i < c->nchips; i++) {
		const struct air_chip *chip = c->chip[i];
		const ef *main = g->chip[i].main.v, *prep = g->chip[i].prep.v;
		ef beyond = mle_geq(c->height[i], g->point.v,
		    c->params->max_log_row);
		unsigned ni = chip->nsends + chip->nreceives;

		for (unsigned j = 0; j < ni; j++, k++) {
			const struct air_interaction *it =
			    &chip->interaction[j];
			ef in = air_affine_point(&it->mult, chip->main_width,
			    main, prep);
			ef id = denominator_at(f, it, chip, main, prep);
			ef pad = denominator_row(f, it, NULL);

			in = ef_sub(in, ef_mul_kb(beyond, it->mult.constant));
			if (!it->send)
				in = ef_neg(in);
			id = ef_add(id,
			    ef_mul(ef_sub(EF_ONE, pad), beyond));
			n = ef_add(n, ef_mul(eq[k], in));
			/* Unused interactions have 1, and eq sums to 1. */
			d = ef_add(d, ef_mul(eq[k], ef_sub(id, EF_ONE)));
		}
	}
	if (!ef_eq(n, claim->numerator))
		return check_refuse(c, "LogUp-GKR: the numerators that the "
		    "openings give differ from the last layer's");
	if (!ef_eq(d, claim->denominator))
		return check_refuse(c, "LogUp-GKR: the denominators that the "
		    "openings give differ from the last layer's");
	return 0;
}

int
check_gkr(struct shard_check *c)
{
	struct fingerprint f;
	struct gkr_claim claim;
	ef challenge, sum, *seed;

	if (!challenger_check_pow(&c->t, STARK_GKR_POW_BITS,
	    c->p->gkr.witness))
		return check_refuse(c, "LogUp-GKR: the grinding witness does "
		    "not fit");
	f.alpha = challenger_sample_ef(&c->t);
	seed = check_point(c, c->log_beta);
	f.beta = check_alloc(c, (size_t)1 << c->log_beta, sizeof *f.beta);
	if (seed == NULL || f.beta == NULL)
		return -1;
	mle_eq_table(f.beta, seed, c->log_beta);
	challenge = challenger_sample_ef(&c->t);
	if (check_public_values(c, &f, challenge, &sum) ||
	    check_output(c, sum) || check_layers(c, &claim))
		return -1;
	transcript_gkr_openings(&c->t, &c->p->gkr);
	return check_first_layer(c, &f, &claim);
}
