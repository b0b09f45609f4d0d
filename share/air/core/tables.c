#include "air/core/chips.h"

void
chip_Program(struct air *a, const void *main, const void *prep)
{
	const struct program_cols_x *m = main;
	const struct program_prep_x *p = prep;

	air_receive(a, AIR_PROGRAM, m->multiplicity, (const expr *)p,
	    COLS_WIDTH(program_prep));
}

void
chip_Byte(struct air *a, const void *main, const void *prep)
{
	const struct byte_cols_x *m = main;
	const struct byte_prep_x *p = prep;
	expr zero = x_k(a, 0);
	const expr result[] = {p->and, p->or, p->xor, zero, p->ltu, p->msb};

	for (unsigned op = AIR_OP_AND; op <= AIR_OP_MSB; op++)
		air_receive(a, AIR_BYTE, m->multiplicity[op], (expr[]){
			x_k(a, op), result[op], p->b,
			op == AIR_OP_MSB ? zero : p->c
		}, 4);
}

void
chip_Range(struct air *a, const void *main, const void *prep)
{
	const struct range_cols_x *m = main;
	const struct range_prep_x *p = prep;

	air_receive(a, AIR_BYTE, m->multiplicity,
	    (expr[]){x_k(a, AIR_OP_RANGE), p->a, p->bits, x_k(a, 0)}, 4);
}
