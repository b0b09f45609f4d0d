#include "recursion/setup.h"

#include <stdlib.h>
#include <string.h>

#include "air/recursion/chips.h"
#include "field/septic.h"
#include "recursion/table.h"

/* ---- how many rows ---- */

/* Rows that an instruction takes in each chip; memory's come two to a row or one. */
struct needs { size_t base, ext, convert, constant, var, linear, poseidon2, sbox,
	prefix, select; };

static void
count(struct needs *n, const struct instr *i)
{
	switch (i->op) {
	case OP_ADD_F: case OP_SUB_F: case OP_MUL_F: case OP_DIV_F:
		n->base++;
		break;
	case OP_ADD_E: case OP_SUB_E: case OP_MUL_E: case OP_DIV_E:
		n->ext++;
		break;
	case OP_WRITE:
		n->constant++;
		break;
	case OP_POSEIDON2:
		n->poseidon2++;
		break;
	case OP_LINEAR_EXTERNAL: case OP_LINEAR_INTERNAL:
		n->linear++;
		break;
	case OP_SBOX_EXTERNAL: case OP_SBOX_INTERNAL:
		n->sbox++;
		break;
	case OP_SPLIT: case OP_JOIN:
		n->convert++;
		break;
	case OP_SELECT:
		n->select++;
		break;
	case OP_PREFIX_SUMS:
		n->prefix += instr_outputs(i) / 2;
		break;
	case OP_HINT: case OP_HINT_BITS: case OP_HINT_FELTS:
	case OP_HINT_CURVE:
		n->var += instr_outputs(i);
		break;
	case OP_COMMIT:
		break;
	}
}

static size_t
needed(const struct needs *n, const struct air_chip *c)
{
	const struct { const char *name; size_t n; } table[] = {
		{"BaseAlu", n->base}, {"ExtAlu", n->ext},
		{"ExtFeltConvert", n->convert}, {"MemoryConst", n->constant},
		{"MemoryVar", c->prep_width == 4 ? (n->var + 1) / 2 : n->var},
		{"Poseidon2LinearLayer", n->linear},
		{"Poseidon2SBox", n->sbox}, {"Poseidon2WideDeg3", n->poseidon2},
		{"PrefixSumChecks", n->prefix}, {"PublicValues", 16},
		{"Select", n->select}
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].name, c->name) == 0)
			return table[i].n;
	must(false);
}

static size_t
rounded(size_t n)
{
	return n == 16 ? 16 : (n + 31) / 32 * 32;
}

void
program_rows(uint32_t rows[PROGRAM_MAX_CHIPS], const struct program *p,
    const struct air_machine *m)
{
	struct needs n = {.constant = p->nconstants};

	for (size_t i = 0; i < p->ninstrs; i++)
		count(&n, &p->instr[i]);
	must(m->nchips <= PROGRAM_MAX_CHIPS);
	for (unsigned i = 0; i < m->nchips; i++)
		rows[i] = (uint32_t)rounded(needed(&n, &m->chip[i]));
}

