#ifndef AIR_CORE_PUBLIC_VALUES_H
#define AIR_CORE_PUBLIC_VALUES_H
/*
 * A shard's public values, all 160 that have a meaning (sp1-proof(7), Public
 * values); the proof has 187, the rest 0.
 */
#include "air/cells.h"

#define COLS_pv_word(CELL, CELLS, SUB, SUBS) CELLS(byte, 4)
COLS_DEFINE(pv_word)

#define COLS_public_values(CELL, CELLS, SUB, SUBS) \
	SUBS(pv_word, prev_committed_value_digest, 8) \
	SUBS(pv_word, committed_value_digest, 8) \
	CELLS(prev_deferred_proofs_digest, 8) CELLS(deferred_proofs_digest, 8) \
	CELLS(pc_start, 3) CELLS(next_pc, 3) \
	CELL(prev_exit_code) CELL(exit_code) CELL(is_execution_shard) \
	CELLS(previous_init_addr, 3) CELLS(last_init_addr, 3) \
	CELLS(previous_finalize_addr, 3) CELLS(last_finalize_addr, 3) \
	CELLS(previous_init_page_idx, 3) CELLS(last_init_page_idx, 3) \
	CELLS(previous_finalize_page_idx, 3) CELLS(last_finalize_page_idx, 3) \
	CELLS(initial_timestamp, 4) CELLS(last_timestamp, 4) \
	CELL(is_timestamp_high_eq) CELL(inv_timestamp_high) \
	CELL(is_timestamp_low_eq) CELL(inv_timestamp_low) \
	CELL(global_init_count) CELL(global_finalize_count) \
	CELL(global_page_prot_init_count) \
	CELL(global_page_prot_finalize_count) CELL(global_count) \
	CELLS(global_sum_x, 7) CELLS(global_sum_y, 7) \
	CELL(prev_commit_syscall) CELL(commit_syscall) \
	CELL(prev_commit_deferred_syscall) CELL(commit_deferred_syscall) \
	CELL(initial_timestamp_inv) CELL(last_timestamp_inv) \
	CELL(is_first_execution_shard) CELL(is_untrusted_programs_enabled) \
	CELLS(proof_nonce, 4) CELLS(empty, 4)
COLS_DEFINE(public_values)
_Static_assert(COLS_WIDTH(public_values) == 160, "as many as stock has");

/* Writes the expressions of public values 0 .. 159 to *pv. */
static inline void
public_values_load(struct air *a,
    struct public_values_x *pv)
{
	expr *x = (expr *)pv;

	for (unsigned i = 0; i < COLS_WIDTH(public_values); i++)
		x[i] = x_public(a, i);
}

#endif
