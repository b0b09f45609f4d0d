#ifndef SHARDS_DEFERRED_H
#define SHARDS_DEFERRED_H
/*
 * Calls of precompiles that leave their execution shard, kept by chip until enough
 * are there for a shard of their own (sp1-proof(7), Deferral): as the stock
 * library's sequential routine does it, so that one run has one proof.
 *
 * At most a shard's worth of each chip is kept, and what one execution shard adds.
 */
#include "base/err.h"
#include "rows/calls.h"

struct deferred {
	const struct rv_program *program;
	struct deferred_list {
		size_t n, room;
		struct precompile_event *event;
		size_t threshold;	/* events in a shard; 0: never seen */
		uint32_t code;		/* the smallest that goes to the chip */
	} list[CHIP_COUNT];
	uint64_t element_threshold, height_threshold;
};

/* Zeroed but for the first field and the last two.  Takes the deferred events of an
 * execution shard: s keeps their heads, not their accesses.  -1: no memory. */
CHECKED int deferred_take(struct deferred *d, struct shard_events *s,
    struct err *e);
/* Are there calls that are kept? */
CHECKED bool deferred_any(const struct deferred *d);
/* How many shards deferred_next() with `all` would still give. */
size_t deferred_shards(const struct deferred *d);

/* 1: *s is a precompile shard, to be freed with shard_events_free(), and *code tells
 * the calls' smallest number; 0: there is none now; -1: no memory.  all: not
 * only whole shards (at the end of a chunk and of the run); a chip's rest comes
 * before its whole shards, as with the stock. */
CHECKED int deferred_next(struct deferred *d, bool all, struct shard_events *s,
    uint32_t *code, struct err *e);
/* Frees the calls that are kept and clears *d. */
void deferred_free(struct deferred *d);
size_t deferred_size(const struct deferred *d);		/* bytes */

#endif
