#include <string.h>

#include "prover/cpu/cpu.h"

static void
cpu_close(struct prover_session *p)
{
	if (!p)
		return;
	cpu_gkr_free(p);
	cpu_zerocheck_free(p);
	cpu_jagged_free(p);
	cpu_basefold_free(p);
	cells_close(p);
	stacked_commitment_free(&p->main);
	for (size_t c = 0; p->col && c < p->shard->nchips; c++)
		free(p->col[c]);
	free(p->col);
	free(p);
}

/* Rows of the highest chip. */
static size_t
highest(const struct prover_shard *s)
{
	size_t n = 1;

	for (size_t c = 0; c < s->nchips; c++)
		if (n < s->chip[c].rows)
			n = s->chip[c].rows;
	return n;
}

/* What open_columns takes. */
static size_t
columns_size(const struct prover_shard *s)
{
	return cpu_eq_size(s->params->max_log_row, highest(s));
}

/* From the fastest to the one that takes least.  Of a large trace's size: 1.8, 1.1, 0.9,
 * 0.75, the first and third for LogUp-GKR's tables, the second for zerocheck's columns,
 * the last for the jagged factors. */
static const struct cpu_plan plans[] = {
	{2, 2, 0}, {3, 2, 0}, {3, 3, 0}, {4, 3, 0}
};

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t
cells_of(const struct prover_shard *s, const struct cpu_plan *plan)
{
	size_t n = cells_size(stacked_work(s->ncols[1], s->params->log_stack));

	n = larger(n, cpu_gkr_size(s, plan));
	n = larger(n, columns_size(s));
	n = larger(n, cpu_zerocheck_size(s, plan));
	n = larger(n, cpu_jagged_size(s));
	return larger(n, cpu_basefold_size(s));
}

/* The trees of the main commitment and of BaseFold's layers; arrays of pieces of
 * work, and the rest. */
static size_t
beside_cells(const struct prover_shard *s)
{
	unsigned stack = s->params->log_stack, blow = s->params->log_blowup;

	return 2 * stacked_kept(stack, blow) + ((size_t)24 << 20);
}

/* Bytes in all. */
static size_t
choose(const struct prover_shard *s, struct cpu_plan *plan)
{
	size_t beside = beside_cells(s);

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		*plan = plans[i];
		plan->cells = cells_of(s, plan);
		if (!s->memory || beside + plan->cells <= s->memory)
			break;
	}
	return beside + plan->cells;
}

static size_t
cpu_need(const struct prover_shard *s)
{
	struct cpu_plan plan;

	return choose(s, &plan);
}

static struct prover_session *
cpu_open(const struct prover_shard *s)
{
	struct prover_session *p = calloc(1, sizeof *p);
	size_t need;

	if (!p)
		return NULL;
	p->shard = s;
	p->dense[0] = s->prep;
	p->dense[1] = s->trace->main;
	p->k = cpu_kernels();
	need = choose(s, &p->plan);
	if ((s->memory && need > s->memory) || cells_open(p) < 0)
		goto fail;
	if (!(p->col = calloc(s->nchips, sizeof *p->col)))
		goto fail;
	for (size_t c = 0; c < s->nchips; c++) {
		const struct prover_chip *t = &s->chip[c];
		unsigned m = t->air->main_width, n = m + t->air->prep_width;

		if (!(p->col[c] = malloc((n + 1) * sizeof **p->col)))
			goto fail;
		for (unsigned j = 0; j < n; j++)
			p->col[c][j] = j < m ?
			    s->trace->column[c] + j * t->rows :
			    t->prep + (j - m) * t->rows;
	}
	return p;
fail:
	cpu_close(p);
	return NULL;
}

static int
cpu_commit(struct prover_session *p, any_digest *tensor)
{
	const struct prover_shard *s = p->shard;

	size_t used = p->cells_used;
	kb *work = cells_raw(p, stacked_work(s->ncols[1],
	    s->params->log_stack));

	if (stacked_commit(&p->main, s->params->hasher, work, p->dense[1],
	    s->ncols[1], s->params->log_stack, s->params->log_blowup))
		return -1;
	cells_release(p, used);
	*tensor = p->main.commitment;
	return 0;
}

