#ifndef ROWS_CALLS_H
#define ROWS_CALLS_H
/*
 * Precompiles: which events a chip's rows are made of.
 */
#include "base/err.h"
#include "rows/trace.h"
#include "run/syscalls.h"

/* The events of chip c whose rows this shard has: event[first[c]] up to
 * event[first[c + 1]].  shard_prepare() makes the lists; -1: no memory.  Each
 * event's code must be one that precompile_of() knows. */
struct call_lists {
	const struct precompile_event **event;
	size_t first[CHIP_COUNT + 1];
};
/* Makes s->calls: a chip's in the shard's order, but of Uint256Ops those with
 * an odd number come last. */
CHECKED int prepare_calls(struct shard_events *s, struct err *e);

#define CHIP_CALLS(name, columns, width, constraints, interactions, padding, ...) \
	DEVICE trace_call_fn trace_##name; TRACE_PAD_##padding(name)
#include "run/chips.def"

#endif
