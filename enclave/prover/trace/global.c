/*
 * Global: a shard's messages, their points, and the running sums.
 *
 * A sum of n points takes n inversions one after the other, so it is cut into
 * chunks whose sums are made side by side, one inversion for an addition in each.
 */
#include "air/chips/global.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "poly/lift.h"
#include "prover/trace/adapter.h"
#include "prover/trace/poseidon2.h"
#include "prover/trace/rows.h"

#define CHUNK 128	/* points summed one after the other */
#define SIDE 64		/* chunks summed side by side */

/* ---- rows ---- */

static void
put_point(struct septic_cells out[2], const struct septic_point *p)
{
	memcpy(out[0].c, p->x.c, sizeof out[0].c);
	memcpy(out[1].c, p->y.c, sizeof out[1].c);
}

size_t
count_Global(const struct shard_events *s)
{
	return s->nglobal;
}

void
row_Global(const struct shard_events *s, size_t i, kb *row)
{
	struct global_cols *c = (void *)row;
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

static struct global_cols padding;

static void
make_padding(void)
{
	struct septic_point sum;

	must(!septic_point_add(&sum, &septic_start, &septic_dummy));
	memcpy(padding.interaction.x_coordinate.c, septic_dummy.x.c,
	    sizeof septic_dummy.x.c);
	memcpy(padding.interaction.y_coordinate.c, septic_dummy.y.c,
	    sizeof septic_dummy.y.c);
	fill_poseidon2(&padding.interaction.permutation, (kb[16]){{0}});
	put_point(padding.accumulation.initial_digest, &septic_start);
	put_point(padding.accumulation.cumulative_sum, &sum);
}

void
pad_Global(const struct shard_events *s, size_t i, kb *row)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_padding);
	memcpy(row, &padding, sizeof padding);
}

/* ---- messages ---- */

static struct global_event
memory_message(uint64_t addr, uint64_t value,
    uint64_t ts, bool receive)
{
	return (struct global_event){
		.message = {
			(uint32_t)(ts >> 24), (uint32_t)ts & 0xffffff,
			limb(addr, 0), limb(addr, 1), limb(addr, 2),
			limb(value, 0) + ((uint32_t)(value >> 32 & 0xff) << 16),
			limb(value, 1) + ((uint32_t)(value >> 40 & 0xff) << 16),
			limb(value, 3)
		},
		.kind = AIR_MEMORY, .receive = receive
	};
}

static struct global_event
call_message(const struct rec_precompile *h,
    bool receive)
{
	return (struct global_event){
		.message = {
			(uint32_t)(h->clk >> 24), (uint32_t)h->clk & 0xffffff,
			(h->code & 0xff) + ((uint32_t)limb(h->arg1, 0) << 8),
			limb(h->arg1, 1), limb(h->arg1, 2), limb(h->arg2, 0),
			limb(h->arg2, 1), limb(h->arg2, 2)
		},
		.kind = AIR_SYSCALL, .receive = receive
	};
}

static void
messages(const struct shard_events *s, struct global_event *g)
{
	bool core = s->kind == SHARD_EXECUTION;

	for (size_t i = 0; i < s->nprecompile; i++)
		if (!core || (s->precompile[i].head.flags & REC_DEFERRED))
			*g++ = call_message(&s->precompile[i].head, !core);
	for (size_t i = 0; i < s->ninit; i++)
		*g++ = memory_message(s->init[i].addr, s->init[i].value, 0,
		    false);
	for (size_t i = 0; i < s->nfinalize; i++)
		*g++ = memory_message(s->finalize[i].addr,
		    s->finalize[i].value, s->finalize[i].ts, true);
	for (size_t i = 0; i < s->nlocal; i++) {
		const struct rec_local *l = &s->local[i];

		*g++ = memory_message(l->addr, l->initial, l->initial_ts, true);
		*g++ = memory_message(l->addr, l->final, l->final_ts, false);
	}
}

struct work {
	struct global_event *g;
	size_t n, nchunks;
	struct septic_point *start;	/* of each chunk */
	int failed;
};

static void
lift_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct work *w = ctx;

	for (size_t i = begin; i < end; i++) {
		struct global_event *g = &w->g[i];
		kb m[8];

		for (int k = 0; k < 8; k++)
			m[k] = cell(g->message[k]);
		m[0] = kb_add(m[0], cell((uint32_t)g->kind << 24));
		if (septic_lift(&g->point, &g->offset, m, NULL) < 0) {
			__atomic_store_n(&w->failed, 1, __ATOMIC_RELAXED);
			return;
		}
		if (!g->receive)
			g->point.y = septic_neg(g->point.y);
	}
}

/* ---- sums ---- */

