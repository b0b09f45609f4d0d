#include "recursion/verify.h"

#include <string.h>

#include "poly/mle.h"

/* One commitment opened at every query; index bits are low first. */
static void
verify_opening(struct circuit *c, const struct opening_var *o,
    const struct digest_var *commitment, felt *const *index, unsigned nqueries)
{
	felt dims[2] = {f_eval(c, f_k(o->log_height)), f_eval(c, f_k(o->width))};
	struct digest_var h = hash_var(c, dims, 2);

	h = compress_var(c, &o->root, &h);
	digest_assert_eq(c, &h, commitment);
	for (unsigned i = 0; i < nqueries; i++) {
		struct digest_var leaf = hash_var(c,
		    o->values + (size_t)i * o->width, o->width);

		merkle_verify(c, o->paths + (size_t)i * o->log_height, index[i],
		    o->log_height, &leaf, &o->root);
	}
}

/* (1 - z) a + z b */
static eexpr
line(struct circuit *c, ext one, ext z, const ext v[2])
{
	return e_add(c, e_mul(c, e_sub(c, e_var(one), e_var(z)), e_var(v[0])),
	    e_mul(c, e_var(z), e_var(v[1])));
}

static eexpr
folded(struct circuit *c, const ext v[2], ext beta)
{
	return e_add(c, e_var(v[0]), e_mul(c, e_var(beta), e_var(v[1])));
}

/* The sumcheck messages lead from the batched claim on. */
static void
verify_messages(struct circuit *c, const struct proof_var *p, eexpr claim,
    const ext *beta)
{
	const struct pcs_var *q = &p->pcs;
	unsigned n = p->shape->params->log_stack;
	ext one = e_eval(c, e_k(1));

	for (unsigned i = 0; i < n; i++) {
		ext z = q->sumcheck.point[p->shape->log_area - 1 - i];

		e_assert_eq(c, claim, line(c, one, z, q->message[i]));
		claim = folded(c, q->message[i], beta[i]);
	}
}

/* Stacked columns at every query, batched. */
static ext *
batch_evals(struct circuit *c, const struct proof_var *p, const eexpr *coeff)
{
	const struct pcs_var *q = &p->pcs;
	unsigned n = p->shape->params->nqueries;
	eexpr *sum = circuit_alloc(c, n, sizeof *sum);
	ext *out = circuit_alloc(c, n, sizeof *out);

	for (unsigned i = 0; i < n; i++)
		sum[i] = e_k(0);
	for (int r = 0; r < 2; r++) {
		const felt *v = q->component[r].values;
		unsigned w = q->component[r].width;

		for (unsigned i = 0; i < n; i++)
			for (unsigned j = 0; j < w; j++)
				sum[i] = e_add(c, sum[i], e_mul(c, coeff[j],
				    e_felt(f_var(*v++))));
		coeff += w;
	}
	for (unsigned i = 0; i < n; i++)
		out[i] = e_eval(c, sum[i]);
	return out;
}

/* What layer l holds at a query is what the one before folds to; *value becomes what
 * this one folds to, *x its place in the next domain. */
static void
fold_query(struct circuit *c, const felt values[8], felt odd, ext beta,
    felt *x, ext *value)
{
	ext e[2], ordered[2], slope, t;
	felt xs[2], minus, dx;

	e[0] = felts_to_ext(c, values);
	e[1] = felts_to_ext(c, values + 4);
	select_exts(c, ordered, odd, e[0], e[1]);
	e_assert_eq(c, e_var(ordered[0]), e_var(*value));
	minus = f_eval(c, f_mul(c, f_var(*x), f_kb(kb_root(1))));
	select_felts(c, xs, odd, *x, minus);
	dx = f_direct(c, OP_SUB_F, xs[1], xs[0]);
	t = e_direct(c, OP_SUB_E, e[1], e[0].addr);
	slope = e_direct(c, OP_DIV_E, t, dx.addr);
	t = e_direct(c, OP_SUB_E, beta, xs[0].addr);
	t = e_direct(c, OP_MUL_E, t, slope.addr);
	*value = e_direct(c, OP_ADD_E, e[0], t.addr);
	*x = f_direct(c, OP_MUL_F, *x, *x);
}

