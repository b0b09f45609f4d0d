#ifndef AIR_RECURSION_CHIPS_H
#define AIR_RECURSION_CHIPS_H
/*
 * Columns of the recursion machines' chips, in stock struct order (sp1-proof(7),
 * Recursion machines).
 *
 * Memory holds blocks of four elements, is written once and read a number of times
 * that the writer knows: a write sends (address, block) with that multiplicity, a read
 * receives it once.  A lone element is the block (x, 0, 0, 0).  The program is
 * straight-line code, and lies in the preprocessed columns: addresses and
 * multiplicities.
 */
#include "air/air.h"
#include "air/op/poseidon2.h"

#define COLS_block(CELL, CELLS, SUB, SUBS) CELLS(c, 4)
COLS_DEFINE(block)

/* An address and how often what is there is read. */
#define COLS_mem_access(CELL, CELLS, SUB, SUBS) CELL(addr) CELL(mult)
COLS_DEFINE(mem_access)

#define COLS_base_alu_cols(CELL, CELLS, SUB, SUBS) CELL(out) CELL(in1) CELL(in2)
COLS_DEFINE(base_alu_cols)
#define COLS_base_alu_prep(CELL, CELLS, SUB, SUBS) \
	SUB(base_alu_cols, addr) CELL(is_add) CELL(is_sub) CELL(is_mul) \
	CELL(is_div) CELL(mult)
COLS_DEFINE(base_alu_prep)

#define COLS_ext_alu_cols(CELL, CELLS, SUB, SUBS) \
	SUB(block, out) SUB(block, in1) SUB(block, in2)
COLS_DEFINE(ext_alu_cols)
#define COLS_ext_alu_prep COLS_base_alu_prep
COLS_DEFINE(ext_alu_prep)

/* Element i of the block is at addr[1 + i]. */
#define COLS_ext_felt_cols(CELL, CELLS, SUB, SUBS) SUB(block, input)
COLS_DEFINE(ext_felt_cols)
#define COLS_ext_felt_prep(CELL, CELLS, SUB, SUBS) \
	CELLS(addr, 5) CELLS(mult, 5)
COLS_DEFINE(ext_felt_prep)

#define COLS_memory_const_cols(CELL, CELLS, SUB, SUBS) CELL(nothing)
COLS_DEFINE(memory_const_cols)
#define COLS_memory_const_prep(CELL, CELLS, SUB, SUBS) \
	SUB(block, value) SUB(mem_access, access)
COLS_DEFINE(memory_const_prep)

#define COLS_memory_var_1_cols(CELL, CELLS, SUB, SUBS) SUBS(block, value, 1)
COLS_DEFINE(memory_var_1_cols)
#define COLS_memory_var_1_prep(CELL, CELLS, SUB, SUBS) \
	SUBS(mem_access, access, 1)
COLS_DEFINE(memory_var_1_prep)
#define COLS_memory_var_2_cols(CELL, CELLS, SUB, SUBS) SUBS(block, value, 2)
COLS_DEFINE(memory_var_2_cols)
#define COLS_memory_var_2_prep(CELL, CELLS, SUB, SUBS) \
	SUBS(mem_access, access, 2)
COLS_DEFINE(memory_var_2_prep)

/* Sixteen elements in four blocks. */
#define COLS_poseidon2_linear_cols(CELL, CELLS, SUB, SUBS) SUBS(block, input, 4)
COLS_DEFINE(poseidon2_linear_cols)
#define COLS_poseidon2_linear_prep(CELL, CELLS, SUB, SUBS) \
	CELLS(input, 4) CELLS(output, 4) CELL(external) CELL(internal)
COLS_DEFINE(poseidon2_linear_prep)

#define COLS_poseidon2_sbox_cols(CELL, CELLS, SUB, SUBS) \
	SUB(block, input) SUB(block, output)
COLS_DEFINE(poseidon2_sbox_cols)
#define COLS_poseidon2_sbox_prep(CELL, CELLS, SUB, SUBS) \
	CELL(input) CELL(output) CELL(external) CELL(internal)
COLS_DEFINE(poseidon2_sbox_prep)

#define COLS_poseidon2_wide_cols(CELL, CELLS, SUB, SUBS) \
	SUB(poseidon2_cells, rounds)
COLS_DEFINE(poseidon2_wide_cols)
#define COLS_poseidon2_wide_prep(CELL, CELLS, SUB, SUBS) \
	CELLS(input, 16) SUBS(mem_access, output, 16) CELL(is_real)
COLS_DEFINE(poseidon2_wide_prep)

/* One step of eq(x1, x2), and of the number whose bits x1 are. */
#define COLS_prefix_sum_cols(CELL, CELLS, SUB, SUBS) \
	CELL(x1) SUB(block, x2) SUB(block, acc) SUB(block, new_acc) \
	CELL(felt_acc) CELL(felt_new_acc)
COLS_DEFINE(prefix_sum_cols)
#define COLS_prefix_sum_prep(CELL, CELLS, SUB, SUBS) \
	CELL(x1) CELL(x2) CELL(acc) SUB(mem_access, new_acc) CELL(felt_acc) \
	SUB(mem_access, felt_new_acc) CELL(is_real)
COLS_DEFINE(prefix_sum_prep)

/* index[i] is 1 in the row of the digest's element i. */
#define COLS_public_values_cols(CELL, CELLS, SUB, SUBS) CELL(element)
COLS_DEFINE(public_values_cols)
#define COLS_public_values_prep(CELL, CELLS, SUB, SUBS) \
	CELLS(index, 8) SUB(mem_access, access)
COLS_DEFINE(public_values_prep)

#define COLS_select_cols(CELL, CELLS, SUB, SUBS) \
	CELL(bit) CELL(out1) CELL(out2) CELL(in1) CELL(in2)
COLS_DEFINE(select_cols)
#define COLS_select_prep(CELL, CELLS, SUB, SUBS) \
	CELL(is_real) SUB(select_cols, addr) CELL(mult1) CELL(mult2)
COLS_DEFINE(select_prep)

/* Where the public values have the digest of themselves: sp1-proof(7),
 * Recursion proofs. */
#define RECURSION_PV_DIGEST 175

#define CHIP(f, ...) \
	void recursion_##f(struct air *a, const void *main, const void *prep);
#include "air/recursion/recursion.def"
#undef CHIP

#endif
