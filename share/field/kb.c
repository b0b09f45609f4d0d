#include "field/kb.h"

DEVICE kb
kb_pow(kb a, uint64_t e)
{
	kb r = KB_ONE;

	for (; e; e >>= 1) {
		if (e & 1)
			r = kb_mul(r, a);
		a = kb_mul(a, a);
	}
	return r;
}

DEVICE kb
kb_inv(kb a)
{
	return kb_pow(a, KB_P - 2);
}

DEVICE kb
kb_root(unsigned log)
{
	kb r = {0x13c85195};	/* check: pow(3, 127, KB_P) * 2^32 mod KB_P */

	DEBUG_ASSERT(log <= KB_TWO_ADICITY);
	for (; log < KB_TWO_ADICITY; log++)
		r = kb_mul(r, r);
	return r;
}

/* Montgomery's trick, a block at a time so that the partial products fit on the
 * stack; an inversion costs some 45 products, little beside 3 * 512. */
#define BLOCK 512

DEVICE void
kb_inv_many(kb *out, const kb *a, unsigned long n)
{
	kb before[BLOCK], acc, x;

	while (n) {
		unsigned long m = n < BLOCK ? n : BLOCK;

		acc = KB_ONE;
		for (unsigned long i = 0; i < m; i++) {
			before[i] = acc;
			if (a[i].v)
				acc = kb_mul(acc, a[i]);
		}
		acc = kb_inv(acc);
		for (unsigned long i = m; i-- > 0;) {
			x = a[i];
			out[i] = x.v ? kb_mul(acc, before[i]) : KB_ZERO;
			if (x.v)
				acc = kb_mul(acc, x);
		}
		a += m;
		out += m;
		n -= m;
	}
}
