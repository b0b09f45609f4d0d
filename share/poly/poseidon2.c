/* The permutation, one state at a time. */
#include "poly/hash.h"

KERNEL kb
cube(kb x)
{
	return kb_mul(kb_mul(x, x), x);
}

/* t < 2^38, and 2^31 = 2^24 - 1 */
KERNEL uint32_t
reduce38(uint64_t t)
{
	uint32_t r = (uint32_t)(t & 0x7fffffff) +
	    (uint32_t)(t >> 31) * ((1u << 24) - 1);

	DEBUG_ASSERT(t < 1ull << 38);
	return r < KB_P ? r : r - KB_P;		/* r < 2^31 + 2^31 - 2^24 */
}

/* The circulant (2 3 1 1) on each four, then the sums of each residue mod 4: sums
 * of 35 elements at most. */
DEVICE void
poseidon2_external(kb s[16])
{
	uint64_t y[16], sum[4];

	for (int i = 0; i < 16; i++)
		DEBUG_ASSERT(kb_valid(s[i]));
	for (int i = 0; i < 16; i += 4) {
		uint64_t x0 = s[i].v, x1 = s[i + 1].v, x2 = s[i + 2].v;
		uint64_t x3 = s[i + 3].v, t = x0 + x1 + x2 + x3;

		y[i] = t + x0 + 2 * x1;
		y[i + 1] = t + x1 + 2 * x2;
		y[i + 2] = t + x2 + 2 * x3;
		y[i + 3] = t + x3 + 2 * x0;
	}
	for (int i = 0; i < 4; i++)
		sum[i] = y[i] + y[i + 4] + y[i + 8] + y[i + 12];
	for (int i = 0; i < 16; i++)
		s[i].v = reduce38(y[i] + sum[i & 3]);
}

/* (sum + d_i x_i) / 2^32: the division is the Montgomery reduction. */
DEVICE void
poseidon2_internal(kb s[16])
{
	uint64_t sum = 0;

	for (int i = 0; i < 16; i++)
		DEBUG_ASSERT(kb_valid(s[i]));
	for (int i = 0; i < 16; i++)
		sum += s[i].v;
	s[0].v = kb_reduce(sum + 2 * (uint64_t)(KB_P - s[0].v));
	for (int i = 1; i < 16; i++)
		s[i].v = kb_reduce(sum +
		    ((uint64_t)s[i].v << (i < 15 ? i - 1 : 15)));
}

DEVICE void
poseidon2(kb s[16])
{
	poseidon2_external(s);
	for (int r = 0; r < 28; r++) {
		if (r >= 4 && r < 24) {
			s[0] = cube(kb_add(s[0], poseidon2_rc[r][0]));
			poseidon2_internal(s);
			continue;
		}
		for (int i = 0; i < 16; i++)
			s[i] = cube(kb_add(s[i], poseidon2_rc[r][i]));
		poseidon2_external(s);
	}
}
