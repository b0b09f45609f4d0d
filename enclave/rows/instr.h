#ifndef ROWS_INSTR_H
#define ROWS_INSTR_H
/*
 * Rows of the instruction chips: trace_NAME for each bucket, and padding rows that
 * are not zero (prover.md 3.5).
 */
#include "rows/trace.h"

#define B(n) DEVICE trace_instr_fn trace_##n;
TRACE_BUCKETS(B)
#undef B

DEVICE void pad_ShiftLeft(const struct shard_events *s, size_t i, kb *row);
DEVICE void pad_ShiftRight(const struct shard_events *s, size_t i, kb *row);
DEVICE void pad_DivRem(const struct shard_events *s, size_t i, kb *row);

#endif
