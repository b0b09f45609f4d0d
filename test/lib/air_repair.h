#ifndef TEST_LIB_AIR_REPAIR_H
#define TEST_LIB_AIR_REPAIR_H
/*
 * How rows are altered (air_moves.h), where one constraint is broken first and what it
 * breaks with it is repaired: solved for, computed again, or made right step by step.
 */
#include "test/lib/air_moves.h"

/* Cells near a constraint: its own, then those of the constraints that read one. */
struct near { uint32_t cell[256]; unsigned own, all; };

/* Those of constraint k. */
void near_find(struct near *near, const struct subject *s, unsigned k);

/* Some cells altered, one of its own at least; then the rest is mended. */
void repair_broken(struct trial *t, unsigned k, const struct near *near, unsigned try);

#define ADD_P 3		/* a try that adds p where it can */

/* Some of near altered, then each constraint that is broken made right in turn. */
void repair_one(struct trial *t, unsigned k, const struct near *near, unsigned try);

/* Of each sum: the flag moved anywhere; one more; from each to the next, and some other
 * pairs.  Returns the sums. */
unsigned repair_transfers(struct trial *t, unsigned pairs);

/* A cell of k's altered, all that is computed from it again, then the rest. */
void repair_computed(struct trial *t, unsigned k);

#endif
