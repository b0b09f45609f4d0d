#include "rows/calls.h"
#include "rows/instr.h"
#include "rows/row_of.h"
#include "rows/rows.h"

#define COUNT(n, count) \
static size_t count_##n(const struct shard_events *s) \
{ \
	return count; \
}

#define TRACE_INSTR(n, ...) COUNT(n, s->ninstr[BUCKET_##n]) ROW_OF_INSTR(n)
#define TRACE_EVENTS(n, cols, padding, count) COUNT(n, count)
#define TRACE_CALLS(n, cols, padding, source, rows) \
	COUNT(n, (rows) * (s->calls->first[CALL_CHIP_##source + 1] - \
	    s->calls->first[CALL_CHIP_##source])) \
	ROW_OF_CALL(n, cols, padding, source, rows)
#include "rows/chips.def"

#define PAD_zeros(n) NULL
#define PAD_padded(n) pad_##n
#define CHIP(n, cols, padding, ...) {#n, count_##n, row_##n, PAD_##padding(n)},

const struct trace_chip trace_chips[] = {
#define TRACE_INSTR CHIP
#define TRACE_EVENTS CHIP
#define TRACE_CALLS CHIP
#include "rows/chips.def"
	{NULL, NULL, NULL, NULL}
};
