#ifndef AIR_CORE_TABLES_H
#define AIR_CORE_TABLES_H
/*
 * The tables that the guest cannot change: Program (one row an instruction), Byte
 * (row 256 b + c) and Range (row 2^bits + a).  Their main columns count lookups.
 */
#include "air/cells.h"

/* As the instruction chips send it: registers and immediates as 16-bit limbs. */
#define COLS_instruction(CELL, CELLS, SUB, SUBS) \
	CELL(opcode) CELL(op_a) CELLS(op_b, 4) CELLS(op_c, 4) CELL(op_a_0) \
	CELL(imm_b) CELL(imm_c)
COLS_DEFINE(instruction)

#define COLS_program_prep(CELL, CELLS, SUB, SUBS) \
	CELLS(pc, 3) SUB(instruction, instruction)
COLS_DEFINE(program_prep)
#define COLS_program_cols(CELL, CELLS, SUB, SUBS) CELL(multiplicity)
COLS_DEFINE(program_cols)

#define COLS_byte_prep(CELL, CELLS, SUB, SUBS) \
	CELL(b) CELL(c) CELL(and) CELL(or) CELL(xor) CELL(ltu) CELL(msb)
COLS_DEFINE(byte_prep)
/* By operation, AIR_OP_AND .. AIR_OP_MSB. */
#define COLS_byte_cols(CELL, CELLS, SUB, SUBS) CELLS(multiplicity, 6)
COLS_DEFINE(byte_cols)

#define COLS_range_prep(CELL, CELLS, SUB, SUBS) CELL(a) CELL(bits)
COLS_DEFINE(range_prep)
#define COLS_range_cols(CELL, CELLS, SUB, SUBS) CELL(multiplicity)
COLS_DEFINE(range_cols)

#endif
