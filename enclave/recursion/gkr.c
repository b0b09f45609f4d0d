#include "recursion/verify.h"

#include <string.h>

/* The output's fractions cancel those of the public values. */
static void
verify_output(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, const struct fingerprint_var *f, ext challenge)
{
	const struct gkr_var *g = &p->gkr;
	size_t n = (size_t)2 << p->shape->log_interactions;
	eexpr want = e_neg(c, replay_public_values(c, p->shape->machine, f,
	    challenge, p->public_values));
	eexpr sum = e_k(0);

	observe_exts(c, t, g->numerator, n);
	observe_exts(c, t, g->denominator, n);
	for (size_t i = 0; i < n; i++)
		sum = e_add(c, sum, e_div(c, e_var(g->numerator[i]),
		    e_var(g->denominator[i])));
	e_assert_eq(c, sum, want);
}

struct gkr_claim_var { ext *point; eexpr numerator, denominator; };

static void
verify_layer(struct circuit *c, struct challenger_var *t,
    const struct gkr_round_var *r, struct gkr_claim_var *claim)
{
	unsigned n = r->sc.nrounds;
	ext lambda = sample_ext(c, t), last;
	eexpr n0 = e_var(r->n0), n1 = e_var(r->n1);
	eexpr d0 = e_var(r->d0), d1 = e_var(r->d1);
	eexpr eq, num, den;

	num = e_add(c, e_mul(c, claim->numerator, e_var(lambda)),
	    claim->denominator);
	e_assert_eq(c, e_var(r->sc.claim), num);
	sumcheck_verify(c, t, &r->sc);
	eq = eq_eval(c, symbolic(c, r->sc.point, n),
	    symbolic(c, claim->point, n), n);
	num = e_add(c, e_mul(c, n0, d1), e_mul(c, n1, d0));
	den = e_mul(c, d0, d1);
	e_assert_eq(c, e_var(r->sc.eval), e_mul(c, eq,
	    e_add(c, e_mul(c, num, e_var(lambda)), den)));
	observe_ext(c, t, r->n0);
	observe_ext(c, t, r->n1);
	observe_ext(c, t, r->d0);
	observe_ext(c, t, r->d1);

	last = sample_ext(c, t);
	memcpy(claim->point, r->sc.point, n * sizeof *claim->point);
	claim->point[n] = last;
	claim->numerator = e_add(c, n0, e_mul(c, e_sub(c, n1, n0),
	    e_var(last)));
	claim->denominator = e_add(c, d0, e_mul(c, e_sub(c, d1, d0),
	    e_var(last)));
}

static void
verify_layers(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, struct gkr_claim_var *claim)
{
	const struct gkr_var *g = &p->gkr;
	unsigned n = p->shape->log_interactions + 1;
	unsigned nrounds = p->shape->params->max_log_row - 1;
	size_t out = (size_t)1 << n;

	claim->point = circuit_alloc(c, n + nrounds, sizeof *claim->point);
	for (unsigned i = 0; i < n; i++)
		claim->point[i] = sample_ext(c, t);
	claim->numerator = e_var(mle_eval(c, g->numerator, out, claim->point,
	    n));
	claim->denominator = e_var(mle_eval(c, g->denominator, out,
	    claim->point, n));
	for (unsigned i = 0; i < nrounds; i++)
		verify_layer(c, t, &g->round[i], claim);
	for (unsigned i = 0; i < nrounds + 1; i++)
		e_assert_eq(c, e_var(g->point[i]),
		    e_var(claim->point[n - 1 + i]));
}

/* What the openings give for one chip's interactions, with 0/1 beyond its
 * height. */
