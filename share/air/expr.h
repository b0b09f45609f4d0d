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
 * Conventions of the stock builder (prover.md 2.7): when_not(c) multiplies by
 * (c - 1); assert_bool(x) is x * (x - 1); assert_eq(x, y) is x - y; when(c)
 * multiplies by c.  Constraints and interactions count in the order of the calls;
 * a chip's sends come before its receives.
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
expr x_public(struct air *a, unsigned i);	/* public value i, 0..186 */

expr x_add(expr a, expr b);
expr x_sub(expr a, expr b);
expr x_mul(expr a, expr b);
expr x_neg(expr a);
expr x_addk(expr a, uint32_t k);		/* a + k, k canonical */
expr x_subk(expr a, uint32_t k);		/* a - k */
expr x_rsubk(uint32_t k, expr a);		/* k - a */
expr x_mulk(expr a, uint32_t k);
expr x_sum(const expr *v, unsigned n);		/* ((v0 + v1) + v2) + ...; n >= 1 */

void air_zero(struct air *a, expr x);
void air_zero_when(struct air *a, expr c, expr x);	/* c * x */
void air_zero_unless(struct air *a, expr c, expr x);	/* (c - 1) * x */
void air_equal(struct air *a, expr x, expr y);
void air_equal_when(struct air *a, expr c, expr x, expr y);
void air_bool(struct air *a, expr x);
void air_bool_when(struct air *a, expr c, expr x);

/* Interaction kinds, by number on the wire (prover.md 2.2). */
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

void air_send(struct air *a, enum air_kind kind, expr mult, const expr *values,
    unsigned n);
void air_receive(struct air *a, enum air_kind kind, expr mult,
    const expr *values, unsigned n);
void air_send_byte(struct air *a, expr op, expr x, expr b, expr c, expr mult);

#endif
