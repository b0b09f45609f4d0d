#include "rows/poseidon2.h"

#include <string.h>

#include "poly/hash.h"

DEVICE static kb
sbox(kb x)
{
	return kb_mul(kb_mul(x, x), x);
}

DEVICE static void
external_round(kb s[16], const kb rc[16])
{
	for (int i = 0; i < 16; i++)
		s[i] = sbox(kb_add(s[i], rc[i]));
	poseidon2_external(s);
}

DEVICE void
fill_poseidon2(struct poseidon2_cells *c, const kb in[16])
{
	kb s[16];

	memcpy(s, in, sizeof s);
	memcpy(c->external_rounds_state[0].s, s, sizeof s);
	poseidon2_external(s);
	for (int r = 0; r < 8; r++) {
		if (r > 0)
			memcpy(c->external_rounds_state[r].s, s, sizeof s);
		external_round(s, poseidon2_rc[r < 4 ? r : r + 20]);
		if (r != 3)
			continue;
		memcpy(c->internal_rounds_state, s, sizeof s);
		for (int k = 0; k < 20; k++) {
			s[0] = sbox(kb_add(s[0], poseidon2_rc[4 + k][0]));
			poseidon2_internal(s);
			if (k < 19)
				c->internal_rounds_s0[k] = s[0];
		}
	}
	memcpy(c->output_state, s, sizeof s);
}
