#ifndef AIR_CORE_PRECOMPILE_CURVE_H
#define AIR_CORE_PRECOMPILE_CURVE_H
/*
 * Sums and doubles of affine points of y^2 = x^3 + a x + b, where the point p is.
 * Tables by the number of limbs of a coordinate.
 */
#include "air/op/field_op.h"
#include "air/op/precompile.h"

#define CURVE_ADD_COLS(limbs, words, CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) \
	SUB(op_syscall_addr, p_ptr) SUB(op_syscall_addr, q_ptr) \
	SUBS(op_addr_add, p_addrs, words) SUBS(op_addr_add, q_addrs, words) \
	SUBS(memory_access_u8, p_access, words) \
	SUBS(memory_access_u8, q_access, words) \
	SUB(field_op_##limbs, slope_denominator) \
	SUB(field_op_##limbs, inverse_check) \
	SUB(field_op_##limbs, slope_numerator) SUB(field_op_##limbs, slope) \
	SUB(field_op_##limbs, slope_squared) \
	SUB(field_op_##limbs, p_x_plus_q_x) SUB(field_op_##limbs, x3_ins) \
	SUB(field_op_##limbs, p_x_minus_x) SUB(field_op_##limbs, y3_ins) \
	SUB(field_op_##limbs, slope_times_p_x_minus_x) \
	SUB(field_lt_##limbs, x3_range) SUB(field_lt_##limbs, y3_range)
#define COLS_curve_add_32(...) CURVE_ADD_COLS(32, 8, __VA_ARGS__)
COLS_DEFINE(curve_add_32)
#define COLS_curve_add_48(...) CURVE_ADD_COLS(48, 12, __VA_ARGS__)
COLS_DEFINE(curve_add_48)

#define CURVE_DOUBLE_COLS(limbs, words, CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) \
	SUB(op_syscall_addr, p_ptr) SUBS(op_addr_add, p_addrs, words) \
	SUBS(memory_access_u8, p_access, words) \
	SUB(field_op_##limbs, slope_denominator) \
	SUB(field_op_##limbs, slope_numerator) SUB(field_op_##limbs, slope) \
	SUB(field_op_##limbs, p_x_squared) \
	SUB(field_op_##limbs, p_x_squared_times_3) \
	SUB(field_op_##limbs, slope_squared) \
	SUB(field_op_##limbs, p_x_plus_p_x) SUB(field_op_##limbs, x3_ins) \
	SUB(field_op_##limbs, p_x_minus_x) SUB(field_op_##limbs, y3_ins) \
	SUB(field_op_##limbs, slope_times_p_x_minus_x) \
	SUB(field_lt_##limbs, x3_range) SUB(field_lt_##limbs, y3_range)
#define COLS_curve_double_32(...) CURVE_DOUBLE_COLS(32, 8, __VA_ARGS__)
COLS_DEFINE(curve_double_32)
#define COLS_curve_double_48(...) CURVE_DOUBLE_COLS(48, 12, __VA_ARGS__)
COLS_DEFINE(curve_double_48)

#endif
