#ifndef AIR_CORE_PRECOMPILE_POSEIDON2_H
#define AIR_CORE_PRECOMPILE_POSEIDON2_H
/*
 * POSEIDON2: the permutation on eight words, two elements each, in place.
 */
#include "air/op/poseidon2.h"
#include "air/core/syscall.h"
#include "air/op/precompile.h"

#define COLS_precompile_poseidon2_word(CELL, CELLS, SUB, SUBS) CELLS(v, 4)
COLS_DEFINE(precompile_poseidon2_word)
#define COLS_precompile_poseidon2_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) SUB(op_syscall_addr, ptr) \
	SUBS(op_addr_add, addrs, 8) SUBS(memory_access, memory, 8) \
	SUBS(precompile_poseidon2_word, hash_result, 8) \
	SUBS(op_field_word, hash_result_range_checkers, 16) \
	SUBS(op_field_word, input_range_checkers, 16) \
	SUB(poseidon2_cells, permutation) CELL(is_real)
COLS_DEFINE(precompile_poseidon2_cols)

#endif
