#ifndef AIR_OP_POSEIDON2_H
#define AIR_OP_POSEIDON2_H
/*
 * A Poseidon2 permutation in columns of degree 3: the state before each external
 * round (before the first layer for round 0) and before the internal ones, its
 * first element after each internal round but the last, and the output.
 */
#include "air/cells.h"

#define COLS_poseidon2_state(CELL, CELLS, SUB, SUBS) CELLS(s, 16)
COLS_DEFINE(poseidon2_state)

#define COLS_poseidon2_cells(CELL, CELLS, SUB, SUBS) \
	SUBS(poseidon2_state, external_rounds_state, 8) \
	CELLS(internal_rounds_state, 16) CELLS(internal_rounds_s0, 19) \
	CELLS(output_state, 16)
COLS_DEFINE(poseidon2_cells)

/* The external linear layer, in place: circ(2 M4, M4, M4, M4), M4 = circ(2, 3,
 * 1, 1) (sp1-proof(7), Hashes). */
void poseidon2_external_layer(expr s[16]);
/* The internal linear layer, in place: s[i] = (sum + d_i s[i]) / 2^32, d = -2,
 * 1, 2, 4, ..., 2^13, 2^15. */
void poseidon2_internal_layer(expr s[16]);
/* Asserts all 8 external and 20 internal rounds from external_rounds_state[0]
 * to output_state. */
void poseidon2_rounds(struct air *a, const struct poseidon2_cells_x *p);

#endif
