#include "air/core/chips.h"
#include "air/core/global.h"
#include "air/op/check.h"

typedef struct { expr c[7]; } sx;

void
global_send(struct air *a, const expr message[8], enum air_kind kind,
    bool receive, expr mult)
{
	expr v[11];

	for (int i = 0; i < 8; i++)
		v[i] = message[i];
	v[8] = x_k(a, !receive);
	v[9] = x_k(a, receive);
	v[10] = x_k(a, kind);
	air_send(a, AIR_GLOBAL, mult, v, 11);
}

/* ---- the septic extension, z^7 = 3z + 5 ---- */

static sx
sx_cells(const struct septic_cells_x *p)
{
	sx r;

	for (int i = 0; i < 7; i++)
		r.c[i] = p->c[i];
	return r;
}

static sx
sx_add(sx x, sx y)
{
	for (int i = 0; i < 7; i++)
		x.c[i] = x_add(x.c[i], y.c[i]);
	return x;
}

static sx
sx_sub(sx x, sx y)
{
	for (int i = 0; i < 7; i++)
		x.c[i] = x_sub(x.c[i], y.c[i]);
	return x;
}

static sx
sx_mul(sx x, sx y)
{
	expr t[13];
	sx r;

	for (int i = 0; i < 13; i++)
		t[i] = x_zero(x.c[0].air);
	for (int i = 0; i < 7; i++)
		for (int j = 0; j < 7; j++)
			t[i + j] = x_add(t[i + j], x_mul(x.c[i], y.c[j]));
	for (int i = 0; i < 7; i++)
		r.c[i] = t[i];
	for (int i = 7; i < 13; i++) {
		r.c[i - 7] = x_add(r.c[i - 7], x_mulk(t[i], 5));
		r.c[i - 6] = x_add(r.c[i - 6], x_mulk(t[i], 3));
	}
	return r;
}

/* x^3 + 45x + 41z^3 */
static sx
curve(sx x)
{
	sx r = sx_mul(sx_mul(x, x), x);

	for (int i = 0; i < 7; i++)
		x.c[i] = x_mulk(x.c[i], 45);
	r = sx_add(r, x);
	for (int i = 0; i < 7; i++)
		r.c[i] = x_addk(r.c[i], i == 3 ? 41 : 0);
	return r;
}

/* ---- constraints ---- */

/* The message's hash is x, (x, y) is on the curve, y's sign is the direction's. */
static void
point(struct air *a, const struct global_cols_x *m)
{
	const struct global_interaction_x *g = &m->interaction;
	expr real = m->is_real, zero = x_zero(a), y6 = zero;
	expr input[16];
	sx x = sx_cells(&g->x_coordinate), y = sx_cells(&g->y_coordinate);
	sx left, right;

	air_bool(a, real);
	air_equal_when(a, real, x_add(m->is_receive, m->is_send), x_one(a));
	air_bool(a, m->is_receive);
	air_bool(a, m->is_send);
	air_send_byte(a, x_k(a, AIR_OP_U8RANGE), zero, zero, g->offset, real);

	/* 24 bits and the kind's 6 share a field element, 16 and the offset's 8. */
	air_equal_when(a, real, m->message[0], x_add(m->message_0_16bit_limb,
	    x_mulk(m->message_0_8bit_limb, 1 << 16)));
	air_range_u16(a, (expr[]){m->message_0_16bit_limb, m->message[7]}, 2,
	    real);
	air_range_u8(a, &m->message_0_8bit_limb, 1, real);
	air_range_bits(a, m->kind, 6, real);
	for (int i = 0; i < 16; i++)
		input[i] = i < 8 ? m->message[i] : zero;
	input[0] = x_add(input[0], x_mul(x_k(a, 1 << 24), m->kind));
	input[7] = x_add(input[7], x_mul(x_k(a, 1 << 16), g->offset));
	for (int i = 0; i < 16; i++)
		air_equal_when(a, real,
		    g->permutation.external_rounds_state[0].s[i], input[i]);
	poseidon2_rounds(a, &g->permutation);
	for (int i = 0; i < 7; i++)
		air_equal_when(a, real, x.c[i],
		    g->permutation.output_state[i]);
	left = sx_mul(y, y);
	right = curve(x);
	for (int i = 0; i < 7; i++)
		air_equal(a, left.c[i], right.c[i]);

	/* 0 <= y6 < 63 * 2^24 < (p - 1) / 2; y's last coefficient is y6 + 1 in a
	 * receive, -(y6 + 1) in a send. */
	for (unsigned i = 0; i < 3; i++) {
		y6 = x_add(y6, x_mul(g->y6_byte_decomp[i],
		    x_k(a, 1u << 8 * i)));
		air_send_byte(a, x_k(a, AIR_OP_U8RANGE), zero, zero,
		    g->y6_byte_decomp[i], real);
	}
	y6 = x_add(y6, x_mul(g->y6_byte_decomp[3], x_k(a, 1 << 24)));
	air_send_byte(a, x_k(a, AIR_OP_LTU), x_one(a), g->y6_byte_decomp[3],
	    x_k(a, 63), real);
	air_equal_when(a, m->is_receive, y.c[6], x_add(x_one(a), y6));
	air_zero_when(a, m->is_send, x_add(x_addk(y.c[6], 1), y6));
}

