/*
 * The jagged reduction (sp1-proof(7), Jagged): all openings become one evaluation
 * of the dense vector, which also leaves the stacked columns' evaluations on its
 * way.
 */
#include "prover/phase.h"

#include <string.h>

#include "poly/mle.h"

struct columns {
	struct jagged_column *v;
	uint32_t *start;	/* n + 1 */
	ef *claim, *eq;
	size_t n;
	unsigned vars;
};

/* The tables of both rounds, in the proof. */
static int
counts(struct prove *p)
{
	const struct prover_shard *s = &p->shard;
	struct pcs_proof *q = &p->proof->pcs;
	size_t *rows = prove_alloc(p, &p->tmp, s->nchips, sizeof *rows);
	size_t *cols = prove_alloc(p, &p->tmp, s->nchips, sizeof *cols);
	struct jagged_count *jc = prove_alloc(p, &p->tmp, s->nchips + 2,
	    sizeof *jc);

	q->nrounds = 2;
	q->counts = prove_alloc(p, p->out, 2, sizeof *q->counts);
	q->merkle_commitments.n = 2;
	q->merkle_commitments.v = prove_alloc(p, p->out, 2, sizeof(any_digest));
	if (!rows || !cols || !jc || !q->counts || !q->merkle_commitments.v)
		return -1;
	q->merkle_commitments.v[0] = s->prep_commitment->commitment;
	q->merkle_commitments.v[1] = p->tensor;
	for (int r = 0; r < 2; r++) {
		const any_digest *want = r == 0 ? &p->key->vk.commit :
		    &p->proof->main_commitment;
		size_t n = 0;
		any_digest d;

		for (size_t c = 0; c < s->nchips; c++) {
			const struct air_chip *a = s->chip[c].air;

			if (r == 0 && !a->prep_width)
				continue;
			rows[n] = s->chip[c].rows;
			cols[n++] = r == 0 ? a->prep_width : a->main_width;
		}
		d = jagged_commitment(p->params->hasher,
		    &q->merkle_commitments.v[r], rows, cols, n,
		    p->params->log_stack, p->params->max_log_row, jc);
		if (!any_digest_eq(&d, want))
			return err_set(p->e, EX_SOFTWARE,
			    "the key's tables are not those of its commitment");
		q->counts[r].n = n + 2;
		q->counts[r].v = prove_alloc(p, p->out, n + 2,
		    sizeof *q->counts[r].v);
		if (!q->counts[r].v)
			return -1;
		for (size_t i = 0; i < n + 2; i++)
			q->counts[r].v[i] = (struct row_col){jc[i].rows,
			    jc[i].cols};
	}
	return 0;
}

static int
columns(struct prove *p, struct columns *c)
{
	const struct pcs_proof *q = &p->proof->pcs;
	size_t n = 0, k = 0;
	uint64_t at = 0;

	for (int r = 0; r < 2; r++)
		for (size_t i = 0; i < q->counts[r].n; i++)
			n += q->counts[r].v[i].cols;
	c->n = n;
	c->vars = log2_ceil(n);
	c->v = prove_alloc(p, &p->tmp, n, sizeof *c->v);
	c->start = prove_alloc(p, &p->tmp, n + 1, sizeof *c->start);
	c->claim = prove_alloc(p, &p->tmp, n, sizeof *c->claim);
	c->eq = prove_alloc(p, &p->tmp, (size_t)1 << c->vars, sizeof *c->eq);
	if (!c->v || !c->start || !c->claim || !c->eq)
		return -1;
	for (int r = 0; r < 2; r++) {
		const struct round_counts *rc = &q->counts[r];
		ef *claim = c->claim + k;

		for (size_t i = 0; i < p->proof->nopened; i++) {
			const struct opened_chip *o = &p->proof->opened[i];
			const struct ef_vec *v = r == 0 ? &o->prep : &o->main;

			if (v->n)
				memcpy(claim, v->v, v->n * sizeof *v->v);
			claim += v->n;
		}
		/* The padding's claims are the zeros that the arena gave. */
		for (size_t i = 0; i < rc->n; i++)
			for (uint64_t j = 0; j < rc->v[i].cols; j++) {
				c->start[k] = (uint32_t)at;
				c->v[k++] = (struct jagged_column){at,
				    rc->v[i].rows};
				at += rc->v[i].rows;
			}
	}
	c->start[k] = (uint32_t)at;
	return 0;
}

/* The low variables in which the second factor is eq: no column begins inside. */
static unsigned
aligned_bits(const struct columns *c)
{
	size_t all = 16;

	for (size_t i = 0; i < c->n; i++)
		all |= c->v[i].start | c->v[i].rows;
	return (unsigned)__builtin_ctzll(all);
}

