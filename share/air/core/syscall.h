#ifndef AIR_CORE_SYSCALL_H
#define AIR_CORE_SYSCALL_H
/*
 * ECALL, and the two ends of a call that another shard's precompile answers.
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"
#include "air/op/op_word.h"
#include "run/call_codes.h"

#define SYSCALL_CLK_EXTRA 256	/* clk of an ECALL beyond CLK_INC */

/* A word below KB_P: its second limb is below 0x7f00, or the word is KB_P - 1. */
#define COLS_op_field_word(CELL, CELLS, SUB, SUBS) \
	SUB(op_u16_compare, most_sig_limb_lt_top_limb)
COLS_DEFINE(op_field_word)
/* Asserts that x is so, and that its upper limbs are 0. */
void op_field_word(struct air *a, const expr x[4],
    const struct op_field_word_x *cols, expr is_real);

#define COLS_syscall_instrs_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(r_reader, adapter) CELLS(next_pc, 3) \
	CELL(is_halt) CELLS(op_a_value, 4) SUB(op_u16_to_u8, a_low_bytes) \
	SUB(op_is_zero, is_enter_unconstrained) SUB(op_is_zero, is_hint_len) \
	SUB(op_is_zero, is_halt_check) SUB(op_is_zero, is_commit) \
	SUB(op_is_zero, is_commit_deferred_proofs) CELLS(index_bitmap, 8) \
	CELLS(expected_public_values_digest, 4) \
	SUB(op_field_word, op_b_range_check) \
	SUB(op_field_word, op_c_range_check) CELL(is_real)
COLS_DEFINE(syscall_instrs_cols)

/* SyscallCore and SyscallPrecompile. */
#define COLS_syscall_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) CELL(syscall_id) CELLS(arg1, 3) \
	CELLS(arg2, 3) CELL(is_real)
COLS_DEFINE(syscall_cols)

#endif
