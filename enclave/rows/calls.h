#ifndef ROWS_CALLS_H
#define ROWS_CALLS_H
/*
 * Precompiles: what the prover knows of each system call, and which events a
 * chip's rows are made of.
 */
#include "base/err.h"
#include "rows/trace.h"

/* The machine's chips, by number. */
enum call_chip {
#define VM_CHIP(name, ...) CALL_CHIP_##name,
#include "run/chips.def"
#undef VM_CHIP
	CALL_CHIP_COUNT
};

struct call {
	uint32_t code;
	const char *name;
	uint8_t chip;		/* an enum call_chip */
	bool retained;		/* its event stays in the execution shard */
	uint8_t naccess;	/* of its record */
	/* For the cut of precompile shards: cells that an event costs, the most
	 * rows it has in a chip. */
	uint32_t cost, height;
};
/* NULL: no precompile has this number. */
const struct call *call_of(uint32_t code);
const char *call_chip_name(enum call_chip chip);
/* The smallest number of the calls that go to the chip: which names its list of
 * deferred events with the stock. */
uint32_t call_first_code(enum call_chip chip);

/* The events of chip c whose rows this shard has: event[first[c]] up to
 * event[first[c + 1]].  shard_prepare() makes the lists; -1: no memory.  Each
 * event's code must be one that call_of() knows. */
struct call_lists {
	const struct precompile_event **event;
	size_t first[CALL_CHIP_COUNT + 1];
};
CHECKED int prepare_calls(struct shard_events *s, struct err *e);

/* Row `step` of an event's, from 0. */
typedef void trace_call_fn(kb *row, const struct precompile_event *e,
    unsigned step);
typedef void trace_pad_fn(const struct shard_events *s, size_t i, kb *row);

#define CALL_PAD_zeros(chip)
#define CALL_PAD_padded(chip) DEVICE trace_pad_fn pad_##chip;
#define TRACE_CALLS(chip, cols, padding, ...) \
	DEVICE trace_call_fn trace_##chip; CALL_PAD_##padding(chip)
#include "rows/chips.def"

#endif
