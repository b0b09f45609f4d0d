#ifndef AIR_CORE_LOAD_H
#define AIR_CORE_LOAD_H
/*
 * Loads, by width; those to x0 have a chip of their own.  offset_bit: the low
 * bits of the address that the width leaves free, lowest first.
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"

#define COLS_load_byte_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELLS(offset_bit, 3) CELL(selected_limb) CELL(selected_limb_low_byte) \
	CELL(selected_byte) CELL(msb) CELL(is_lb) CELL(is_lbu)
COLS_DEFINE(load_byte_cols)

#define COLS_load_half_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELLS(offset_bit, 2) CELL(selected_half) SUB(op_msb, msb) \
	CELL(is_lh) CELL(is_lhu)
COLS_DEFINE(load_half_cols)

#define COLS_load_word_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELL(offset_bit) CELLS(selected_word, 2) SUB(op_msb, msb) \
	CELL(is_lw) CELL(is_lwu)
COLS_DEFINE(load_word_cols)

#define COLS_load_double_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELL(is_real)
COLS_DEFINE(load_double_cols)

#define COLS_load_x0_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELLS(offset_bit, 3) CELL(is_lb) CELL(is_lbu) CELL(is_lh) \
	CELL(is_lhu) CELL(is_lw) CELL(is_lwu) CELL(is_ld)
COLS_DEFINE(load_x0_cols)

/* In each, cols are the chip's columns as expressions; prep has none. */

/* LB, LBU. */
void chip_LoadByte(struct air *a, const void *cols, const void *prep);
/* LH, LHU. */
void chip_LoadHalf(struct air *a, const void *cols, const void *prep);
/* LW, LWU. */
void chip_LoadWord(struct air *a, const void *cols, const void *prep);
/* LD. */
void chip_LoadDouble(struct air *a, const void *cols, const void *prep);
/* All loads with rd = x0: the word is read, the address is checked, nothing is
 * written. */
void chip_LoadX0(struct air *a, const void *cols, const void *prep);

#endif
