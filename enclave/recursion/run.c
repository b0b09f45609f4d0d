#include "recursion/run.h"

#include <stdlib.h>
#include <string.h>

#include "field/septic.h"
#include "poly/hash.h"

struct run {
	const struct program *p;
	const struct witness *w;
	ef *v;
	size_t read;
	const char *failed;		/* what, NULL: nothing */
};

static ef
felt_block(kb x)
{
	return ef_from_kb(x);
}

/* 0 / 0 is 1: an assertion that holds (assert_on() in circuit.c). */
static kb
div_f(struct run *r, kb a, kb b)
{
	if (b.v != 0)
		return kb_mul(a, kb_inv(b));
	if (a.v != 0)
		r->failed = "division of a field element by zero";
	return KB_ONE;
}

static ef
div_e(struct run *r, ef a, ef b)
{
	if (!ef_is_zero(b))
		return ef_mul(a, ef_inv(b));
	if (!ef_is_zero(a))
		r->failed = "division of an extension element by zero";
	return EF_ONE;
}

static void
run_base(struct run *r, enum opcode op, const uint32_t *o)
{
	kb a = r->v[o[1]].c[0], b = r->v[o[2]].c[0];

	r->v[o[0]] = felt_block(op == OP_ADD_F ? kb_add(a, b) :
	    op == OP_SUB_F ? kb_sub(a, b) : op == OP_MUL_F ? kb_mul(a, b) :
	    div_f(r, a, b));
}

static void
run_ext(struct run *r, enum opcode op, const uint32_t *o)
{
	ef a = r->v[o[1]], b = r->v[o[2]];

	r->v[o[0]] = op == OP_ADD_E ? ef_add(a, b) :
	    op == OP_SUB_E ? ef_sub(a, b) : op == OP_MUL_E ? ef_mul(a, b) :
	    div_e(r, a, b);
}

static void
run_poseidon2(struct run *r, const uint32_t *o)
{
	kb s[16];

	for (int i = 0; i < 16; i++)
		s[i] = r->v[o[16 + i]].c[0];
	poseidon2(s);
	for (int i = 0; i < 16; i++)
		r->v[o[i]] = felt_block(s[i]);
}

static void
run_select(struct run *r, const uint32_t *o)
{
	bool swap = r->v[o[2]].c[0].v != 0;

	r->v[o[0]] = r->v[o[swap ? 4 : 3]];
	r->v[o[1]] = r->v[o[swap ? 3 : 4]];
}

static void
run_prefix_sums(struct run *r, const uint32_t *o, unsigned n)
{
	ef acc = EF_ONE;
	kb sum = KB_ZERO;

	for (unsigned i = 0; i < n; i++) {
		kb x = r->v[o[2 * n + 2 + i]].c[0];
		ef y = r->v[o[3 * n + 2 + i]], p = ef_mul_kb(y, x);
		ef t = ef_sub(ef_sub_kb(EF_ONE, x), y);

		acc = ef_mul(acc, ef_add(ef_add(t, p), p));
		sum = kb_add(x, kb_add(sum, sum));
		r->v[o[i]] = acc;
		r->v[o[n + i]] = felt_block(sum);
	}
}

static void
run_hint_bits(struct run *r, const uint32_t *o, unsigned n)
{
	uint32_t x = kb_to(r->v[o[n]].c[0]);

	for (unsigned i = 0; i < n; i++)
		r->v[o[i]] = felt_block(kb_from(x >> i & 1));
}

static struct septic_point
point_at(const struct run *r, const uint32_t *o)
{
	struct septic_point p;

	for (int i = 0; i < 7; i++) {
		p.x.c[i] = r->v[o[i]].c[0];
		p.y.c[i] = r->v[o[7 + i]].c[0];
	}
	return p;
}

static void
run_hint_curve(struct run *r, const uint32_t *o)
{
	struct septic_point a = point_at(r, o + 14), b = point_at(r, o + 28);
	struct septic_point sum = septic_start;

	if (septic_point_add(&sum, &a, &b))
		r->failed = "addition of points with equal x";
	for (int i = 0; i < 7; i++) {
		r->v[o[i]] = felt_block(sum.x.c[i]);
		r->v[o[7 + i]] = felt_block(sum.y.c[i]);
	}
}

static void
run_hint(struct run *r, const uint32_t *o)
{
	if (r->read == r->w->n)
		r->failed = "the witness has ended";
	else
		r->v[o[0]] = r->w->v[r->read++];
}

static void
run_felts(struct run *r, const uint32_t *out, uint32_t in)
{
	for (int i = 0; i < 4; i++)
		r->v[out[i]] = felt_block(r->v[in].c[i]);
}

