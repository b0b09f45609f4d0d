#ifndef RECURSION_PROGRAM_H
#define RECURSION_PROGRAM_H
/*
 * A recursion program: straight-line code over a memory in which each address is
 * written once (sp1-proof(7), Recursion machines).  A program is its machine's
 * preprocessed traces, so its key depends on every instruction, operand and address
 * (sp1-proof(7), Recursion programs).
 *
 * Addresses are given in the order of first writes; a constant gets its address
 * where it is first read.  How often an address is read is known at the end.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/ef.h"

/* Operands, in order.  Each is an address, but where it says value. */
enum opcode {
	OP_ADD_F, OP_SUB_F, OP_MUL_F, OP_DIV_F,	/* out, in1, in2 */
	OP_ADD_E, OP_SUB_E, OP_MUL_E, OP_DIV_E,
	OP_WRITE,		/* out, four values in Montgomery form */
	OP_POSEIDON2,		/* 16 out, 16 in */
	OP_LINEAR_EXTERNAL,	/* 4 out, 4 in */
	OP_LINEAR_INTERNAL,
	OP_SBOX_EXTERNAL,	/* out, in */
	OP_SBOX_INTERNAL,
	OP_SPLIT,		/* 4 out, in: an extension element's coefficients */
	OP_JOIN,		/* out, 4 in */
	OP_SELECT,		/* out1, out2, bit, in1, in2: in2, in1 if bit is 1 */
	OP_PREFIX_SUMS,		/* n accs, n field accs, zero, one, n x1, n x2 */
	OP_HINT,		/* out: the next block of the witness */
	OP_HINT_BITS,		/* n out, in */
	OP_HINT_FELTS,		/* 4 out, in: as OP_SPLIT, not constrained */
	OP_HINT_CURVE,		/* 14 out, 28 in: x and y of each point */
	OP_COMMIT		/* all public values */
};

struct instr {
	enum opcode op : 8;
	unsigned n : 24;	/* operands */
	uint32_t first;		/* in program->operand */
};

/* A constant of the pool: a felt and an extension element of the same value are
 * two. */
struct constant {
	bool ext;
	ef value;
	uint32_t addr;
};

/* An instruction that fails where what the source asserts at a line does not hold; it
 * writes what nothing reads. */
struct assertion {
	uint32_t instr;		/* from 0, without the constants' writes */
	const char *at;		/* "FILE:LINE" */
};

struct program {
	size_t ninstrs, instrs_cap;
	struct instr *instr;
	size_t noperands, operands_cap;
	uint32_t *operand;
	size_t nconstants, constants_cap;
	struct constant *constant;	/* in the order of their addresses */
	size_t nslots;			/* of the pool's hash table */
	uint32_t *slot;			/* constant + 1; 0: empty */
	uint32_t naddrs, addrs_cap;
	uint32_t *reads;		/* of each address */
	size_t nassertions, assertions_cap;
	struct assertion *assertion;	/* by instruction */
};

/* An empty program, to be freed by program_free(). */
void program_init(struct program *p);
/* Frees the arrays, not *p, and clears it. */
void program_free(struct program *p);

/* A fresh address, not read yet. */
uint32_t program_addr(struct program *p);
/* Counts a read, and returns the address. */
uint32_t program_read(struct program *p, uint32_t addr);
/* The same of a constant, which gets an address if it has none. */
uint32_t program_constant(struct program *p, bool ext, ef value);
/* Appends an instruction. */
void program_emit(struct program *p, enum opcode op, const uint32_t *operand,
    unsigned n);
/* The last one is an assertion, stated at `at`, which must stay. */
void program_assertion(struct program *p, const char *at);
/* Where what instruction i asserts is stated; NULL: it asserts nothing. */
const char *program_asserted_at(const struct program *p, size_t i);

/* Operands that an instruction writes, which come first. */
unsigned instr_outputs(const struct instr *i);
/* Instructions as the stock counts them: the constants' writes are the first. */
size_t program_length(const struct program *p);

#endif
