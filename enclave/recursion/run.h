#ifndef RECURSION_RUN_H
#define RECURSION_RUN_H
/*
 * Runs a program: its memory, from a witness.  A check that does not hold is a division
 * by zero, and ends the run.
 */
#include "base/err.h"
#include "proof/proof.h"
#include "recursion/program.h"

/* What hints read, in order: felts as (x, 0, 0, 0). */
struct witness {
	size_t n, cap;
	ef *v;
};

struct run_memory {
	ef *v;				/* of each address */
	kb public_values[STARK_PUBLIC_VALUES];
};

/* -1: EX_NO, a check of the program does not hold, with the instruction's number and where
 * it is stated; EX_DATAERR, the witness is too short or too long; EX_OSERR, no memory. */
CHECKED int program_run(struct run_memory *m, const struct program *p,
    const struct witness *w, struct err *e);
/* Frees the values, not *m; also one that is freed already. */
void run_memory_free(struct run_memory *m);

#endif
