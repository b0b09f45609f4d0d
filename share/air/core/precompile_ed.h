#ifndef AIR_CORE_PRECOMPILE_ED_H
#define AIR_CORE_PRECOMPILE_ED_H
/*
 * ed25519, the curve -x^2 + y^2 = 1 + d x^2 y^2: a sum where the point p is; the x
 * that belongs to a y, which is 32 bytes after it.
 */
#include "air/op/field_op.h"
#include "air/op/precompile.h"

#define COLS_ed_add_cols(CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) \
	SUB(op_syscall_addr, p_ptr) SUB(op_syscall_addr, q_ptr) \
	SUBS(op_addr_add, p_addrs_add, 8) SUBS(op_addr_add, q_addrs_add, 8) \
	SUBS(memory_access_u8, p_access, 8) SUBS(memory_access_u8, q_access, 8) \
	SUB(field_op_32, x3_numerator) SUB(field_op_32, y3_numerator) \
	SUB(field_op_32, x1_mul_y1) SUB(field_op_32, x2_mul_y2) \
	SUB(field_op_32, f) SUB(field_op_32, d_mul_f) \
	SUB(field_op_32, x3_ins) SUB(field_op_32, y3_ins) \
	SUB(field_lt_32, x3_range) SUB(field_lt_32, y3_range)
COLS_DEFINE(ed_add_cols)

#define COLS_word_cells(CELL, CELLS, SUB, SUBS) CELLS(limb, 4)
COLS_DEFINE(word_cells)

#define COLS_ed_decompress_cols(CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) SUB(op_syscall_addr, ptr) \
	SUBS(op_addr_add, read_ptrs, 4) SUBS(op_addr_add, addrs, 4) CELL(sign) \
	SUBS(memory_access, x_access, 4) SUBS(word_cells, x_value, 4) \
	SUBS(memory_access_u8, y_access, 4) SUB(field_lt_32, neg_x_range) \
	SUB(field_lt_32, y_range) SUB(field_op_32, yy) SUB(field_op_32, u) \
	SUB(field_op_32, dyy) SUB(field_op_32, v) SUB(field_op_32, u_div_v) \
	SUB(field_sqrt_32, x) SUB(field_op_32, neg_x)
COLS_DEFINE(ed_decompress_cols)

#endif
