#include "air/record.h"

#include <stdlib.h>
#include <string.h>

#include "air/air.h"
#include "base/err.h"

void *
air_grow(void *array, uint32_t n, uint32_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = *cap ? 2 * *cap : 64;
	array = realloc(array, *cap * size);
	must(array);
	return array;
}

static expr
node(struct air *a, enum air_node_op op, uint32_t x, uint32_t y)
{
	a->node = air_grow(a->node, a->nnodes, &a->nodes_cap, sizeof *a->node);
	a->node[a->nnodes] = (struct air_node){op, x, y};
	return (expr){a, a->nnodes++};
}

void
air_record_init(struct air *a, unsigned main_width, unsigned prep_width)
{
	memset(a, 0, sizeof *a);
	a->main_width = main_width;
	a->prep_width = prep_width;
	for (unsigned i = 0; i < main_width; i++)
		node(a, NODE_MAIN, i, 0);
	for (unsigned i = 0; i < prep_width; i++)
		node(a, NODE_PREP, i, 0);
}

void
air_record_free(struct air *a)
{
	free(a->node);
	free(a->root);
	free(a->message);
	free(a->value);
	memset(a, 0, sizeof *a);
}

static expr
constant(struct air *a, kb k)
{
	return node(a, NODE_CONST, k.v, 0);
}

expr
x_base(struct air *a, uint32_t canonical)
{
	return node(a, NODE_CONST, kb_from(canonical).v, 1);
}

expr
x_k(struct air *a, uint32_t canonical)
{
	must(canonical < KB_P);
	return constant(a, kb_from(canonical));
}

expr
x_kb(struct air *a, kb k)
{
	return constant(a, k);
}

expr
x_public(struct air *a, unsigned i)
{
	must(i < AIR_PUBLIC_VALUES);
	return node(a, NODE_PUBLIC, i, 0);
}

static const struct air_node *
at(expr x)
{
	must(x.air && x.id < x.air->nnodes);
	return &x.air->node[x.id];
}

static expr
binary(enum air_node_op op, expr x, expr y)
{
	const struct air_node *p = at(x), *q = at(y);
	kb u = {p->a}, v = {q->a};

	must(x.air == y.air);
	if (p->op != NODE_CONST || q->op != NODE_CONST)
		return node(x.air, op, x.id, y.id);
	switch (op) {
	case NODE_ADD:
		return constant(x.air, kb_add(u, v));
	case NODE_SUB:
		return constant(x.air, kb_sub(u, v));
	default:
		return constant(x.air, kb_mul(u, v));
	}
}

expr
x_add_to(const expr x[2])
{
	return binary(NODE_ADD, x[0], x[1]);
}

expr
x_sub_from(const expr x[2])
{
	return binary(NODE_SUB, x[0], x[1]);
}

expr
x_mul_by(const expr x[2])
{
	return binary(NODE_MUL, x[0], x[1]);
}

expr
x_neg(expr a)
{
	const struct air_node *p = at(a);

	if (p->op == NODE_CONST)
		return constant(a.air, kb_neg((kb){p->a}));
	return node(a.air, NODE_NEG, a.id, 0);
}

expr
x_addk(expr a, uint32_t k)
{
	return x_add(a, x_k(a.air, k));
}

expr
x_subk(expr a, uint32_t k)
{
	return x_sub(a, x_k(a.air, k));
}

expr
x_rsubk(uint32_t k, expr a)
{
	return x_sub(x_k(a.air, k), a);
}

expr
x_mulk(expr a, uint32_t k)
{
	return x_mul(a, x_k(a.air, k));
}

expr
x_not(expr c)
{
	return x_sub(c, x_base(c.air, 1));
}

expr
x_sum(const expr *v, unsigned n)
{
	expr sum = v[0];

	for (unsigned i = 1; i < n; i++)
		sum = x_add(sum, v[i]);
	return sum;
}

/* ---- constraints ---- */

static struct air_turn
turn(const struct air *a)
{
	return (struct air_turn){a->nroots + a->nmessages, a->nnodes};
}

void
air_zero_at(struct air *a, expr x, const char *place)
{
	struct air_turn now = turn(a);

	must(x.air == a);
	a->root = air_grow(a->root, a->nroots, &a->roots_cap, sizeof *a->root);
	a->root[a->nroots++] = (struct air_root){x.id, now, place};
}

void
air_zero_when_at(struct air *a, const expr cx[2], const char *place)
{
	air_zero_at(a, x_mul(cx[0], cx[1]), place);
}

void
air_equal_at(struct air *a, const expr xy[2], const char *place)
{
	air_zero_at(a, x_sub(xy[0], xy[1]), place);
}

void
air_equal_when_at(struct air *a, const expr cxy[3], const char *place)
{
	air_zero_at(a, x_mul(cxy[0], x_sub(cxy[1], cxy[2])), place);
}

void
air_bool_at(struct air *a, expr x, const char *place)
{
	air_zero_at(a, x_mul(x, x_subk(x, 1)), place);
}

void
air_bool_when_at(struct air *a, const expr cx[2], const char *place)
{
	air_zero_at(a, x_mul(cx[0], x_mul(cx[1], x_subk(cx[1], 1))), place);
}

/* ---- interactions ---- */

static void
message(const char *place, struct air *a, enum air_kind kind, bool send,
    expr mult, const expr *values, unsigned n)
{
	struct air_turn now = turn(a);

	must(mult.air == a);
	a->message = air_grow(a->message, a->nmessages, &a->messages_cap,
	    sizeof *a->message);
	a->message[a->nmessages++] = (struct air_message){
		kind, send, mult.id, a->nvalues, n, now, place
	};
	for (unsigned i = 0; i < n; i++) {
		must(values[i].air == a);
		a->value = air_grow(a->value, a->nvalues, &a->values_cap,
		    sizeof *a->value);
		a->value[a->nvalues++] = values[i].id;
	}
}

void
air_send_at(const char *place, struct air *a, enum air_kind kind, expr mult,
    const expr *values, unsigned n)
{
	message(place, a, kind, true, mult, values, n);
}

void
air_receive_at(const char *place, struct air *a, enum air_kind kind,
    expr mult, const expr *values, unsigned n)
{
	message(place, a, kind, false, mult, values, n);
}

void
air_send_byte_at(const char *place, struct air *a, expr op, expr x, expr b,
    expr c, expr mult)
{
	air_send_at(place, a, AIR_BYTE, mult, (expr[]){op, x, b, c}, 4);
}
