#ifndef SHARDS_TRACES_H
#define SHARDS_TRACES_H
/*
 * A shard's events -> what its trace is made of: which chips are in, their heights, their
 * rows, and which lookups Byte and Range count (sp1-proof(7), Clusters;
 * sp1-proof(7), Traces).
 */
#include "base/err.h"
#include "prover/prover.h"
#include "rows/trace.h"

/* Heights of the smallest cluster with all chips that have rows.  s->public_values must be
 * filled.  Free shape->rows.  -1: EX_OSERR. */
CHECKED int traces_shape(struct trace_shape *shape,
    const struct air_machine *m, const struct proving_key *key,
    const struct shard_events *s, struct err *e);
/* To be used while *s is there. */
struct trace_source traces_source(const struct shard_events *s);

/* The two, and trace_make().  -1: EX_OSERR.  1: the trace is there, for trace_debug(), but
 * holds a lookup that has no row in its table; *e tells which, EX_SOFTWARE. */
CHECKED int traces_make(struct shard_trace *t, const struct prover *p,
    const struct proving_key *key, const struct shard_events *s,
    struct err *e);

#endif
