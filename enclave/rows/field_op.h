#ifndef ROWS_FIELD_OP_H
#define ROWS_FIELD_OP_H
/*
 * Fillers for air/op/field_op.h: what an operation results in, its carry (the
 * quotient by the modulus) and its witness.
 *
 * Where an operation has no proof (an operand not below the modulus whose quotient
 * is no byte string of the chip's length, a division by 0), the row is made all the
 * same, and breaks its constraints.
 */
#include "rows/adapter.h"
#include "rows/bignum.h"

/* The cells of FIELD_OP_COLS, whose result comes first. */
#define FIELD_CELLS(m) ((kb *)&(m))
struct field_lt { kb *byte_flags, *lhs_byte, *rhs_byte; };
#define FIELD_LT_CELLS(m) \
	((struct field_lt){(m).byte_flags, &(m).lhs_comparison_byte, \
	    &(m).rhs_comparison_byte})

/* The field's prime. */
KERNEL struct num
field_modulus(const struct field_params *f)
{
	struct num m;

	for (int i = 0; i < FIELD_WORDS; i++)
		m.w[i] = f->modulus[i];
	return m;
}

/* Each returns the result, and fills the cells from o on (FIELD_CELLS). */

/* x + y, x - y, x y or x / y modulo the prime. */
DEVICE struct num fill_field_op(kb *o, const struct field_params *f,
    const struct num *x, const struct num *y, enum field_operation op);
/* x + y (FIELD_ADD) or x y (FIELD_MUL) modulo another number. */
DEVICE struct num fill_field_op_modulus(kb *o,
    const struct field_params *f, const struct num *x, const struct num *y,
    enum field_operation op, const struct num *modulus);
/* x / y where 1 / y is known */
DEVICE struct num fill_field_quotient(kb *o,
    const struct field_params *f, const struct num *x, const struct num *y,
    const struct num *inverse);
/* x + y + z, or x * y + z */
DEVICE struct num fill_field_op_carry(kb *o,
    const struct field_params *f, const struct num *x, const struct num *y,
    const struct num *z, bool is_add);
/* x0 y0 + x1 y1 */
DEVICE struct num fill_inner_product(kb *o,
    const struct field_params *f, const struct num *x0, const struct num *y0,
    const struct num *x1, const struct num *y1);
/* x / (1 + y), or x / (1 - y) where plus is false; modulo the prime. */
DEVICE struct num fill_field_den(kb *o, const struct field_params *f,
    const struct num *x, const struct num *y, bool plus);

/* Marks the highest of n bytes in which x and y differ; where they are equal
 * all stays 0. */
DEVICE void fill_field_lt(struct field_lt o, const struct num *x,
    const struct num *y, unsigned n);
/* The same of x and the field's prime. */
DEVICE void fill_field_lt_modulus(struct field_lt o, const struct field_params *f,
    const struct num *x);
/* The cells of a root that is given, and of its square. */
DEVICE void fill_field_sqrt(struct field_sqrt_32 *o, const struct field_params *f,
    const struct num *root);

/* The words of an element, before an access each. */
DEVICE struct num num_of_accesses(const struct rec_access *a, unsigned words);

#endif
