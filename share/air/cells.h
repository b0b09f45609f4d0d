#ifndef AIR_CELLS_H
#define AIR_CELLS_H
/*
 * A chip's columns, from one table.  A table is a macro over four field makers:
 *
 *	#define COLS_cpu_state(CELL, CELLS, SUB, SUBS) \
 *		CELL(clk_high) CELL(clk_16_24) CELL(clk_0_16) CELLS(pc, 3)
 *	COLS_DEFINE(cpu_state)
 *
 *	#define COLS_add_cols(CELL, CELLS, SUB, SUBS) \
 *		SUB(cpu_state, state) SUB(alu_reader, adapter) CELL(is_real)
 *	COLS_DEFINE(add_cols)
 *
 * COLS_DEFINE(t) makes, all of one layout (stock struct order, one word a cell):
 *
 *	struct t	kb cells: a row that a trace generator fills
 *	struct t_x	expr cells: what a chip's constraints are written over
 *	t_fields[]	names, for reports such as "adapter.op_a_memory.prev_low"
 *	COLS_WIDTH(t)	number of cells
 */
#include "air/expr.h"
#include "field/kb.h"

struct cell_field {
	const char *name;		/* NULL ends the table */
	unsigned count;			/* array length, 1 for a plain field */
	unsigned width;			/* cells in one element */
	const struct cell_field *sub;	/* NULL: cells */
	bool array;
};

#define COLS_KB_CELL(n) kb n;
#define COLS_KB_CELLS(n, k) kb n[k];
#define COLS_KB_SUB(t, n) struct t n;
#define COLS_KB_SUBS(t, n, k) struct t n[k];

#define COLS_X_CELL(n) expr n;
#define COLS_X_CELLS(n, k) expr n[k];
#define COLS_X_SUB(t, n) struct t##_x n;
#define COLS_X_SUBS(t, n, k) struct t##_x n[k];

#define COLS_F_CELL(n) {#n, 1, 1, 0, false},
#define COLS_F_CELLS(n, k) {#n, k, 1, 0, true},
#define COLS_F_SUB(t, n) \
	{#n, 1, sizeof(struct t) / sizeof(kb), t##_fields, false},
#define COLS_F_SUBS(t, n, k) \
	{#n, k, sizeof(struct t) / sizeof(kb), t##_fields, true},

#define COLS_DEFINE(t) \
	struct t { COLS_##t(COLS_KB_CELL, COLS_KB_CELLS, COLS_KB_SUB, COLS_KB_SUBS) }; \
	struct t##_x { COLS_##t(COLS_X_CELL, COLS_X_CELLS, COLS_X_SUB, COLS_X_SUBS) }; \
	__attribute__((unused)) static const struct cell_field t##_fields[] = { \
		COLS_##t(COLS_F_CELL, COLS_F_CELLS, COLS_F_SUB, COLS_F_SUBS) \
		{0, 0, 0, 0, 0} \
	};

#define COLS_WIDTH(t) (sizeof(struct t) / sizeof(kb))

#endif
