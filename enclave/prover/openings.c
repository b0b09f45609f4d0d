/*
 * The query phase: both commitments' rows at the queries, then each layer's pairs.
 */
#include "prover/phase.h"

static int
open_rows(struct prove *p, struct merkle_opening *o, size_t which,
    const size_t *index)
{
	size_t n = p->params->nqueries;
	struct prover_rows r;

	p->b->rows(p->s, which, &r);
	o->root = r.root;
	o->log_height = r.log_height;
	o->width = r.width;
	o->values.n = n * r.width;
	o->values_dims = (struct dims){2, {n, r.width}};
	o->paths.n = n * r.log_height;
	o->paths_dims = (struct dims){2, {n, r.log_height}};
	o->values.v = prove_alloc(p, p->out, o->values.n, sizeof(kb));
	o->paths.v = prove_alloc(p, p->out, o->paths.n, sizeof(any_digest));
	if (!o->values.v || !o->paths.v)
		return -1;
	if (p->b->rows_open(p->s, which, index, n, o->values.v, o->paths.v) < 0)
		return prove_no_memory(p);
	return 0;
}

int
prove_openings(struct prove *p, const size_t *index)
{
	struct basefold_proof *f = &p->proof->pcs.basefold;
	size_t n = p->params->nqueries;
	size_t *at = prove_alloc(p, &p->tmp, n, sizeof *at);

	f->ncomponents = 2;
	f->nqueries = p->params->log_stack;
	f->component = prove_alloc(p, p->out, 2, sizeof *f->component);
	f->query = prove_alloc(p, p->out, f->nqueries, sizeof *f->query);
	if (!at || !f->component || !f->query)
		return -1;
	for (size_t i = 0; i < 2; i++)
		if (open_rows(p, &f->component[i], i, index) < 0)
			return -1;
	for (size_t i = 0; i < n; i++)
		at[i] = index[i];
	for (size_t l = 0; l < f->nqueries; l++) {
		for (size_t i = 0; i < n; i++)
			at[i] >>= 1;
		if (open_rows(p, &f->query[l], l + 2, at) < 0)
			return -1;
	}
	return 0;
}
