#ifndef ROWS_GLOBAL_H
#define ROWS_GLOBAL_H
/*
 * Global's points and running sums, by kernels (base/kernel.h).
 *
 * A sum of n points takes n inversions one after the other, so it is cut into
 * chunks whose sums are made side by side, one inversion for an addition in each.
 */
#include "rows/trace.h"

#define GLOBAL_CHUNK 128	/* points summed one after the other */
#define GLOBAL_SIDE 64		/* most chunks summed side by side */

/* An event's point, from its message; -1: it has none. */
DEVICE int lift_at(struct global_event *g);

struct global_sums {
	struct global_event *g;
	size_t n, nchunks, side;	/* side: of GLOBAL_SIDE */
	struct septic_point *start;	/* of each chunk */
};
struct global_scratch {
	septic dx[GLOBAL_SIDE], product[GLOBAL_SIDE];
	struct septic_point at[GLOBAL_SIDE];
	const struct septic_point *point[GLOBAL_SIDE];
};
/* Goes through chunks side * k to side * (k + 1) from where each starts; keeps the
 * sums, or leaves each chunk's last in start[].  -1: a sum that the chip cannot
 * state. */
DEVICE int sum_chunks_at(const struct global_sums *w, size_t k, bool keep,
    struct global_scratch *x);

#endif
