#ifndef AIR_CORE_SHA_COMPRESS_H
#define AIR_CORE_SHA_COMPRESS_H
/*
 * SHA_COMPRESS: 80 rows of ShaCompress, in octets: the first reads h, eight take
 * a round a row, the last writes h; ShaCompressControl takes the call, and starts
 * and ends the chain of rows.
 */
#include "air/op/precompile.h"
#include "air/op/sha_op.h"

#define SHA_STATE 8		/* a..h */
#define SHA_COMPRESS_ROWS 80

#define COLS_sha_half(CELL, CELLS, SUB, SUBS) CELLS(v, 2)
COLS_DEFINE(sha_half)

/* index = 8 * (which octet_num is 1) + (which octet).  mem: the word that the row
 * reads or writes, at mem_addr, one of the three addresses below it. */
#define COLS_sha_compress_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) CELLS(w_ptr, 3) CELLS(h_ptr, 3) \
	CELL(index) CELLS(octet, 8) CELLS(octet_num, 10) \
	SUB(memory_access, mem) CELLS(mem_value, 2) CELLS(mem_addr, 3) \
	SUB(op_addr_add, mem_addr_init) SUB(op_addr_add, mem_addr_compress) \
	SUB(op_addr_add, mem_addr_finalize) SUBS(sha_half, state, 8) \
	CELLS(k, 2) \
	SUB(op_rotate_u32, e_rr_6) SUB(op_rotate_u32, e_rr_11) \
	SUB(op_rotate_u32, e_rr_25) SUB(op_bitwise_u32, s1_intermediate) \
	SUB(op_bitwise_u32, s1) SUB(op_bitwise_u32, e_and_f) \
	SUB(op_not_u32, e_not) SUB(op_bitwise_u32, e_not_and_g) \
	SUB(op_bitwise_u32, ch) SUB(op_add_u32, temp1) \
	SUB(op_rotate_u32, a_rr_2) SUB(op_rotate_u32, a_rr_13) \
	SUB(op_rotate_u32, a_rr_22) SUB(op_bitwise_u32, s0_intermediate) \
	SUB(op_bitwise_u32, s0) SUB(op_bitwise_u32, a_and_b) \
	SUB(op_bitwise_u32, a_and_c) SUB(op_bitwise_u32, b_and_c) \
	SUB(op_bitwise_u32, maj_intermediate) SUB(op_bitwise_u32, maj) \
	SUB(op_add_u32, temp2) SUB(op_add_u32, d_add_temp1) \
	SUB(op_add_u32, temp1_add_temp2) CELLS(finalized_operand, 2) \
	SUB(op_add_u32, finalize_add) CELL(is_initialize) \
	CELL(is_compression) CELL(is_finalize) CELL(is_real)
COLS_DEFINE(sha_compress_cols)

/* final_state: what h's words grow by. */
#define COLS_sha_compress_control_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) SUB(op_syscall_addr, w_ptr) \
	SUB(op_syscall_addr, h_ptr) SUB(op_addr_add, w_slice_end) \
	SUB(op_addr_add, h_slice_end) CELL(is_real) \
	SUBS(sha_half, initial_state, 8) SUBS(sha_half, final_state, 8)
COLS_DEFINE(sha_compress_control_cols)

#endif