static void
run_linear(struct run *r, enum opcode op, const uint32_t *o)
{
	kb s[16];

	for (int k = 0; k < 16; k++)
		s[k] = r->v[o[4 + k / 4]].c[k % 4];
	if (op == OP_LINEAR_EXTERNAL)
		poseidon2_external(s);
	else
		poseidon2_internal(s);
	for (int k = 0; k < 16; k++)
		r->v[o[k / 4]].c[k % 4] = s[k];
}

/* An internal round's is of the first element alone. */
static void
run_sbox(struct run *r, enum opcode op, const uint32_t *o)
{
	ef x = r->v[o[1]];

	for (int k = 0; k < (op == OP_SBOX_EXTERNAL ? 4 : 1); k++)
		x.c[k] = kb_mul(kb_mul(x.c[k], x.c[k]), x.c[k]);
	r->v[o[0]] = x;
}

static void
run_instr(struct run *r, const struct instr *i)
{
	const uint32_t *o = r->p->operand + i->first;

	switch (i->op) {
	case OP_WRITE:
		memcpy(&r->v[o[0]], o + 1, sizeof *r->v);
		break;
	case OP_POSEIDON2:
		run_poseidon2(r, o);
		break;
	case OP_SELECT:
		run_select(r, o);
		break;
	case OP_PREFIX_SUMS:
		run_prefix_sums(r, o, (i->n - 2) / 4);
		break;
	case OP_HINT:
		run_hint(r, o);
		break;
	case OP_HINT_BITS:
		run_hint_bits(r, o, i->n - 1);
		break;
	case OP_HINT_FELTS:
	case OP_SPLIT:
		run_felts(r, o, o[4]);
		break;
	case OP_JOIN:
		for (int k = 0; k < 4; k++)
			r->v[o[0]].c[k] = r->v[o[1 + k]].c[0];
		break;
	case OP_HINT_CURVE:
		run_hint_curve(r, o);
		break;
	case OP_ADD_F: case OP_SUB_F: case OP_MUL_F: case OP_DIV_F:
		run_base(r, i->op, o);
		break;
	case OP_ADD_E: case OP_SUB_E: case OP_MUL_E: case OP_DIV_E:
		run_ext(r, i->op, o);
		break;
	case OP_LINEAR_EXTERNAL: case OP_LINEAR_INTERNAL:
		run_linear(r, i->op, o);
		break;
	case OP_SBOX_EXTERNAL: case OP_SBOX_INTERNAL:
		run_sbox(r, i->op, o);
		break;
	case OP_COMMIT:
		break;
	}
}

static void
set_public_values(struct run_memory *m, const struct program *p)
{
	const struct instr *last = &p->instr[p->ninstrs - 1];

	must(last->op == OP_COMMIT && last->n == STARK_PUBLIC_VALUES);
	for (unsigned i = 0; i < STARK_PUBLIC_VALUES; i++)
		m->public_values[i] =
		    m->v[p->operand[last->first + i]].c[0];
}

/* Instruction i has failed. */
static int
tell(const struct run *r, size_t i, struct err *e)
{
	const struct program *p = r->p;
	const char *at = program_asserted_at(p, i);

	if (at)
		return err_set(e, EX_NO, "recursion program: instruction %zu: "
		    "what %s asserts does not hold", p->nconstants + i, at);
	return err_set(e, r->read == r->w->n && p->instr[i].op == OP_HINT ?
	    EX_DATAERR : EX_NO, "recursion program: instruction %zu: %s",
	    p->nconstants + i, r->failed);
}

int
program_run(struct run_memory *m, const struct program *p,
    const struct witness *w, struct err *e)
{
	struct run r = {.p = p, .w = w};

	m->v = r.v = calloc(p->naddrs, sizeof *r.v);
	if (m->v == NULL)
		return err_set(e, EX_OSERR, "no memory for a recursion "
		    "program's");
	for (size_t i = 0; i < p->nconstants; i++)
		r.v[p->constant[i].addr] = p->constant[i].value;
	for (size_t i = 0; i < p->ninstrs; i++) {
		run_instr(&r, &p->instr[i]);
		if (r.failed == NULL)
			continue;
		run_memory_free(m);
		return tell(&r, i, e);
	}
	if (r.read != w->n) {
		run_memory_free(m);
		return err_set(e, EX_DATAERR, "recursion program: %zu of %zu "
		    "witness blocks are read", r.read, w->n);
	}
	set_public_values(m, p);
	return 0;
}

void
run_memory_free(struct run_memory *m)
{
	free(m->v);
	m->v = NULL;
}
