#ifndef AIR_CORE_PRECOMPILE_UINT256_H
#define AIR_CORE_PRECOMPILE_UINT256_H
/*
 * 256-bit integers: x * y modulo a number that follows y (0: 2^256), where x is;
 * a + b + c and a * b + c, in two halves d and e.
 */
#include "air/op/field_op.h"
#include "air/op/precompile.h"

/* modulus_is_not_zero: is_real and so */
#define COLS_uint256_mul_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) SUB(op_syscall_addr, x_ptr) \
	SUB(op_syscall_addr, y_ptr) SUBS(op_addr_add, x_addrs, 4) \
	SUBS(op_addr_add, y_and_modulus_addrs, 8) \
	SUBS(memory_access_u8, x_memory, 4) SUBS(memory_access_u8, y_memory, 4) \
	SUBS(memory_access_u8, modulus_memory, 4) \
	SUB(op_is_zero, modulus_is_zero) CELL(modulus_is_not_zero) \
	SUB(field_op_u256, output) SUB(field_lt_32, output_range_check) \
	CELL(is_real)
COLS_DEFINE(uint256_mul_cols)

/* c, d, e: pointers in x12, x13, x14 */
#define COLS_uint256_ops_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) \
	SUB(op_syscall_addr, a_ptr) SUBS(op_addr_add, a_addrs, 4) \
	SUB(op_syscall_addr, b_ptr) SUBS(op_addr_add, b_addrs, 4) \
	SUB(op_syscall_addr, c_ptr) SUB(memory_access, c_ptr_memory) \
	SUBS(op_addr_add, c_addrs, 4) \
	SUB(op_syscall_addr, d_ptr) SUB(memory_access, d_ptr_memory) \
	SUBS(op_addr_add, d_addrs, 4) \
	SUB(op_syscall_addr, e_ptr) SUB(memory_access, e_ptr_memory) \
	SUBS(op_addr_add, e_addrs, 4) \
	SUBS(memory_access_u8, a_memory, 4) SUBS(memory_access_u8, b_memory, 4) \
	SUBS(memory_access_u8, c_memory, 4) SUBS(memory_access, d_memory, 4) \
	SUBS(memory_access, e_memory, 4) SUB(field_op_u256, field_op) \
	CELL(is_add) CELL(is_mul) CELL(is_real)
COLS_DEFINE(uint256_ops_cols)

#endif