static void
chip_fractions(struct circuit *c, const struct air_chip *chip,
    const struct chip_var *columns, const struct fingerprint_var *f,
    eexpr beyond, struct fraction_var *out)
{
	struct replay *r = replay_new(c, chip);
	unsigned n = chip->nsends + chip->nreceives;

	for (unsigned i = 0; i < n; i++) {
		struct fraction_var x = replay_interaction(c, r, i, f, columns);
		struct fraction_var pad = replay_interaction(c, r, i, f, NULL);

		out[i].numerator = e_sub(c, x.numerator,
		    e_mul(c, pad.numerator, beyond));
		out[i].denominator = e_add(c, x.denominator,
		    e_mul(c, e_sub(c, e_k(1), pad.denominator), beyond));
		if (!replay_is_send(r, i))
			out[i].numerator = e_neg(c, out[i].numerator);
	}
	replay_free(r);
}

static void
observe_openings(struct circuit *c, struct challenger_var *t,
    const struct air_chip *chip, const struct chip_var *columns)
{
	if (chip->prep_width > 0)
		observe_exts(c, t, columns->prep, chip->prep_width);
	observe_exts(c, t, columns->main, chip->main_width);
}

static struct fraction_var *
first_layer(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, const struct fingerprint_var *f)
{
	const struct proof_shape *s = p->shape;
	unsigned rows = s->params->max_log_row, k = 0;
	size_t n = (size_t)1 << s->log_interactions;
	struct fraction_var *x = circuit_alloc(c, n, sizeof *x);
	eexpr *point = circuit_alloc(c, rows + 1, sizeof *point);
	eexpr *height = circuit_alloc(c, rows + 1, sizeof *height);

	point[0] = e_k(0);
	for (unsigned i = 0; i < rows; i++)
		point[1 + i] = e_var(p->gkr.point[i]);
	observe_number(c, t, s->nchips);
	for (unsigned i = 0; i < s->nchips; i++) {
		observe_openings(c, t, s->chip[i], &p->gkr.chip[i]);
		for (unsigned j = 0; j <= rows; j++)
			height[j] = e_felt(f_var(p->opened[i].height[j]));
		chip_fractions(c, s->chip[i], &p->gkr.chip[i], f,
		    geq_eval(c, height, point, rows + 1), &x[k]);
		k += s->chip[i]->nsends + s->chip[i]->nreceives;
	}
	for (; k < n; k++)
		x[k] = (struct fraction_var){e_k(0), e_k(1)};
	return x;
}

static void
verify_first_layer(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p, const struct fingerprint_var *f,
    const struct gkr_claim_var *claim)
{
	unsigned nvars = p->shape->log_interactions;
	size_t n = (size_t)1 << nvars;
	struct fraction_var *x;
	ext *num = circuit_alloc(c, n, sizeof *num), want_num, want_den;
	ext *den = circuit_alloc(c, n, sizeof *den);

	x = first_layer(c, t, p, f);
	for (size_t i = 0; i < n; i++)
		num[i] = e_eval(c, x[i].numerator);
	for (size_t i = 0; i < n; i++)
		den[i] = e_eval(c, x[i].denominator);
	want_num = mle_eval(c, num, n, claim->point, nvars);
	want_den = mle_eval(c, den, n, claim->point, nvars);
	e_assert_eq(c, claim->numerator, e_var(want_num));
	e_assert_eq(c, claim->denominator, e_var(want_den));
}

void
gkr_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p)
{
	unsigned log_beta = p->shape->log_beta;
	eexpr *seed = circuit_alloc(c, log_beta, sizeof *seed);
	struct fingerprint_var f;
	struct gkr_claim_var claim;
	ext challenge;

	check_witness(c, t, STARK_GKR_POW_BITS, p->gkr.witness);
	f.alpha = e_var(sample_ext(c, t));
	for (unsigned i = 0; i < log_beta; i++)
		seed[i] = e_var(sample_ext(c, t));
	challenge = sample_ext(c, t);
	f.beta = eq_table(c, seed, log_beta);
	verify_output(c, t, p, &f, challenge);
	verify_layers(c, t, p, &claim);
	/* The stock makes the table twice. */
	f.beta = eq_table(c, seed, log_beta);
	verify_first_layer(c, t, p, &f, &claim);
}
