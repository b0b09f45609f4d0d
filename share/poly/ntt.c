#include "poly/ntt.h"

#include <string.h>

#include "base/err.h"

/*
 * Splitting x^2h - c^2 = (x^h - c)(x^h + c), from the whole polynomial down to its
 * values.  A block's c is the same for all of its butterflies: for block b of a
 * layer, w^bitrev(b), whatever the layer's size, w of the order that fits.  The
 * upper part of the input is zero, so the first log_blowup layers only copy.
 *
 * c of the next block: going from b to b + 1 flips the trailing ones of b and the
 * zero above them, and each bit k of b stands for the factor root(k + 2).
 */
void
ntt_extend(kb *out, const kb *in, unsigned log_n, unsigned log_blowup)
{
	size_t n = (size_t)1 << log_n, size = n << log_blowup;
	kb step[KB_TWO_ADICITY];	/* step[k]: c(b + 1) / c(b), b ending in k ones */
	kb lower = KB_ONE;

	must(log_n + log_blowup <= KB_TWO_ADICITY);
	for (unsigned k = 0; k + 2 <= KB_TWO_ADICITY; k++) {
		step[k] = kb_mul(kb_root(k + 2), kb_inv(lower));
		lower = kb_mul(lower, kb_root(k + 2));
	}
	for (size_t b = 0; b < size; b += n)
		memcpy(out + b, in, n * sizeof *in);
	for (size_t h = n / 2; h; h /= 2) {
		kb c = KB_ONE;

		for (size_t b = 0; b < size; b += 2 * h) {
			for (size_t j = b; j < b + h; j++) {
				kb u = out[j], v = kb_mul(c, out[j + h]);

				out[j] = kb_add(u, v);
				out[j + h] = kb_sub(u, v);
			}
			if (b + 2 * h < size)
				c = kb_mul(c, step[__builtin_ctzll(
				    ~(unsigned long long)(b / (2 * h)))]);
		}
	}
}
