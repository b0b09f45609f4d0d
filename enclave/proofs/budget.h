#ifndef PROOFS_BUDGET_H
#define PROOFS_BUDGET_H
/*
 * The process's memory, shared between a shard's proof and the records of the next shard,
 * which are read meanwhile.
 */
#include "base/err.h"
#include "prover/prover.h"
#include "rows/trace.h"

struct budget {
	size_t most;		/* bytes that the process may have; 0: what the machine
				 * can give, which is a wish alone */
	const struct proving_key *key;
	size_t held;		/* bytes of records, beside the shard's own */
	size_t proofs;		/* bytes of the proof so far */
};

/* The fastest way to prove shard s that fits: p->memory, which is to be asked of it; and in
 * *records the bytes that are left for the next shard's (SIZE_MAX: no limit is known).  The
 * shard's own records are gone before the proof's memory is needed.  -1: EX_OSERR, and how
 * much it takes, where none fits into b->most. */
CHECKED int budget_share(const struct budget *b, const struct shard_events *s,
    struct prover *p, size_t *records, struct err *e);

#endif