/* The first rounds, from the 2^bits partial sums; leaves eq of the bound ones. */
static ef
low_rounds(struct prove *p, ef *partial, unsigned bits, ef *challenge)
{
	struct sumcheck_proof *sc = &p->proof->pcs.sumcheck;
	const ef *z = p->proof->zerocheck.point.v + p->params->max_log_row -
	    bits;
	ef eq[16], bound = EF_ONE;

	mle_eq_table(eq, z, bits);
	for (unsigned v = bits; v-- > 0;) {
		ef q[2] = {EF_ZERO, EF_ZERO}, m[3], r;

		for (unsigned i = 0; i < 1u << v; i++) {
			eq[i] = ef_add(eq[2 * i], eq[2 * i + 1]);
			q[0] = ef_add(q[0], ef_mul(eq[i], partial[2 * i]));
			q[1] = ef_add(q[1], ef_mul(eq[i], ef_sub(
			    partial[2 * i + 1], partial[2 * i])));
		}
		sumcheck_times_eq(m, q, 2, z[v], bound);
		r = challenge[v] = sumcheck_round(p, sc, bits - 1 - v, m);
		bound = ef_mul(bound, eq_bit(z[v], r));
		for (unsigned i = 0; i < 1u << v; i++)
			partial[i] = ef_add(partial[2 * i], ef_mul(r, ef_sub(
			    partial[2 * i + 1], partial[2 * i])));
	}
	return bound;
}

/* What the dense factor is when log_stack variables are bound. */
static int
batch_evaluations(struct prove *p)
{
	const struct prover_shard *s = &p->shard;
	struct pcs_proof *q = &p->proof->pcs;
	size_t n = s->ncols[0] + s->ncols[1];
	ef *v = prove_alloc(p, p->out, n, sizeof *v);

	q->nbatch = 2;
	q->batch = prove_alloc(p, p->out, 2, sizeof *q->batch);
	q->batch_dims = prove_alloc(p, p->out, 2, sizeof *q->batch_dims);
	if (!v || !q->batch || !q->batch_dims)
		return -1;
	p->b->jagged_take(p->s, v, n);
	for (int r = 0; r < 2; r++) {
		q->batch[r] = (struct ef_vec){s->ncols[r], v};
		q->batch_dims[r] = (struct dims){1, {s->ncols[r]}};
		v += s->ncols[r];
	}
	return 0;
}

static int
jagged_sumcheck(struct prove *p, const struct columns *c)
{
	struct sumcheck_proof *sc = &p->proof->pcs.sumcheck;
	unsigned bits = aligned_bits(c), n = (unsigned)p->proof->pcs.log_m;
	ef partial[16], challenge[4], bound;

	if (sumcheck_begin(p, sc, n, 2, mle_eval_ef(c->claim, c->n, p->z_col,
	    c->vars)) < 0)
		return -1;
	if (p->b->jagged_begin(p->s, c->v, c->n, c->eq,
	    p->proof->zerocheck.point.v, bits, partial) < 0)
		return prove_no_memory(p);
	bound = low_rounds(p, partial, bits, challenge);
	if (p->b->jagged_bind(p->s, challenge) < 0)
		return prove_no_memory(p);
	for (unsigned i = bits; i < n; i++) {
		ef s[2], m[3], r;

		if (i == p->params->log_stack && batch_evaluations(p) < 0)
			return -1;
		p->b->jagged_sum(p->s, s);
		m[0] = ef_mul(bound, s[0]);
		m[2] = ef_mul(bound, s[1]);
		m[1] = ef_sub(ef_sub(sc->eval, ef_add(m[0], m[0])), m[2]);
		r = sumcheck_round(p, sc, i, m);
		if (p->b->jagged_fold(p->s, r) < 0)
			return prove_no_memory(p);
	}
	p->b->jagged_take(p->s, &p->proof->pcs.expected_eval, 1);
	p->b->jagged_end(p->s);
	return 0;
}

int
prove_jagged(struct prove *p)
{
	struct pcs_proof *q = &p->proof->pcs;
	struct columns c;

	if (counts(p) < 0 || columns(p, &c) < 0)
		return -1;
	q->max_log_row_count = p->params->max_log_row;
	q->log_m = log2_ceil(c.start[c.n]);
	if (!(p->z_col = prove_sample_point(p, c.vars)))
		return -1;
	mle_eq_table(c.eq, p->z_col, c.vars);
	if (jagged_sumcheck(p, &c) < 0 ||
	    prove_jagged_eval(p, c.start, c.n, c.eq) < 0)
		return -1;
	challenger_observe_ef(&p->t, q->expected_eval);
	return 0;
}
