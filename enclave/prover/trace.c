#include "prover/trace.h"

#include <stdlib.h>
#include <string.h>

#include "prover/prover.h"

bool
trace_message(const struct air_interaction *x, const kb *row, size_t width,
    uint32_t v[4], uint32_t *mult)
{
	*mult = kb_to(air_affine_row(&x->mult, (unsigned)width, row, NULL));
	if (*mult == 0)
		return false;
	for (unsigned k = 0; k < 4; k++)
		v[k] = kb_to(air_affine_row(&x->value[k], (unsigned)width, row,
		    NULL));
	return true;
}

/* The public values look things up in every kind of shard.  false: in vain. */
static bool
count_public_values(struct shard_trace *t, const struct trace_source *from,
    struct trace_miss *miss)
{
	const struct air_chip *c = &t->shape.machine->public_values;
	bool found = true;

	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];
		uint32_t v[4], mult;
		size_t count;

		if (x->kind != from->lookups || !trace_message(x,
		    t->shape.public_values, STARK_PUBLIC_VALUES, v, &mult))
			continue;
		count = from->count_of(v);
		if (count < from->ncounts) {
			t->backend->trace_count(t->cells, count, mult);
			continue;
		}
		*miss = (struct trace_miss){.chip = c, .send = x};
		memcpy(miss->v, v, sizeof v);
		found = false;
	}
	return found;
}

static int
make_rows(struct shard_trace *t, const struct trace_source *from)
{
	for (size_t c = 0; c < t->shape.cluster->nchips; c++) {
		struct trace_rows r = from->rows_of(from->ctx,
		    t->shape.cluster->chip[c]);

		if (t->shape.rows[c] && r.row &&
		    t->backend->trace_rows(t->cells, c, &r) < 0)
			return -1;
	}
	return 0;
}

static void
make_tables(struct shard_trace *t, const struct trace_source *from)
{
	for (size_t c = 0; c < t->shape.cluster->nchips; c++) {
		struct trace_rows r = from->rows_of(from->ctx,
		    t->shape.cluster->chip[c]);

		if (t->shape.rows[c] && !r.row)
			t->backend->trace_table(t->cells, c, r.first);
	}
}

int
trace_make(struct shard_trace *t, const struct prover *p, struct trace_shape s,
    const struct trace_source *from, struct trace_miss *miss, struct err *e)
{
	bool found = true;

	*t = (struct shard_trace){.backend = p->backend, .shape = s};
	t->cells = p->backend->trace_new(p->params, &t->shape, from);
	if (!t->cells || make_rows(t, from) < 0) {
		trace_free(t);
		return err_set(e, EX_OSERR, "no memory for traces");
	}
	if (from->count_of)
		found = count_public_values(t, from, miss);
	make_tables(t, from);
	if (t->backend->trace_end(t->cells, miss) < 0)
		found = false;
	return found ? 0 : 1;
}

void
trace_free(struct shard_trace *t)
{
	if (t->cells)
		t->backend->trace_free(t->cells);
	free(t->shape.rows);
	memset(t, 0, sizeof *t);
}

size_t
trace_size(const struct prover *p, const struct trace_shape *s,
    const struct trace_source *from)
{
	return p->backend->trace_size(p->params, s, from);
}

/* ---- the debugger ---- */

/* Rows first .. of a chip, at most n, from the key's columns too. */
struct rows {
	const struct air_chip *chip;
	size_t height, n;
	kb *main, *prep;
};

#define BLOCK 256		/* rows at a time */

static void
take_prep(const struct rows *r, const kb *prep, size_t row)
{
	for (unsigned j = 0; j < r->chip->prep_width; j++)
		r->prep[j] = prep[j * r->height + row];
}

/* Number of the constraints' failures told: 0 or 1. */
static size_t
debug_chip(const struct shard_trace *t, size_t c, const kb *prep,
    struct air_balance *b, FILE *f)
{
	const struct air_chip *a = t->shape.cluster->chip[c];
	struct rows r = {.chip = a, .height = t->shape.rows[c]};
	size_t width = a->main_width, failures = 0;

	r.main = calloc(BLOCK * (width + 1), sizeof *r.main);
	r.prep = calloc(a->prep_width + 1, sizeof *r.prep);
	must(r.main && r.prep);
	for (size_t first = 0; first < r.height; first += r.n) {
		r.n = r.height - first < BLOCK ? r.height - first : BLOCK;
		t->backend->trace_read(t->cells, c, first, r.n, r.main);
		for (size_t i = 0; i < r.n; i++) {
			const kb *row = r.main + i * width;

			take_prep(&r, prep, first + i);
			if (!failures && air_debug_row(a, row, r.prep,
			    t->shape.public_values, f) >= 0) {
				if (f)
					fprintf(f, "%s: row %zu of %zu\n",
					    a->name, first + i, r.height);
				failures = 1;
			}
			air_balance_add(b, a, row, r.prep, first + i);
		}
	}
	free(r.main);
	free(r.prep);
	return failures;
}

size_t
trace_debug(const struct shard_trace *t, const struct proving_key *key, FILE *f)
{
	const struct air_machine *m = t->shape.machine;
	struct air_balance *b = air_balance_new();
	const kb *prep = key->prep;
	size_t failures = 0;

	must(b);
	for (size_t c = 0; c < t->shape.cluster->nchips; c++) {
		failures += debug_chip(t, c, prep, b, f);
		prep += t->shape.rows[c] * t->shape.cluster->chip[c]->prep_width;
	}
	failures += air_debug_row(&m->public_values, NULL, NULL,
	    t->shape.public_values, f) >= 0;
	air_balance_public(b, m, t->shape.public_values);
	failures += air_balance_report(b, f, 20);
	air_balance_free(b);
	return failures;
}
