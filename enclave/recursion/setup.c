#include "recursion/setup.h"

#include <stdlib.h>
#include <string.h>

#include "air/recursion/chips.h"
#include "base/par.h"
#include "field/septic.h"

/* ---- rows ---- */

static kb
addr(uint32_t a)
{
	return kb_from(a);
}

static kb
reads(const struct row_events *t, uint32_t a)
{
	return kb_from(t->p->reads[a]);
}

static struct mem_access
access_to(const struct row_events *t, uint32_t a)
{
	return (struct mem_access){addr(a), reads(t, a)};
}

/* ext_alu_prep is the same. */
static void
alu_row(const struct row_events *t, enum row_kind k, enum opcode first,
    size_t i, kb *row)
{
	struct base_alu_prep *c = (struct base_alu_prep *)row;
	const uint32_t *o = row_operands(t, k, i);
	kb *flag[4] = {&c->is_add, &c->is_sub, &c->is_mul, &c->is_div};

	c->addr.out = addr(o[0]);
	c->addr.in1 = addr(o[1]);
	c->addr.in2 = addr(o[2]);
	c->mult = reads(t, o[0]);
	*flag[t->p->instr[t->x->list[k].at[i]].op - first] = KB_ONE;
}

static void
base_row(const void *events, size_t i, kb *row)
{
	alu_row(events, ROW_BASE, OP_ADD_F, i, row);
}

static void
ext_row(const void *events, size_t i, kb *row)
{
	alu_row(events, ROW_EXT, OP_ADD_E, i, row);
}

static void
constant_row(const void *events, size_t i, kb *row)
{
	struct memory_const_prep *c = (struct memory_const_prep *)row;
	const struct row_events *t = events;
	size_t n = t->x->list[ROW_CONSTANT].at[i];

	if (n < t->p->nconstants) {
		const struct constant *k = &t->p->constant[n];

		memcpy(c->value.c, k->value.c, sizeof c->value.c);
		c->access = access_to(t, k->addr);
	} else {
		const uint32_t *o = t->p->operand +
		    t->p->instr[n - t->p->nconstants].first;

		memcpy(c->value.c, o + 1, sizeof c->value.c);
		c->access = access_to(t, o[0]);
	}
}

static void
var_1_row(const void *events, size_t i, kb *row)
{
	struct mem_access *c = (struct mem_access *)row;
	const struct row_events *t = events;

	*c = access_to(t, t->x->list[ROW_VAR].at[i]);
}

static void
var_2_row(const void *events, size_t i, kb *row)
{
	struct mem_access *c = (struct mem_access *)row;
	const struct row_events *t = events;
	const struct row_list *l = &t->x->list[ROW_VAR];

	for (size_t k = 0; k < 2 && 2 * i + k < l->n; k++)
		c[k] = access_to(t, l->at[2 * i + k]);
}

static void
poseidon2_row(const void *events, size_t i, kb *row)
{
	struct poseidon2_wide_prep *c = (struct poseidon2_wide_prep *)row;
	const uint32_t *o = row_operands(events, ROW_POSEIDON2, i);

	for (int k = 0; k < 16; k++) {
		c->input[k] = addr(o[16 + k]);
		c->output[k] = access_to(events, o[k]);
	}
	c->is_real = KB_ONE;
}

static void
prefix_row(const void *events, size_t i, kb *row)
{
	struct prefix_sum_prep *c = (struct prefix_sum_prep *)row;
	struct row_prefix a = row_prefix_of(events, i);

	c->x1 = addr(a.x1);
	c->x2 = addr(a.x2);
	c->acc = addr(a.acc);
	c->new_acc = access_to(events, a.new_acc);
	c->felt_acc = addr(a.felt_acc);
	c->felt_new_acc = access_to(events, a.felt_new_acc);
	c->is_real = KB_ONE;
}

static void
public_row(const void *events, size_t i, kb *row)
{
	struct public_values_prep *c = (struct public_values_prep *)row;
	const struct row_events *t = events;

	c->index[i] = KB_ONE;
	c->access = (struct mem_access){
		addr(t->x->list[ROW_PUBLIC].at[i]), KB_ONE
	};
}

static void
select_row(const void *events, size_t i, kb *row)
{
	struct select_prep *c = (struct select_prep *)row;
	const uint32_t *o = row_operands(events, ROW_SELECT, i);

	c->is_real = KB_ONE;
	c->addr.out1 = addr(o[0]);
	c->addr.out2 = addr(o[1]);
	c->addr.bit = addr(o[2]);
	c->addr.in1 = addr(o[3]);
	c->addr.in2 = addr(o[4]);
	c->mult1 = reads(events, o[0]);
	c->mult2 = reads(events, o[1]);
}

/* ---- what only wrap has ---- */

static enum opcode
opcode_of(const struct row_events *t, enum row_kind k, size_t i)
{
	return t->p->instr[t->x->list[k].at[i]].op;
}

static void
linear_row(const void *events, size_t i, kb *row)
{
	struct poseidon2_linear_prep *c = (struct poseidon2_linear_prep *)row;
	const uint32_t *o = row_operands(events, ROW_LINEAR, i);

	for (int k = 0; k < 4; k++) {
		c->output[k] = addr(o[k]);
		c->input[k] = addr(o[4 + k]);
	}
	*(opcode_of(events, ROW_LINEAR, i) == OP_LINEAR_EXTERNAL ?
	    &c->external : &c->internal) = KB_ONE;
}

static void
sbox_row(const void *events, size_t i, kb *row)
{
	struct poseidon2_sbox_prep *c = (struct poseidon2_sbox_prep *)row;
	const uint32_t *o = row_operands(events, ROW_SBOX, i);

	c->output = addr(o[0]);
	c->input = addr(o[1]);
	*(opcode_of(events, ROW_SBOX, i) == OP_SBOX_EXTERNAL ?
	    &c->external : &c->internal) = KB_ONE;
}

