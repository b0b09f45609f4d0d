#ifndef AIR_CORE_ALU_H
#define AIR_CORE_ALU_H
/*
 * Chips of the plain ALU instructions: sums, logic, comparisons, and everything
 * that is written to x0.
 */
#include "air/op/adapter.h"
#include "air/op/op_add.h"
#include "air/op/op_word.h"

#define COLS_add_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(r_reader, adapter) \
	SUB(op_add, add_operation) CELL(is_real)
COLS_DEFINE(add_cols)

#define COLS_addi_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(i_reader, adapter) \
	SUB(op_add, add_operation) CELL(is_real)
COLS_DEFINE(addi_cols)

#define COLS_addw_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(alu_reader, adapter) \
	SUB(op_addw, addw_operation) CELL(is_real)
COLS_DEFINE(addw_cols)

#define COLS_sub_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(r_reader, adapter) \
	SUB(op_sub, sub_operation) CELL(is_real)
COLS_DEFINE(sub_cols)

#define COLS_subw_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(r_reader, adapter) \
	SUB(op_subw, subw_operation) CELL(is_real)
COLS_DEFINE(subw_cols)

#define COLS_alu_x0_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(alu_reader, adapter) \
	CELL(opcode) CELL(is_real)
COLS_DEFINE(alu_x0_cols)

#define COLS_bitwise_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(alu_reader, adapter) \
	SUB(op_bitwise_u16, bitwise_operation) \
	CELL(is_xor) CELL(is_or) CELL(is_and)
COLS_DEFINE(bitwise_cols)

#define COLS_lt_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(alu_reader, adapter) \
	CELL(is_slt) CELL(is_sltu) SUB(op_slt, lt_operation)
COLS_DEFINE(lt_cols)

/* In each, cols are the chip's columns as expressions; prep has none. */

/* ADD: value = rs1 + rs2. */
void chip_Add(struct air *a, const void *cols, const void *prep);
/* ADDI: value = rs1 + the immediate. */
void chip_Addi(struct air *a, const void *cols, const void *prep);
/* ADDW and ADDIW: the sum's low 32 bits, sign-extended. */
void chip_Addw(struct air *a, const void *cols, const void *prep);
/* SUB: value = rs1 - rs2. */
void chip_Sub(struct air *a, const void *cols, const void *prep);
/* SUBW: the difference's low 32 bits, sign-extended. */
void chip_Subw(struct air *a, const void *cols, const void *prep);
/* Every ALU instruction (opcodes below LB) with rd = x0: no result is
 * computed. */
void chip_AluX0(struct air *a, const void *cols, const void *prep);
/* XOR, OR, AND and their immediate forms, by bytes. */
void chip_Bitwise(struct air *a, const void *cols, const void *prep);
/* SLT, SLTU and their immediate forms. */
void chip_Lt(struct air *a, const void *cols, const void *prep);

#endif
