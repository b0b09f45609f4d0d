#ifndef VM_INTERP_H
#define VM_INTERP_H
/* The interpreter. */
#include "vm/machine.h"

/* An instruction made ready: c = x[c] + imm; writes go to x[dest] (x0: nowhere). */
struct op {
	uint8_t op, a, b, c, dest, chip;
	bool crosses;		/* not a jump, and pc + 4 is in the next 64 KiB */
	bool memory;		/* load or store */
	uint32_t mask;		/* registers that it accesses */
	bool has_b, has_c;	/* operands that are registers */
	uint16_t width;		/* of a row of its chip */
	uint64_t imm, pc;
};

/* Makes m->ops of the program; -1: no memory, and nothing is told. */
CHECKED int interp_prepare(struct vm *m);
/* Runs to the end, whatever it is; the image must be loaded.  Cycles, opcodes and the
 * failing pc are in m->result then. */
void interp_run(struct vm *m);

#endif
