#include "air/lower.h"

#include <stdlib.h>
#include <string.h>

#include "air/block.h"

#define NONE UINT32_MAX

static void *
alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	must(p);
	return p;
}

/* ---- values: nodes without duplicates ---- */

struct values {
	uint32_t n, cap;
	struct air_node *v;
	uint32_t mask, *table;		/* open addressing, index + 1 */
};

static uint32_t
hash(struct air_node x)
{
	uint64_t h = x.op;

	h = (h ^ x.a) * 0x9e3779b97f4a7c15u;
	h = (h ^ (h >> 29) ^ x.b) * 0xbf58476d1ce4e5b9u;
	return (uint32_t)(h >> 32);
}

static void
rehash(struct values *s)
{
	s->mask = s->mask ? 2 * s->mask + 1 : 1023;
	free(s->table);
	s->table = alloc((size_t)s->mask + 1, sizeof *s->table);
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t h = hash(s->v[i]) & s->mask;

		while (s->table[h])
			h = (h + 1) & s->mask;
		s->table[h] = i + 1;
	}
}

static uint32_t
intern(struct values *s, enum air_node_op op, uint32_t a,
    uint32_t b)
{
	struct air_node x = {op, a, b};
	uint32_t h;

	if (2 * s->n >= s->mask)
		rehash(s);
	for (h = hash(x) & s->mask; s->table[h]; h = (h + 1) & s->mask) {
		const struct air_node *y = &s->v[s->table[h] - 1];

		if (y->op == x.op && y->a == x.a && y->b == x.b)
			return s->table[h] - 1;
	}
	s->v = air_grow(s->v, s->n, &s->cap, sizeof *s->v);
	s->v[s->n] = x;
	s->table[h] = ++s->n;
	return s->n - 1;
}

static bool
is_const(const struct values *s, uint32_t x, kb *k)
{
	*k = (kb){s->v[x].a};
	return s->v[x].op == NODE_CONST;
}

static uint32_t
intern_const(struct values *s, kb k)
{
	return intern(s, NODE_CONST, k.v, 0);
}

static uint32_t
simplify(struct values *s, enum air_node_op op, uint32_t a,
    uint32_t b)
{
	kb u, v;
	bool ca = is_const(s, a, &u), cb = is_const(s, b, &v);

	switch (op) {
	case NODE_ADD:
		if (ca && cb)
			return intern_const(s, kb_add(u, v));
		if (ca && !u.v)
			return b;
		if (cb && !v.v)
			return a;
		break;
	case NODE_SUB:
		if (ca && cb)
			return intern_const(s, kb_sub(u, v));
		if (ca && !u.v)
			return intern(s, NODE_NEG, b, 0);
		if (cb && !v.v)
			return a;
		if (a == b)
			return intern_const(s, KB_ZERO);
		return intern(s, NODE_SUB, a, b);
	default:
		if (ca && cb)
			return intern_const(s, kb_mul(u, v));
		if ((ca && !u.v) || (cb && !v.v))
			return intern_const(s, KB_ZERO);
		if (ca && kb_eq(u, KB_ONE))
			return b;
		if (cb && kb_eq(v, KB_ONE))
			return a;
		break;
	}
	return a < b ? intern(s, op, a, b) : intern(s, op, b, a);
}

/* Nodes that no constraint needs are merged too; they cost nothing later. */
static uint32_t *
merge(struct values *s, const struct air *a)
{
	uint32_t *of = alloc(a->nnodes, sizeof *of);
	kb k;

	for (uint32_t i = 0; i < a->nnodes; i++) {
		const struct air_node *x = &a->node[i];

		if (x->op < NODE_ADD)
			of[i] = intern(s, x->op, x->a, x->b);
		else if (x->op != NODE_NEG)
			of[i] = simplify(s, x->op, of[x->a], of[x->b]);
		else if (is_const(s, of[x->a], &k))
			of[i] = intern_const(s, kb_neg(k));
		else
			of[i] = intern(s, NODE_NEG, of[x->a], 0);
	}
	return of;
}

/* ---- bytecode ---- */

struct emitter {
	struct values *s;
	uint32_t n, cap;
	struct air_insn *insn;		/* operands and dst: SSA numbers */
	uint32_t *ssa;			/* of a value; NONE: not made yet */
	uint32_t *made_for;		/* leaves: the constraint that loaded it */
	uint32_t *need;			/* slots that making a value takes */
	uint32_t constraint;
	uint32_t nconstants, constants_cap;
	kb *constant;
};

static uint32_t
put(struct emitter *e, enum air_opcode op, uint32_t a,
    uint32_t b)
{
	e->insn = air_grow(e->insn, e->n, &e->cap, sizeof *e->insn);
	e->insn[e->n] = (struct air_insn){op, 0, a, b};
	return e->n++;
}

