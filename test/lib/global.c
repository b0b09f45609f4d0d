#include "test/lib/global.h"

#define GLOBAL_CELL(member) \
	((unsigned)(offsetof(struct global_cols, member) / sizeof(kb)))
#define GLOBAL_TRIES 40		/* half of them have a root */
#define Y6_BOUND (63u << 24)

static septic
get_septic(const struct trial *t, unsigned cell)
{
	septic x;

	for (unsigned i = 0; i < 7; i++)
		x.c[i] = trial_cell(t, cell + i);
	return x;
}

static void
put_septic(struct trial *t, unsigned cell, septic x)
{
	for (unsigned i = 0; i < 7; i++)
		trial_set(t, cell + i, x.c[i]);
}

static struct septic_point
get_point(const struct trial *t, unsigned cell)
{
	return (struct septic_point){get_septic(t, cell),
	    get_septic(t, cell + 7)};
}

/* The message's point, y or -y as its direction has it, and the sum of x3, y3 as
 * they follow, but that the equations of the sum are off by ex and ey. */
static void
put_global(struct trial *t, septic x, septic y, septic ex, septic ey)
{
	struct septic_point at = get_point(t,
	    GLOBAL_CELL(accumulation.initial_digest));
	bool receive = trial_cell(t, GLOBAL_CELL(is_receive)).v != 0;
	unsigned bytes = GLOBAL_CELL(interaction.y6_byte_decomp);
	septic dx, dy, inverse, slope, x3, y3;
	uint32_t y6;

	for (unsigned i = 0; i < 2; i++) {
		y6 = kb_to(receive ? y.c[6] : kb_neg(y.c[6])) - 1;
		if (y6 >= Y6_BOUND)
			y = septic_neg(y);
	}
	y6 = kb_to(receive ? y.c[6] : kb_neg(y.c[6])) - 1;
	dx = septic_sub(x, at.x);
	dy = septic_sub(y, at.y);
	inverse = septic_inv(dx);
	slope = septic_mul(dy, inverse);
	x3 = septic_mul(ex, septic_mul(inverse, inverse));
	x3 = septic_add(x3, septic_mul(slope, slope));
	x3 = septic_sub(x3, septic_add(at.x, x));
	y3 = septic_mul(slope, septic_sub(at.x, x3));
	y3 = septic_add(septic_sub(y3, at.y), septic_mul(ey, inverse));
	put_septic(t, GLOBAL_CELL(interaction.x_coordinate), x);
	put_septic(t, GLOBAL_CELL(interaction.y_coordinate), y);
	for (unsigned i = 0; i < 4; i++)
		trial_set(t, bytes + i, kb_from(y6 >> 8 * i & 0xff));
	put_septic(t, GLOBAL_CELL(accumulation.cumulative_sum[0]), x3);
	put_septic(t, GLOBAL_CELL(accumulation.cumulative_sum[1]), y3);
	trial_look(t);
	trial_reset(t);
}

/* An element of the hash's input that is not the message's, and the hash after it. */
static void
hash_with(struct trial *t, unsigned i, kb x, septic *hash)
{
	unsigned at = GLOBAL_CELL(interaction.permutation);
	struct poseidon2_cells c;
	kb in[16];

	for (unsigned k = 0; k < 16; k++)
		in[k] = trial_cell(t, at + k);
	in[i] = x;
	fill_poseidon2(&c, in);
	for (unsigned k = 0; k < sizeof c / sizeof(kb); k++)
		trial_set(t, at + k, ((const kb *)&c)[k]);
	memcpy(hash->c, c.output_state, sizeof hash->c);
}

/* Off by e, its element i not 0: 0 the point's x, 1 the curve's equation, 2 and 3
 * those of the sum, 4 the zeros after the message. */
static void
off_by(struct trial *t, unsigned what, unsigned i, septic e)
{
	septic x = get_septic(t, GLOBAL_CELL(interaction.x_coordinate));
	septic y = get_septic(t, GLOBAL_CELL(interaction.y_coordinate));
	const septic zero = {{{0}}};

	if (what == 0)
		x = septic_add(x, e);
	if (what == 4)
		hash_with(t, 8 + i, e.c[i % 7], &x);
	if ((what < 2 || what == 4) && septic_sqrt(&y, septic_add(septic_curve_rhs(x),
	    what == 1 ? e : zero)) < 0) {
		trial_reset(t);
		return;
	}
	put_global(t, x, y, what == 2 ? e : zero, what == 3 ? e : zero);
}

void
alter_global(struct trial *t)
{
	if (!trial_cell(t, GLOBAL_CELL(is_real)).v)
		return;
	for (unsigned n = 0; n < 5 * 8 * GLOBAL_TRIES; n++) {
		unsigned what = n / 8 % 5, i = n % 8;
		septic e = {{{0}}};

		e.c[i % 7] = kb_from(1 + n / 40);
		if (i < 7 || what == 4)
			off_by(t, what, i, e);
	}
}
