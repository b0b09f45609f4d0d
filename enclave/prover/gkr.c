/*
 * LogUp-GKR (sp1-proof(7), LogUp-GKR).  A layer's polynomial is eq(point, x)
 * times lambda (n0 d1 + n1 d0) + d0 d1; with numerators taken times lambda, Q =
 * n0 d1 + n1 d0 + d0 d1.  A round's message is eq of what is bound, times eq of the
 * round's variable, times the sum of Q over the rest, a quadratic: its value at
 * 0 and its leading coefficient are summed up, and the claim gives it at 1.
 *
 * The claim divided by eq of what is bound is followed in its place: it is the
 * quadratic at the challenge.
 */
#include "prover/phase.h"

#include "poly/mle.h"
#include "stark/params.h"
#include "stark/transcript.h"

struct layer {
	struct gkr_round *round;
	const ef *point;	/* slots' variables, rows' */
	unsigned slots, rows;	/* how many */
	ef lambda, claim, bound;	/* bound: eq of what is bound */
	unsigned n;		/* rounds done */
};

/* One interaction's linear forms; dense: zeros, one a column, and again after. */
static int
fraction_of(struct prove *p, struct gkr_fraction *f,
    const struct air_interaction *it, const ef *beta, ef alpha, ef *dense,
    unsigned width)
{
	struct air_term *n = prove_alloc(p, &p->tmp, it->mult.n + 1, sizeof *n);
	struct gkr_term *d;

	if (!n)
		return -1;
	f->n0 = it->send ? it->mult.constant : kb_neg(it->mult.constant);
	f->nn = it->mult.n;
	f->n = n;
	for (unsigned i = 0; i < it->mult.n; i++) {
		n[i] = it->mult.term[i];
		if (!it->send)
			n[i].coeff = kb_neg(n[i].coeff);
	}
	f->d0 = ef_add(alpha, ef_mul_kb(beta[0], kb_from(it->kind)));
	for (unsigned j = 0; j < it->nvalues; j++) {
		const struct air_affine *a = &it->value[j];

		f->d0 = ef_add(f->d0, ef_mul_kb(beta[j + 1], a->constant));
		for (unsigned i = 0; i < a->n; i++)
			dense[a->term[i].col] = ef_add(dense[a->term[i].col],
			    ef_mul_kb(beta[j + 1], a->term[i].coeff));
	}
	f->nd = 0;
	for (unsigned c = 0; c < width; c++)
		f->nd += !ef_is_zero(dense[c]);
	if (!(d = prove_alloc(p, &p->tmp, f->nd + 1, sizeof *d)))
		return -1;
	f->d = d;
	for (unsigned c = 0; c < width; c++)
		if (!ef_is_zero(dense[c])) {
			*d++ = (struct gkr_term){c, dense[c]};
			dense[c] = EF_ZERO;
		}
	return 0;
}

static struct gkr_fraction *
fractions(struct prove *p, const ef *beta, ef alpha)
{
	const struct prover_shard *s = &p->shard;
	struct gkr_fraction *f = prove_alloc(p, &p->tmp, s->ninteractions,
	    sizeof *f), *at = f;

	for (size_t c = 0; f && c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;
		unsigned width = a->main_width + a->prep_width;
		ef *dense = prove_alloc(p, &p->tmp, width + 1, sizeof *dense);

		if (!dense)
			return NULL;
		for (unsigned i = 0; i < a->nsends + a->nreceives; i++)
			if (fraction_of(p, at++, &a->interaction[i], beta,
			    alpha, dense, width) < 0)
				return NULL;
	}
	return f;
}

/* From the quadratic's value at 0 and leading coefficient. */
static ef
layer_round(struct prove *p, struct layer *l, ef q0, ef q2)
{
	ef z = l->point[l->slots + l->rows - 1 - l->n], q[3], m[4], r;
	/* claim = (1 - z) Q(0) + z Q(1); z is not 0, but for one case in 2^123. */
	ef q1 = ef_mul(ef_sub(l->claim, ef_mul(ef_sub(EF_ONE, z), q0)),
	    ef_inv(z));

	q[0] = q0;
	q[1] = ef_sub(ef_sub(q1, q0), q2);
	q[2] = q2;
	sumcheck_times_eq(m, q, 3, z, l->bound);
	r = sumcheck_round(p, &l->round->sc, l->n++, m);
	l->claim = ef_poly_eval(q, 3, r);
	l->bound = ef_mul(l->bound, eq_bit(z, r));
	return r;
}

static ef
fold(ef a, ef b, ef r)
{
	return ef_add(a, ef_mul(r, ef_sub(b, a)));
}

