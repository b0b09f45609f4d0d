#ifndef RECURSION_TRACE_H
#define RECURSION_TRACE_H
/* A run's main traces, as the prover takes them. */
#include "prover/prover.h"
#include "recursion/rows.h"
#include "recursion/run.h"
#include "stark/setup.h"

/* What the trace of a run is made of; ctx: its events, which are to stay. */
struct trace_source program_source(const struct row_events *events);
/* The shape of it: m's chips with the key's rows.  Free shape->rows.  -1: EX_OSERR. */
CHECKED int program_shape(struct trace_shape *shape, const struct air_machine *m,
    const struct proving_key *k, const kb public_values[STARK_PUBLIC_VALUES],
    struct err *e);
/* The two, and trace_make().  -1: EX_OSERR. */
CHECKED int program_trace(struct shard_trace *t, const struct prover *prover,
    const struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct run_memory *mem, struct err *e);

#endif
