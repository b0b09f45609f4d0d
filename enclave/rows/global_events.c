/* A shard's messages, for Global. */
#include <stdlib.h>

#include "air/expr.h"
#include "base/par.h"
#include "rows/adapter.h"
#include "rows/global.h"
#include "rows/rows.h"

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

/* A summing of all points, as the threads share it. */
struct summing { struct global_sums s; bool keep; int failed; };

static void
lift_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct summing *w = ctx;

	for (size_t i = begin; i < end; i++)
		if (lift_at(&w->s.g[i]) < 0) {
			__atomic_store_n(&w->failed, 1, __ATOMIC_RELAXED);
			return;
		}
}

static void
sums_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct summing *w = ctx;
	struct global_scratch x;

	for (size_t k = begin; k < end; k++)
		if (sum_chunks_at(&w->s, k, w->keep, &x) < 0) {
			__atomic_store_n(&w->failed, 1, __ATOMIC_RELAXED);
			return;
		}
}

/* A chunk's own sum starts at the dummy point and not at nothing, so that
 * messages that cancel each other there are no exception. */
static int
chain_chunks(struct global_sums *w)
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
sums(struct summing *w)
{
	size_t groups = (w->s.nchunks + w->s.side - 1) / w->s.side;

	for (size_t c = 0; c < w->s.nchunks; c++)
		w->s.start[c] = septic_dummy;
	w->keep = false;
	par_for(groups, 1, sums_piece, w);
	if (w->failed || chain_chunks(&w->s) < 0)
		return -1;
	w->keep = true;
	par_for(groups, 1, sums_piece, w);
	return w->failed ? -1 : 0;
}

int
prepare_global(struct shard_events *s, struct err *e)
{
	size_t calls = s->kind == SHARD_EXECUTION ? s->ndeferred :
	    s->nprecompile;
	struct global_sums g = {
		.n = calls + s->ninit + s->nfinalize + 2 * s->nlocal,
		.side = GLOBAL_SIDE
	};
	struct summing w = {.failed = 0};
	int r = 0;

	g.nchunks = (g.n + GLOBAL_CHUNK - 1) / GLOBAL_CHUNK;
	g.g = calloc(g.n + 1, sizeof *g.g);
	g.start = calloc(g.nchunks + 1, sizeof *g.start);
	if (!g.g || !g.start) {
		free(g.g);
		free(g.start);
		return err_set(e, EX_OSERR, "no memory for a shard's messages");
	}
	s->global = g.g;
	s->nglobal = g.n;
	messages(s, g.g);
	w.s = g;
	par_for(g.n, 64, lift_piece, &w);
	if (w.failed)
		r = err_set(e, EX_DATAERR,
		    "a message between shards has no point on the curve");
	else if (sums(&w) < 0)
		r = err_set(e, EX_DATAERR,
		    "the sum of a shard's messages meets an exception");
	free(g.start);
	return r;
}
