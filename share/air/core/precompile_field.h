#ifndef AIR_CORE_PRECOMPILE_FIELD_H
#define AIR_CORE_PRECOMPILE_FIELD_H
/*
 * Arithmetic of BN254's and BLS12-381's base fields, and of their extensions by a
 * root of -1, where x is.  Tables by the number of limbs.
 */
#include "air/op/field_op.h"
#include "air/op/precompile.h"

#define FP_OP_COLS(limbs, words, CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) CELL(is_add) CELL(is_sub) \
	CELL(is_mul) SUB(op_syscall_addr, x_ptr) SUB(op_syscall_addr, y_ptr) \
	SUBS(op_addr_add, x_addrs, words) SUBS(op_addr_add, y_addrs, words) \
	SUBS(memory_access_u8, x_access, words) \
	SUBS(memory_access_u8, y_access, words) \
	SUB(field_op_##limbs, output) SUB(field_lt_##limbs, output_range)
#define COLS_fp_op_32(...) FP_OP_COLS(32, 4, __VA_ARGS__)
COLS_DEFINE(fp_op_32)
#define COLS_fp_op_48(...) FP_OP_COLS(48, 6, __VA_ARGS__)
COLS_DEFINE(fp_op_48)

#define FP2_ADDSUB_COLS(limbs, words, CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) CELL(is_add) \
	SUB(op_syscall_addr, x_ptr) SUB(op_syscall_addr, y_ptr) \
	SUBS(op_addr_add, x_addrs, words) SUBS(op_addr_add, y_addrs, words) \
	SUBS(memory_access_u8, x_access, words) \
	SUBS(memory_access_u8, y_access, words) \
	SUB(field_op_##limbs, c0) SUB(field_op_##limbs, c1) \
	SUB(field_lt_##limbs, c0_range) SUB(field_lt_##limbs, c1_range)
#define COLS_fp2_addsub_32(...) FP2_ADDSUB_COLS(32, 8, __VA_ARGS__)
COLS_DEFINE(fp2_addsub_32)
#define COLS_fp2_addsub_48(...) FP2_ADDSUB_COLS(48, 12, __VA_ARGS__)
COLS_DEFINE(fp2_addsub_48)

#define FP2_MUL_COLS(limbs, words, CELL, CELLS, SUB, SUBS) \
	CELL(is_real) CELL(clk_high) CELL(clk_low) \
	SUB(op_syscall_addr, x_ptr) SUB(op_syscall_addr, y_ptr) \
	SUBS(op_addr_add, x_addrs, words) SUBS(op_addr_add, y_addrs, words) \
	SUBS(memory_access_u8, x_access, words) \
	SUBS(memory_access_u8, y_access, words) \
	SUB(field_op_##limbs, a0_mul_b0) SUB(field_op_##limbs, a1_mul_b1) \
	SUB(field_op_##limbs, a0_mul_b1) SUB(field_op_##limbs, a1_mul_b0) \
	SUB(field_op_##limbs, c0) SUB(field_op_##limbs, c1) \
	SUB(field_lt_##limbs, c0_range) SUB(field_lt_##limbs, c1_range)
#define COLS_fp2_mul_32(...) FP2_MUL_COLS(32, 8, __VA_ARGS__)
COLS_DEFINE(fp2_mul_32)
#define COLS_fp2_mul_48(...) FP2_MUL_COLS(48, 12, __VA_ARGS__)
COLS_DEFINE(fp2_mul_48)

#endif
