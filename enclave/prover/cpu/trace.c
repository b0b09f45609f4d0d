/*
 * The trace on the CPU: rows are made a block at a time, their lookups counted, and then
 * they are turned into columns.
 */
#include "prover/cpu/cpu.h"

#include <string.h>

#define BLOCK 256u		/* rows made at a time */

static size_t
dense_bytes(const struct stark_params *params, const struct trace_shape *s)
{
	return round_up(s->area, (size_t)1 << params->log_stack) * sizeof(kb);
}

static size_t
counts_bytes(const struct trace_source *from)
{
	return par_threads() * (from->ncounts + 1) * sizeof(uint32_t);
}

size_t
cpu_trace_size(const struct stark_params *params, const struct trace_shape *s,
    const struct trace_source *from)
{
	size_t widest = 0;

	for (unsigned i = 0; i < s->cluster->nchips; i++)
		if (widest < s->cluster->chip[i]->main_width)
			widest = s->cluster->chip[i]->main_width;
	return dense_bytes(params, s) + counts_bytes(from) + par_threads() *
	    (sizeof(struct trace_miss) + BLOCK * widest * sizeof(kb));
}

struct prover_trace *
cpu_trace_new(const struct stark_params *params, const struct trace_shape *s,
    const struct trace_source *from)
{
	struct prover_trace *t = calloc(1, sizeof *t);
	kb *at;

	if (!t)
		return NULL;
	t->shape = s;
	t->source = from;
	t->size = dense_bytes(params, s);
	t->main = at = cpu_map(t->size, false);
	t->column = calloc(s->cluster->nchips, sizeof *t->column);
	t->count = cpu_map(counts_bytes(from), false);
	t->miss = calloc(par_threads(), sizeof *t->miss);
	if (!t->main || !t->column || !t->count || !t->miss) {
		cpu_trace_free(t);
		return NULL;
	}
	for (unsigned i = 0; i < s->cluster->nchips; i++) {
		t->column[i] = at;
		at += s->rows[i] * s->cluster->chip[i]->main_width;
	}
	return t;
}

void
cpu_trace_free(struct prover_trace *t)
{
	cpu_unmap(t->main, t->size);
	if (t->source)
		cpu_unmap(t->count, counts_bytes(t->source));
	free(t->miss);
	free(t->column);
	free(t);
}

/* ---- rows ---- */

struct fill {
	struct prover_trace *t;
	const struct air_chip *chip;
	const struct trace_rows *from;
	size_t rows;
	kb *column;		/* the chip's first */
	kb *scratch;		/* BLOCK rows a thread */
};

static void
count_lookups(const struct fill *f, const kb *row, size_t number,
    unsigned worker)
{
	const struct trace_source *from = f->t->source;
	uint32_t *counts = f->t->count + worker * from->ncounts;
	struct trace_miss *miss = &f->t->miss[worker];

	for (unsigned i = 0; i < f->chip->nsends; i++) {
		const struct air_interaction *x = &f->chip->interaction[i];
		uint32_t v[4], mult;
		size_t count;

		if (x->kind != from->lookups || !trace_message(x, row,
		    f->chip->main_width, v, &mult))
			continue;
		count = from->count_of(v);
		if (count < from->ncounts) {
			counts[count] += mult;
		} else if (!miss->chip) {
			*miss = (struct trace_miss){f->chip, x, number,
			    {v[0], v[1], v[2], v[3]}};
		}
	}
}

static void
fill_rows(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct fill *f = ctx;
	const void *events = f->from->events;
	bool counted = f->t->source->count_of != NULL;
	size_t width = f->chip->main_width;
	kb *block = f->scratch + worker * BLOCK * width;

	for (size_t r0 = begin; r0 < end; r0 += BLOCK) {
		size_t n = end - r0 < BLOCK ? end - r0 : BLOCK;

		memset(block, 0, n * width * sizeof *block);
		for (size_t k = 0; k < n; k++) {
			kb *row = block + k * width;

			if (r0 + k < f->from->n) {
				f->from->row(events, r0 + k, row);
				if (counted)
					count_lookups(f, row, r0 + k, worker);
			} else if (f->from->pad) {
				f->from->pad(events, r0 + k, row);
			}
		}
		for (size_t j = 0; j < width; j++)
			for (size_t k = 0; k < n; k++)
				f->column[j * f->rows + r0 + k] =
				    block[k * width + j];
	}
}

int
cpu_trace_rows(struct prover_trace *t, size_t c, const struct trace_rows *r)
{
	struct fill f = {.t = t, .chip = t->shape->cluster->chip[c], .from = r,
	    .rows = t->shape->rows[c], .column = t->column[c]};

	f.scratch = malloc(par_threads() * BLOCK * f.chip->main_width *
	    sizeof *f.scratch);
	if (!f.scratch)
		return -1;
	par_for(f.rows, 4 * BLOCK, fill_rows, &f);
	free(f.scratch);
	return 0;
}

/* ---- counts ---- */

void
cpu_trace_count(struct prover_trace *t, size_t count, uint32_t n)
{
	t->count[count] += n;
}

void
cpu_trace_table(struct prover_trace *t, size_t c, size_t first)
{
	size_t cells = t->shape->rows[c] * t->shape->cluster->chip[c]->main_width;

	must(first + cells <= t->source->ncounts);
	for (size_t i = 0; i < cells; i++) {
		uint32_t n = 0;

		for (unsigned w = 0; w < par_threads(); w++)
			n += t->count[w * t->source->ncounts + first + i];
		t->column[c][i] = kb_from(n);
	}
}

int
cpu_trace_end(struct prover_trace *t, struct trace_miss *miss)
{
	int r = 0;

	for (unsigned w = 0; w < par_threads() && r == 0; w++)
		if (t->miss[w].chip) {
			*miss = t->miss[w];
			r = -1;
		}
	cpu_unmap(t->count, counts_bytes(t->source));
	free(t->miss);
	t->count = NULL;
	t->miss = NULL;
	t->source = NULL;
	return r;
}

void
cpu_trace_read(const struct prover_trace *t, size_t c, size_t first, size_t n,
    kb *rows)
{
	size_t height = t->shape->rows[c];
	unsigned width = t->shape->cluster->chip[c]->main_width;

	for (size_t i = 0; i < n; i++)
		for (unsigned j = 0; j < width; j++)
			rows[i * width + j] = t->column[c][j * height + first + i];
}
