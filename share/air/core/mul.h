#ifndef AIR_CORE_MUL_H
#define AIR_CORE_MUL_H
/*
 * Products of words, by bytes: 128 bits of them, with their carries as columns.
 */
#include "air/op/adapter.h"
#include "air/op/op_word.h"

#define COLS_op_mul(CELL, CELLS, SUB, SUBS) \
	CELLS(carry, 16) CELLS(product, 16) \
	SUB(op_u16_to_u8, b_lower_byte) SUB(op_u16_to_u8, c_lower_byte) \
	CELL(b_msb) CELL(c_msb) SUB(op_msb, product_msb) \
	CELL(b_sign_extend) CELL(c_sign_extend)
COLS_DEFINE(op_mul)

/* Which product a row is; each asserted to be boolean, at most one of the is_mul*
 * is 1. */
struct mul_flags {
	expr is_real, is_mul, is_mulh, is_mulw, is_mulhu, is_mulhsu;
};
/* word: the flagged half of b * c. */
void op_mul(struct air *a, const expr word[4], const expr b[4], const expr c[4],
    const struct op_mul_x *cols, const struct mul_flags *f);

#define COLS_mul_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(r_reader, adapter) CELLS(a, 4) \
	SUB(op_mul, mul_operation) CELL(is_mul) CELL(is_mulh) CELL(is_mulhu) \
	CELL(is_mulhsu) CELL(is_mulw)
COLS_DEFINE(mul_cols)

/* MUL, MULH, MULHU, MULHSU, MULW with rd != x0.  cols: the columns as
 * expressions; prep: no columns. */
void chip_Mul(struct air *a, const void *cols, const void *prep);

#endif
