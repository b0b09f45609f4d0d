#include "poly/poseidon2_scaled.h"

#include "poly/hash.h"

struct poseidon2_scaled poseidon2_scaled;

static int32_t
less_p(kb a)
{
	return (int32_t)(a.v - KB_P);
}

void
poseidon2_scaled_init(void)
{
	struct poseidon2_scaled *t = &poseidon2_scaled;
	kb mu = KB_ONE, step = kb_from(1 << 9);

	for (int r = 0; r < 20; r++, mu = kb_mul(mu, step)) {
		kb rc = kb_mul(mu, poseidon2_rc[4 + r][0]);

		t->internal[r] = r ? (int32_t)rc.v : less_p(rc);
		t->inverse_square[r] = (int32_t)kb_inv(kb_mul(mu, mu)).v;
	}
	for (int r = 0; r < 4; r++) {
		for (int i = 0; i < 16; i++) {
			t->external[r][i] = less_p(poseidon2_rc[r][i]);
			t->external[4 + r][i] =
			    less_p(kb_mul(mu, poseidon2_rc[24 + r][i]));
		}
		mu = kb_pow(mu, 3);
	}
	t->unscale = (int32_t)kb_inv(mu).v;
}
