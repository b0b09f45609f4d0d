/* The order in which a program reads what it verifies. */
#include "recursion/proof_var.h"

#include "air/air.h"

void
input_felts(struct circuit *c, felt *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = hint_felt(c);
}

static felt *
felts(struct circuit *c, size_t n)
{
	felt *v = circuit_alloc(c, n, sizeof *v);

	input_felts(c, v, n);
	return v;
}

static ext *
exts(struct circuit *c, size_t n)
{
	ext *v = circuit_alloc(c, n, sizeof *v);

	for (size_t i = 0; i < n; i++)
		v[i] = hint_ext(c);
	return v;
}

struct digest_var
input_digest(struct circuit *c)
{
	struct digest_var d;

	input_felts(c, d.c, 8);
	return d;
}

static struct digest_var *
digests(struct circuit *c, size_t n)
{
	struct digest_var *v = circuit_alloc(c, n, sizeof *v);

	for (size_t i = 0; i < n; i++)
		v[i] = input_digest(c);
	return v;
}

void
input_vk(struct circuit *c, struct vk_var *vk)
{
	input_felts(c, vk->pc_start, 3);
	input_felts(c, vk->sum_x, 7);
	input_felts(c, vk->sum_y, 7);
	vk->commit = input_digest(c);
	vk->untrusted = hint_felt(c);
}

static void
read_sumcheck(struct circuit *c, struct sumcheck_var *s, unsigned nvars,
    unsigned degree)
{
	s->nrounds = nvars;
	s->ncoeffs = degree + 1;
	s->coeff = exts(c, (size_t)nvars * (degree + 1));
	s->claim = hint_ext(c);
	s->point = exts(c, nvars);
	s->eval = hint_ext(c);
}

static void
read_gkr(struct circuit *c, struct gkr_var *g, const struct proof_shape *s)
{
	size_t n = (size_t)2 << s->log_interactions;
	unsigned nrounds = s->params->max_log_row - 1;

	g->numerator = exts(c, n);
	g->denominator = exts(c, n);
	g->round = circuit_alloc(c, nrounds, sizeof *g->round);
	for (unsigned i = 0; i < nrounds; i++) {
		struct gkr_round_var *r = &g->round[i];

		r->n0 = hint_ext(c);
		r->n1 = hint_ext(c);
		r->d0 = hint_ext(c);
		r->d1 = hint_ext(c);
		read_sumcheck(c, &r->sc, s->log_interactions + 1 + i, 3);
	}
	g->point = exts(c, s->params->max_log_row);
	g->chip = circuit_alloc(c, s->nchips, sizeof *g->chip);
	for (unsigned i = 0; i < s->nchips; i++) {
		g->chip[i].main = exts(c, s->chip[i]->main_width);
		g->chip[i].prep = exts(c, s->chip[i]->prep_width);
	}
	g->witness = hint_felt(c);
}

static struct opened_var *
read_opened(struct circuit *c, const struct proof_shape *s)
{
	struct opened_var *o = circuit_alloc(c, s->nchips, sizeof *o);

	for (unsigned i = 0; i < s->nchips; i++) {
		o[i].at.prep = exts(c, s->chip[i]->prep_width);
		o[i].at.main = exts(c, s->chip[i]->main_width);
		o[i].height = felts(c, s->params->max_log_row + 1);
	}
	return o;
}

static void
read_opening(struct circuit *c, struct opening_var *o, unsigned nqueries,
    unsigned width, unsigned log_height)
{
	o->width = width;
	o->log_height = log_height;
	o->values = felts(c, (size_t)nqueries * width);
	o->paths = digests(c, (size_t)nqueries * log_height);
	o->root = input_digest(c);
}

static void
read_basefold(struct circuit *c, struct pcs_var *q, const struct proof_shape *s)
{
	const struct stark_params *p = s->params;
	unsigned nfold = p->log_stack, height = nfold + p->log_blowup;

	q->message = (ext (*)[2])exts(c, 2 * nfold);
	q->fri_commitment = digests(c, nfold);
	for (int r = 0; r < 2; r++)
		read_opening(c, &q->component[r], p->nqueries, s->multiple[r],
		    height);
	q->query = circuit_alloc(c, nfold, sizeof *q->query);
	for (unsigned i = 0; i < nfold; i++)
		read_opening(c, &q->query[i], p->nqueries, 8, height - 1 - i);
	q->final_poly = hint_ext(c);
	q->pow_witness = hint_felt(c);
	q->batch_witness = hint_felt(c);
}

static void
read_pcs(struct circuit *c, struct pcs_var *q, const struct proof_shape *s)
{
	q->prefix_sum = felts(c, (s->ncols + 1) * (s->log_area + 1));
	read_sumcheck(c, &q->sumcheck, s->log_area, 2);
	read_sumcheck(c, &q->jagged_eval, 2 * (s->log_area + 1), 2);
	for (int r = 0; r < 2; r++)
		q->batch[r] = exts(c, s->multiple[r]);
	read_basefold(c, q, s);
	for (int r = 0; r < 2; r++)
		q->rows[r] = felts(c, s->ntables[r]);
	for (int r = 0; r < 2; r++)
		q->commitment[r] = input_digest(c);
	q->expected_eval = hint_ext(c);
}

void
input_proof(struct circuit *c, struct proof_var *p, const struct proof_shape *s)
{
	p->shape = s;
	input_felts(c, p->public_values, STARK_PUBLIC_VALUES);
	p->main_commitment = input_digest(c);
	read_gkr(c, &p->gkr, s);
	read_sumcheck(c, &p->zerocheck, s->params->max_log_row,
	    STARK_MAX_DEGREE + 1);
	p->opened = read_opened(c, s);
	read_pcs(c, &p->pcs, s);
}