/* A column's rows [row, row + n). */
struct part { const kb *v; size_t out, row, n; };
struct opening {
	const struct cpu_kernels *k;
	struct cpu_eq eq;
	struct part *part;
	ef *sum;
};

#define PART_ROWS 65536

static void
dot_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct opening *o = ctx;

	for (size_t i = begin; i < end; i++) {
		const struct part *t = &o->part[i];

		o->sum[i] = o->k->dot_kb(t->v, o->eq.t + t->row, o->eq.plane,
		    t->n);
	}
}

static int
cpu_open_columns(struct prover_session *p, const ef *point, ef *out)
{
	const struct prover_shard *s = p->shard;
	struct opening o = {.k = p->k};
	size_t most, n = 0, k = 0;
	size_t used = p->cells_used;
	int r = -1;

	for (size_t c = 0; c < s->nchips; c++) {
		const struct prover_chip *t = &s->chip[c];

		n += (t->rows / PART_ROWS + 1) *
		    (t->air->main_width + t->air->prep_width);
	}
	most = highest(s);
	o.part = malloc(n * sizeof *o.part);
	o.sum = malloc(n * sizeof *o.sum);
	if (!o.part || !o.sum)
		goto done;
	cpu_eq_init(&o.eq, p, point, s->params->max_log_row, most);
	n = 0;
	for (size_t c = 0; c < s->nchips; c++) {
		const struct prover_chip *t = &s->chip[c];
		unsigned width = t->air->main_width + t->air->prep_width;

		for (unsigned j = 0; j < width; j++, k++) {
			out[k] = EF_ZERO;
			for (size_t row = 0; row < t->rows; row += PART_ROWS)
				o.part[n++] = (struct part){p->col[c][j] + row,
				    k, row, t->rows - row < PART_ROWS ?
				    t->rows - row : PART_ROWS};
		}
	}
	par_for(n, 1, dot_piece, &o);
	for (size_t i = 0; i < n; i++)
		out[o.part[i].out] = ef_add(out[o.part[i].out], o.sum[i]);
	cells_release(p, used);
	r = 0;
done:
	free(o.part);
	free(o.sum);
	return r;
}

const struct prover_backend backend_cpu = {
	.name = "cpu",
	.trace_size = cpu_trace_size,
	.trace_new = cpu_trace_new,
	.trace_rows = cpu_trace_rows,
	.trace_count = cpu_trace_count,
	.trace_table = cpu_trace_table,
	.trace_end = cpu_trace_end,
	.trace_read = cpu_trace_read,
	.trace_free = cpu_trace_free,
	.need = cpu_need,
	.open = cpu_open,
	.close = cpu_close,
	.commit = cpu_commit,
	.gkr_build = cpu_gkr_build,
	.gkr_layer = cpu_gkr_layer,
	.gkr_sum = cpu_gkr_sum,
	.gkr_fold = cpu_gkr_fold,
	.gkr_take = cpu_gkr_take,
	.gkr_end = cpu_gkr_free,
	.open_columns = cpu_open_columns,
	.zerocheck_begin = cpu_zerocheck_begin,
	.zerocheck_sum = cpu_zerocheck_sum,
	.zerocheck_fold = cpu_zerocheck_fold,
	.zerocheck_take = cpu_zerocheck_take,
	.zerocheck_end = cpu_zerocheck_free,
	.jagged_begin = cpu_jagged_begin,
	.jagged_bind = cpu_jagged_bind,
	.jagged_sum = cpu_jagged_sum,
	.jagged_fold = cpu_jagged_fold,
	.jagged_take = cpu_jagged_take,
	.jagged_end = cpu_jagged_free,
	.basefold_begin = cpu_basefold_begin,
	.basefold_eval = cpu_basefold_eval,
	.basefold_commit = cpu_basefold_commit,
	.basefold_fold = cpu_basefold_fold,
	.basefold_final = cpu_basefold_final,
	.rows = cpu_rows,
	.rows_open = cpu_rows_open,
};
