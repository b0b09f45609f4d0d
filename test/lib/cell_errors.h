#ifndef TEST_LIB_CELL_ERRORS_H
#define TEST_LIB_CELL_ERRORS_H
/*
 * Errors of one cell in a sound trace: each is found, and told where it is, or is in a
 * cell that nothing reads in its row (or reads but to ask that it be 0 or 1, which both
 * say the same).
 *
 * Most are looked at alone, by the functions that trace_debug() calls: the constraints of
 * the altered row; and, since all messages of a sound trace cancel, so that what is left is
 * that row's, its new messages against its old ones.
 */
#include "prover/prover.h"

#define CELL_MAX_WIDTH 4096
#define CELL_MAX_CHIPS 128

/* A row, sound, and one of its main cells. */
struct cell_place {
	const struct air_chip *chip;
	unsigned number;		/* of the chip in the cluster */
	size_t rows, real, row;		/* real: those that are no padding */
	unsigned cell;
	kb main[CELL_MAX_WIDTH], prep[CELL_MAX_WIDTH];
};

/* A trace of the CPU's backend. */
struct cell_trace {
	const struct shard_trace *trace;
	const struct proving_key *key;
	const struct air_origin *origin;	/* NULL: rows are told alone */
	const void *ctx;
	size_t (*real_rows)(const void *ctx, const struct air_chip *c);
	/* Whether there is a reason that nothing reads the cell; NULL: no matter. */
	bool (*may_be_free)(const void *ctx, const struct cell_place *p);
};

struct cell_tally { unsigned constraint, balance, unread, idle, wrong, whole; };

/* Errors made so far, by chip. */
extern uint64_t cell_errors[CELL_MAX_CHIPS];

/* Makes one more, in a chip that had the fewest, and counts how it is found.  whole: it is
 * told to trace_debug() too. */
void cell_error(const struct cell_trace *t, struct cell_tally *n, bool whole);

#endif
