#ifndef AIR_OP_OP_WORD_H
#define AIR_OP_OP_WORD_H
/*
 * Words: tests for zero and equality, order, bytes.
 */
#include "air/cells.h"
#include "air/op/op_add.h"

/* result = (x == 0) where is_real is not 0; inverse: 1/x, or 0. */
#define COLS_op_is_zero(CELL, CELLS, SUB, SUBS) CELL(inverse) CELL(result)
COLS_DEFINE(op_is_zero)
/* Asserts the result, for any field element x. */
void op_is_zero(struct air *a, expr x, const struct op_is_zero_x *cols,
    expr is_real);

#define COLS_op_is_zero_word(CELL, CELLS, SUB, SUBS) \
	SUBS(op_is_zero, is_zero_limb, 4) CELL(is_zero_first_half) \
	CELL(is_zero_second_half) CELL(result)
COLS_DEFINE(op_is_zero_word)
/* Asserts result = (x is 0), limb by limb and then by halves. */
void op_is_zero_word(struct air *a, const expr x[4],
    const struct op_is_zero_word_x *cols, expr is_real);

#define COLS_op_is_equal_word(CELL, CELLS, SUB, SUBS) \
	SUB(op_is_zero_word, is_diff_zero)
COLS_DEFINE(op_is_equal_word)
/* Asserts is_diff_zero.result = (x == y). */
void op_is_equal_word(struct air *a, const expr x[4], const expr y[4],
    const struct op_is_equal_word_x *cols, expr is_real);

/* bit = (x < y), of 16-bit limbs */
#define COLS_op_u16_compare(CELL, CELLS, SUB, SUBS) CELL(bit)
COLS_DEFINE(op_u16_compare)
/* Asserts bit, by one lookup; x and y must be range-checked. */
void op_u16_compare(struct air *a, expr x, expr y,
    const struct op_u16_compare_x *cols, expr is_real);

/* u16_compare_operation.bit = (x < y), unsigned.  u16_flags: the highest limb that
 * differs; not_eq_inv: 1 / its difference; comparison_limbs: x's, y's. */
#define COLS_op_lt(CELL, CELLS, SUB, SUBS) \
	SUB(op_u16_compare, u16_compare_operation) CELLS(u16_flags, 4) \
	CELL(not_eq_inv) CELLS(comparison_limbs, 2)
COLS_DEFINE(op_lt)
/* Asserts the comparison of two words of range-checked limbs. */
void op_lt(struct air *a, const expr x[4], const expr y[4],
    const struct op_lt_x *cols, expr is_real);

/* The same, signed where is_signed (asserted to be boolean, 0 where is_real is). */
#define COLS_op_slt(CELL, CELLS, SUB, SUBS) \
	SUB(op_lt, result) SUB(op_msb, b_msb) SUB(op_msb, c_msb)
COLS_DEFINE(op_slt)
/* Asserts it with the sign bits flipped where is_signed is 1. */
void op_slt(struct air *a, const expr x[4], const expr y[4],
    const struct op_slt_x *cols, expr is_signed, expr is_real);

/* Bytes of a word, lowest first; unsafe: the caller has them range-checked. */
#define COLS_op_u16_to_u8(CELL, CELLS, SUB, SUBS) CELLS(low_bytes, 4)
COLS_DEFINE(op_u16_to_u8)
/* Gives the bytes as expressions; no lookups. */
void op_u16_to_u8_unsafe(struct air *a, expr bytes[8], const expr x[4],
    const struct op_u16_to_u8_x *cols);
/* Gives the bytes and looks them up as bytes is_real times. */
void op_u16_to_u8_safe(struct air *a, expr bytes[8], const expr x[4],
    const struct op_u16_to_u8_x *cols, expr is_real);

/* result[i] = b[i] OP c[i]; op: an enum air_byte_op */
#define COLS_op_bitwise(CELL, CELLS, SUB, SUBS) CELLS(result, 8)
COLS_DEFINE(op_bitwise)
/* Eight lookups in the Byte table, which assert that b and c are bytes, too. */
void op_bitwise(struct air *a, const expr b[8], const expr c[8],
    const struct op_bitwise_x *cols, expr op, expr is_real);

/* Words; out: the result's limbs. */
#define COLS_op_bitwise_u16(CELL, CELLS, SUB, SUBS) \
	SUB(op_u16_to_u8, b_low_bytes) SUB(op_u16_to_u8, c_low_bytes) \
	SUB(op_bitwise, bitwise_operation)
COLS_DEFINE(op_bitwise_u16)
/* Splits both words into bytes, looks these up, and joins the result in out. */
void op_bitwise_u16(struct air *a, expr out[4], const expr b[4],
    const expr c[4], const struct op_bitwise_u16_x *cols, expr op,
    expr is_real);

#endif
