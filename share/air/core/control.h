#ifndef AIR_CORE_CONTROL_H
#define AIR_CORE_CONTROL_H
/*
 * Chips that are about pc: LUI and AUIPC, branches, jumps.
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"
#include "air/op/op_word.h"

/* add_operation = addend + imm; addend: pc for AUIPC, 0 for LUI */
#define COLS_utype_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(j_reader, adapter) CELLS(addend, 3) \
	SUB(op_add, add_operation) CELL(is_auipc) CELL(is_real)
COLS_DEFINE(utype_cols)

/* op_a: rs1, op_b: rs2, op_c: the offset */
#define COLS_branch_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) CELLS(next_pc, 3) \
	CELL(is_beq) CELL(is_bne) CELL(is_blt) CELL(is_bge) CELL(is_bltu) \
	CELL(is_bgeu) CELL(is_branching) SUB(op_slt, compare_operation)
COLS_DEFINE(branch_cols)

/* add_operation: the target; op_a_operation: pc + 4, zeros where rd is x0 */
#define COLS_jal_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(j_reader, adapter) \
	SUB(op_add, add_operation) SUB(op_add, op_a_operation) CELL(is_real)
COLS_DEFINE(jal_cols)

/* lsb: the target's lowest bit, which is cleared */
#define COLS_jalr_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) CELL(is_real) \
	SUB(op_add, add_operation) SUB(op_add, op_a_operation) CELL(lsb)
COLS_DEFINE(jalr_cols)

/* In each, cols are the chip's columns as expressions; prep has none. */

/* LUI, AUIPC: rd = addend + the immediate. */
void chip_UType(struct air *a, const void *cols, const void *prep);
/* BEQ, BNE, BLT, BGE, BLTU, BGEU: next_pc is pc + offset where the comparison
 * holds, else pc + 4. */
void chip_Branch(struct air *a, const void *cols, const void *prep);
/* JAL: next pc = pc + offset, rd = pc + 4 unless it is x0. */
void chip_Jal(struct air *a, const void *cols, const void *prep);
/* JALR: next pc = rs1 + offset without its lowest bit, rd as in JAL. */
void chip_Jalr(struct air *a, const void *cols, const void *prep);

#endif
