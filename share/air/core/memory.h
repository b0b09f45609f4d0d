#ifndef AIR_CORE_MEMORY_H
#define AIR_CORE_MEMORY_H
/*
 * Memory between shards: MemoryLocal (an address's first and last access in a
 * shard), MemoryGlobalInit and MemoryGlobalFinalize (before the first, after the
 * last shard).  value_lower, value_upper: bytes of the value's third limb, which a
 * global message packs above the first two.
 */
#include "air/cells.h"
#include "air/op/op_word.h"

#define COLS_memory_local_entry(CELL, CELLS, SUB, SUBS) \
	CELLS(addr, 3) CELL(initial_clk_high) CELL(final_clk_high) \
	CELL(initial_clk_low) CELL(final_clk_low) CELLS(initial_value, 4) \
	CELLS(final_value, 4) CELL(initial_value_lower) \
	CELL(initial_value_upper) CELL(final_value_lower) \
	CELL(final_value_upper) CELL(is_real)
COLS_DEFINE(memory_local_entry)

#define COLS_memory_local_cols(CELL, CELLS, SUB, SUBS) \
	SUBS(memory_local_entry, memory_local_entries, 1)
COLS_DEFINE(memory_local_cols)

/* A row for each address, ascending; index and addr chain the rows.  is_comp:
 * prev_addr < addr is checked, as it is everywhere but in the row that
 * begins the first shard's chain (address 0, index 0).  prev_valid: the previous
 * row's is_comp. */
#define COLS_memory_global_cols(CELL, CELLS, SUB, SUBS) \
	CELL(clk_high) CELL(clk_low) CELL(index) CELLS(prev_addr, 3) \
	CELLS(addr, 3) SUB(op_lt, lt_cols) CELLS(value, 4) CELL(value_lower) \
	CELL(value_upper) CELL(is_real) CELL(is_comp) CELL(prev_valid) \
	SUB(op_is_zero, is_prev_addr_zero) SUB(op_is_zero, is_index_zero)
COLS_DEFINE(memory_global_cols)

#endif
