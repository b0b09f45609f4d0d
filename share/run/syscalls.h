#ifndef RUN_SYSCALLS_H
#define RUN_SYSCALLS_H
/*
 * System calls by number, and what machine and prover know of each: run/syscalls.def.
 */
#include <stdbool.h>
#include <stdint.h>

#include "run/chips.h"

enum exec_call_id {
#define SYSCALL(number, name, ...) CALL_##name,
#define PRECOMPILE SYSCALL
#include "run/syscalls.def"
	CALL_COUNT
};

struct exec_call {
	uint32_t number;
	const char *name;
	uint8_t chip;		/* an enum core_chip; CHIP_None: no precompile */
	bool retained;		/* its event stays in the execution shard */
	uint8_t naccess;	/* of its record */
	uint8_t nwords;		/* that it touches, as stock says */
};
extern const struct exec_call exec_calls[CALL_COUNT];

/* NULL: no system call has this number. */
const struct exec_call *exec_call_of(uint32_t number);
/* NULL: no precompile has this number. */
const struct exec_call *precompile_of(uint32_t number);
/* The smallest number of the calls that go to the chip: which names its list of
 * deferred events with the stock.  UINT32_MAX: none goes there. */
uint32_t first_call_of(enum core_chip chip);
/* For the cut of precompile shards (sp1-proof(7), Shard cut): cells that an event of the
 * call costs, with what its words and its message cost in the system's chips. */
uint32_t precompile_cost(const struct exec_call *c);
/* For the same: the most rows that an event has in a chip, its own or Global. */
uint32_t precompile_height(const struct exec_call *c);

#endif
