/* Which instruction a row is of, in words. */
#include "recursion/rows.h"

#include <stdio.h>

static const char *const name[] = {
	[OP_ADD_F] = "AddF", [OP_SUB_F] = "SubF", [OP_MUL_F] = "MulF",
	[OP_DIV_F] = "DivF", [OP_ADD_E] = "AddE", [OP_SUB_E] = "SubE",
	[OP_MUL_E] = "MulE", [OP_DIV_E] = "DivE", [OP_WRITE] = "Write",
	[OP_POSEIDON2] = "Poseidon2", [OP_LINEAR_EXTERNAL] = "LinearExternal",
	[OP_LINEAR_INTERNAL] = "LinearInternal",
	[OP_SBOX_EXTERNAL] = "SBoxExternal", [OP_SBOX_INTERNAL] = "SBoxInternal",
	[OP_SPLIT] = "Split", [OP_JOIN] = "Join", [OP_SELECT] = "Select",
	[OP_PREFIX_SUMS] = "PrefixSums", [OP_HINT] = "Hint",
	[OP_HINT_BITS] = "HintBits", [OP_HINT_FELTS] = "HintFelts",
	[OP_HINT_CURVE] = "HintCurve", [OP_COMMIT] = "Commit"
};

static bool
writes(const struct program *p, const struct instr *i, uint32_t addr)
{
	for (unsigned k = 0; k < instr_outputs(i); k++)
		if (p->operand[i->first + k] == addr)
			return true;
	return false;
}

/* The instruction that wrote what is there. */
static size_t
writer(const struct program *p, uint32_t addr)
{
	size_t i = 0;

	while (i < p->ninstrs && !writes(p, &p->instr[i], addr))
		i++;
	must(i < p->ninstrs);
	return i;
}

/* Its operands are few, and all of them addresses. */
static bool
is_addresses(const struct instr *i)
{
	return i->op != OP_WRITE && i->n <= 8;
}

static void
print_instr(const struct program *p, size_t i, FILE *f)
{
	const struct instr *in = &p->instr[i];
	const char *at = program_asserted_at(p, i);

	fprintf(f, " (instruction %zu: %s", p->nconstants + i, name[in->op]);
	for (unsigned k = 0; is_addresses(in) && k < in->n; k++)
		fprintf(f, "%s%u", k == 0 ? " " : k == instr_outputs(in) ?
		    " = " : ", ", p->operand[in->first + k]);
	if (at)
		fprintf(f, ", asserted at %s", at);
}

static void
print_access(const struct program *p, uint32_t addr, FILE *f)
{
	print_instr(p, writer(p, addr), f);
	fprintf(f, ", address %u)", addr);
}

/* A row of MemoryVar is of one or two addresses. */
static void
print_var(const struct row_events *t, unsigned accesses, size_t row, FILE *f)
{
	const struct row_list *l = &t->x->list[ROW_VAR];

	for (size_t k = row * accesses; k < (row + 1) * accesses && k < l->n;
	    k++)
		print_access(t->p, l->at[k], f);
}

static void
print_constant(const struct program *p, size_t n, FILE *f)
{
	if (n >= p->nconstants) {
		print_instr(p, n - p->nconstants, f);
		fprintf(f, ", address %u)",
		    p->operand[p->instr[n - p->nconstants].first]);
	} else {
		fprintf(f, " (instruction %zu: %s, address %u)", n,
		    name[OP_WRITE], p->constant[n].addr);
	}
}

static void
print(const void *ctx, const struct air_chip *c, size_t row, FILE *f)
{
	const struct row_events *t = ctx;
	enum row_kind k;
	const uint32_t *at;

	/* The public values have no row. */
	if (c->main_width == 0 || row >= row_index_filled(t->x, c))
		return;
	k = row_kind_of(c);
	at = t->x->list[k].at;
	switch (k) {
	case ROW_VAR:
		print_var(t, row_accesses(c), row, f);
		break;
	case ROW_CONSTANT:
		print_constant(t->p, at[row], f);
		break;
	case ROW_PREFIX:
		print_instr(t->p, at[2 * row], f);
		fprintf(f, ", step %u)", at[2 * row + 1]);
		break;
	case ROW_PUBLIC:
		print_instr(t->p, t->p->ninstrs - 1, f);
		fprintf(f, ", address %u)", at[row]);
		break;
	default:
		print_instr(t->p, at[row], f);
		fputc(')', f);
	}
}

struct air_origin
row_origin(const struct row_events *t)
{
	return (struct air_origin){.print = print, .ctx = t};
}
