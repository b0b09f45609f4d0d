/*
 * The stacked commitment's opening by BaseFold (sp1-proof(7), BaseFold):
 * sumcheck messages and folded codewords share their challenges; the queries
 * tie the codewords to the commitments.
 */
#include "stark/check.h"

#include "base/par.h"
#include "poly/merkle.h"
#include "poly/mle.h"

/* One commitment opened at every query: `bad` tells what is wrong with it. */
struct opening_check {
	const struct hasher *hasher;
	const struct merkle_opening *o;
	const any_digest *commitment;
	const uint32_t *index;
	unsigned shift;		/* leaf = index >> shift */
	size_t n;
	unsigned log_height;
	any_digest *node, *pair;	/* space: n and 2n */
	const char *bad;
};

/* All paths rise together, so that the hash sees whole layers. */
static void
check_opening(struct opening_check *k)
{
	const struct merkle_opening *o = k->o;
	size_t w = (size_t)o->width;
	any_digest got = merkle_tensor_commitment(k->hasher, &o->root,
	    k->log_height, w);

	k->bad = NULL;
	if (!any_digest_eq(&got, k->commitment)) {
		k->bad = "the root is not the commitment's";
		return;
	}
	k->hasher->rows(k->node, o->values.v, w, k->n);
	for (unsigned l = 0; l < k->log_height; l++) {
		for (size_t i = 0; i < k->n; i++) {
			unsigned right = k->index[i] >> (k->shift + l) & 1;

			k->pair[2 * i + right] = k->node[i];
			k->pair[2 * i + !right] =
			    o->paths.v[i * k->log_height + l];
		}
		k->hasher->layer(k->node, k->pair, k->n);
	}
	for (size_t i = 0; i < k->n; i++)
		if (!any_digest_eq(&k->node[i], &o->root))
			k->bad = "a path does not lead to the root";
}

static void
check_some(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct opening_check *k = ctx;

	for (; begin < end; begin++)
		check_opening(&k[begin]);
}

static int
opening_shape(struct shard_check *c, const struct merkle_opening *o, size_t n,
    size_t width, unsigned log_height, const char *what, size_t which)
{
	if (o->width != width || o->log_height != log_height)
		return check_refuse(c, "openings: %s %zu has leaves of %llu in "
		    "a tree of height %llu, not %zu and %u", what, which,
		    (unsigned long long)o->width,
		    (unsigned long long)o->log_height, width, log_height);
	if (o->values_dims.n != 2 || o->values_dims.v[0] != n ||
	    o->values_dims.v[1] != width || o->values.n != n * width ||
	    o->paths_dims.n != 2 || o->paths_dims.v[0] != n ||
	    o->paths_dims.v[1] != log_height || o->paths.n != n * log_height)
		return check_refuse(c, "openings: %s %zu does not have the "
		    "shape of %zu queries", what, which, n);
	return 0;
}

/* Both rounds' codewords, then every folded one. */
static int
check_openings(struct shard_check *c, const uint32_t *index)
{
	const struct pcs_proof *q = &c->p->pcs;
	const struct basefold_proof *b = &q->basefold;
	size_t n = c->params->nqueries;
	unsigned nfold = c->params->log_stack;
	unsigned height = nfold + c->params->log_blowup;
	struct opening_check *k = check_alloc(c, 2 + nfold, sizeof *k);

	if (k == NULL)
		return -1;
	for (unsigned i = 0; i < 2 + nfold; i++) {
		bool fold = i >= 2;
		size_t width = fold ? 8 : q->batch[i].n;

		k[i].hasher = c->params->hasher;
		k[i].o = fold ? &b->query[i - 2] : &b->component[i];
		k[i].commitment = fold ? &b->fri_commitments.v[i - 2] :
		    &q->merkle_commitments.v[i];
		k[i].index = index;
		k[i].shift = fold ? i - 1 : 0;
		k[i].n = n;
		k[i].log_height = height - k[i].shift;
		if (opening_shape(c, k[i].o, n, width, k[i].log_height,
		    fold ? "layer" : "round", fold ? i - 2 : i))
			return -1;
		k[i].node = check_alloc(c, n, sizeof(any_digest));
		k[i].pair = check_alloc(c, 2 * n, sizeof(any_digest));
		if (k[i].node == NULL || k[i].pair == NULL)
			return -1;
	}
	par_for(2 + nfold, 1, check_some, k);
	for (unsigned i = 0; i < 2 + nfold; i++)
		if (k[i].bad != NULL)
			return check_refuse(c, "openings: %s %u: %s",
			    i < 2 ? "round" : "layer", i < 2 ? i : i - 2,
			    k[i].bad);
	return 0;
}

static uint32_t
reverse_bits(uint32_t x, unsigned n)
{
	uint32_t r = 0;

	for (; n > 0; n--, x >>= 1)
		r = r << 1 | (x & 1);
	return r;
}

