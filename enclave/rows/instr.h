#ifndef ROWS_INSTR_H
#define ROWS_INSTR_H
/*
 * Rows of the instruction chips, and their padding rows that are not zero
 * (sp1-proof(7), Padding rows).
 */
#include "rows/trace.h"

#define CHIP_INSTR(name, columns, width, constraints, interactions, padding) \
	DEVICE trace_instr_fn trace_##name; TRACE_PAD_##padding(name)
#include "run/chips.def"

#endif
