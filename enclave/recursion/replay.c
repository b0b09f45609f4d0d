/*
 * Chips on symbolic values.  A chip's function is recorded once more, and its nodes
 * are evaluated in the order in which they were made: the stock evaluates eagerly,
 * values that no constraint uses among them.
 */
#include "recursion/verify.h"

#include <stdlib.h>

#include "air/record.h"
#include "base/err.h"

struct replay {
	struct air air;
	const struct air_chip *chip;
	unsigned *message;	/* sends, then receives */
};

struct replay *
replay_new(struct circuit *c, const struct air_chip *chip)
{
	struct replay *r = calloc(1, sizeof *r);
	unsigned n = 0;

	must(r);
	r->chip = chip;
	air_record_chip(&r->air, chip);
	r->message = calloc(r->air.nmessages + 1, sizeof *r->message);
	must(r->message);
	for (int send = 1; send >= 0; send--)
		for (unsigned i = 0; i < r->air.nmessages; i++)
			if (r->air.message[i].send == send)
				r->message[n++] = i;
	return r;
}

void
replay_free(struct replay *r)
{
	air_record_free(&r->air);
	free(r->message);
	free(r);
}

bool
replay_is_send(const struct replay *r, unsigned i)
{
	return r->air.message[r->message[i]].send;
}

/* ---- interactions: affine in the columns ---- */

/* constant + sum of weight * column, the columns as the expression has them, from
 * left to right and not merged. */
struct affine {
	kb constant;
	unsigned n, cap;
	struct affine_term { uint32_t node; kb weight; } *term;
};

static void
scale(struct affine *f, unsigned from, kb k)
{
	for (unsigned i = from; i < f->n; i++)
		f->term[i].weight = kb_mul(f->term[i].weight, k);
}

static kb collect(struct affine *f, const struct air *a, uint32_t node);

static kb
collect_product(struct affine *f, const struct air *a,
    const struct air_node *x)
{
	unsigned at = f->n, mid;
	kb l, r;

	l = collect(f, a, x->a);
	mid = f->n;
	r = collect(f, a, x->b);
	must(at == mid || mid == f->n);
	scale(f, at, mid == at ? l : r);
	return kb_mul(l, r);
}

static kb
negate(struct affine *f, unsigned from, kb k)
{
	scale(f, from, kb_neg(KB_ONE));
	return kb_neg(k);
}

/* Appends the node's terms; returns its constant. */
static kb
collect(struct affine *f, const struct air *a, uint32_t node)
{
	const struct air_node *x = &a->node[node];
	unsigned at;
	kb k;

	switch (x->op) {
	case NODE_CONST:
		return (kb){x->a};
	case NODE_ADD:
		k = collect(f, a, x->a);
		return kb_add(k, collect(f, a, x->b));
	case NODE_SUB:
		k = collect(f, a, x->a);
		at = f->n;
		return kb_add(k, negate(f, at, collect(f, a, x->b)));
	case NODE_NEG:
		at = f->n;
		return negate(f, at, collect(f, a, x->a));
	case NODE_MUL:
		return collect_product(f, a, x);
	default:
		f->term = air_grow(f->term, f->n, &f->cap, sizeof *f->term);
		f->term[f->n++] = (struct affine_term){node, KB_ONE};
		return KB_ZERO;
	}
}

static eexpr
column(const struct air *a, uint32_t node, const struct chip_var *columns)
{
	const struct air_node *x = &a->node[node];

	return e_var(x->op == NODE_MAIN ? columns->main[x->a] :
	    columns->prep[x->a]);
}

/* Of values, but not of multiplicities, a weight of 1 is left out. */
static eexpr
affine(struct circuit *c, const struct air *a, uint32_t node,
    const struct chip_var *columns, bool value)
{
	struct affine f = {.n = 0};
	eexpr sum;

	f.constant = collect(&f, a, node);
	sum = e_felt(f_kb(f.constant));
	for (unsigned i = 0; columns && i < f.n; i++) {
		eexpr x = column(a, f.term[i].node, columns);
		kb w = f.term[i].weight;

		if (!value || !kb_eq(w, KB_ONE))
			x = e_mul(c, x, e_felt(f_kb(w)));
		sum = e_add(c, sum, x);
	}
	free(f.term);
	return sum;
}

