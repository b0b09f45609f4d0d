#ifndef AIR_OP_OP_ADD_H
#define AIR_OP_OP_ADD_H
/*
 * Sums and differences of words, with their carries in the constraints only.
 * Operands must be words of 16-bit limbs; is_real is asserted to be boolean.
 */
#include "air/cells.h"

/* The top bit of a 16-bit limb. */
#define COLS_op_msb(CELL, CELLS, SUB, SUBS) CELL(msb)
COLS_DEFINE(op_msb)
/* Asserts that msb is bit 15 of limb, by one lookup. */
void op_msb(struct air *a, expr limb, const struct op_msb_x *cols,
    expr is_real);

/* value = b + c mod 2^64 */
#define COLS_op_add(CELL, CELLS, SUB, SUBS) CELLS(value, 4)
COLS_DEFINE(op_add)
/* Asserts the sum limb by limb, and that value has 16-bit limbs. */
void op_add(struct air *a, const expr b[4], const expr c[4],
    const struct op_add_x *cols, expr is_real);

/* value = b - c mod 2^64 */
#define COLS_op_sub(CELL, CELLS, SUB, SUBS) CELLS(value, 4)
COLS_DEFINE(op_sub)
/* Asserts the difference likewise. */
void op_sub(struct air *a, const expr b[4], const expr c[4],
    const struct op_sub_x *cols, expr is_real);

/* value = b + c, b - c mod 2^32, msb its top bit */
#define COLS_op_addw(CELL, CELLS, SUB, SUBS) CELLS(value, 2) SUB(op_msb, msb)
COLS_DEFINE(op_addw)
/* Asserts the sum of the low halves of b and c; the upper halves are not looked
 * at. */
void op_addw(struct air *a, const expr b[4], const expr c[4],
    const struct op_addw_x *cols, expr is_real);

#define COLS_op_subw(CELL, CELLS, SUB, SUBS) CELLS(value, 2) SUB(op_msb, msb)
COLS_DEFINE(op_subw)
/* Asserts the difference of the low halves likewise. */
void op_subw(struct air *a, const expr b[4], const expr c[4],
    const struct op_subw_x *cols, expr is_real);

/* value = b + c mod 2^64, which is below 2^48 */
#define COLS_op_addr_add(CELL, CELLS, SUB, SUBS) CELLS(value, 3)
COLS_DEFINE(op_addr_add)
/* Asserts the sum, whose fourth limb is 0, and that value has 16-bit limbs. */
void op_addr_add(struct air *a, const expr b[4], const expr c[4],
    const struct op_addr_add_x *cols, expr is_real);

/* The address b + c of a load or store: not below 2^16 (where the registers are),
 * its low three bits as given (each asserted to be boolean); out: the aligned
 * word's address. */
#define COLS_op_address(CELL, CELLS, SUB, SUBS) \
	SUB(op_addr_add, addr_operation) CELL(top_two_limb_inv)
COLS_DEFINE(op_address)
/* Asserts all this; c may be a sign-extended offset. */
void op_address(struct air *a, expr out[3], const expr b[4], const expr c[4],
    expr bit0, expr bit1, expr bit2, expr is_real,
    const struct op_address_x *cols);

#endif