static void
verify_queries(struct circuit *c, const struct proof_var *p, felt **index,
    ext *value, const ext *beta)
{
	const struct stark_params *params = p->shape->params;
	const struct pcs_var *q = &p->pcs;
	unsigned n = params->nqueries, nfold = params->log_stack;
	unsigned height = nfold + params->log_blowup;
	felt *x = circuit_alloc(c, n, sizeof *x);

	for (unsigned i = 0; i < n; i++) {
		felt root = f_eval(c, f_kb(kb_root(height)));

		x[i] = exp_reverse_bits(c, root, index[i], height);
	}
	for (unsigned l = 0; l < nfold; l++) {
		for (unsigned i = 0; i < n; i++)
			fold_query(c, q->query[l].values + 8 * i,
			    *index[i]++, beta[l], &x[i], &value[i]);
		verify_opening(c, &q->query[l], &q->fri_commitment[l], index,
		    n);
	}
	for (unsigned i = 0; i < n; i++)
		e_assert_eq(c, e_var(value[i]), e_var(q->final_poly));
}

/* The stacked columns' evaluations give the dense vector's, and are observed. */
static ext *
verify_batch(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p)
{
	const struct pcs_var *q = &p->pcs;
	const unsigned *w = p->shape->multiple;
	unsigned n = w[0] + w[1];
	ext *evals = circuit_alloc(c, n, sizeof *evals), got;
	ext claim = e_eval(c, e_var(q->expected_eval));

	observe_ext(c, t, claim);
	memcpy(evals, q->batch[0], w[0] * sizeof *evals);
	memcpy(evals + w[0], q->batch[1], w[1] * sizeof *evals);
	got = mle_eval(c, evals, n, q->sumcheck.point,
	    p->shape->log_area - p->shape->params->log_stack);
	e_assert_eq(c, e_var(claim), e_var(got));
	for (unsigned i = 0; i < n; i++)
		observe_ext(c, t, evals[i]);
	return evals;
}

static ext *
sample_betas(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p)
{
	const struct pcs_var *q = &p->pcs;
	unsigned n = p->shape->params->log_stack;
	ext *beta = circuit_alloc(c, n, sizeof *beta);

	observe_number(c, t, n);
	for (unsigned i = 0; i < n; i++) {
		observe_ext(c, t, q->message[i][0]);
		observe_ext(c, t, q->message[i][1]);
		observe_digest(c, t, &q->fri_commitment[i]);
		beta[i] = sample_ext(c, t);
	}
	return beta;
}

static felt **
sample_indices(struct circuit *c, struct challenger_var *t, unsigned n)
{
	felt **index = circuit_alloc(c, n, sizeof *index);

	for (unsigned i = 0; i < n; i++) {
		index[i] = circuit_alloc(c, FELT_BITS, sizeof **index);
		sample_bits(c, t, index[i]);
	}
	return index;
}

void
basefold_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p)
{
	const struct stark_params *params = p->shape->params;
	const struct pcs_var *q = &p->pcs;
	ext *evals = verify_batch(c, t, p), *beta, *value;
	unsigned n = p->shape->multiple[0] + p->shape->multiple[1];
	unsigned nbatch = log2_ceil(n), last = params->log_stack - 1;
	eexpr *point = circuit_alloc(c, nbatch, sizeof *point), *coeff;
	eexpr claim = e_k(0);
	felt **index;

	check_witness(c, t, STARK_BATCH_POW_BITS, q->batch_witness);
	for (unsigned i = 0; i < nbatch; i++)
		point[i] = e_var(sample_ext(c, t));
	coeff = eq_table(c, point, nbatch);
	for (unsigned i = 0; i < n; i++)
		claim = e_add(c, claim, e_mul(c, e_var(evals[i]), coeff[i]));
	beta = sample_betas(c, t, p);
	verify_messages(c, p, claim, beta);
	observe_ext(c, t, q->final_poly);
	check_witness(c, t, params->pow_bits, q->pow_witness);
	index = sample_indices(c, t, params->nqueries);
	value = batch_evals(c, p, coeff);
	for (int r = 0; r < 2; r++)
		verify_opening(c, &q->component[r], &q->commitment[r], index,
		    params->nqueries);
	verify_queries(c, p, index, value, beta);
	e_assert_eq(c, e_var(q->final_poly),
	    folded(c, q->message[last], beta[last]));
}
