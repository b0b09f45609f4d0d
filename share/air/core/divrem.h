#ifndef AIR_CORE_DIVREM_H
#define AIR_CORE_DIVREM_H
/*
 * Division, rd != x0: b = c * quotient + remainder over 128 bits, |remainder| < |c|,
 * the remainder's sign that of b.
 *
 * b, c: the operands, those of word instructions extended to 64 bits by their
 * signedness.  quotient, remainder: as results (words sign-extended);
 * *_comp: as they go into the equation (unsigned words zero-extended).
 * abs_c_alu_event, abs_rem_alu_event: c, the remainder is negative in a real row.
 */
#include "air/op/adapter.h"
#include "air/core/mul.h"
#include "air/op/op_add.h"
#include "air/op/op_word.h"

#define COLS_div_rem_cols(CELL, CELLS, SUB, SUBS) \
	SUB(cpu_state, state) SUB(r_reader, adapter) \
	CELLS(a, 4) CELLS(b, 4) CELLS(c, 4) CELLS(quotient, 4) \
	CELLS(quotient_comp, 4) CELLS(remainder_comp, 4) CELLS(remainder, 4) \
	CELLS(abs_remainder, 4) CELLS(abs_c, 4) CELLS(max_abs_c_or_1, 4) \
	CELLS(c_times_quotient, 8) \
	SUB(op_mul, c_times_quotient_lower) \
	SUB(op_mul, c_times_quotient_upper) \
	SUB(op_add, c_neg_operation) SUB(op_add, rem_neg_operation) \
	SUB(op_lt, remainder_lt_operation) CELLS(carry, 8) \
	SUB(op_is_zero_word, is_c_0) \
	CELL(is_div) CELL(is_divu) CELL(is_rem) CELL(is_remu) \
	CELL(is_divw) CELL(is_remw) CELL(is_divuw) CELL(is_remuw) \
	CELL(is_overflow) SUB(op_is_equal_word, is_overflow_b) \
	SUB(op_is_equal_word, is_overflow_c) \
	SUB(op_msb, b_msb) SUB(op_msb, rem_msb) SUB(op_msb, c_msb) \
	SUB(op_msb, quot_msb) \
	CELL(b_neg) CELL(b_neg_not_overflow) CELL(b_not_neg_not_overflow) \
	CELL(is_real_not_word) CELL(rem_neg) CELL(c_neg) \
	CELL(abs_c_alu_event) CELL(abs_rem_alu_event) CELL(is_real) \
	CELL(remainder_check_multiplicity)
COLS_DEFINE(div_rem_cols)

/* DIV, DIVU, REM, REMU and their word forms.  Each row, padding too, has exactly
 * one flag.  cols: the columns as expressions; prep: no columns. */
void chip_DivRem(struct air *a, const void *cols, const void *prep);

#endif
