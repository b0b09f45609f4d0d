#include "prover/trace/poseidon2.h"

#include <string.h>

#include "poly/hash.h"

static kb
cube(kb x)
{
	return kb_mul(kb_mul(x, x), x);
}

static kb
twice(kb x)
{
	return kb_add(x, x);
}

/* The circulant (2 3 1 1) on each four, then the sums of each residue mod 4. */
static void
external_layer(kb s[16])
{
	kb sum[4];

	for (int i = 0; i < 16; i += 4) {
		kb x[4], all;

		memcpy(x, s + i, sizeof x);
		all = kb_add(kb_add(x[0], x[1]), kb_add(x[2], x[3]));
		for (int k = 0; k < 4; k++)
			s[i + k] = kb_add(kb_add(all, x[k]),
			    twice(x[(k + 1) % 4]));
	}
	for (int k = 0; k < 4; k++)
		sum[k] = kb_add(kb_add(s[k], s[k + 4]),
		    kb_add(s[k + 8], s[k + 12]));
	for (int i = 0; i < 16; i++)
		s[i] = kb_add(s[i], sum[i % 4]);
}

/* (sum + d_i s_i) / 2^32, d = -2, 1, 2, 4, ..., 2^13, 2^15; the division is the
 * Montgomery reduction. */
static void
internal_layer(kb s[16])
{
	uint64_t sum = 0;

	for (int i = 0; i < 16; i++)
		sum += s[i].v;
	s[0].v = kb_reduce(sum + 2 * (uint64_t)(KB_P - s[0].v));
	for (int i = 1; i < 16; i++)
		s[i].v = kb_reduce(sum +
		    ((uint64_t)s[i].v << (i < 15 ? i - 1 : 15)));
}

static void
external_round(kb s[16], const kb rc[16])
{
	for (int i = 0; i < 16; i++)
		s[i] = cube(kb_add(s[i], rc[i]));
	external_layer(s);
}

void
fill_poseidon2(struct poseidon2_cells *c, const kb in[16])
{
	kb s[16];

	memcpy(s, in, sizeof s);
	memcpy(c->external_rounds_state[0].s, s, sizeof s);
	external_layer(s);
	for (int r = 0; r < 8; r++) {
		if (r > 0)
			memcpy(c->external_rounds_state[r].s, s, sizeof s);
		external_round(s, poseidon2_rc[r < 4 ? r : r + 20]);
		if (r != 3)
			continue;
		memcpy(c->internal_rounds_state, s, sizeof s);
		for (int k = 0; k < 20; k++) {
			s[0] = cube(kb_add(s[0], poseidon2_rc[4 + k][0]));
			internal_layer(s);
			if (k < 19)
				c->internal_rounds_s0[k] = s[0];
		}
	}
	memcpy(c->output_state, s, sizeof s);
}
