#ifndef WORKER_WAY_H
#define WORKER_WAY_H
/*
 * Ways from an input to a proof: how a guest is executed and its run proved.  A worker has
 * one of them.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct worker;
struct job;
struct program;
struct secmem;
struct outcome;

struct way {
	/*
	 * Runs p on the input, which is wiped in any case, and proves that; tells beats
	 * how far it is, and ends soon when w->stop, j->lost or the deadline says so.
	 *
	 * folder: for proofs of finished shards (keep.c); NULL: none.  0: *proof, n
	 * bytes, is to be wiped and freed with free(); -1: *o says why there is none.
	 */
	int (*prove)(struct worker *w, struct job *j, const struct program *p,
	    struct secmem *input, const char *folder, uint8_t **proof,
	    size_t *n, struct outcome *o);
};

/* sp1-exec | sp1-prove-gpu, beside this program. */
extern const struct way way_local;

#endif
