#ifndef TEST_LIB_AIR_SUMS_H
#define TEST_LIB_AIR_SUMS_H
/*
 * What each interaction of a chip adds to the sum that the verifier asks to be 0
 * (sp1-proof(7), LogUp-GKR), at random challenges.  Where the sum of a whole trace
 * is 0, it is not without an interaction whose own sum is not: that one, removed,
 * unbalances the trace.
 */
#include <stdlib.h>

#include "air/air.h"
#include "test/lib/splitmix.h"

struct sums {
	const struct air_chip *chip;
	ef *of;			/* each interaction, in the trace at hand */
	bool *needed;		/* in one trace or another */
};

/* Of a chip, before its first trace; sums_free() in the end. */
void sums_init(struct sums *s, const struct air_chip *c);

/* prep: the public values, of their own "chip". */
void sums_add(struct sums *s, const kb *main, const kb *prep);

/* The chip's part of the sum; notes which interactions the trace needs, and begins
 * the next trace. */
ef sums_take(struct sums *s);

/* Is it 0? */
bool sums_balance(ef all);

/* What sums_init() took. */
void sums_free(struct sums *s);

#endif
