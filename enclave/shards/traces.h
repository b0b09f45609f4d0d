#ifndef SHARDS_TRACES_H
#define SHARDS_TRACES_H
/*
 * A shard's events -> its traces: which chips are in, their heights, their rows,
 * and the multiplicities of Byte, Range and Program (prover.md 3.4, 3.5).
 */
#include "base/err.h"
#include "prover/prover.h"
#include "rows/trace.h"

/* Fills *t from *s; s->public_values must be filled.  The traces are malloced: free
 * with traces_free.  -1: EX_OSERR.  1: the traces are there, for traces_debug, but
 * hold a lookup that has no row in its table; *e tells which, EX_SOFTWARE. */
CHECKED int traces_make(struct shard_trace *t, const struct air_machine *m,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e);
void traces_free(struct shard_trace *t);

/* The trace's shape alone: t->main stays NULL.  traces_size: bytes of the trace that has
 * this shape, and of the counts that are needed while it is made. */
CHECKED int traces_shape(struct shard_trace *t, const struct air_machine *m,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e);
size_t traces_size(const struct shard_trace *t);

/* Every constraint of every row and of the public values, and the balance of
 * interactions: prints what fails to f; returns the number of failures (of
 * constraints: the first of each chip). */
size_t traces_debug(const struct shard_trace *t, const struct air_machine *m,
    const struct proving_key *key, FILE *f);

#endif