static uint32_t
put_constant(struct emitter *e, kb k)
{
	uint32_t i;

	for (i = 0; i < e->nconstants; i++)
		if (kb_eq(e->constant[i], k))
			return put(e, AIR_CONST, i, 0);
	e->constant = air_grow(e->constant, i, &e->constants_cap,
	    sizeof *e->constant);
	e->constant[e->nconstants++] = k;
	return put(e, AIR_CONST, i, 0);
}

/* Sethi and Ullman's numbers, as if the graph were a tree: which operand first. */
static void
count_needs(struct emitter *e)
{
	for (uint32_t i = 0; i < e->s->n; i++) {
		const struct air_node *x = &e->s->v[i];
		uint32_t p, q;

		e->need[i] = 1;
		if (x->op < NODE_ADD)
			continue;
		p = e->need[x->a];
		q = x->op == NODE_NEG ? 0 : e->need[x->b];
		e->need[i] = p == q ? p + 1 : p > q ? p : q;
	}
}

static uint32_t
emit(struct emitter *e, uint32_t v)
{
	static const enum air_opcode op[] = {
		AIR_LOAD_MAIN, AIR_LOAD_PREP, AIR_LOAD_PUBLIC, AIR_CONST,
		AIR_ADD, AIR_SUB, AIR_MUL, AIR_NEG
	};
	const struct air_node *x = &e->s->v[v];
	uint32_t a, b = 0;

	if (e->ssa[v] != NONE &&
	    (x->op >= NODE_ADD || e->made_for[v] == e->constraint))
		return e->ssa[v];
	e->made_for[v] = e->constraint;
	if (x->op == NODE_CONST)
		return e->ssa[v] = put_constant(e, (kb){x->a});
	if (x->op < NODE_ADD)
		return e->ssa[v] = put(e, op[x->op], x->a, 0);
	if (x->op == NODE_NEG) {
		a = emit(e, x->a);
	} else if (e->need[x->a] >= e->need[x->b]) {
		a = emit(e, x->a);
		b = emit(e, x->b);
	} else {
		b = emit(e, x->b);
		a = emit(e, x->a);
	}
	return e->ssa[v] = put(e, op[x->op], a, b);
}

static unsigned
operands(const struct air_insn *i)
{
	switch (i->op) {
	case AIR_ADD: case AIR_SUB: case AIR_MUL:
		return 2;
	case AIR_NEG: case AIR_ASSERT:
		return 1;
	default:
		return 0;
	}
}

/* SSA numbers -> slots; a slot is free again after the last use. */
static unsigned
assign_slots(struct air_insn *insn, uint32_t n)
{
	uint32_t *last = alloc(n, sizeof *last), *slot = alloc(n, sizeof *slot);
	uint32_t *unused = alloc(n, sizeof *unused), nfree = 0, nslots = 0;

	for (uint32_t i = 0; i < n; i++) {
		unsigned k = operands(&insn[i]);

		if (k > 0)
			last[insn[i].a] = i;
		if (k > 1)
			last[insn[i].b] = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		unsigned k = operands(&insn[i]);
		uint32_t a = insn[i].a, b = insn[i].b;

		if (k > 0) {
			insn[i].a = slot[a];
			if (last[a] == i)
				unused[nfree++] = slot[a];
		}
		if (k > 1) {
			insn[i].b = slot[b];
			if (last[b] == i && a != b)
				unused[nfree++] = slot[b];
		}
		if (insn[i].op == AIR_ASSERT)
			continue;
		slot[i] = nfree ? unused[--nfree] : nslots++;
		insn[i].dst = (uint16_t)slot[i];
	}
	free(last);
	free(slot);
	free(unused);
	return nslots;
}

static void
lower_constraints(struct air_chip *c, const struct air *a,
    struct values *s, const uint32_t *of)
{
	struct emitter e = {.s = s};
	const char **at = alloc(a->nroots, sizeof *at);

	e.ssa = alloc(s->n, sizeof *e.ssa);
	memset(e.ssa, 0xff, s->n * sizeof *e.ssa);
	e.made_for = alloc(s->n, sizeof *e.made_for);
	e.need = alloc(s->n, sizeof *e.need);
	count_needs(&e);
	for (unsigned i = 0; i < a->nroots; i++) {
		e.constraint = i;
		put(&e, AIR_ASSERT, emit(&e, of[a->root[i].node]), 0);
		at[i] = a->root[i].at;
	}
	c->nconstraints = a->nroots;
	c->constraint_at = at;
	c->prog.n = e.n;
	c->prog.nslots = assign_slots(e.insn, e.n);
	must(c->prog.nslots <= AIR_MAX_SLOTS);
	c->prog.insn = e.insn;
	c->prog.constant = e.constant;
	c->prog.nconstants = e.nconstants;
	free(e.ssa);
	free(e.made_for);
	free(e.need);
}

