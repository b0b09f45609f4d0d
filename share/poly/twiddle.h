#ifndef POLY_TWIDDLE_H
#define POLY_TWIDDLE_H
/*
 * The factors of poly/ntt.h (private to share/poly).
 *
 * A layer splits x^2h - c^2 = (x^h - c)(x^h + c), from the whole polynomial down to
 * its values.  Block b of any layer has c = tw(b), the product over the set bits k
 * of b of root(k + 2): so tw(b)^2 is tw(b / 2) or its negative, and tw(b ^ d) =
 * tw(b) tw(d) where b and d share no bit.
 */
#include "field/kb.h"

#define TWIDDLE_LOG 24		/* b < 2^23 */

void twiddle_init(void);	/* once, before all else */
kb twiddle(uint32_t b);
extern const kb *const twiddle_small;	/* tw(0 .. 255) */

/* c[2^l - 1 + i] = tw(2^l b + i), l < k, i < 2^l: what k layers on block b need. */
void twiddle_tree(kb *c, uint32_t b, unsigned k);

#endif
