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

/* tw(i 256^j) at 256 j + i, j < 3; the first 256 are tw(0 .. 255). */
#define TWIDDLE_TABLE (3 * 256)
extern const kb *const twiddle_table;
/* Makes it: once, before all else. */
void twiddle_init(void);

/* tw(b); table: twiddle_table, or a copy of it. */
KERNEL kb
twiddle_of(const kb *table, uint32_t b)
{
	kb r = table[b & 255];

	DEBUG_ASSERT(b < 1u << (TWIDDLE_LOG - 1));
	if (b >> 8 & 255)
		r = kb_mul(r, table[256 + (b >> 8 & 255)]);
	if (b >> 16)
		r = kb_mul(r, table[512 + (b >> 16)]);
	return r;
}

/* c[2^l - 1 + i] = tw(2^l b + i), l < k <= 4, i < 2^l: what k layers on block b need. */
KERNEL __attribute__((always_inline)) void
twiddle_tree_of(const kb *table, kb *c, uint32_t b, unsigned k)
{
	kb s = twiddle_of(table, b << (k - 1));

	DEBUG_ASSERT(k >= 1 && k <= 4);
	UNROLL(4)
	for (unsigned l = k; l-- > 0; s = kb_mul(s, s)) {
		kb *at = c + (1u << l) - 1;

		at[0] = s;
		UNROLL(8)
		for (unsigned i = 1; i < 1u << l; i++)
			at[i] = kb_mul(s, table[i]);
	}
}

/* tw(b) */
kb twiddle(uint32_t b);
/* twiddle_tree_of() the table. */
void twiddle_tree(kb *c, uint32_t b, unsigned k);

#endif
