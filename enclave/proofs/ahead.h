#ifndef PROOFS_AHEAD_H
#define PROOFS_AHEAD_H
/*
 * Reading ahead: while a shard is proved, a thread of its own reads the next one.  One
 * shard
 * at a time, so that it and the prover share nothing but what join hands over, and how many
 * bytes of records it may have read.
 */
#include <pthread.h>

#include "base/err.h"
#include "shards/shards.h"

struct ahead {
	pthread_mutex_t lock;	/* of allowed */
	pthread_cond_t more;
	size_t allowed;		/* bytes of records */
	struct shard_source *source;
	pthread_t thread;
	bool running;
	int got;		/* as shards_next() */
	struct shard_events events;
	uint32_t code;
	size_t left;		/* shards after that */
	struct err e;
};

/* Of this source, whose reader waits from now on for what is allowed.  Both stay where
 * they are. */
void ahead_init(struct ahead *a, struct shard_source *source);
/* Begins to read the next shard: nothing is allowed yet.  Where there is no thread to be had,
 * ahead_take() reads it.  Each start is followed by a take or a drop. */
void ahead_start(struct ahead *a);
/* The reader waits where the shard's records would take more than this. */
void ahead_allow(struct ahead *a, size_t bytes);
/* Waits for the shard, all allowed.  As shards_next(); *left: as shards_left(). */
CHECKED int ahead_take(struct ahead *a, struct shard_events *s, uint32_t *code,
    size_t *left, struct err *e);
/* Waits likewise, and frees the shard. */
void ahead_drop(struct ahead *a);

#endif
