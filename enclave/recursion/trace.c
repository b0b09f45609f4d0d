#include "recursion/trace.h"

#include <stdlib.h>

#include "air/recursion/chips.h"
#include "recursion/table.h"
#include "rows/poseidon2.h"

struct trace {
	const ef *v;			/* of each address */
	unsigned per_row;		/* blocks in a row of MemoryVar */
	struct block pending[2];
	unsigned npending;
	struct tables table;
};

static struct block
block(const struct trace *t, uint32_t a)
{
	const ef *v = &t->v[a];

	return (struct block){{v->c[0], v->c[1], v->c[2], v->c[3]}};
}

static kb
element(const struct trace *t, uint32_t a)
{
	return t->v[a].c[0];
}

static void
put_alu(struct trace *t, const struct instr *i, const uint32_t *o)
{
	if (i->op >= OP_ADD_E)
		table_append(&t->table.ext, &(struct ext_alu_cols){
			.out = block(t, o[0]), .in1 = block(t, o[1]),
			.in2 = block(t, o[2])});
	else
		table_append(&t->table.base, &(struct base_alu_cols){
			.out = element(t, o[0]), .in1 = element(t, o[1]),
			.in2 = element(t, o[2])});
}

static void
put_var(struct trace *t, uint32_t a)
{
	t->pending[t->npending++] = block(t, a);
	if (t->npending == t->per_row) {
		table_append(&t->table.var, t->pending);
		t->npending = 0;
		memset(t->pending, 0, sizeof t->pending);
	}
}

static void
put_permutation(struct trace *t, const kb in[16])
{
	struct poseidon2_wide_cols row;

	fill_poseidon2(&row.rounds, in);
	table_append(&t->table.poseidon2, &row);
}

static void
put_poseidon2(struct trace *t, const uint32_t *o)
{
	kb in[16];

	for (int i = 0; i < 16; i++)
		in[i] = element(t, o[16 + i]);
	put_permutation(t, in);
}

static void
put_prefix_sums(struct trace *t, const uint32_t *o, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		table_append(&t->table.prefix, &(struct prefix_sum_cols){
			.x1 = element(t, o[2 * n + 2 + i]),
			.x2 = block(t, o[3 * n + 2 + i]),
			.acc = block(t, i == 0 ? o[2 * n + 1] : o[i - 1]),
			.new_acc = block(t, o[i]),
			.felt_acc = element(t, i == 0 ? o[2 * n] :
			    o[n + i - 1]),
			.felt_new_acc = element(t, o[n + i])});
}

static void
put_public_values(struct trace *t, const uint32_t *o)
{
	for (unsigned i = 0; i < 8; i++)
		table_append(&t->table.public_values,
		    &(struct public_values_cols){
			.element = element(t, o[RECURSION_PV_DIGEST + i])});
}

static void
put_select(struct trace *t, const uint32_t *o)
{
	table_append(&t->table.select, &(struct select_cols){
		.bit = element(t, o[2]), .out1 = element(t, o[0]),
		.out2 = element(t, o[1]), .in1 = element(t, o[3]),
		.in2 = element(t, o[4])});
}

/* What only wrap has.  An internal layer's s-box is of the first element alone, but
 * the columns have all four. */
static void
put_sbox(struct trace *t, const uint32_t *o)
{
	struct poseidon2_sbox_cols row = {.input = block(t, o[1])};

	for (int k = 0; k < 4; k++) {
		kb x = row.input.c[k];

		row.output.c[k] = kb_mul(kb_mul(x, x), x);
	}
	table_append(&t->table.sbox, &row);
}

static void
put_linear(struct trace *t, const uint32_t *o)
{
	struct poseidon2_linear_cols row;

	for (int k = 0; k < 4; k++)
		row.input[k] = block(t, o[4 + k]);
	table_append(&t->table.linear, &row);
}

static void
put(struct trace *t, const struct program *p, const struct instr *i)
{
	const uint32_t *o = p->operand + i->first;

	switch (i->op) {
	case OP_WRITE:
		break;
	case OP_POSEIDON2:
		put_poseidon2(t, o);
		break;
	case OP_SELECT:
		put_select(t, o);
		break;
	case OP_PREFIX_SUMS:
		put_prefix_sums(t, o, instr_outputs(i) / 2);
		break;
	case OP_HINT: case OP_HINT_BITS: case OP_HINT_FELTS:
	case OP_HINT_CURVE:
		for (unsigned k = 0; k < instr_outputs(i); k++)
			put_var(t, o[k]);
		break;
	case OP_COMMIT:
		put_public_values(t, o);
		break;
	case OP_SBOX_EXTERNAL: case OP_SBOX_INTERNAL:
		put_sbox(t, o);
		break;
	case OP_LINEAR_EXTERNAL: case OP_LINEAR_INTERNAL:
		put_linear(t, o);
		break;
	case OP_JOIN: case OP_SPLIT:
		table_append(&t->table.convert, &(struct ext_felt_cols){
			.input = block(t, o[i->op == OP_JOIN ? 0 : 4])});
		break;
	default:
		put_alu(t, i, o);
	}
}

/* Its constraints hold in padding rows too. */
static void
pad_permutations(struct trace *t)
{
	static const kb zero[16];

	while (t->table.poseidon2.n < t->table.poseidon2.rows)
		put_permutation(t, zero);
}

int
program_trace(struct program_trace *out, const struct program_key *k,
    const struct program *p, const struct run_memory *mem,
    const struct air_machine *m, const struct stark_params *params,
    struct err *e)
{
	size_t stack = (size_t)1 << params->log_stack;
	struct trace t = {.v = mem->v};
	kb *at;

	out->main_area = 0;
	for (unsigned i = 0; i < m->nchips; i++)
		out->main_area += k->rows[i] * m->chip[i].main_width;
	out->main = at = calloc((out->main_area + stack - 1) / stack * stack,
	    sizeof *at);
	if (at == NULL)
		return err_set(e, EX_OSERR, "no memory for a program's trace");
	for (unsigned i = 0; i < m->nchips; i++) {
		struct table *x = table_of(&t.table, m->chip[i].name);

		*x = (struct table){at, k->rows[i], 0, m->chip[i].main_width};
		at += x->rows * x->width;
	}
	t.per_row = t.table.var.width / COLS_WIDTH(block);
	for (size_t i = 0; i < p->ninstrs; i++)
		put(&t, p, &p->instr[i]);
	if (t.npending > 0)
		table_append(&t.table.var, t.pending);
	pad_permutations(&t);
	return 0;
}

void
program_trace_free(struct program_trace *t)
{
	free(t->main);
	t->main = NULL;
}
