#ifndef ROWS_POSEIDON2_H
#define ROWS_POSEIDON2_H
/* Columns of a permutation (air/op/poseidon2.h). */
#include "air/op/poseidon2.h"

/* All cells of the permutation of in[16], its output among them. */
DEVICE void fill_poseidon2(struct poseidon2_cells *c, const kb in[16]);

#endif
