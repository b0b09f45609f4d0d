#ifndef PROOFS_TIMINGS_H
#define PROOFS_TIMINGS_H
/*
 * What a proof cost: seconds by shard and phase, and the most memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define TIMINGS_PHASES 12	/* of a shard, at most */

struct timings_shard {
	const char *what;
	uint64_t cycles;	/* 0: no execution */
	double begin, end;	/* seconds since the start */
	bool done, kept;	/* kept: its proof was there already */
	size_t nphases;
	struct { const char *name; double seconds; } phase[TIMINGS_PHASES];
};

struct timings {
	double start, setup, verify;
	uint64_t cycles;	/* of the shards that are done */
	size_t all;		/* shards there will be; 0: not known */
	size_t nshards, ndone, room;
	struct timings_shard *shard;	/* the last one is at work, unless done */
};

/* Clears *t and starts its clock. */
void timings_start(struct timings *t);
double timings_now(const struct timings *t);	/* seconds since the start */
/* The next shard begins; names stay the caller's.  -1: no memory. */
int timings_shard(struct timings *t, const char *what, uint64_t cycles);
/* A phase of it is over. */
void timings_phase(struct timings *t, const char *name, double seconds);
void timings_done(struct timings *t, bool kept);	/* and so is the shard */
/* Estimates, from the shards that were proved in this run: one whose proof was kept
 * tells nothing. */

/* Cycles a second; 0: no such shard yet. */
double timings_rate(const struct timings *t);
/* Seconds left: of the shard at work, by what the longest of its kind took; where all
 * shards' number is known, with those after it, by what shards took on average; -1: no
 * such shard yet. */
double timings_left(const struct timings *t);
/* Writes one JSON object to the file; -1: EX_*, it cannot be written. */
CHECKED int timings_write(const struct timings *t, const char *path,
    struct err *e);
/* Frees the list of shards and clears *t. */
void timings_free(struct timings *t);

#endif
