#include "rows/global.h"

#include <string.h>

#include "air/core/global.h"
#include "poly/lift.h"
#include "rows/adapter.h"
#include "rows/poseidon2.h"
#include "rows/rows.h"

DEVICE static void
put_point(struct septic_cells out[2], const struct septic_point *p)
{
	memcpy(out[0].c, p->x.c, sizeof out[0].c);
	memcpy(out[1].c, p->y.c, sizeof out[1].c);
}

DEVICE size_t
count_Global(const struct shard_events *s)
{
	return s->nglobal;
}

DEVICE void
row_Global(const struct shard_events *s, size_t i, kb *row)
{
	struct global_cols *c = (struct global_cols *)row;
	const struct global_event *g = &s->global[i];
	uint32_t y6 = kb_to(g->point.y.c[6]);
	kb in[16] = {{0}};

	for (int k = 0; k < 8; k++)
		in[k] = c->message[k] = cell(g->message[k]);
	c->kind = cell(g->kind);
	c->message_0_16bit_limb = cell(g->message[0] & 0xffff);
	c->message_0_8bit_limb = cell(g->message[0] >> 16 & 0xff);
	memcpy(c->interaction.x_coordinate.c, g->point.x.c,
	    sizeof g->point.x.c);
	memcpy(c->interaction.y_coordinate.c, g->point.y.c,
	    sizeof g->point.y.c);
	in[0] = kb_add(in[0], cell((uint32_t)g->kind << 24));
	in[7] = kb_add(in[7], cell((uint32_t)g->offset << 16));
	fill_poseidon2(&c->interaction.permutation, in);
	c->interaction.offset = cell(g->offset);
	y6 = g->receive ? y6 - 1 : KB_P - y6 - 1;
	for (unsigned k = 0; k < 4; k++)
		c->interaction.y6_byte_decomp[k] = cell(y6 >> 8 * k & 0xff);
	c->is_real = KB_ONE;
	c->is_receive = cell(g->receive);
	c->is_send = cell(!g->receive);
	c->index = cell((uint32_t)i);
	put_point(c->accumulation.initial_digest,
	    i ? &s->global[i - 1].sum : &septic_start);
	put_point(c->accumulation.cumulative_sum, &g->sum);
}

DEVICE void
pad_Global(const struct shard_events *s, size_t i, kb *row)
{
	struct global_cols *c = (struct global_cols *)row;
	const kb zero[16] = {{0}};
	struct septic_point sum;

	septic_point_add(&sum, &septic_start, &septic_dummy);
	memcpy(c->interaction.x_coordinate.c, septic_dummy.x.c,
	    sizeof septic_dummy.x.c);
	memcpy(c->interaction.y_coordinate.c, septic_dummy.y.c,
	    sizeof septic_dummy.y.c);
	fill_poseidon2(&c->interaction.permutation, zero);
	put_point(c->accumulation.initial_digest, &septic_start);
	put_point(c->accumulation.cumulative_sum, &sum);
}

/* ---- points and their sums ---- */

DEVICE int
lift_at(struct global_event *g)
{
	kb m[8];

	for (int k = 0; k < 8; k++)
		m[k] = cell(g->message[k]);
	m[0] = kb_add(m[0], cell((uint32_t)g->kind << 24));
	if (septic_lift(&g->point, &g->offset, m, NULL) < 0)
		return -1;
	if (!g->receive)
		g->point.y = septic_neg(g->point.y);
	return 0;
}

/* a[i] += *x->point[i], i < n, with one inversion; -1: equal x, whose sum the chip
 * cannot state. */
DEVICE static int
add_side(struct septic_point *a, struct global_scratch *x, size_t n)
{
	const struct septic_point *const *b = x->point;
	const septic none = {{{0}}};
	septic *dx = x->dx, *product = x->product, inv;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		dx[i] = septic_sub(b[i]->x, a[i].x);
		product[i] = i ? septic_mul(product[i - 1], dx[i]) : dx[i];
	}
	if (septic_eq(product[n - 1], none))
		return -1;
	inv = septic_inv(product[n - 1]);
	for (size_t i = n; i-- > 0;) {
		septic slope = septic_mul(septic_sub(b[i]->y, a[i].y),
		    i ? septic_mul(inv, product[i - 1]) : inv);
		septic sum = septic_sub(septic_mul(slope, slope),
		    septic_add(a[i].x, b[i]->x));

		inv = septic_mul(inv, dx[i]);
		a[i].y = septic_sub(septic_mul(slope,
		    septic_sub(a[i].x, sum)), a[i].y);
		a[i].x = sum;
	}
	return 0;
}

DEVICE int
sum_chunks_at(const struct global_sums *w, size_t k, bool keep,
    struct global_scratch *x)
{
	size_t first = k * w->side, last = first + w->side;
	struct septic_point *at = w->start + first;

	if (last > w->nchunks)
		last = w->nchunks;
	if (keep) {
		memcpy(x->at, at, (last - first) * sizeof *at);
		at = x->at;
	}
	for (size_t t = 0; t < GLOBAL_CHUNK; t++) {
		size_t n = 0;

		/* Only the very last chunk is short. */
		for (size_t c = first; c < last &&
		    c * GLOBAL_CHUNK + t < w->n; c++)
			x->point[n++] = &w->g[c * GLOBAL_CHUNK + t].point;
		if (add_side(at, x, n) < 0)
			return -1;
		for (size_t c = 0; keep && c < n; c++)
			w->g[(first + c) * GLOBAL_CHUNK + t].sum = at[c];
	}
	return 0;
}
