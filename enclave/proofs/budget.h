#ifndef PROOFS_BUDGET_H
#define PROOFS_BUDGET_H
/*
 * The process's memory, shared between a shard's proof and the records of the next shard,
 * which are read meanwhile.
 */
#include "base/err.h"
#include "prover/prover.h"
#include "rows/trace.h"

/* A proof of another machine that is made after the shard's, while the next shard's
 * records are still there. */
struct budget_then {
	struct prover *prover;		/* its memory is set */
	const struct proving_key *key;
	const struct trace_shape *shape;
	size_t own;			/* bytes, beside key, trace and proof */
};

struct budget {
	size_t most;		/* bytes that the process may have; 0: what the machine
				 * can give, which is a wish alone */
	const struct proving_key *key;
	size_t held;		/* bytes of records, beside the shard's own */
	size_t proofs;		/* bytes of the proof so far */
	const struct budget_then *then;		/* NULL: nothing */
};

/* The fastest way to make b->then's proof that fits, when no records are read: its prover's
 * memory.  -1: EX_OSERR, as budget_share(). */
CHECKED int budget_node(const struct budget *b, struct err *e);

/* The fastest way to prove shard s that fits: p->memory, which is to be asked of it; the
 * same for what comes then; and in *records the bytes that are left for the next shard's
 * (SIZE_MAX: no limit is known).  The shard's own records are gone before the proof's
 * memory is needed.  -1: EX_OSERR, and how much it takes, where none fits into
 * b->most. */
CHECKED int budget_share(const struct budget *b, const struct shard_events *s,
    struct prover *p, size_t *records, struct err *e);

#endif
