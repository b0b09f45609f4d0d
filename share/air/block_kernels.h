#ifndef AIR_BLOCK_KERNELS_H
#define AIR_BLOCK_KERNELS_H
/*
 * The instructions of a chip's bytecode (air/block.h), but its assertions, over the
 * vectors of field/vec.h; for CPU's blocks of rows and for a thread of CUDA.
 */
#include "air/block.h"
#include "field/vec.h"

/* Whether b is an operand; else it is a scalar, or nothing. */
KERNEL int
block_binary(enum block_opcode op)
{
	return op <= BLOCK_MUL;
}

/* b: operand or scalar. */
KERNEL vec
block_kb(enum block_opcode op, vec a, vec b)
{
	switch (op) {
	case BLOCK_ADD: case BLOCK_ADDS:
		return v_add(a, b);
	case BLOCK_SUB:
		return v_sub(a, b);
	case BLOCK_MUL: case BLOCK_MULS:
		return v_mul(a, b);
	case BLOCK_NEG:
		return v_sub(v_set(KB_ZERO), a);
	case BLOCK_RSUBS:
		return v_sub(b, a);
	default:
		return a;
	}
}

/* b: operand; s: scalar. */
KERNEL vece
block_ef(enum block_opcode op, vece a, const vece *b, vec s)
{
	const vec zero = v_set(KB_ZERO);

	switch (op) {
	case BLOCK_ADD:
		return ve_add(a, *b);
	case BLOCK_SUB:
		return ve_sub(a, *b);
	case BLOCK_MUL:
		return ve_mul(a, *b);
	case BLOCK_NEG:
		s = zero;
		/* fall through */
	case BLOCK_RSUBS:
		a.c[0] = v_sub(s, a.c[0]);
		for (int k = 1; k < 4; k++)
			a.c[k] = v_sub(zero, a.c[k]);
		return a;
	case BLOCK_ADDS:
		a.c[0] = v_add(a.c[0], s);
		return a;
	case BLOCK_MULS:
		return ve_mul_v(a, s);
	default:
		return a;
	}
}

#endif
