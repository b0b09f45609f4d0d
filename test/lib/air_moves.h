#ifndef TEST_LIB_AIR_MOVES_H
#define TEST_LIB_AIR_MOVES_H
/*
 * How rows are altered, so that one constraint is broken and no other: each function
 * begins and ends with the trial's row as it was, and trial_look()s at rows on its way.
 */
#include "test/lib/air_subject.h"

/* x + k */
kb kb_add_int(kb x, int32_t k);

/* A cell altered in way i < VARIANTS.  2^16 * 32512 is -1, and 2^8 * 8323072: carries
 * that are no bits. */
kb move_variant(kb old, unsigned i);
#define VARIANTS 17

/* Where f[0] + f[1] t + f[2] t^2 + f[3] t^3 is 0: of degree 1 or 2, with roots; else
 * none. */
unsigned poly_roots(kb root[static 2], const kb f[static 4]);

/* Constraint k in one cell of the trial's row. */
void trial_in_cell(const struct trial *t, unsigned k, uint32_t cell, kb f[4]);

/* Each cell, by each variant. */
void move_one_cell(struct trial *t);

/* Pairs of those that constraint k reads. */
void move_two_cells(struct trial *t, unsigned k);

/* A cell, and one near, by a carry that is no bit. */
void move_carried(struct trial *t, const uint32_t *own, unsigned nown,
    const uint32_t *near, unsigned nnear);

/* Columns: a cell each; rows: derivatives that must vanish, then the combination of
 * cells that the column has become. */
struct matrix {
	unsigned n, m, height;		/* height = m + n */
	kb *cell;			/* column after column */
	uint32_t *index;		/* scratch: entries that are not 0 */
	int32_t *pivot;			/* of each column: its row, or -1 */
};

/* Zeros: of n columns, m rows for derivatives; matrix_free() in the end. */
void matrix_init(struct matrix *a, unsigned m, unsigned n);

/* What matrix_init() took. */
void matrix_free(struct matrix *a);

/* Column j: a->height elements. */
kb *matrix_column(const struct matrix *a, unsigned j);

/* Reduced column echelon form. */
void matrix_reduce(struct matrix *a);

/* The rows of a matrix: constraints that read some of its cells, and what messages
 * must keep of them. */
struct system {
	const struct trial *t;
	const uint32_t *cell;		/* its columns */
	unsigned ncells, nrows, nconstraints;
	uint32_t *column_of;		/* of each cell, + 1 */
	uint32_t *row_of;		/* of each constraint, + 1 */
	uint32_t *constraint;		/* of each row */
	uint32_t *message;		/* those that are kept */
	unsigned nmessages;
};

/* lookups, others: which messages stay. */
void system_init(struct system *y, const struct trial *t, const uint32_t *cell,
    unsigned n, bool lookups, bool others);

/* What system_init() took. */
void system_free(struct system *y);

/* The derivatives at the trial's row, into a matrix of system_init()'s rows. */
void system_derivatives(const struct system *y, struct matrix *a);

/* Along directions that, to first order, change one constraint and nothing else;
 * exact: all constraints are affine in the cells. */
void move_directions(struct trial *t, const uint32_t *cell, unsigned n, bool lookups,
    bool others, bool exact);

/* Exact directions, in cells chosen at random: those of some constraints first. */
void move_exactly(struct trial *t, bool lookups, bool others);

#endif
