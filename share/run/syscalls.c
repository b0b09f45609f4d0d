#include "run/syscalls.h"

#include <stddef.h>

enum { RETAINED_deferred, RETAINED_retained };

const struct exec_call exec_calls[CALL_COUNT] = {
#define SYSCALL(number, name, handler) \
	{ number, #name, CHIP_None, false, 0, 0 },
#define PRECOMPILE(number, name, handler, chip, where, accesses, words) \
	{ number, #name, CHIP_##chip, RETAINED_##where, accesses, words },
#include "run/syscalls.def"
};

const struct exec_call *
exec_call_of(uint32_t number)
{
	switch (number) {
#define SYSCALL(number, name, ...) \
	case number: return &exec_calls[CALL_##name];
#define PRECOMPILE SYSCALL
#include "run/syscalls.def"
	}
	return NULL;
}

const struct exec_call *
precompile_of(uint32_t number)
{
	const struct exec_call *c = exec_call_of(number);

	return c && c->chip != CHIP_None ? c : NULL;
}

uint32_t
first_call_of(enum core_chip chip)
{
	uint32_t least = UINT32_MAX;

	for (unsigned i = 0; i < CALL_COUNT; i++)
		if (exec_calls[i].chip == chip && exec_calls[i].number < least)
			least = exec_calls[i].number;
	return least;
}

uint32_t
precompile_cost(const struct exec_call *c)
{
	const struct chip_info *chip = &core_chips[c->chip];
	unsigned global = core_chips[CHIP_Global].width;
	unsigned word = core_chips[CHIP_MemoryLocal].width + 2 * global;

	return chip->rows * chip->width + chip_control_width[c->chip] +
	    core_chips[CHIP_SyscallPrecompile].width + global +
	    c->nwords * word;
}

uint32_t
precompile_height(const struct exec_call *c)
{
	unsigned rows = core_chips[c->chip].rows;
	unsigned global = 2 * c->nwords + 1;

	return rows > global ? rows : global;
}