/* ---- interactions ---- */

/* Dense while it is made; touched: which columns may be in it. */
struct form {
	const struct values *s;
	unsigned main_width, ncols, ntouched;
	kb constant, *coeff;
	bool *seen;
	uint32_t *touched;
};

static void
add_column(struct form *f, uint32_t col, kb scale)
{
	must(col < f->ncols);
	if (!f->seen[col])
		f->touched[f->ntouched++] = col;
	f->seen[col] = true;
	f->coeff[col] = kb_add(f->coeff[col], scale);
}

/* f += scale * x */
static void
add_scaled(struct form *f, uint32_t id, kb scale)
{
	const struct air_node *x = &f->s->v[id];
	unsigned col = x->a;
	kb k;

	switch (x->op) {
	case NODE_PREP:
		col += f->main_width;
		/* fall through */
	case NODE_MAIN: case NODE_PUBLIC:
		add_column(f, col, scale);
		return;
	case NODE_CONST:
		f->constant = kb_add(f->constant, kb_mul(scale, (kb){x->a}));
		return;
	case NODE_ADD: case NODE_SUB:
		add_scaled(f, x->a, scale);
		add_scaled(f, x->b, x->op == NODE_ADD ? scale : kb_neg(scale));
		return;
	case NODE_NEG:
		add_scaled(f, x->a, kb_neg(scale));
		return;
	default:
		if (is_const(f->s, x->a, &k)) {
			add_scaled(f, x->b, kb_mul(scale, k));
			return;
		}
		must(is_const(f->s, x->b, &k));	/* else not affine */
		add_scaled(f, x->a, kb_mul(scale, k));
	}
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* In the order of columns; leaves the form empty. */
static struct air_affine
affine(struct form *f, uint32_t id)
{
	struct air_affine out = {0};
	struct air_term *t;

	f->constant = KB_ZERO;
	add_scaled(f, id, KB_ONE);
	out.constant = f->constant;
	if (f->ntouched > 1)
		qsort(f->touched, f->ntouched, sizeof *f->touched, by_number);
	out.term = t = alloc(f->ntouched, sizeof *t);
	for (unsigned i = 0; i < f->ntouched; i++) {
		uint32_t col = f->touched[i];

		if (f->coeff[col].v)
			t[out.n++] = (struct air_term){col, f->coeff[col]};
		f->coeff[col] = KB_ZERO;
		f->seen[col] = false;
	}
	f->ntouched = 0;
	return out;
}

static void
lower_message(struct air_interaction *out,
    const struct air_message *m, const struct air *a, struct form *f,
    const uint32_t *of)
{
	struct air_affine *v = alloc(m->n, sizeof *v);

	for (unsigned i = 0; i < m->n; i++)
		v[i] = affine(f, of[a->value[m->first + i]]);
	*out = (struct air_interaction){
		m->kind, m->send, m->n, affine(f, of[m->mult]), v, m->at
	};
}

static void
lower_messages(struct air_chip *c, const struct air *a,
    const struct values *s, const uint32_t *of, bool interleaved)
{
	struct air_interaction *out = alloc(a->nmessages, sizeof *out);
	struct form f = {.s = s, .main_width = c->main_width};
	unsigned n = 0;

	f.ncols = c->main_width + c->prep_width;
	if (f.ncols == 0)
		f.ncols = AIR_PUBLIC_VALUES;
	f.coeff = alloc(f.ncols, sizeof *f.coeff);
	f.seen = alloc(f.ncols, sizeof *f.seen);
	f.touched = alloc(f.ncols, sizeof *f.touched);
	c->interaction = out;
	c->nsends = c->nreceives = c->max_arity = 0;
	for (int pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < a->nmessages; i++) {
			const struct air_message *m = &a->message[i];

			if (interleaved ? pass == 1 : m->send != (pass == 0))
				continue;
			lower_message(&out[n++], m, a, &f, of);
			*(m->send ? &c->nsends : &c->nreceives) += 1;
			if (m->n + 1 > c->max_arity)
				c->max_arity = m->n + 1;
		}
	}
	free(f.coeff);
	free(f.seen);
	free(f.touched);
}

void
air_lower(struct air_chip *chip, const struct air *a, bool interleaved)
{
	struct values s = {0};
	uint32_t *of = merge(&s, a);

	lower_constraints(chip, a, &s, of);
	chip->block = block_compile(chip);
	lower_messages(chip, a, &s, of, interleaved);
	free(of);
	free(s.v);
	free(s.table);
}
