#ifndef AIR_CORE_SHA_EXTEND_H
#define AIR_CORE_SHA_EXTEND_H
/*
 * SHA_EXTEND: a row of ShaExtend makes w[i], for i of 16 to 63; ShaExtendControl
 * takes the call, and starts and ends the chain of rows.
 */
#include "air/op/precompile.h"
#include "air/op/sha_op.h"

#define SHA_WORDS 64		/* of w, 8 bytes each of which 4 are used */
#define SHA_EXTEND_ROWS 48

/* One clk a row, from the call's clk + 1: next_clk is the row's own. */
#define COLS_sha_extend_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) SUB(op_clk, next_clk) CELLS(w_ptr, 3) \
	SUB(op_addr_add, w_i_minus_15_ptr) SUB(op_addr_add, w_i_minus_2_ptr) \
	SUB(op_addr_add, w_i_minus_16_ptr) SUB(op_addr_add, w_i_minus_7_ptr) \
	SUB(op_addr_add, w_i_ptr) CELL(i) \
	SUB(memory_access, w_i_minus_15) SUB(op_rotate_u32, w_i_minus_15_rr_7) \
	SUB(op_rotate_u32, w_i_minus_15_rr_18) \
	SUB(op_rotate_u32, w_i_minus_15_rs_3) \
	SUB(op_bitwise_u32, s0_intermediate) SUB(op_bitwise_u32, s0) \
	SUB(memory_access, w_i_minus_2) SUB(op_rotate_u32, w_i_minus_2_rr_17) \
	SUB(op_rotate_u32, w_i_minus_2_rr_19) \
	SUB(op_rotate_u32, w_i_minus_2_rs_10) \
	SUB(op_bitwise_u32, s1_intermediate) SUB(op_bitwise_u32, s1) \
	SUB(memory_access, w_i_minus_16) SUB(memory_access, w_i_minus_7) \
	SUB(op_add_u32, s2) SUB(memory_access, w_i) CELL(is_real)
COLS_DEFINE(sha_extend_cols)

#define COLS_sha_extend_control_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) SUB(op_syscall_addr, w_ptr) \
	SUB(op_addr_add, w_16th_addr) SUB(op_addr_add, w_17th_addr) \
	SUB(op_addr_add, w_64th_addr) CELL(is_real)
COLS_DEFINE(sha_extend_control_cols)

#endif
