#include "rows/calls.h"
#include "rows/instr.h"
#include "rows/row_of.h"
#include "rows/rows.h"

#define CHIP_INSTR(n, ...) \
static size_t count_##n(const struct shard_events *s) \
{ \
	return s->ninstr[CHIP_##n]; \
} \
ROW_OF_INSTR(n)

#define CHIP_CALLS(n, cols, width, constraints, interactions, padding, source, \
    rows) \
static size_t count_##n(const struct shard_events *s) \
{ \
	return (rows) * (s->calls->first[CHIP_##source + 1] - \
	    s->calls->first[CHIP_##source]); \
} \
ROW_OF_CALL(n, cols, width, constraints, interactions, padding, source, rows)
#include "run/chips.def"

/* A table's rows are of any events (prover/trace.h). */
#define FROM_ANY(function) \
static void function##_of(const void *events, size_t i, kb *row) \
{ \
	function(events, i, row); \
}
#define ANY_zeros(n)
#define ANY_padded(n) FROM_ANY(pad_##n)
#define CHIP(n, cols, width, constraints, interactions, padding, ...) \
	FROM_ANY(row_##n) ANY_##padding(n)
#define CHIP_TABLE(...)
#include "run/chips.def"

#define PAD_zeros(n) NULL
#define PAD_padded(n) pad_##n##_of

const struct trace_chip trace_chips[] = {
#define CHIP(n, cols, width, constraints, interactions, padding, ...) \
	[CHIP_##n] = {#n, count_##n, row_##n##_of, PAD_##padding(n)},
#define CHIP_TABLE(...)
#include "run/chips.def"
	{NULL, NULL, NULL, NULL}
};