/* The slots' variables, over 2^slots values of n0, n1, d0, d1. */
static void
slot_rounds(struct prove *p, struct layer *l, ef (*v)[4], ef *eq)
{
	for (size_t half = (size_t)1 << l->slots; (half /= 2) > 0;) {
		ef q0 = EF_ZERO, q2 = EF_ZERO, r;

		for (size_t i = 0; i < half; i++) {
			const ef *a = v[2 * i], *b = v[2 * i + 1];
			ef d0 = ef_sub(b[2], a[2]), d1 = ef_sub(b[3], a[3]);

			eq[i] = ef_add(eq[2 * i], eq[2 * i + 1]);
			q0 = ef_add(q0, ef_mul(eq[i], ef_add(ef_mul(a[0], a[3]),
			    ef_mul(a[2], ef_add(a[1], a[3])))));
			q2 = ef_add(q2, ef_mul(eq[i], ef_add(
			    ef_mul(ef_sub(b[0], a[0]), d1), ef_mul(d0,
			    ef_add(ef_sub(b[1], a[1]), d1)))));
		}
		r = layer_round(p, l, q0, q2);
		for (size_t i = 0; i < half; i++)
			for (int k = 0; k < 4; k++)
				v[i][k] = fold(v[2 * i][k], v[2 * i + 1][k], r);
	}
}

static int
prove_layer(struct prove *p, struct layer *l, ef *eq, ef (*v)[4])
{
	const struct prover_backend *b = p->b;
	size_t n = p->shard.ninteractions;
	struct gkr_round *r = l->round;
	ef inv;

	mle_eq_table(eq, l->point, l->slots);
	if (sumcheck_begin(p, &r->sc, l->slots + l->rows, 3, l->claim) < 0)
		return -1;
	if (b->gkr_layer(p->s, l->rows + 1, l->lambda, eq,
	    l->point + l->slots) < 0)
		return prove_no_memory(p);
	for (unsigned i = 0; i < l->rows; i++) {
		ef sum[2];

		/* The backend leaves 1 out, everywhere: eq sums to 1. */
		b->gkr_sum(p->s, sum);
		if (b->gkr_fold(p->s, layer_round(p, l,
		    ef_add(EF_ONE, sum[0]), sum[1])) < 0)
			return prove_no_memory(p);
	}
	b->gkr_take(p->s, v);
	for (size_t i = n; i < (size_t)1 << l->slots; i++) {
		v[i][0] = v[i][1] = EF_ZERO;
		v[i][2] = v[i][3] = EF_ONE;
	}
	slot_rounds(p, l, v, eq);
	inv = ef_inv(l->lambda);
	r->n0 = ef_mul(v[0][0], inv);
	r->n1 = ef_mul(v[0][1], inv);
	r->d0 = v[0][2];
	r->d1 = v[0][3];
	challenger_observe_ef(&p->t, r->n0);
	challenger_observe_ef(&p->t, r->n1);
	challenger_observe_ef(&p->t, r->d0);
	challenger_observe_ef(&p->t, r->d1);
	return 0;
}

/* Layer after layer; leaves the last point in *point. */
static int
layers(struct prove *p, unsigned slots, ef **point)
{
	struct gkr_proof *g = &p->proof->gkr;
	unsigned top = p->params->max_log_row;
	ef *at = prove_alloc(p, &p->tmp, slots + top, sizeof *at), n, d;
	ef *eq = prove_alloc(p, &p->tmp, (size_t)1 << slots, sizeof *eq);
	ef (*v)[4] = prove_alloc(p, &p->tmp, (size_t)1 << slots, sizeof *v);

	g->nrounds = top - 1;
	g->round = prove_alloc(p, p->out, g->nrounds, sizeof *g->round);
	if (!at || !eq || !v || !g->round)
		return -1;
	for (unsigned i = 0; i < slots + 1; i++)
		at[i] = challenger_sample_ef(&p->t);
	n = mle_eval_ef(g->numerator.v, g->numerator.n, at, slots + 1);
	d = mle_eval_ef(g->denominator.v, g->denominator.n, at, slots + 1);
	for (unsigned i = 0; i < g->nrounds; i++) {
		struct gkr_round *r = &g->round[i];
		struct layer l = {.round = r, .point = at, .slots = slots,
		    .rows = i + 1, .bound = EF_ONE,
		    .lambda = challenger_sample_ef(&p->t)};
		ef last;

		l.claim = ef_add(ef_mul(n, l.lambda), d);
		if (prove_layer(p, &l, eq, v) < 0)
			return -1;
		last = challenger_sample_ef(&p->t);
		for (unsigned k = 0; k < r->sc.point.n; k++)
			at[k] = r->sc.point.v[k];
		at[r->sc.point.n] = last;
		n = fold(r->n0, r->n1, last);
		d = fold(r->d0, r->d1, last);
	}
	p->b->gkr_end(p->s);
	*point = at;
	return 0;
}

