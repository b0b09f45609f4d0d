#ifndef AIR_EXPR_H
#define AIR_EXPR_H
/*
 * The recorder: what a chip's constraint function is written over.
 *
 * An expr names a node of a DAG that the recorder keeps.  Building one does no
 * arithmetic but that on two constants; the order in which nodes are made, and
 * each node's operands, stay as written (later, recursion circuits are generated
 * from them, and their keys depend on it).
 *
 * Conventions of the stock builder (sp1-proof(7), Constraints): when_not(c)
 * multiplies by (c - 1); assert_bool(x) is x * (x - 1); assert_eq(x, y) is x -
 * y; when(c) multiplies by c.  Constraints and interactions count in the order
 * of the calls; a chip's sends come before its receives.
 *
 * Errors: a recorder that runs out of memory or is misused (a non-affine
 * interaction) is our own bug: must() fails.
 */
#include <stdbool.h>
#include <stdint.h>

#include "field/kb.h"

struct air;
typedef struct { struct air *air; uint32_t id; } expr;

expr x_k(struct air *a, uint32_t canonical);	/* a constant */
expr x_kb(struct air *a, kb k);			/* the same, of a kb */
/* The same as one of the base field: with public values it gives a value of the base
 * field, where x_k() gives one of the extension.  Recursion programs differ in it. */
expr x_base(struct air *a, uint32_t canonical);
expr x_public(struct air *a, unsigned i);	/* public value i, 0..186 */

/* C leaves the order of arguments' evaluation open; an array's elements are evaluated
 * from left to right by GCC and Clang (test/unit/air/order.c).  So these are macros
 * where an operand may be an expression that makes nodes. */
expr x_add_to(const expr x[2]);			/* x[0] + x[1] */
expr x_sub_from(const expr x[2]);		/* x[0] - x[1] */
expr x_mul_by(const expr x[2]);			/* x[0] * x[1] */
#ifndef __cplusplus
#define x_add(a, b) x_add_to((const expr[2]){(a), (b)})
#define x_sub(a, b) x_sub_from((const expr[2]){(a), (b)})
#define x_mul(a, b) x_mul_by((const expr[2]){(a), (b)})
#else	/* kernels include what uses them, and call none; no array is a temporary there */
expr x_add(expr a, expr b);			/* a + b */
expr x_sub(expr a, expr b);			/* a - b */
expr x_mul(expr a, expr b);			/* a * b */
#endif
expr x_neg(expr a);				/* -a */
expr x_addk(expr a, uint32_t k);		/* a + k, k canonical */
expr x_subk(expr a, uint32_t k);		/* a - k */
expr x_rsubk(uint32_t k, expr a);		/* k - a */
expr x_mulk(expr a, uint32_t k);		/* a * k */
expr x_not(expr c);				/* c - 1, of when_not() */
expr x_sum(const expr *v, unsigned n);		/* ((v0 + v1) + v2) + ...; n >= 1 */

/* Constraints, and interactions below; each remembers its place for the debugger. */
#define AIR_STR2(x) #x
#define AIR_STR(x) AIR_STR2(x)
#define AIR_HERE __FILE__ ":" AIR_STR(__LINE__)

#define air_zero(a, x) air_zero_at((a), (x), AIR_HERE)
#define air_zero_when(a, c, x) \
	air_zero_when_at((a), (const expr[2]){(c), (x)}, AIR_HERE)
#define air_zero_unless(a, c, x) air_zero_when((a), x_not((c)), (x))
#define air_equal(a, x, y) air_equal_at((a), (const expr[2]){(x), (y)}, AIR_HERE)
#define air_equal_when(a, c, x, y) \
	air_equal_when_at((a), (const expr[3]){(c), (x), (y)}, AIR_HERE)
#define air_equal_unless(a, c, x, y) \
	air_equal_when((a), x_not((c)), (x), (y))
#define air_bool(a, x) air_bool_at((a), (x), AIR_HERE)
#define air_bool_when(a, c, x) \
	air_bool_when_at((a), (const expr[2]){(c), (x)}, AIR_HERE)

void air_zero_at(struct air *a, expr x, const char *at);	/* x */
void air_zero_when_at(struct air *a, const expr cx[2], const char *at); /* c * x */
void air_equal_at(struct air *a, const expr xy[2], const char *at);	/* x - y */
/* c * (x - y) */
void air_equal_when_at(struct air *a, const expr cxy[3], const char *at);
void air_bool_at(struct air *a, expr x, const char *at);	/* x * (x - 1) */
/* c * x * (x - 1) */
void air_bool_when_at(struct air *a, const expr cx[2], const char *at);

/* Interaction kinds, by number on the wire (sp1-proof(7), Interaction kinds). */
enum air_kind {
	AIR_MEMORY = 1, AIR_PROGRAM = 2, AIR_BYTE = 5, AIR_STATE = 7,
	AIR_SYSCALL = 8, AIR_GLOBAL = 9, AIR_SHA_EXTEND = 10,
	AIR_SHA_COMPRESS = 11, AIR_KECCAK = 12, AIR_GLOBAL_ACCUMULATION = 13,
	AIR_MEMORY_GLOBAL_INIT = 14, AIR_MEMORY_GLOBAL_FINALIZE = 15,
	AIR_PAGE_PROT_GLOBAL_INIT = 20, AIR_PAGE_PROT_GLOBAL_FINALIZE = 21
};

/* Byte-table operations: value 0 of an AIR_BYTE interaction.  Values: operation,
 * result a, operands b, c; for AIR_OP_RANGE a, bits, 0. */
enum air_byte_op {
	AIR_OP_AND, AIR_OP_OR, AIR_OP_XOR, AIR_OP_U8RANGE, AIR_OP_LTU,
	AIR_OP_MSB, AIR_OP_RANGE
};

/* (a, kind, mult, values, n); (a, op, x, b, c, mult) */
#define air_send(...) air_send_at(AIR_HERE, __VA_ARGS__)
#define air_receive(...) air_receive_at(AIR_HERE, __VA_ARGS__)
#define air_send_byte(...) air_send_byte_at(AIR_HERE, __VA_ARGS__)

/* Sends the message (kind, values[n]) mult times.  Values and mult must be
 * affine in the columns. */
void air_send_at(const char *at, struct air *a, enum air_kind kind, expr mult,
    const expr *values, unsigned n);
/* Receives the message mult times: a shard's sends and receives of each message
 * cancel. */
void air_receive_at(const char *at, struct air *a, enum air_kind kind,
    expr mult, const expr *values, unsigned n);
/* Looks (op, x, b, c) up in the Byte or Range table mult times; x is the
 * result.  op is an expr so that flags can choose it. */
void air_send_byte_at(const char *at, struct air *a, expr op, expr x, expr b,
    expr c, expr mult);

#endif