static void
chain(struct air *a, bool send, expr index,
    const struct septic_cells_x at[2], expr real)
{
	expr v[15] = {index};

	for (int i = 0; i < 7; i++) {
		v[1 + i] = at[0].c[i];
		v[8 + i] = at[1].c[i];
	}
	if (send)
		air_send(a, AIR_GLOBAL_ACCUMULATION, real, v, 15);
	else
		air_receive(a, AIR_GLOBAL_ACCUMULATION, real, v, 15);
}

/* (x1, y1) + (x2, y2) = (x3, y3), without a division; padding rows are such that
 * the equation of the x holds too. */
static void
accumulate(struct air *a, const struct global_cols_x *m)
{
	const struct global_accumulation_x *g = &m->accumulation;
	sx x1 = sx_cells(&g->initial_digest[0]);
	sx y1 = sx_cells(&g->initial_digest[1]);
	sx x2 = sx_cells(&m->interaction.x_coordinate);
	sx y2 = sx_cells(&m->interaction.y_coordinate);
	sx x3 = sx_cells(&g->cumulative_sum[0]);
	sx y3 = sx_cells(&g->cumulative_sum[1]);
	expr real = m->is_real;
	sx ex, ey, t;

	air_bool(a, real);
	chain(a, false, m->index, g->initial_digest, real);
	ex = sx_add(sx_add(x1, x2), x3);
	t = sx_sub(x2, x1);
	ex = sx_mul(ex, sx_mul(t, t));
	t = sx_sub(y2, y1);
	ex = sx_sub(ex, sx_mul(t, t));
	/* Differences are made again, as in the stock. */
	ey = sx_add(y1, y3);
	ey = sx_mul(ey, sx_sub(x2, x1));
	t = sx_sub(y2, y1);
	ey = sx_sub(ey, sx_mul(t, sx_sub(x1, x3)));
	for (int i = 0; i < 7; i++)
		air_equal(a, ex.c[i], x_zero(a));
	for (int i = 0; i < 7; i++)
		air_equal_when(a, real, ey.c[i], x_zero(a));
	chain(a, true, x_addk(m->index, 1), g->cumulative_sum, real);
}

void
chip_Global(struct air *a, const void *main, const void *prep)
{
	const struct global_cols_x *m = main;
	expr v[11];

	air_bool(a, m->is_real);
	for (int i = 0; i < 8; i++)
		v[i] = m->message[i];
	v[8] = m->is_send;
	v[9] = m->is_receive;
	v[10] = m->kind;
	air_receive(a, AIR_GLOBAL, m->is_real, v, 11);
	point(a, m);
	accumulate(a, m);
}
