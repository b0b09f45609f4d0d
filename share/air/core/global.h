#ifndef AIR_CORE_GLOBAL_H
#define AIR_CORE_GLOBAL_H
/*
 * Global: a message between shards becomes a point of the septic curve (the
 * Poseidon2 hash of the message is its x), and the points are summed.  Shards'
 * sums cancel when every message that one sends another receives.
 */
#include "air/cells.h"
#include "air/op/poseidon2.h"

#define COLS_septic_cells(CELL, CELLS, SUB, SUBS) CELLS(c, 7)
COLS_DEFINE(septic_cells)

/* offset: makes the hash an x on the curve; y6_byte_decomp: of the distance of y's
 * last coefficient from its bound, which tells a receive from a send. */
#define COLS_global_interaction(CELL, CELLS, SUB, SUBS) \
	SUB(septic_cells, x_coordinate) SUB(septic_cells, y_coordinate) \
	SUB(poseidon2_cells, permutation) CELL(offset) \
	CELLS(y6_byte_decomp, 4)
COLS_DEFINE(global_interaction)

#define COLS_global_accumulation(CELL, CELLS, SUB, SUBS) \
	SUBS(septic_cells, initial_digest, 2) \
	SUBS(septic_cells, cumulative_sum, 2)
COLS_DEFINE(global_accumulation)

#define COLS_global_cols(CELL, CELLS, SUB, SUBS) \
	CELLS(message, 8) CELL(kind) CELL(message_0_16bit_limb) \
	CELL(message_0_8bit_limb) SUB(global_interaction, interaction) \
	CELL(is_real) CELL(is_receive) CELL(is_send) CELL(index) \
	SUB(global_accumulation, accumulation)
COLS_DEFINE(global_cols)

/* Hands a message to this shard's Global chip; kind: AIR_MEMORY or AIR_SYSCALL. */
void global_send(struct air *a, const expr message[8], enum air_kind kind,
    bool receive, expr mult);

#endif
