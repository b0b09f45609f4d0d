#include "air/op/poseidon2.h"

#include "poly/hash.h"

#define INV_2_32 0x3f010000u	/* check: 2^32 * INV_2_32 == 1 mod KB_P */

/* The circulant (2 3 1 1) on each four, then the sums of each residue mod 4. */
void
poseidon2_external_layer(expr s[16])
{
	expr sum[4];

	for (int i = 0; i < 16; i += 4) {
		expr *x = s + i;
		expr t01 = x_add(x[0], x[1]), t23 = x_add(x[2], x[3]);
		expr t = x_add(t01, t23);
		expr t1 = x_add(t, x[1]), t3 = x_add(t, x[3]);
		expr x3 = x_add(t3, x_add(x[0], x[0]));
		expr x1 = x_add(t1, x_add(x[2], x[2]));

		x[3] = x3;
		x[1] = x1;
		x[0] = x_add(t1, t01);
		x[2] = x_add(t3, t23);
	}
	for (int i = 0; i < 4; i++)
		sum[i] = x_sum((expr[]){x_k(s[0].air, 0), s[i], s[i + 4],
		    s[i + 8], s[i + 12]}, 5);
	for (int i = 0; i < 16; i++)
		s[i] = x_add(s[i], sum[i % 4]);
}

/* (sum + d_i s_i) / 2^32, d = -2, 1, 2, 4, ..., 2^13, 2^15 */
void
poseidon2_internal_layer(expr s[16])
{
	expr sum = x_add(x_k(s[0].air, 0), s[0]);

	for (int i = 1; i < 16; i++)
		sum = x_add(sum, s[i]);

	for (unsigned i = 0; i < 16; i++) {
		uint32_t d = i == 0 ? KB_P - 2 : 1u << (i < 15 ? i - 1 : 15);

		s[i] = x_add(x_mulk(s[i], d), sum);
	}
	for (int i = 0; i < 16; i++)
		s[i] = x_mulk(s[i], INV_2_32);
}

static expr
cube(expr x)
{
	return x_mul(x_mul(x, x), x);
}

static void
external_round(struct air *a, const struct poseidon2_cells_x *p,
    int r)
{
	const kb *rc = poseidon2_rc[r < 4 ? r : r + 20];
	const expr *next = r == 3 ? p->internal_rounds_state :
	    r == 7 ? p->output_state : p->external_rounds_state[r + 1].s;
	expr s[16];

	for (int i = 0; i < 16; i++)
		s[i] = p->external_rounds_state[r].s[i];
	if (r == 0)
		poseidon2_external_layer(s);
	for (int i = 0; i < 16; i++)
		s[i] = x_add(s[i], x_kb(a, rc[i]));
	for (int i = 0; i < 16; i++)
		s[i] = cube(s[i]);
	poseidon2_external_layer(s);
	for (int i = 0; i < 16; i++)
		air_equal(a, next[i], s[i]);
}

void
poseidon2_rounds(struct air *a, const struct poseidon2_cells_x *p)
{
	expr s[16];

	for (int r = 0; r < 8; r++)
		external_round(a, p, r);
	for (int i = 0; i < 16; i++)
		s[i] = p->internal_rounds_state[i];
	for (int r = 0; r < 20; r++) {
		expr first = r == 0 ? s[0] : p->internal_rounds_s0[r - 1];

		s[0] = cube(x_add(first, x_kb(a, poseidon2_rc[4 + r][0])));
		poseidon2_internal_layer(s);
		if (r < 19)
			air_equal(a, p->internal_rounds_s0[r], s[0]);
	}
	for (int i = 0; i < 16; i++)
		air_equal(a, p->external_rounds_state[4].s[i], s[i]);
}
