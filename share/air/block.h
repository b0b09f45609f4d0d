#ifndef AIR_BLOCK_H
#define AIR_BLOCK_H
/*
 * A chip's bytecode, made ready for whole blocks of rows: columns are read in
 * place (no loads), constants and public values are scalars that are worked out once
 * a block, and each instruction runs over all rows of the block.
 */
#include "air/air.h"

enum block_opcode {
	BLOCK_ADD, BLOCK_SUB, BLOCK_MUL, BLOCK_NEG,
	BLOCK_ADDS, BLOCK_RSUBS, BLOCK_MULS,	/* a + s, s - a, a * s */
	BLOCK_ASSERT, BLOCK_ASSERTS		/* a, s is the next constraint */
};
/* dst: a slot; a, b: operands, which are slots, then main columns, then
 * preprocessed ones; s (in b): a scalar. */
struct block_insn { uint32_t op, dst, a, b; };

/* A scalar that is not a constant: public value a, or of two scalars. */
struct block_scalar { uint32_t op, a, b; };	/* op: enum air_opcode */

struct air_block {
	unsigned nslots, ncols;
	size_t n;
	struct block_insn *insn;
	unsigned nconstants, nscalars;	/* scalars: constants first */
	kb *constant;
	struct block_scalar *scalar;
};

/* An operand, as a kernel reads it: rows of plane k at p + k * stride. */
struct block_operand { const kb *p; size_t stride; };

/* One instruction set's kernels: the first nslots operands may be written.  n is
 * rounded up to whole vectors; out: planes of AIR_BLOCK. */
struct block_kernels {
	const char *name;
	void (*fold_kb)(const struct air_block *b,
	    const struct block_operand *operand, const kb *scalar,
	    const ef *weight, size_t n, kb *out);
	void (*fold_ef)(const struct air_block *b,
	    const struct block_operand *operand, const kb *scalar,
	    const ef *weight, size_t n, kb *out);
};
extern const struct block_kernels block_kernels_c, block_kernels_avx2,
    block_kernels_avx512;

/* Those of isa_best(). */
const struct block_kernels *block_kernels(void);
/* For tests: NULL when the processor or the build lacks it. */
const struct block_kernels *block_kernels_by_name(const char *name);
/* For tests: air_fold_block_kb() with given kernels. */
void block_fold_kb(const struct block_kernels *k, const struct air_chip *c,
    const kb *const *main, const kb *const *prep, const kb *public_values,
    const ef *weight, size_t n, ef *out, void *scratch);
/* For tests: air_fold_block_ef() with given kernels. */
void block_fold_ef(const struct block_kernels *k, const struct air_chip *c,
    const kb *const *main, const kb *const *prep, size_t stride,
    const kb *public_values, const ef *weight, size_t n, ef *out,
    void *scratch);

/* Works out s[0 .. nscalars). */
void block_scalars(const struct air_block *b, const kb *public_values, kb *s);

/* From the lowered program, which has to outlive it; never freed. */
struct air_block *block_compile(const struct air_chip *c);

#endif
