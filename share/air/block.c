#include "air/block.h"

#include <stdlib.h>
#include <string.h>

#include "air/record.h"
#include "field/isa.h"

/* ---- bytecode -> block program ---- */

enum what { SLOT, COLUMN, SCALAR };
struct where { enum what what; uint32_t i; };

struct compiler {
	struct air_block *b;
	const struct air_chip *c;
	struct where *at;	/* of each of the program's slots, now */
	uint32_t *public_scalar;	/* scalar of a public value, + 1 */
	uint32_t insn_cap, scalar_cap;
};

static uint32_t
operand(const struct compiler *k, struct where w)
{
	return w.what == SLOT ? w.i : k->b->nslots + w.i;
}

static uint32_t
put_scalar(struct compiler *k, uint32_t op, uint32_t a,
    uint32_t b)
{
	uint32_t n = k->b->nscalars - k->b->nconstants;

	k->b->scalar = air_grow(k->b->scalar, n, &k->scalar_cap,
	    sizeof *k->b->scalar);
	k->b->scalar[n] = (struct block_scalar){op, a, b};
	return k->b->nscalars++;
}

static void
put(struct compiler *k, enum block_opcode op, uint32_t dst,
    uint32_t a, uint32_t b)
{
	must(k->b->n < UINT32_MAX);
	k->b->insn = air_grow(k->b->insn, (uint32_t)k->b->n, &k->insn_cap,
	    sizeof *k->b->insn);
	k->b->insn[k->b->n++] = (struct block_insn){op, dst, a, b};
}

/* An operation with one scalar operand. */
static void
put_mixed(struct compiler *k, const struct air_insn *i,
    struct where x, struct where y)
{
	bool first = x.what == SCALAR;
	uint32_t s = first ? x.i : y.i, v = operand(k, first ? y : x);

	if (i->op == AIR_ADD)
		put(k, BLOCK_ADDS, i->dst, v, s);
	else if (i->op == AIR_MUL)
		put(k, BLOCK_MULS, i->dst, v, s);
	else if (first)
		put(k, BLOCK_RSUBS, i->dst, v, s);
	else
		put(k, BLOCK_ADDS, i->dst, v, put_scalar(k, AIR_NEG, s, 0));
}

static struct where
binary(struct compiler *k, const struct air_insn *i)
{
	struct where x = k->at[i->a], y = k->at[i->b];

	if (x.what == SCALAR && y.what == SCALAR)
		return (struct where){SCALAR, put_scalar(k, i->op, x.i, y.i)};
	if (x.what == SCALAR || y.what == SCALAR)
		put_mixed(k, i, x, y);
	else
		put(k, i->op == AIR_ADD ? BLOCK_ADD : i->op == AIR_SUB ?
		    BLOCK_SUB : BLOCK_MUL, i->dst, operand(k, x),
		    operand(k, y));
	return (struct where){SLOT, i->dst};
}

static void
translate(struct compiler *k, const struct air_insn *i)
{
	struct where *dst = &k->at[i->dst], x;
	uint32_t *pv;

	switch ((enum air_opcode)i->op) {
	case AIR_LOAD_MAIN:
		*dst = (struct where){COLUMN, i->a};
		break;
	case AIR_LOAD_PREP:
		*dst = (struct where){COLUMN, k->c->main_width + i->a};
		break;
	case AIR_CONST:
		*dst = (struct where){SCALAR, i->a};
		break;
	case AIR_LOAD_PUBLIC:
		pv = &k->public_scalar[i->a];
		if (!*pv)
			*pv = put_scalar(k, AIR_LOAD_PUBLIC, i->a, 0) + 1;
		*dst = (struct where){SCALAR, *pv - 1};
		break;
	case AIR_ADD: case AIR_SUB: case AIR_MUL:
		*dst = binary(k, i);
		break;
	case AIR_NEG:
		x = k->at[i->a];
		if (x.what == SCALAR) {
			*dst = (struct where){SCALAR,
			    put_scalar(k, AIR_NEG, x.i, 0)};
			break;
		}
		put(k, BLOCK_NEG, i->dst, operand(k, x), 0);
		*dst = (struct where){SLOT, i->dst};
		break;
	case AIR_ASSERT:
		x = k->at[i->a];
		if (x.what == SCALAR)
			put(k, BLOCK_ASSERTS, 0, 0, x.i);
		else
			put(k, BLOCK_ASSERT, 0, operand(k, x), 0);
		break;
	}
}

struct air_block *
block_compile(const struct air_chip *c)
{
	const struct air_prog *p = &c->prog;
	struct compiler k = {.c = c};

	k.b = calloc(1, sizeof *k.b);
	k.at = calloc(p->nslots + 1, sizeof *k.at);
	k.public_scalar = calloc(AIR_PUBLIC_VALUES, sizeof *k.public_scalar);
	must(k.b && k.at && k.public_scalar);
	k.b->nslots = p->nslots;
	k.b->ncols = c->main_width + c->prep_width;
	k.b->nconstants = k.b->nscalars = (unsigned)p->nconstants;
	k.b->constant = (kb *)p->constant;
	for (size_t i = 0; i < p->n; i++)
		translate(&k, &p->insn[i]);
	free(k.at);
	free(k.public_scalar);
	return k.b;
}

