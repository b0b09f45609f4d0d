/*
 * Gas (sp1-machine(7), Gas): for each chunk of 2^27 trace entries,
 * floor((3 area + complexity) / 10); the sum times 10/191, rounded down.
 */
#include "vm/gas.h"

#include <string.h>

#define GAS_NUMERATOR 10
#define GAS_DENOMINATOR 191
#define REGISTERS 32

static uint64_t
charge(enum core_chip chip, uint64_t rows)
{
	return rows * (3ull * core_chips[chip].width +
	    core_chips[chip].constraints);
}

/* Of the chunk so far. */
static uint64_t
chunk_raw(const struct vm *m)
{
	uint64_t local = m->gas_local +
	    (uint64_t)__builtin_popcount(m->seen & ~m->first_by_ecall);
	uint64_t sum = 0, deferred = 0;

	for (int op = 0; op < RV_NOPCODES; op++)
		/* on x0 too an instruction is charged as its kind */
		sum += charge(chip_of_opcode[op][0], m->result.opcodes[op] -
		    m->opcodes_before[op]);
	for (int i = 0; i < CALL_COUNT; i++) {
		const struct exec_call *c = &exec_calls[i];
		uint64_t n = m->calls[i] - m->calls_before[i];

		if (c->chip == CHIP_None)
			continue;
		/* the control chips are not charged */
		sum += charge(c->chip, n * core_chips[c->chip].rows);
		if (!c->retained)
			deferred += n;
	}
	sum += charge(CHIP_MemoryLocal, local);
	sum += charge(CHIP_Global, 2 * local + deferred);
	sum += charge(CHIP_SyscallCore, deferred);
	sum += charge(CHIP_StateBump, m->state_bumps);
	sum += charge(CHIP_MemoryBump, REGISTERS * m->memory_bumps);
	return sum / 10;
}

void
gas_open(struct vm *m)
{
	m->gas_start = m->clk;
	m->gas_end = m->entries + m->config.gas_entries;
	m->gas_local = 0;
	m->state_bumps = m->memory_bumps = 0;
	m->seen = m->first_by_ecall = 0;
	memcpy(m->opcodes_before, m->result.opcodes, sizeof m->opcodes_before);
	memcpy(m->calls_before, m->calls, sizeof m->calls_before);
}

void
gas_close(struct vm *m)
{
	m->gas_raw += chunk_raw(m);
	gas_open(m);
}

uint64_t
gas_total(const struct vm *m)
{
	unsigned __int128 raw = m->gas_raw + chunk_raw(m);

	return (uint64_t)(raw * GAS_NUMERATOR / GAS_DENOMINATOR);
}
