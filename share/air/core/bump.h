#ifndef AIR_CORE_BUMP_H
#define AIR_CORE_BUMP_H
/*
 * What brings a value that instruction chips may leave unreduced into its form:
 * StateBump the clock past a multiple of 2^24 and pc + 4 past one of 2^16,
 * MemoryBump a register's timestamp into the clock's current high part.
 */
#include "air/op/adapter.h"

#define COLS_memory_bump_cols(CELL, CELLS, SUB, SUBS) \
	SUB(memory_access, access) CELL(clk_32_48) CELL(clk_24_32) \
	CELL(clk_16_24) CELL(clk_0_16) CELL(addr) CELL(is_real)
COLS_DEFINE(memory_bump_cols)

#define COLS_state_bump_cols(CELL, CELLS, SUB, SUBS) \
	CELL(next_clk_32_48) CELL(next_clk_24_32) CELL(next_clk_16_24) \
	CELL(next_clk_0_16) CELL(clk_high) CELL(clk_low) CELLS(next_pc, 3) \
	CELLS(pc, 3) CELL(is_clk) CELL(is_real)
COLS_DEFINE(state_bump_cols)

#endif
