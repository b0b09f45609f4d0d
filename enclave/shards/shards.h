#ifndef SHARDS_SHARDS_H
#define SHARDS_SHARDS_H
/*
 * A run's shards, one at a time, as the stock library's sequential routine makes
 * them (sp1-proof(7), Shards): each execution shard as it comes, then the
 * precompile shards that its calls fill; after the last, the memory boundary,
 * where it is not packed into it.
 *
 * Memory: one shard, and the calls that do not yet fill one.
 */
#include "base/err.h"
#include "shards/deferred.h"
#include "shards/reader.h"

struct shard_source {
	struct record_reader reader;
	struct deferred deferred;
	struct rec_shard info;		/* of the latest execution shard */
	bool leaving;			/* its calls may fill shards */
	bool reducible;			/* the caller's, before the first: each is to be
					 * small enough for a recursion program */
	bool ended, packed;
	size_t init, finalize;		/* of the boundary, given out so far */
	uint64_t init_addr, finalize_addr;
};

/* As record_open(). */
CHECKED int shards_open(struct shard_source *r, int fd,
    const struct rv_program *p, const uint64_t *magic, struct err *e);
/* 1: *s is the next shard, to be freed with shard_events_free() before
 * shards_close(), and *code the smallest number of the calls it proves (of a precompile
 * shard); 0: that was all, and reader's fields are filled; -1: error. */
CHECKED int shards_next(struct shard_source *r, struct shard_events *s,
    uint32_t *code, struct err *e);
/* How many more there are; SHARDS_UNKNOWN before the last execution shard is read. */
#define SHARDS_UNKNOWN SIZE_MAX
/* The number of shards that shards_next() will still give. */
size_t shards_left(const struct shard_source *r);
/* Frees what is kept; fd stays open. */
void shards_close(struct shard_source *r);

/* Bytes that the source has kept of what was read: carried proofs, deferred calls, the
 * boundary.  Not while shards_next() runs. */
size_t shards_held(const struct shard_source *r);

#endif
