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

#define BLOCK 256		/* rows read at a time */

struct debug {
	const struct shard_trace *t;
	struct air_balance *balance;
	const struct air_origin *origin;
	FILE *f;
	size_t failures;
};

/* A row; its constraints only where no row of the chip had a fault before. */
static void
debug_row(struct debug *d, const struct air_chip *a, const kb *row,
    const kb *prep, size_t number, size_t height, bool *bad)
{
	if (!*bad && air_debug_row(a, row, prep, d->t->shape.public_values,
	    d->f) >= 0) {
		if (d->f) {
			fprintf(d->f, "%s: row %zu of %zu", a->name, number,
			    height);
			if (d->origin)
				d->origin->print(d->origin->ctx, a, number, d->f);
			fputc('\n', d->f);
		}
		*bad = true;
		d->failures++;
	}
	air_balance_add(d->balance, a, row, prep, number);
}

/* All rows of chip c; column: its first preprocessed one. */
static void
debug_chip(struct debug *d, size_t c, const kb *column)
{
	const struct air_chip *a = d->t->shape.cluster->chip[c];
	size_t height = d->t->shape.rows[c], width = a->main_width, n;
	kb *main = calloc(BLOCK * (width + 1), sizeof *main);
	kb *prep = calloc(a->prep_width + 1, sizeof *prep);
	bool bad = false;

	must(main && prep);
	for (size_t first = 0; first < height; first += n) {
		n = height - first < BLOCK ? height - first : BLOCK;
		d->t->backend->trace_read(d->t->cells, c, first, n, main);
		for (size_t i = 0; i < n; i++) {
			for (unsigned j = 0; j < a->prep_width; j++)
				prep[j] = column[j * height + first + i];
			debug_row(d, a, main + i * width, prep, first + i,
			    height, &bad);
		}
	}
	free(main);
	free(prep);
}

size_t
trace_debug(const struct shard_trace *t, const struct proving_key *key,
    const struct air_origin *origin, FILE *f)
{
	const struct air_machine *m = t->shape.machine;
	struct debug d = {.t = t, .balance = air_balance_new(),
	    .origin = origin, .f = f};
	const kb *prep = key->prep;

	must(d.balance);
	for (size_t c = 0; c < t->shape.cluster->nchips; c++) {
		debug_chip(&d, c, prep);
		prep += t->shape.rows[c] * t->shape.cluster->chip[c]->prep_width;
	}
	d.failures += air_debug_row(&m->public_values, NULL, NULL,
	    t->shape.public_values, f) >= 0;
	air_balance_public(d.balance, m, t->shape.public_values);
	d.failures += air_balance_report(d.balance, origin, f, 20);
	air_balance_free(d.balance);
	return d.failures;
}
