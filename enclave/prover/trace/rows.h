#ifndef PROVER_TRACE_ROWS_H
#define PROVER_TRACE_ROWS_H
/*
 * Rows of the chips that are not instructions, for the table in chips.c; and the
 * parts of shard_prepare().
 */
#include "prover/trace/trace.h"

#define ROWS(name) \
	size_t count_##name(const struct shard_events *s); \
	void row_##name(const struct shard_events *s, size_t i, kb *row);
ROWS(SyscallCore)
ROWS(SyscallPrecompile)
ROWS(MemoryLocal)
ROWS(MemoryGlobalInit)
ROWS(MemoryGlobalFinalize)
ROWS(MemoryBump)
ROWS(StateBump)
ROWS(Global)
#undef ROWS
void pad_Global(const struct shard_events *s, size_t i, kb *row);

int prepare_bumps(struct shard_events *s, struct err *e);
int prepare_global(struct shard_events *s, struct err *e);

#endif
