#ifndef AIR_CORE_STORE_H
#define AIR_CORE_STORE_H
/*
 * Stores, by width.  op_a is the register with the data (read), op_b the base;
 * offset_bit as in loads; store_value: the word afterwards.
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"

/* increment: what the byte adds to its limb */
#define COLS_store_byte_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELLS(offset_bit, 3) CELL(mem_limb) CELL(mem_limb_low_byte) \
	CELL(register_low_byte) CELL(increment) CELLS(store_value, 4) \
	CELL(is_real)
COLS_DEFINE(store_byte_cols)

#define COLS_store_half_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELLS(offset_bit, 2) CELLS(store_value, 4) CELL(is_real)
COLS_DEFINE(store_half_cols)

#define COLS_store_word_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELL(offset_bit) CELLS(store_value, 4) CELL(is_real)
COLS_DEFINE(store_word_cols)

#define COLS_store_double_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_address, address_operation) SUB(memory_access, memory_access) \
	CELL(is_real)
COLS_DEFINE(store_double_cols)

/* In each, cols are the chip's columns as expressions; prep has none. */

/* SB. */
void chip_StoreByte(struct air *a, const void *cols, const void *prep);
/* SH. */
void chip_StoreHalf(struct air *a, const void *cols, const void *prep);
/* SW. */
void chip_StoreWord(struct air *a, const void *cols, const void *prep);
/* SD. */
void chip_StoreDouble(struct air *a, const void *cols, const void *prep);

#endif
