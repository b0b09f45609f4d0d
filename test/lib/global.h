#ifndef TEST_LIB_GLOBAL_H
#define TEST_LIB_GLOBAL_H
/*
 * Rows of Global whose point, or sum, is wrong in one coefficient of one equation:
 * such as only the curve's arithmetic finds.
 */
#include <stddef.h>

#include "air/core/global.h"
#include "field/septic.h"
#include "rows/poseidon2.h"
#include "test/lib/air_subject.h"

/* At the trial's row, if it is a real one: each kind of wrong equation, each coefficient. */
void alter_global(struct trial *t);

#endif