struct fraction_var
replay_interaction(struct circuit *c, const struct replay *r, unsigned i,
    const struct fingerprint_var *f, const struct chip_var *columns)
{
	const struct air *a = &r->air;
	const struct air_message *m = &a->message[r->message[i]];
	struct fraction_var x;

	x.numerator = affine(c, a, m->mult, columns, false);
	x.denominator = e_add(c, f->alpha,
	    e_mul(c, f->beta[0], e_k((uint32_t)m->kind)));
	for (unsigned j = 0; j < m->n; j++) {
		eexpr v = affine(c, a, a->value[m->first + j], columns,
		    true);

		x.denominator = e_add(c, x.denominator,
		    e_mul(c, v, f->beta[j + 1]));
	}
	return x;
}

/* ---- constraints ---- */

static eexpr
node_value(struct circuit *c, const struct air_node *x, const eexpr *value,
    const struct chip_var *columns, const felt *public_values)
{
	switch (x->op) {
	case NODE_MAIN:
		return e_var(columns->main[x->a]);
	case NODE_PREP:
		return e_var(columns->prep[x->a]);
	case NODE_PUBLIC:
		return e_felt(f_var(public_values[x->a]));
	case NODE_CONST:
		return x->b ? e_felt(f_kb((kb){x->a})) :
		    e_const(ef_from_kb((kb){x->a}));
	case NODE_ADD:
		return e_add(c, value[x->a], value[x->b]);
	case NODE_SUB:
		return e_sub(c, value[x->a], value[x->b]);
	case NODE_MUL:
		return e_mul(c, value[x->a], value[x->b]);
	default:
		return e_neg(c, value[x->a]);
	}
}

/* A recording under way: nodes are evaluated up to where the next event is. */
struct run {
	const struct air *a;
	eexpr *value, acc;
	uint32_t n;
	const struct chip_var *columns;
	const felt *public_values;
	ext alpha;
};

static void
run_to(struct circuit *c, struct run *r, uint32_t end)
{
	for (; r->n < end; r->n++)
		r->value[r->n] = node_value(c, &r->a->node[r->n], r->value,
		    r->columns, r->public_values);
}

static void
run_begin(struct run *r, const struct air *a)
{
	r->a = a;
	r->n = 0;
	r->acc = e_k(0);
	r->value = calloc(a->nnodes + 1, sizeof *r->value);
	must(r->value);
}

static void
fold_root(struct circuit *c, struct run *r, const struct air_root *root)
{
	run_to(c, r, root->turn.nnodes);
	r->acc = e_add(c, e_mul(c, r->acc, e_var(r->alpha)),
	    r->value[root->node]);
}

ext
replay_constraints(struct circuit *c, const struct replay *r,
    const struct chip_var *columns, const felt *public_values, ext alpha)
{
	struct run run = {
		.columns = columns, .public_values = public_values,
		.alpha = alpha
	};
	ext folded;

	run_begin(&run, &r->air);
	for (unsigned i = 0; i < r->air.nroots; i++)
		fold_root(c, &run, &r->air.root[i]);
	run_to(c, &run, r->air.nnodes);
	folded = e_eval(c, run.acc);
	free(run.value);
	return folded;
}

/* ---- public values ---- */

static eexpr
public_fraction(struct circuit *c, struct run *r, const struct air_message *m,
    const struct fingerprint_var *f)
{
	eexpr d;

	run_to(c, r, m->turn.nnodes);
	d = e_add(c, f->alpha, e_mul(c, f->beta[0], e_k((uint32_t)m->kind)));
	for (unsigned j = 0; j < m->n; j++)
		d = e_add(c, d, e_mul(c,
		    r->value[r->a->value[m->first + j]], f->beta[j + 1]));
	return e_div(c, r->value[m->mult], d);
}

eexpr
replay_public_values(struct circuit *c, const struct air_machine *m,
    const struct fingerprint_var *f, ext alpha, const felt *public_values)
{
	struct run r = {.public_values = public_values, .alpha = alpha};
	eexpr sum = e_k(0), x;
	unsigned i = 0, j = 0;
	struct air a;

	air_record_public_values(&a, m);
	run_begin(&r, &a);
	while (i < a.nroots || j < a.nmessages) {
		const struct air_message *g = &a.message[j];

		if (i < a.nroots && (j == a.nmessages ||
		    a.root[i].turn.event < g->turn.event)) {
			fold_root(c, &r, &a.root[i++]);
			continue;
		}
		x = public_fraction(c, &r, g, f);
		sum = g->send ? e_add(c, sum, x) : e_sub(c, sum, x);
		j++;
	}
	e_assert_eq(c, r.acc, e_k(0));
	free(r.value);
	air_record_free(&a);
	return sum;
}