/* a[i] += *b[i], n <= SIDE, with one inversion; -1: equal x, whose sum the chip
 * cannot state. */
static int
add_side(struct septic_point *a, const struct septic_point **b,
    size_t n)
{
	septic dx[SIDE], product[SIDE], inv;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		dx[i] = septic_sub(b[i]->x, a[i].x);
		product[i] = i ? septic_mul(product[i - 1], dx[i]) : dx[i];
	}
	if (septic_eq(product[n - 1], (septic){{{0}}}))
		return -1;
	inv = septic_inv(product[n - 1]);
	for (size_t i = n; i-- > 0;) {
		septic slope = septic_mul(septic_sub(b[i]->y, a[i].y),
		    i ? septic_mul(inv, product[i - 1]) : inv);
		septic x = septic_sub(septic_mul(slope, slope),
		    septic_add(a[i].x, b[i]->x));

		inv = septic_mul(inv, dx[i]);
		a[i].y = septic_sub(septic_mul(slope,
		    septic_sub(a[i].x, x)), a[i].y);
		a[i].x = x;
	}
	return 0;
}

/* Goes through SIDE chunks at once from where each starts; keeps the sums or
 * leaves each chunk's last in start[]. */
static void
sum_chunks(struct work *w, size_t first, size_t last, bool keep)
{
	struct septic_point *at = w->start + first;
	struct septic_point local[SIDE];

	if (keep) {
		memcpy(local, at, (last - first) * sizeof *at);
		at = local;
	}
	for (size_t t = 0; t < CHUNK; t++) {
		const struct septic_point *p[SIDE];
		size_t n = 0;

		/* Only the very last chunk is short. */
		for (size_t c = first; c < last && c * CHUNK + t < w->n; c++)
			p[n++] = &w->g[c * CHUNK + t].point;
		if (add_side(at, p, n) < 0) {
			__atomic_store_n(&w->failed, 1, __ATOMIC_RELAXED);
			return;
		}
		for (size_t c = 0; keep && c < n; c++)
			w->g[(first + c) * CHUNK + t].sum = at[c];
	}
}

static void
totals_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct work *w = ctx;

	for (size_t k = begin; k < end; k++)
		sum_chunks(w, k * SIDE, (k + 1) * SIDE < w->nchunks ?
		    (k + 1) * SIDE : w->nchunks, false);
}

static void
sums_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct work *w = ctx;

	for (size_t k = begin; k < end; k++)
		sum_chunks(w, k * SIDE, (k + 1) * SIDE < w->nchunks ?
		    (k + 1) * SIDE : w->nchunks, true);
}

/* A chunk's own sum starts at the dummy point and not at nothing, so that
 * messages that cancel each other there are no exception. */
static int
chain_chunks(struct work *w)
{
	struct septic_point back = septic_dummy, at = septic_start, next;

	back.y = septic_neg(back.y);
	for (size_t c = 0; c < w->nchunks; c++) {
		if (septic_point_add(&next, &at, &w->start[c]) ||
		    septic_point_add(&next, &next, &back))
			return -1;
		w->start[c] = at;
		at = next;
	}
	return 0;
}

static int
sums(struct work *w)
{
	size_t groups = (w->nchunks + SIDE - 1) / SIDE;

	for (size_t c = 0; c < w->nchunks; c++)
		w->start[c] = septic_dummy;
	par_for(groups, 1, totals_piece, w);
	if (w->failed || chain_chunks(w) < 0)
		return -1;
	par_for(groups, 1, sums_piece, w);
	return w->failed ? -1 : 0;
}

int
prepare_global(struct shard_events *s, struct err *e)
{
	size_t calls = s->kind == SHARD_EXECUTION ? s->ndeferred :
	    s->nprecompile;
	struct work w = {.n = calls + s->ninit + s->nfinalize + 2 * s->nlocal};
	int r = 0;

	w.nchunks = (w.n + CHUNK - 1) / CHUNK;
	w.g = calloc(w.n + 1, sizeof *w.g);
	w.start = calloc(w.nchunks + 1, sizeof *w.start);
	if (!w.g || !w.start) {
		free(w.g);
		free(w.start);
		return err_set(e, EX_OSERR, "no memory for a shard's messages");
	}
	s->global = w.g;
	s->nglobal = w.n;
	messages(s, w.g);
	par_for(w.n, 64, lift_piece, &w);
	if (w.failed)
		r = err_set(e, EX_DATAERR,
		    "a message between shards has no point on the curve");
	else if (sums(&w) < 0)
		r = err_set(e, EX_DATAERR,
		    "the sum of a shard's messages meets an exception");
	free(w.start);
	return r;
}