/* The output's fractions must cancel those of the public values. */
static int
check_balance(struct prove *p, const struct air_chip *pv, const ef *beta,
    ef alpha)
{
	const struct gkr_proof *g = &p->proof->gkr;
	const kb *row = p->shard.public_values;
	ef sum = EF_ZERO;
	ef *inv = prove_alloc(p, &p->tmp, g->denominator.n, sizeof *inv);

	if (!inv)
		return -1;
	ef_inv_many(inv, g->denominator.v, g->denominator.n);
	for (size_t i = 0; i < g->denominator.n; i++)
		sum = ef_add(sum, ef_mul(g->numerator.v[i], inv[i]));
	for (unsigned i = 0; i < pv->nsends + pv->nreceives; i++) {
		const struct air_interaction *it = &pv->interaction[i];
		ef d = ef_add(alpha, ef_mul_kb(beta[0], kb_from(it->kind)));
		kb m = air_affine_row(&it->mult, AIR_PUBLIC_VALUES, row, NULL);

		for (unsigned j = 0; j < it->nvalues; j++)
			d = ef_add(d, ef_mul_kb(beta[j + 1],
			    air_affine_row(&it->value[j], AIR_PUBLIC_VALUES,
			    row, NULL)));
		d = ef_mul_kb(ef_inv(d), m);
		sum = it->send ? ef_add(sum, d) : ef_sub(sum, d);
	}
	if (!ef_is_zero(sum))
		return err_set(p->e, EX_SOFTWARE,
		    "the shard's interactions do not balance");
	return 0;
}

static int
openings(struct prove *p, const ef *point)
{
	const struct prover_shard *s = &p->shard;
	struct gkr_proof *g = &p->proof->gkr;
	size_t ncols = 0;
	ef *v;

	for (size_t c = 0; c < s->nchips; c++)
		ncols += s->chip[c].air->main_width +
		    s->chip[c].air->prep_width;
	g->nchips = s->nchips;
	g->chip = prove_alloc(p, p->out, s->nchips, sizeof *g->chip);
	v = prove_alloc(p, p->out, ncols, sizeof *v);
	if (!g->chip || !v)
		return -1;
	if (p->b->open_columns(p->s, point, v) < 0)
		return prove_no_memory(p);
	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;
		struct chip_openings *o = &g->chip[c];

		o->name = p->proof->opened[c].name;
		o->name_len = p->proof->opened[c].name_len;
		o->main = (struct ef_vec){a->main_width, v};
		o->main_dims = (struct dims){1, {a->main_width}};
		o->has_prep = a->prep_width > 0;
		v += a->main_width;
		if (o->has_prep) {
			o->prep = (struct ef_vec){a->prep_width, v};
			o->prep_dims = (struct dims){1, {a->prep_width}};
		}
		v += a->prep_width;
	}
	transcript_gkr_openings(&p->t, g);
	return 0;
}

int
prove_gkr(struct prove *p)
{
	const struct prover_shard *s = &p->shard;
	const struct air_chip *pv = p->public_values;
	struct gkr_proof *g = &p->proof->gkr;
	unsigned arity = pv->max_arity, slots = log2_ceil(s->ninteractions);
	unsigned top = p->params->max_log_row, nbeta;
	struct gkr_fraction *f;
	ef alpha, *seed, *beta, *point;

	for (size_t c = 0; c < s->nchips; c++)
		if (arity < s->chip[c].air->max_arity)
			arity = s->chip[c].air->max_arity;
	nbeta = log2_ceil(arity);
	g->witness = challenger_grind(&p->t, STARK_GKR_POW_BITS);
	alpha = challenger_sample_ef(&p->t);
	seed = prove_sample_point(p, nbeta);
	beta = prove_alloc(p, &p->tmp, (size_t)1 << nbeta, sizeof *beta);
	if (!seed || !beta)
		return -1;
	mle_eq_table(beta, seed, nbeta);
	/* Only a verifier folds the public values' constraints with it. */
	(void)challenger_sample_ef(&p->t);

	g->numerator.n = g->denominator.n = (size_t)2 << slots;
	g->numerator_dims = g->denominator_dims = (struct dims){2,
	    {(uint64_t)2 << slots, 1}};
	g->numerator.v = prove_alloc(p, p->out, g->numerator.n, sizeof(ef));
	g->denominator.v = prove_alloc(p, p->out, g->numerator.n, sizeof(ef));
	f = fractions(p, beta, alpha);
	if (!g->numerator.v || !g->denominator.v || !f)
		return -1;
	if (p->b->gkr_build(p->s, f, g->numerator.v, g->denominator.v) < 0)
		return prove_no_memory(p);
	for (size_t i = 2 * s->ninteractions; i < g->numerator.n; i++)
		g->denominator.v[i] = EF_ONE;
	if (check_balance(p, pv, beta, alpha) < 0)
		return -1;
	transcript_efs(&p->t, g->numerator.v, g->numerator.n);
	transcript_efs(&p->t, g->denominator.v, g->denominator.n);
	if (layers(p, slots, &point) < 0)
		return -1;
	g->point.n = top;
	g->point.v = prove_alloc(p, p->out, top, sizeof *g->point.v);
	if (!g->point.v)
		return -1;
	for (unsigned i = 0; i < top; i++)
		g->point.v[i] = point[slots + i];
	return openings(p, g->point.v);
}
