#include "recursion/trace.h"

#include <stdlib.h>
#include <string.h>

#include "air/recursion/chips.h"
#include "rows/poseidon2.h"

static struct block
block(const struct row_events *t, uint32_t a)
{
	struct block b;

	memcpy(b.c, t->v[a].c, sizeof b.c);
	return b;
}

static kb
element(const struct row_events *t, uint32_t a)
{
	return t->v[a].c[0];
}

static void
base_row(const void *events, size_t i, kb *row)
{
	struct base_alu_cols *c = (struct base_alu_cols *)row;
	const uint32_t *o = row_operands(events, ROW_BASE, i);

	c->out = element(events, o[0]);
	c->in1 = element(events, o[1]);
	c->in2 = element(events, o[2]);
}

static void
ext_row(const void *events, size_t i, kb *row)
{
	struct ext_alu_cols *c = (struct ext_alu_cols *)row;
	const uint32_t *o = row_operands(events, ROW_EXT, i);

	c->out = block(events, o[0]);
	c->in1 = block(events, o[1]);
	c->in2 = block(events, o[2]);
}

/* Constants are in the preprocessed columns alone. */
static void
constant_row(const void *events, size_t i, kb *row)
{
}

static void
var_1_row(const void *events, size_t i, kb *row)
{
	const struct row_events *t = events;

	*(struct block *)row = block(t, t->x->list[ROW_VAR].at[i]);
}

static void
var_2_row(const void *events, size_t i, kb *row)
{
	struct block *c = (struct block *)row;
	const struct row_events *t = events;
	const struct row_list *l = &t->x->list[ROW_VAR];

	for (size_t k = 0; k < 2 && 2 * i + k < l->n; k++)
		c[k] = block(t, l->at[2 * i + k]);
}

static void
poseidon2_row(const void *events, size_t i, kb *row)
{
	struct poseidon2_wide_cols *c = (struct poseidon2_wide_cols *)row;
	const uint32_t *o = row_operands(events, ROW_POSEIDON2, i);
	kb in[16];

	for (int k = 0; k < 16; k++)
		in[k] = element(events, o[16 + k]);
	fill_poseidon2(&c->rounds, in);
}

/* The constraints hold in padding rows too. */
static void
poseidon2_pad(const void *events, size_t i, kb *row)
{
	struct poseidon2_wide_cols *c = (struct poseidon2_wide_cols *)row;
	static const kb zero[16];

	fill_poseidon2(&c->rounds, zero);
}

static void
prefix_row(const void *events, size_t i, kb *row)
{
	struct prefix_sum_cols *c = (struct prefix_sum_cols *)row;
	struct row_prefix a = row_prefix_of(events, i);

	c->x1 = element(events, a.x1);
	c->x2 = block(events, a.x2);
	c->acc = block(events, a.acc);
	c->new_acc = block(events, a.new_acc);
	c->felt_acc = element(events, a.felt_acc);
	c->felt_new_acc = element(events, a.felt_new_acc);
}

static void
public_row(const void *events, size_t i, kb *row)
{
	const struct row_events *t = events;

	row[0] = element(t, t->x->list[ROW_PUBLIC].at[i]);
}

static void
select_row(const void *events, size_t i, kb *row)
{
	struct select_cols *c = (struct select_cols *)row;
	const uint32_t *o = row_operands(events, ROW_SELECT, i);

	c->bit = element(events, o[2]);
	c->out1 = element(events, o[0]);
	c->out2 = element(events, o[1]);
	c->in1 = element(events, o[3]);
	c->in2 = element(events, o[4]);
}

/* ---- what only wrap has ---- */

static void
linear_row(const void *events, size_t i, kb *row)
{
	struct poseidon2_linear_cols *c = (struct poseidon2_linear_cols *)row;
	const uint32_t *o = row_operands(events, ROW_LINEAR, i);

	for (int k = 0; k < 4; k++)
		c->input[k] = block(events, o[4 + k]);
}

/* An internal layer's s-box is of the first element alone, but the columns have all
 * four. */
static void
sbox_row(const void *events, size_t i, kb *row)
{
	struct poseidon2_sbox_cols *c = (struct poseidon2_sbox_cols *)row;

	c->input = block(events, row_operands(events, ROW_SBOX, i)[1]);
	for (int k = 0; k < 4; k++) {
		kb x = c->input.c[k];

		c->output.c[k] = kb_mul(kb_mul(x, x), x);
	}
}

static void
convert_row(const void *events, size_t i, kb *row)
{
	const struct row_events *t = events;
	const struct instr *in = &t->p->instr[t->x->list[ROW_CONVERT].at[i]];

	*(struct block *)row = block(t,
	    t->p->operand[in->first + (in->op == OP_JOIN ? 0 : 4)]);
}

/* ---- ---- */

static struct trace_rows
rows_of(const void *ctx, const struct air_chip *c)
{
	static trace_row_fn *const row[ROW_KINDS] = {
		[ROW_BASE] = base_row, [ROW_EXT] = ext_row,
		[ROW_CONVERT] = convert_row, [ROW_CONSTANT] = constant_row,
		[ROW_VAR] = var_2_row, [ROW_LINEAR] = linear_row,
		[ROW_SBOX] = sbox_row, [ROW_POSEIDON2] = poseidon2_row,
		[ROW_PREFIX] = prefix_row, [ROW_PUBLIC] = public_row,
		[ROW_SELECT] = select_row
	};
	const struct row_events *t = ctx;
	enum row_kind k = row_kind_of(c);

	return (struct trace_rows){.events = t,
	    .row = k == ROW_VAR && row_accesses(c) == 1 ? var_1_row : row[k],
	    .n = row_index_filled(t->x, c),
	    .pad = k == ROW_POSEIDON2 ? poseidon2_pad : NULL};
}

struct trace_source
program_source(const struct row_events *events)
{
	return (struct trace_source){.rows_of = rows_of, .ctx = events};
}

int
program_shape(struct trace_shape *t, const struct air_machine *m,
    const struct proving_key *k, const kb public_values[STARK_PUBLIC_VALUES],
    struct err *e)
{
	bool all[ROW_KINDS];

	memset(all, true, sizeof all);
	must(m->nchips <= ROW_KINDS);
	*t = (struct trace_shape){.machine = m,
	    .cluster = air_cluster_exact(m, all)};
	memcpy(t->public_values, public_values, sizeof t->public_values);
	must(m->nchips == k->nprep);
	t->rows = calloc(k->nprep, sizeof *t->rows);
	if (!t->rows)
		return err_set(e, EX_OSERR, "no memory for traces");
	for (unsigned i = 0; i < m->nchips; i++) {
		t->rows[i] = k->rows[i];
		t->area += k->rows[i] * m->chip[i].main_width;
	}
	return 0;
}

int
program_trace(struct shard_trace *t, const struct prover *prover,
    const struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct run_memory *mem, struct err *e)
{
	struct row_events events = {.p = p, .x = x, .v = mem->v};
	struct trace_source from = program_source(&events);
	struct trace_shape shape;
	struct trace_miss none;

	if (program_shape(&shape, prover->machine, k, mem->public_values, e))
		return -1;
	return trace_make(t, prover, shape, &from, &none, e);
}