/* ---- a block ---- */

size_t
air_block_scratch(const struct air_chip *c, bool extension)
{
	const struct air_block *b = c->block;
	size_t slot = (extension ? 4 : 1) * AIR_BLOCK * sizeof(kb);

	return b->nslots * slot + 4 * AIR_BLOCK * sizeof(kb) +
	    (b->nslots + b->ncols + 1) * sizeof(struct block_operand) +
	    b->nscalars * sizeof(kb) + 4 * 64;
}

static void *
take(char **p, size_t size)
{
	void *r = (void *)(((uintptr_t)*p + 63) & ~(uintptr_t)63);

	*p = (char *)r + size;
	return r;
}

void
block_scalars(const struct air_block *b, const kb *pv, kb *s)
{
	if (b->nconstants)
		memcpy(s, b->constant, b->nconstants * sizeof *s);
	for (unsigned i = b->nconstants; i < b->nscalars; i++) {
		const struct block_scalar *x = &b->scalar[i - b->nconstants];

		switch (x->op) {
		case AIR_LOAD_PUBLIC:
			s[i] = pv[x->a];
			break;
		case AIR_ADD:
			s[i] = kb_add(s[x->a], s[x->b]);
			break;
		case AIR_SUB:
			s[i] = kb_sub(s[x->a], s[x->b]);
			break;
		case AIR_MUL:
			s[i] = kb_mul(s[x->a], s[x->b]);
			break;
		default:
			s[i] = kb_neg(s[x->a]);
		}
	}
}

static void
fold(const struct block_kernels *k, const struct air_chip *c,
    bool extension, const kb *const *main, const kb *const *prep,
    size_t stride, const kb *public_values, const ef *weight, size_t n,
    ef *out, void *scratch)
{
	const struct air_block *b = c->block;
	size_t slot = (extension ? 4 : 1) * AIR_BLOCK;
	char *p = scratch;
	kb *slots = take(&p, b->nslots * slot * sizeof *slots);
	kb *acc = take(&p, 4 * AIR_BLOCK * sizeof *acc);
	struct block_operand *o = take(&p,
	    (b->nslots + b->ncols + 1) * sizeof *o);
	kb *scalar = take(&p, b->nscalars * sizeof *scalar);
	struct block_operand *q = o;

	must(n <= AIR_BLOCK);
	DEBUG_ASSERT(is_aligned(slots, 64) && is_aligned(acc, 64));
	DEBUG_ASSERT(p <= (char *)scratch + air_block_scratch(c, extension));
	for (unsigned i = 0; i < b->nslots; i++)
		*q++ = (struct block_operand){slots + i * slot, AIR_BLOCK};
	for (unsigned i = 0; i < c->main_width; i++)
		*q++ = (struct block_operand){main[i], stride};
	for (unsigned i = 0; i < c->prep_width; i++)
		*q++ = (struct block_operand){prep[i], stride};
	*q = (struct block_operand){NULL, 0};	/* of a chip without any */
	block_scalars(b, public_values, scalar);
	memset(acc, 0, 4 * AIR_BLOCK * sizeof *acc);
	(extension ? k->fold_ef : k->fold_kb)(b, o, scalar, weight, n, acc);
	for (size_t r = 0; r < n; r++)
		for (int j = 0; j < 4; j++)
			out[r].c[j] = acc[j * AIR_BLOCK + r];
}

void
block_fold_kb(const struct block_kernels *k, const struct air_chip *c,
    const kb *const *main, const kb *const *prep, const kb *public_values,
    const ef *weight, size_t n, ef *out, void *scratch)
{
	fold(k, c, false, main, prep, 0, public_values, weight, n, out,
	    scratch);
}

void
block_fold_ef(const struct block_kernels *k, const struct air_chip *c,
    const kb *const *main, const kb *const *prep, size_t stride,
    const kb *public_values, const ef *weight, size_t n, ef *out,
    void *scratch)
{
	fold(k, c, true, main, prep, stride, public_values, weight, n, out,
	    scratch);
}

void
air_fold_block_kb(const struct air_chip *c, const kb *const *main,
    const kb *const *prep, const kb *public_values, const ef *weight, size_t n,
    ef *out, void *scratch)
{
	block_fold_kb(block_kernels(), c, main, prep, public_values, weight, n,
	    out, scratch);
}

void
air_fold_block_ef(const struct air_chip *c, const kb *const *main,
    const kb *const *prep, size_t stride, const kb *public_values,
    const ef *weight, size_t n, ef *out, void *scratch)
{
	block_fold_ef(block_kernels(), c, main, prep, stride, public_values,
	    weight, n, out, scratch);
}

/* ---- which kernels ---- */

static const struct block_kernels *const of_isa[ISA_COUNT] = {
	&block_kernels_c, &block_kernels_avx2, &block_kernels_avx512
};

const struct block_kernels *
block_kernels_by_name(const char *name)
{
	int i = isa_by_name(name);

	return i < 0 ? NULL : of_isa[i];
}

const struct block_kernels *
block_kernels(void)
{
	return of_isa[isa_best()];
}
