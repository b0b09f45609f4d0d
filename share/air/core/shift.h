#ifndef AIR_CORE_SHIFT_H
#define AIR_CORE_SHIFT_H
/*
 * Shifts, by rd != x0.  A shift by c is one by c mod 16 bits (c_bits 0 to 3),
 * then one by limbs (shift_u16: one-hot, c_bits 4 and 5; 4 alone for words).
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"

/* v_01, v_012, v_0123: 2^(c mod 4), 2^(c mod 8), 2^(c mod 16). */
#define COLS_shift_left_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(alu_reader, adapter) CELLS(a, 4) \
	CELLS(c_bits, 6) CELL(v_01) CELL(v_012) CELL(v_0123) \
	CELLS(shift_u16, 4) CELLS(lower_limb, 4) CELLS(higher_limb, 4) \
	CELLS(limb_result, 4) SUB(op_msb, sllw_msb) \
	CELL(is_sll) CELL(is_sllw) CELL(is_sllw_imm)
COLS_DEFINE(shift_left_cols)

/* v_01, v_012, v_0123: 2^(4 - c mod 4), 2^(8 - c mod 8), 2^(16 - c mod 16). */
#define COLS_shift_right_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(alu_reader, adapter) CELLS(a, 4) \
	SUB(op_msb, b_msb) SUB(op_msb, srw_msb) CELLS(c_bits, 6) \
	CELL(sra_msb_v0123) CELL(v_0123) CELL(v_012) CELL(v_01) \
	CELLS(lower_limb, 4) CELLS(higher_limb, 4) CELLS(limb_result, 4) \
	CELLS(shift_u16, 4) CELL(is_srl) CELL(is_sra) CELL(is_srlw) \
	CELL(is_sraw) CELL(is_w_imm)
COLS_DEFINE(shift_right_cols)

/* SLL, SLLW and their immediate forms.  cols: the columns as expressions; prep:
 * no columns. */
void chip_ShiftLeft(struct air *a, const void *cols, const void *prep);
/* SRL, SRA, SRLW, SRAW and their immediate forms. */
void chip_ShiftRight(struct air *a, const void *cols, const void *prep);

#endif
