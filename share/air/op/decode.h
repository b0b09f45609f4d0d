#ifndef AIR_OP_DECODE_H
#define AIR_OP_DECODE_H
/*
 * Fields of the instructions that a chip has flags for, as sums flag * field.
 *
 * Chips of programs that may change themselves compare them with the instruction in
 * memory.  Ours send the opcode alone; but the stock's chips compute the rest too, and
 * so do its recursion programs, whose keys depend on it.
 */
#include <stdint.h>

#include "air/expr.h"

enum decode_field {
	DECODE_OPCODE, DECODE_FUNCT3, DECODE_FUNCT7, DECODE_BASE, DECODE_TYPE
};

struct decode {
	const expr *flag;
	const uint8_t *opcode;	/* of each flag; enum air_opcode_number */
	unsigned n;
};

/* The sum of flag * field over all flags; at least one, and known opcodes. */
expr decode_sum(const struct decode *d, enum decode_field f);
/* The same, less imm_c times what an immediate operand makes of the first's. */
expr decode_sum_imm(const struct decode *d, enum decode_field f, expr imm_c);
/* FUNCT3 and on, all unused. */
void decode_rest(const struct decode *d);
/* The same, BASE and TYPE by decode_sum_imm(). */
void decode_rest_imm(const struct decode *d, expr imm_c);

#endif
