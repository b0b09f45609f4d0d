#ifndef AIR_OP_SHA_OP_H
#define AIR_OP_SHA_OP_H
/*
 * Numbers of 32 bits, as two 16-bit limbs, lowest first: what SHA-256 does with
 * them.  Operands must be range-checked; is_real is asserted to be boolean (but
 * by op_not_u32).
 */
#include "air/cells.h"
#include "air/op/check.h"

#define HALF 2		/* limbs */
#define HALF_BYTES 4

/* Low bytes of the limbs. */
#define COLS_op_u32_to_u8(CELL, CELLS, SUB, SUBS) CELLS(low_bytes, 2)
COLS_DEFINE(op_u32_to_u8)

/* value = x rotated right, shifted right by a constant; higher_limb: the limbs
 * without the bits that go into the limb below. */
#define COLS_op_rotate_u32(CELL, CELLS, SUB, SUBS) \
	CELLS(value, 2) CELLS(higher_limb, 2)
COLS_DEFINE(op_rotate_u32)
/* Asserts value = x rotated right by `by` bits, by < 32. */
void op_rotate_u32(struct air *a, const expr x[HALF], unsigned by,
    const struct op_rotate_u32_x *cols, expr is_real);
/* Asserts value = x shifted right by `by` bits, by < 32. */
void op_shift_u32(struct air *a, const expr x[HALF], unsigned by,
    const struct op_rotate_u32_x *cols, expr is_real);

/* value[i] = byte i of b OP c, op an enum air_byte_op; out: its limbs. */
#define COLS_op_bitwise_u32(CELL, CELLS, SUB, SUBS) \
	SUB(op_u32_to_u8, b_low_bytes) SUB(op_u32_to_u8, c_low_bytes) \
	CELLS(value, 4)
COLS_DEFINE(op_bitwise_u32)
/* Asserts the result by four lookups, which show that b and c are bytes,
 * too. */
void op_bitwise_u32(struct air *a, expr out[HALF], unsigned op,
    const expr b[HALF], const expr c[HALF],
    const struct op_bitwise_u32_x *cols, expr is_real);

/* value = ~x */
#define COLS_op_not_u32(CELL, CELLS, SUB, SUBS) CELLS(value, 2)
COLS_DEFINE(op_not_u32)
/* Asserts that value and x add up to 2^16 - 1 in each limb; no lookups. */
void op_not_u32(struct air *a, const expr x[HALF],
    const struct op_not_u32_x *cols, expr is_real);

/* value = the sum mod 2^32: of two, whose carries are bits; of n (4 or 5), whose
 * carries are bytes. */
#define COLS_op_add_u32(CELL, CELLS, SUB, SUBS) CELLS(value, 2)
COLS_DEFINE(op_add_u32)
/* Asserts value = b + c mod 2^32. */
void op_add_u32(struct air *a, const expr b[HALF], const expr c[HALF],
    const struct op_add_u32_x *cols, expr is_real);
/* Asserts value = x[0] + ... + x[n-1] mod 2^32. */
void op_sum_u32(struct air *a, const expr (*x)[HALF], unsigned n,
    const struct op_add_u32_x *cols, expr is_real);

/* clk_low + increment, of 24 bits each: the sum's low 24, and its carry. */
#define COLS_op_clk(CELL, CELLS, SUB, SUBS) \
	CELL(next_clk_16_24) CELL(next_clk_0_16) CELL(is_overflow)
COLS_DEFINE(op_clk)
/* Asserts the sum, and that its low part is in range; the caller adds
 * is_overflow to clk_high. */
void op_clk(struct air *a, expr clk_low, expr increment,
    const struct op_clk_x *cols, expr is_real);
/* next_clk_0_16 + next_clk_16_24 * 2^16. */
expr op_clk_low(const struct op_clk_x *cols);

/* x, and two limbs that are 0. */
void half_extend(expr w[WORD], const expr x[HALF]);

#endif
