#ifndef PROVER_TRACE_POSEIDON2_H
#define PROVER_TRACE_POSEIDON2_H
/* Columns of a permutation (air/chips/poseidon2.h). */
#include "air/chips/poseidon2.h"

DEVICE void fill_poseidon2(struct poseidon2_cells *c, const kb in[16]);

#endif
