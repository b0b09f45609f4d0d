#ifndef RUN_CHIPS_H
#define RUN_CHIPS_H
/*
 * The core machine's chips by number, and what they cost: run/chips.def.
 */
#include <stdint.h>

enum core_chip {
#define CHIP(name, ...) CHIP_##name,
#include "run/chips.def"
	CHIP_COUNT,
	CHIP_None = CHIP_COUNT
};

/* Those of instructions are 0 .. CHIP_INSTR_COUNT - 1. */
enum {
	CHIP_INSTR_COUNT = 0
#define CHIP_INSTR(...) + 1
#include "run/chips.def"
};

struct chip_info {
	const char *name;
	uint16_t width, constraints;	/* area and gas of a row */
	uint8_t rows;			/* of each call; 0: not of calls */
};
/* CHIP_None costs nothing. */
extern const struct chip_info core_chips[CHIP_COUNT + 1];
/* The width of a chip's control, whose rows are no part of a chip's own; else 0. */
extern const uint16_t chip_control_width[CHIP_COUNT + 1];

/* chip_of_opcode[op][rd is x0]: whose row an instruction is (op: an enum rv_opcode);
 * CHIP_None: it cannot be executed. */
extern const uint8_t chip_of_opcode[][2];

#endif
