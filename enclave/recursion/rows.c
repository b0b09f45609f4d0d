#include "recursion/rows.h"

#include <stdlib.h>
#include <string.h>

#include "air/recursion/chips.h"

enum row_kind
row_kind_of(const struct air_chip *c)
{
	static const char *const name[ROW_KINDS] = {
		[ROW_BASE] = "BaseAlu", [ROW_EXT] = "ExtAlu",
		[ROW_CONVERT] = "ExtFeltConvert", [ROW_CONSTANT] = "MemoryConst",
		[ROW_VAR] = "MemoryVar", [ROW_LINEAR] = "Poseidon2LinearLayer",
		[ROW_SBOX] = "Poseidon2SBox",
		[ROW_POSEIDON2] = "Poseidon2WideDeg3",
		[ROW_PREFIX] = "PrefixSumChecks", [ROW_PUBLIC] = "PublicValues",
		[ROW_SELECT] = "Select"
	};
	enum row_kind k = ROW_BASE;

	while (k < ROW_KINDS && strcmp(name[k], c->name) != 0)
		k++;
	must(k < ROW_KINDS);
	return k;
}

unsigned
row_accesses(const struct air_chip *c)
{
	return c->prep_width / COLS_WIDTH(mem_access);
}

/* ---- the lists: counted in one pass, filled in another ---- */

static void
add(struct row_index *x, enum row_kind k, size_t number)
{
	struct row_list *l = &x->list[k];

	if (l->at)
		l->at[l->n] = (uint32_t)number;
	l->n++;
}

static void
add_step(struct row_index *x, size_t instr, unsigned step)
{
	struct row_list *l = &x->list[ROW_PREFIX];

	if (l->at) {
		l->at[2 * l->n] = (uint32_t)instr;
		l->at[2 * l->n + 1] = step;
	}
	l->n++;
}

/* Of the digest alone: the rest is bound by it. */
static void
add_public_values(struct row_index *x, const uint32_t *o)
{
	for (unsigned i = 0; i < 8; i++)
		add(x, ROW_PUBLIC, o[RECURSION_PV_DIGEST + i]);
}

static void
add_instr(struct row_index *x, const struct program *p, size_t n)
{
	const struct instr *i = &p->instr[n];
	const uint32_t *o = p->operand + i->first;

	switch (i->op) {
	case OP_ADD_F: case OP_SUB_F: case OP_MUL_F: case OP_DIV_F:
		add(x, ROW_BASE, n);
		break;
	case OP_ADD_E: case OP_SUB_E: case OP_MUL_E: case OP_DIV_E:
		add(x, ROW_EXT, n);
		break;
	case OP_WRITE:
		add(x, ROW_CONSTANT, p->nconstants + n);
		break;
	case OP_POSEIDON2:
		add(x, ROW_POSEIDON2, n);
		break;
	case OP_LINEAR_EXTERNAL: case OP_LINEAR_INTERNAL:
		add(x, ROW_LINEAR, n);
		break;
	case OP_SBOX_EXTERNAL: case OP_SBOX_INTERNAL:
		add(x, ROW_SBOX, n);
		break;
	case OP_SPLIT: case OP_JOIN:
		add(x, ROW_CONVERT, n);
		break;
	case OP_SELECT:
		add(x, ROW_SELECT, n);
		break;
	case OP_PREFIX_SUMS:
		for (unsigned k = 0; k < instr_outputs(i) / 2; k++)
			add_step(x, n, k);
		break;
	case OP_HINT: case OP_HINT_BITS: case OP_HINT_FELTS:
	case OP_HINT_CURVE:
		for (unsigned k = 0; k < instr_outputs(i); k++)
			add(x, ROW_VAR, o[k]);
		break;
	case OP_COMMIT:
		add_public_values(x, o);
		break;
	}
}

static void
add_all(struct row_index *x, const struct program *p)
{
	for (size_t i = 0; i < p->nconstants; i++)
		add(x, ROW_CONSTANT, i);
	for (size_t i = 0; i < p->ninstrs; i++)
		add_instr(x, p, i);
}

int
row_index_make(struct row_index *x, const struct program *p, struct err *e)
{
	must(program_length(p) <= UINT32_MAX);
	memset(x, 0, sizeof *x);
	add_all(x, p);
	for (int k = 0; k < ROW_KINDS; k++) {
		struct row_list *l = &x->list[k];

		l->at = calloc(l->n + 1, (k == ROW_PREFIX ? 2 : 1) *
		    sizeof *l->at);
		if (!l->at) {
			row_index_free(x);
			return err_set(e, EX_OSERR, "no memory for a program's "
			    "rows");
		}
		l->n = 0;
	}
	add_all(x, p);
	return 0;
}

void
row_index_free(struct row_index *x)
{
	for (int k = 0; k < ROW_KINDS; k++) {
		free(x->list[k].at);
		x->list[k].at = NULL;
	}
}

size_t
row_index_filled(const struct row_index *x, const struct air_chip *c)
{
	enum row_kind k = row_kind_of(c);
	size_t n = x->list[k].n;

	return k == ROW_VAR ? (n + row_accesses(c) - 1) / row_accesses(c) : n;
}

/* The table of public values has twice as many. */
size_t
row_index_rows(const struct row_index *x, const struct air_chip *c)
{
	return row_kind_of(c) == ROW_PUBLIC ? 16 : row_index_filled(x, c);
}

struct row_prefix
row_prefix_of(const struct row_events *t, size_t i)
{
	const uint32_t *at = t->x->list[ROW_PREFIX].at + 2 * i;
	const struct instr *in = &t->p->instr[at[0]];
	const uint32_t *o = t->p->operand + in->first;
	unsigned n = instr_outputs(in) / 2, k = at[1];

	return (struct row_prefix){
		.x1 = o[2 * n + 2 + k], .x2 = o[3 * n + 2 + k],
		.acc = k == 0 ? o[2 * n + 1] : o[k - 1], .new_acc = o[k],
		.felt_acc = k == 0 ? o[2 * n] : o[n + k - 1],
		.felt_new_acc = o[n + k]
	};
}