static int
set_rows(struct program_key *k, const struct program *p,
    const struct air_machine *m, const uint32_t *rows, struct err *e)
{
	uint32_t need[PROGRAM_MAX_CHIPS];

	program_rows(need, p, m);
	k->nchips = m->nchips;
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

/* ---- the traces ---- */

struct setup {
	const struct program *p;
	unsigned per_row;		/* accesses in a row of MemoryVar */
	struct mem_access pending[2];
	unsigned npending;
	struct tables table;
};

static kb
addr(uint32_t a)
{
	return kb_from(a);
}

static struct mem_access
access_to(const struct setup *t, uint32_t a)
{
	return (struct mem_access){kb_from(a), kb_from(t->p->reads[a])};
}

static void
put_alu(struct setup *t, const struct instr *i, const uint32_t *o)
{
	bool is_ext = i->op >= OP_ADD_E;
	kb flag[4] = {KB_ZERO, KB_ZERO, KB_ZERO, KB_ZERO};

	flag[i->op - (is_ext ? OP_ADD_E : OP_ADD_F)] = KB_ONE;
	table_append(is_ext ? &t->table.ext : &t->table.base, &(struct base_alu_prep){
		.addr = {addr(o[0]), addr(o[1]), addr(o[2])},
		.is_add = flag[0], .is_sub = flag[1], .is_mul = flag[2],
		.is_div = flag[3], .mult = kb_from(t->p->reads[o[0]])});
}

static void
put_constant(struct setup *t, uint32_t a, const kb v[4])
{
	table_append(&t->table.constant, &(struct memory_const_prep){
		.value = {{v[0], v[1], v[2], v[3]}},
		.access = access_to(t, a)});
}

static void
put_var(struct setup *t, uint32_t a)
{
	t->pending[t->npending++] = access_to(t, a);
	if (t->npending == t->per_row) {
		table_append(&t->table.var, t->pending);
		t->npending = 0;
		memset(t->pending, 0, sizeof t->pending);
	}
}

static void
put_poseidon2(struct setup *t, const uint32_t *o)
{
	struct poseidon2_wide_prep row = {.is_real = KB_ONE};

	for (int i = 0; i < 16; i++) {
		row.input[i] = addr(o[16 + i]);
		row.output[i] = access_to(t, o[i]);
	}
	table_append(&t->table.poseidon2, &row);
}

static void
put_prefix_sums(struct setup *t, const uint32_t *o, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		table_append(&t->table.prefix, &(struct prefix_sum_prep){
			.x1 = addr(o[2 * n + 2 + i]),
			.x2 = addr(o[3 * n + 2 + i]),
			.acc = addr(i == 0 ? o[2 * n + 1] : o[i - 1]),
			.new_acc = access_to(t, o[i]),
			.felt_acc = addr(i == 0 ? o[2 * n] : o[n + i - 1]),
			.felt_new_acc = access_to(t, o[n + i]),
			.is_real = KB_ONE});
}

static void
put_public_values(struct setup *t, const uint32_t *o)
{
	for (unsigned i = 0; i < 8; i++) {
		struct public_values_prep row = {
			.access = {addr(o[RPV_DIGEST + i]), KB_ONE}
		};

		row.index[i] = KB_ONE;
		table_append(&t->table.public_values, &row);
	}
}

static void
put_select(struct setup *t, const uint32_t *o)
{
	table_append(&t->table.select, &(struct select_prep){
		.is_real = KB_ONE,
		.addr = {.out1 = addr(o[0]), .out2 = addr(o[1]),
			.bit = addr(o[2]), .in1 = addr(o[3]),
			.in2 = addr(o[4])},
		.mult1 = kb_from(t->p->reads[o[0]]),
		.mult2 = kb_from(t->p->reads[o[1]])});
}

/* What only wrap has. */
static void
put_blocks(struct setup *t, const struct instr *i, const uint32_t *o)
{
	bool internal = i->op == OP_LINEAR_INTERNAL ||
	    i->op == OP_SBOX_INTERNAL;
	struct poseidon2_linear_prep linear;
	struct ext_felt_prep convert;

	if (i->op == OP_SBOX_EXTERNAL || i->op == OP_SBOX_INTERNAL) {
		table_append(&t->table.sbox, &(struct poseidon2_sbox_prep){
			.input = addr(o[1]), .output = addr(o[0]),
			.external = internal ? KB_ZERO : KB_ONE,
			.internal = internal ? KB_ONE : KB_ZERO});
		return;
	}
	if (i->op == OP_LINEAR_EXTERNAL || i->op == OP_LINEAR_INTERNAL) {
		for (int k = 0; k < 4; k++) {
			linear.output[k] = addr(o[k]);
			linear.input[k] = addr(o[4 + k]);
		}
		linear.external = internal ? KB_ZERO : KB_ONE;
		linear.internal = internal ? KB_ONE : KB_ZERO;
		table_append(&t->table.linear, &linear);
		return;
	}
	/* A block is read and its elements are written, or the reverse. */
	for (int k = 0; k < 5; k++) {
		uint32_t a = i->op == OP_JOIN ? o[k] : o[k == 0 ? 4 : k - 1];
		bool output = i->op == OP_JOIN ? k == 0 : k > 0;
		kb reads = output ? kb_from(t->p->reads[a]) : KB_ONE;

		convert.addr[k] = addr(a);
		convert.mult[k] = i->op == OP_JOIN ? kb_neg(reads) : reads;
	}
	table_append(&t->table.convert, &convert);
}

static void
put(struct setup *t, const struct instr *i)
{
	const uint32_t *o = t->p->operand + i->first;

	switch (i->op) {
	case OP_WRITE:
		put_constant(t, o[0], (const kb *)(o + 1));
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
	case OP_LINEAR_EXTERNAL: case OP_LINEAR_INTERNAL:
	case OP_SBOX_EXTERNAL: case OP_SBOX_INTERNAL:
	case OP_SPLIT: case OP_JOIN:
		put_blocks(t, i, o);
		break;
	default:
		put_alu(t, i, o);
	}
}

static void
fill(struct program_key *k, const struct program *p,
    const struct air_machine *m)
{
	struct setup t = {.p = p};
	kb *at = k->prep;

	for (unsigned i = 0; i < m->nchips; i++) {
		struct table *x = table_of(&t.table, m->chip[i].name);

		x->at = at;
		x->rows = k->rows[i];
		x->width = m->chip[i].prep_width;
		at += k->rows[i] * x->width;
	}
	t.per_row = t.table.var.width / COLS_WIDTH(mem_access);
	for (size_t i = 0; i < p->nconstants; i++)
		put_constant(&t, p->constant[i].addr, p->constant[i].value.c);
	for (size_t i = 0; i < p->ninstrs; i++)
		put(&t, &p->instr[i]);
	if (t.npending > 0)
		table_append(&t.table.var, t.pending);
}

/* ---- the commitment ---- */

static size_t
columns(const struct program_key *k, const struct stark_params *params)
{
	size_t stack = (size_t)1 << params->log_stack;

	return (k->prep_area + stack - 1) / stack;
}

static int
commit_to(struct program_key *k, const struct air_machine *m,
    const struct stark_params *params, size_t ncols)
{
	size_t width[PROGRAM_MAX_CHIPS];
	kb *work = malloc(stacked_work(ncols, params->log_stack) *
	    sizeof *work);
	int bad;

	bad = !work || stacked_commit(&k->commitment, params->hasher, work,
	    k->prep, ncols, params->log_stack, params->log_blowup);
	free(work);
	if (bad)
		return -1;
	for (unsigned i = 0; i < m->nchips; i++)
		width[i] = m->chip[i].prep_width;
	k->vk.commit = jagged_commitment(params->hasher,
	    &k->commitment.commitment, k->rows, width, m->nchips,
	    params->log_stack, params->max_log_row, NULL);
	return 0;
}

int
program_traces(struct program_key *k, const struct program *p,
    const struct air_machine *m, const struct stark_params *params,
    const uint32_t *rows, struct err *e)
{
	memset(k, 0, sizeof *k);
	if (set_rows(k, p, m, rows, e))
		return -1;
	k->prep = calloc(columns(k, params) << params->log_stack,
	    sizeof *k->prep);
	if (k->prep == NULL)
		return err_set(e, EX_OSERR, "no memory for a program's key");
	fill(k, p, m);
	return 0;
}

int
program_setup(struct program_key *k, const struct program *p,
    const struct air_machine *m, const struct stark_params *params,
    const uint32_t *rows, struct err *e)
{
	if (program_traces(k, p, m, params, rows, e))
		return -1;
	memcpy(k->vk.sum_x, &septic_start.x, sizeof k->vk.sum_x);
	memcpy(k->vk.sum_y, &septic_start.y, sizeof k->vk.sum_y);
	if (commit_to(k, m, params, columns(k, params))) {
		program_key_free(k);
		return err_set(e, EX_OSERR, "no memory for a program's key");
	}
	return 0;
}

void
program_key_free(struct program_key *k)
{
	free(k->prep);
	k->prep = NULL;
	stacked_commitment_free(&k->commitment);
}
