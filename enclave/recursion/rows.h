#ifndef RECURSION_ROWS_H
#define RECURSION_ROWS_H
/*
 * Which instruction each row of a chip is of: a program's, by chip, in the program's
 * order.  Main and preprocessed columns are both made from that, row by row.
 */
#include "base/err.h"
#include "prover/trace.h"
#include "recursion/program.h"

enum row_kind {
	ROW_BASE, ROW_EXT, ROW_CONVERT, ROW_CONSTANT, ROW_VAR, ROW_LINEAR, ROW_SBOX,
	ROW_POSEIDON2, ROW_PREFIX, ROW_PUBLIC, ROW_SELECT, ROW_KINDS
};

/*
 * n numbers: of ROW_VAR and ROW_PUBLIC addresses; of ROW_CONSTANT places in the program,
 * the pool's constants being the first; of ROW_PREFIX pairs, instruction and step; of
 * others instructions.
 */
struct row_list { size_t n; uint32_t *at; };
struct row_index { struct row_list list[ROW_KINDS]; };

/* The kind of a recursion machine's chip. */
enum row_kind row_kind_of(const struct air_chip *c);
/* Accesses in a row of MemoryVar: 1 or 2. */
unsigned row_accesses(const struct air_chip *c);

/* The index of p, to be freed by row_index_free().  -1: EX_OSERR. */
CHECKED int row_index_make(struct row_index *x, const struct program *p,
    struct err *e);
/* Frees the lists, not *x. */
void row_index_free(struct row_index *x);
/* Rows that the program has of a chip; the others are padding. */
size_t row_index_filled(const struct row_index *x, const struct air_chip *c);
/* Rows that a chip needs to have. */
size_t row_index_rows(const struct row_index *x, const struct air_chip *c);

/* What rows are made of. */
struct row_events {
	const struct program *p;
	const struct row_index *x;
	const ef *v;		/* of each address; NULL: preprocessed rows alone */
};

/* Operands of the instruction that row i is of; for kinds that have one. */
static inline const uint32_t *
row_operands(const struct row_events *t, enum row_kind k, size_t i)
{
	return t->p->operand + t->p->instr[t->x->list[k].at[i]].first;
}

/* Which instruction each row is of, for reports: its number as program_run() gives it,
 * the constants' writes being the first, its name and the addresses that the row tells
 * of.  *t must stay. */
struct air_origin row_origin(const struct row_events *t);

struct row_prefix { uint32_t x1, x2, acc, new_acc, felt_acc, felt_new_acc; };
/* The addresses of row i of PrefixSumChecks: a step goes on from the one before. */
struct row_prefix row_prefix_of(const struct row_events *t, size_t i);

#endif