/* A block is read and its elements are written, or the reverse. */
static void
convert_row(const void *events, size_t i, kb *row)
{
	struct ext_felt_prep *c = (struct ext_felt_prep *)row;
	const uint32_t *o = row_operands(events, ROW_CONVERT, i);
	bool join = opcode_of(events, ROW_CONVERT, i) == OP_JOIN;

	for (int k = 0; k < 5; k++) {
		uint32_t a = join ? o[k] : o[k == 0 ? 4 : k - 1];
		bool output = join ? k == 0 : k > 0;
		kb mult = output ? reads(events, a) : KB_ONE;

		c->addr[k] = addr(a);
		c->mult[k] = join ? kb_neg(mult) : mult;
	}
}

/* ---- columns ---- */

static trace_row_fn *
row_of(const struct air_chip *c)
{
	static trace_row_fn *const row[ROW_KINDS] = {
		[ROW_BASE] = base_row, [ROW_EXT] = ext_row,
		[ROW_CONVERT] = convert_row, [ROW_CONSTANT] = constant_row,
		[ROW_VAR] = var_2_row, [ROW_LINEAR] = linear_row,
		[ROW_SBOX] = sbox_row, [ROW_POSEIDON2] = poseidon2_row,
		[ROW_PREFIX] = prefix_row, [ROW_PUBLIC] = public_row,
		[ROW_SELECT] = select_row
	};
	enum row_kind k = row_kind_of(c);

	return k == ROW_VAR && row_accesses(c) == 1 ? var_1_row : row[k];
}

#define BLOCK 64		/* rows made at a time */
#define WIDEST (COLS_WIDTH(poseidon2_wide_prep))

struct columns {
	const struct row_events *events;
	trace_row_fn *row;
	kb *at;
	size_t height;
	unsigned width;
};

static void
fill_block(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct columns *f = ctx;
	kb block[BLOCK * WIDEST];

	for (size_t r = begin; r < end; r += BLOCK) {
		size_t n = end - r < BLOCK ? end - r : BLOCK;

		memset(block, 0, n * f->width * sizeof *block);
		for (size_t k = 0; k < n; k++)
			f->row(f->events, r + k, block + k * f->width);
		for (size_t j = 0; j < f->width; j++)
			for (size_t k = 0; k < n; k++)
				f->at[j * f->height + r + k] =
				    block[k * f->width + j];
	}
}

static void
fill(const struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct air_machine *m)
{
	struct row_events events = {.p = p, .x = x};
	kb *at = k->prep;

	for (unsigned i = 0; i < m->nchips; i++) {
		const struct air_chip *c = &m->chip[i];
		struct columns f = {&events, row_of(c), at, k->rows[i],
		    c->prep_width};

		must(c->prep_width <= WIDEST);
		par_for(row_index_filled(x, c), 16 * BLOCK, fill_block, &f);
		at += k->rows[i] * c->prep_width;
	}
}

/* ---- the key ---- */

static size_t
rounded(size_t n)
{
	return n == 16 ? 16 : (n + 31) / 32 * 32;
}

void
program_rows(uint32_t rows[PROGRAM_MAX_CHIPS], const struct row_index *x,
    const struct air_machine *m)
{
	must(m->nchips <= PROGRAM_MAX_CHIPS);
	for (unsigned i = 0; i < m->nchips; i++)
		rows[i] = (uint32_t)rounded(row_index_rows(x, &m->chip[i]));
}

static int
set_rows(struct proving_key *k, const struct row_index *x,
    const struct air_machine *m, const uint32_t *rows, struct err *e)
{
	uint32_t need[PROGRAM_MAX_CHIPS];

	program_rows(need, x, m);
	k->nprep = m->nchips;
	k->rows = calloc(k->nprep, sizeof *k->rows);
	if (!k->rows)
		return err_set(e, EX_OSERR, "no memory for a program's key");
	for (unsigned i = 0; i < m->nchips; i++) {
		k->rows[i] = rows ? rows[i] : need[i];
		if (need[i] > k->rows[i])
			return err_set(e, EX_SOFTWARE, "recursion program: %u "
			    "rows of %s where %zu fit", need[i], m->chip[i].name,
			    k->rows[i]);
		k->prep_area += k->rows[i] * m->chip[i].prep_width;
	}
	return 0;
}

int
program_traces(struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct air_machine *m,
    const struct stark_params *params, const uint32_t *rows, struct err *e)
{
	size_t stack = (size_t)1 << params->log_stack;

	memset(k, 0, sizeof *k);
	if (set_rows(k, x, m, rows, e)) {
		setup_free(k);
		return -1;
	}
	k->prep = calloc((k->prep_area + stack - 1) & ~(stack - 1),
	    sizeof *k->prep);
	if (k->prep == NULL) {
		setup_free(k);
		return err_set(e, EX_OSERR, "no memory for a program's key");
	}
	fill(k, p, x, m);
	return 0;
}

int
program_setup(struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct air_machine *m,
    const struct stark_params *params, const uint32_t *rows, struct err *e)
{
	size_t width[PROGRAM_MAX_CHIPS];

	if (program_traces(k, p, x, m, params, rows, e))
		return -1;
	memcpy(k->vk.sum_x, &septic_start.x, sizeof k->vk.sum_x);
	memcpy(k->vk.sum_y, &septic_start.y, sizeof k->vk.sum_y);
	for (unsigned i = 0; i < m->nchips; i++)
		width[i] = m->chip[i].prep_width;
	if (setup_commit(k, params, width, e) == 0)
		return 0;
	setup_free(k);
	return -1;
}