/* The opened values: each layer holds what the one before folds to. */
static int
check_folding(struct shard_check *c, const uint32_t *index, const ef *coeff,
    const ef *beta)
{
	const struct pcs_proof *q = &c->p->pcs;
	const struct basefold_proof *b = &q->basefold;
	size_t n = c->params->nqueries;
	unsigned nfold = c->params->log_stack;
	unsigned height = nfold + c->params->log_blowup;
	kb *inverse = check_alloc(c, n, sizeof *inverse);
	kb *domain = check_alloc(c, n, sizeof *domain);
	kb root = kb_root(height), half = kb_inv(kb_from(2));

	if (inverse == NULL || domain == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		domain[i] = kb_pow(root, reverse_bits(index[i], height));
	kb_inv_many(inverse, domain, n);
	for (size_t i = 0; i < n; i++) {
		kb x = domain[i], xi = inverse[i];
		ef value = EF_ZERO;
		const ef *w = coeff;

		for (int r = 0; r < 2; r++) {
			size_t width = q->batch[r].n;

			value = ef_add(value, mle_dot_kb(
			    &b->component[r].values.v[i * width], w, width));
			w += width;
		}
		for (unsigned l = 0; l < nfold; l++) {
			const kb *v = &b->query[l].values.v[8 * i];
			unsigned odd = index[i] >> l & 1;
			ef e0 = {{v[0], v[1], v[2], v[3]}};
			ef e1 = {{v[4], v[5], v[6], v[7]}};
			kb x0 = odd ? kb_neg(x) : x;
			kb slope = kb_mul(xi, half);	/* 1 / (2x) */

			if (!ef_eq(odd ? e1 : e0, value))
				return check_refuse(c, "openings: query %zu: "
				    "layer %u does not hold what layer %d "
				    "folds to", i, l, (int)l - 1);
			/* x1 - x0 is -2 x0. */
			slope = odd ? slope : kb_neg(slope);
			value = ef_add(e0, ef_mul_kb(ef_mul(
			    ef_sub_kb(beta[l], x0), ef_sub(e1, e0)), slope));
			x = kb_mul(x, x);
			xi = kb_mul(xi, xi);
		}
		if (!ef_eq(value, b->final_poly))
			return check_refuse(c, "openings: query %zu does not "
			    "fold to the final constant", i);
	}
	return 0;
}

/* The sumcheck messages lead from the batched claim to the final constant. */
static int
check_messages(struct shard_check *c, ef claim, const ef *stack_point,
    const ef *beta)
{
	const struct basefold_proof *b = &c->p->pcs.basefold;
	unsigned n = c->params->log_stack;

	for (unsigned i = 0; i < n; i++) {
		ef z = stack_point[n - 1 - i];
		ef v0 = b->message[i][0], v1 = b->message[i][1];

		if (!ef_eq(claim, ef_add(v0, ef_mul(z, ef_sub(v1, v0)))))
			return check_refuse(c, "openings: message %u does not "
			    "give its claim", i);
		claim = ef_add(v0, ef_mul(beta[i], v1));
	}
	if (!ef_eq(claim, b->final_poly))
		return check_refuse(c, "openings: the messages do not lead to "
		    "the final constant");
	return 0;
}

static int
check_batch(struct shard_check *c, const ef *evals, size_t n)
{
	const struct pcs_proof *q = &c->p->pcs;
	ef v = mle_eval_ef(evals, n, q->sumcheck.point.v,
	    c->log_area - c->params->log_stack);

	if (!ef_eq(v, q->expected_eval))
		return check_refuse(c, "openings: the stacked columns' "
		    "evaluations do not give the dense vector's");
	return 0;
}

int
check_basefold(struct shard_check *c)
{
	const struct stark_params *params = c->params;
	const struct pcs_proof *q = &c->p->pcs;
	const struct basefold_proof *b = &q->basefold;
	size_t n = q->batch[0].n + q->batch[1].n;
	unsigned nbatch = log2_ceil(n), nfold = params->log_stack;
	ef *evals = check_alloc(c, n, sizeof *evals), *point, *coeff, *beta;
	uint32_t *index;
	ef claim = EF_ZERO;

	if (evals == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		evals[i] = i < q->batch[0].n ? q->batch[0].v[i] :
		    q->batch[1].v[i - q->batch[0].n];
	if (check_batch(c, evals, n))
		return -1;

	challenger_observe_ef(&c->t, q->expected_eval);
	challenger_observe_efs(&c->t, evals, n);
	if (!challenger_check_pow(&c->t, STARK_BATCH_POW_BITS,
	    b->batch_witness))
		return check_refuse(c, "openings: the batching witness does "
		    "not fit");
	point = check_point(c, nbatch);
	coeff = check_alloc(c, (size_t)1 << nbatch, sizeof *coeff);
	beta = check_alloc(c, nfold, sizeof *beta);
	index = check_alloc(c, params->nqueries, sizeof *index);
	if (point == NULL || coeff == NULL || beta == NULL || index == NULL)
		return -1;
	mle_eq_table(coeff, point, nbatch);
	for (size_t i = 0; i < n; i++)
		claim = ef_add(claim, ef_mul(evals[i], coeff[i]));

	challenger_observe_u32(&c->t, nfold);
	for (unsigned i = 0; i < nfold; i++) {
		challenger_observe_efs(&c->t, b->message[i], 2);
		challenger_observe_digest(&c->t, &b->fri_commitments.v[i]);
		beta[i] = challenger_sample_ef(&c->t);
	}
	challenger_observe_ef(&c->t, b->final_poly);
	if (!challenger_check_pow(&c->t, params->pow_bits, b->pow_witness))
		return check_refuse(c, "openings: the query witness does not "
		    "fit");
	for (unsigned i = 0; i < params->nqueries; i++)
		index[i] = challenger_sample_bits(&c->t,
		    nfold + params->log_blowup);

	if (check_messages(c, claim,
	    q->sumcheck.point.v + c->log_area - nfold, beta) ||
	    check_openings(c, index))
		return -1;
	return check_folding(c, index, coeff, beta);
}
