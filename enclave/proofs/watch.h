#ifndef PROOFS_WATCH_H
#define PROOFS_WATCH_H
/*
 * Tells how far a proof is, from the thread that makes it: a line that changes on a
 * terminal, words on standard error (-v), lines of JSON for another program.
 *
 * A line of JSON is one write(), at each begin of a phase:
 *
 *	{"phase":"setup","seconds":0.002}
 *	{"phase":"commit","shard":2,"what":"execution","done":2,"shards":4,
 *	 "cycles":524288,"cycles_per_second":51200,"seconds_left":31,
 *	 "seconds":25.1}
 *
 * phase: "setup", then for each shard "prepare" and prove_shard()'s, "done" when it is
 * proved or was kept, then "verify" and "write".  shard counts from 0, `done` of
 * `shards` are done: not told before the guest's end is read.  cycles are those of
 * the shards that are done; their rate and the seconds left are estimates, not told
 * before there is one.  seconds: since the start.  A line that would have to wait
 * for its reader is left out, and a reader that is gone is no fault.
 */
#include "proofs/core.h"
#include "proofs/timings.h"

struct watch {
	struct timings *t;
	int fd;			/* for JSON; -1: none */
	bool verbose;
	const char *phase;	/* at work */
};

/* Ahead of the others: a stage outside of any shard. */
void watch_stage(struct watch *w, const char *name);
/* It took that long: for -v. */
void watch_took(const struct watch *w, const char *name, double seconds);
/* As struct core_options wants them, ctx a struct watch. */

/* A shard is there to be proved: it is the one at work, in its phase "prepare".  Ends the
 * program where there is no memory for the timings. */
void watch_shard(void *ctx, const struct core_shard *s);
/* A phase of the shard at work is over: notes its seconds, tells that the next
 * one begins. */
void watch_phase(void *ctx, const char *name, double seconds);
/* Says text on standard error; ctx is not used. */
void watch_note(void *ctx, const char *text);

#endif
