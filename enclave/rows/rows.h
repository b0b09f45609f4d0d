#ifndef ROWS_ROWS_H
#define ROWS_ROWS_H
/*
 * Rows of the chips that are not instructions, for the table in chips.c; and the
 * parts of shard_prepare().
 */
#include "base/err.h"
#include "rows/trace.h"

#define CHIP_EVENTS(name, columns, width, constraints, interactions, padding) \
	DEVICE size_t count_##name(const struct shard_events *s); \
	DEVICE void row_##name(const struct shard_events *s, size_t i, kb *row); \
	TRACE_PAD_##padding(name)
#include "run/chips.def"

/* Finds where MemoryBump and StateBump have rows (sp1-proof(7), Bumps): sets bump_memory,
 * bump_state; -1: EX_OSERR. */
CHECKED int prepare_bumps(struct shard_events *s, struct err *e);
/* Makes the messages between shards, their points and running sums (sp1-proof(7), Global
 * messages): sets global; -1: EX_OSERR, or EX_DATAERR: a message has no point, or the sum
 * is not defined. */
CHECKED int prepare_global(struct shard_events *s, struct err *e);

#endif
