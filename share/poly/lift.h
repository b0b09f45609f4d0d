#ifndef POLY_LIFT_H
#define POLY_LIFT_H
/*
 * A message of Global as a point of the septic curve (sp1-proof(7), Global
 * messages): x from the permutation of the message, made a curve point by the
 * first offset that fits.
 */
#include "field/septic.h"

/* m: the eight felts, the kind times 2^24 added to m[0].  The point is the one
 * for "receive" (1 <= y[6] <= 63 * 2^24); a send is its negative.  perm, unless
 * NULL, receives the permutation's input.  -1: no offset below 256 fits, which
 * takes 2^256 tries to find. */
DEVICE int septic_lift(struct septic_point *p, uint8_t *offset, const kb m[8],
    kb perm[16]);

/* The message of a memory word's initial state, kind 1 included. */
DEVICE void lift_memory_message(kb m[8], uint32_t ts_high, uint32_t ts_low,
    uint64_t addr, uint64_t value);

#endif
