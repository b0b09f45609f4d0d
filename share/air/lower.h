#ifndef AIR_LOWER_H
#define AIR_LOWER_H
/*
 * Recorder -> bytecode and affine interactions.
 *
 * Equal subexpressions become one value (constants folded; x + 0, x * 1, x * 0 and
 * the like simplified), emitted where the first constraint needs them.  Columns are
 * loaded anew by each constraint, so that a load's slot is short-lived.
 */
#include "air/air.h"
#include "air/record.h"

#define AIR_MAX_SLOTS 4096	/* of any chip; asserted */

/* Fills prog, block, interactions, counts and max_arity.  interleaved: interactions stay
 * in call order, else sends come first. */
void air_lower(struct air_chip *chip, const struct air *a, bool interleaved);

#endif
