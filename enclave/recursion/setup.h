#ifndef RECURSION_SETUP_H
#define RECURSION_SETUP_H
/*
 * A program's keys: its preprocessed traces and their commitment (sp1-proof(7),
 * Commitments, 5.1).
 */
#include "recursion/programs.h"
#include "recursion/rows.h"
#include "stark/setup.h"

#define PROGRAM_MAX_CHIPS 9

/* As many rows of each of m's chips as the program needs, in multiples of 32. */
void program_rows(uint32_t rows[PROGRAM_MAX_CHIPS], const struct row_index *x,
    const struct air_machine *m);
/* program_setup() but for what is committed to: its vk is all zeros. */
CHECKED int program_traces(struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct air_machine *m,
    const struct stark_params *params, const uint32_t *rows, struct err *e);
/* The key of p, whose index is x, to be freed by setup_free().  rows: of every chip, more
 * than the program needs being padding; NULL: those of program_rows().  -1: EX_SOFTWARE,
 * it needs more; EX_OSERR, no memory. */
CHECKED int program_setup(struct proving_key *k, const struct program *p,
    const struct row_index *x, const struct air_machine *m,
    const struct stark_params *params, const uint32_t *rows, struct err *e);

#endif
