#ifndef RECURSION_SETUP_H
#define RECURSION_SETUP_H
/*
 * A program's keys: its preprocessed traces and their commitment (sp1-proof(7),
 * Commitments, 5.1).
 */
#include "base/err.h"
#include "poly/commit.h"
#include "recursion/programs.h"

#define PROGRAM_MAX_CHIPS 9

struct program_key {
	struct vk vk;
	unsigned nchips;
	size_t rows[PROGRAM_MAX_CHIPS];	/* of each chip, in name order */
	kb *prep;		/* dense: chip after chip, column after column,
				 * zero-padded to a multiple of 2^log_stack */
	size_t prep_area;	/* without the padding */
	struct stacked_commitment commitment;
};

/* As many rows of each chip as it needs, in multiples of 32. */
void program_rows(uint32_t rows[PROGRAM_MAX_CHIPS], const struct program *p,
    const struct air_machine *m);
/* program_setup() but for what is committed to: its key is all zeros. */
CHECKED int program_traces(struct program_key *k, const struct program *p,
    const struct air_machine *m, const struct stark_params *params,
    const uint32_t *rows, struct err *e);
/* rows: of every chip, more than the program needs being padding; NULL: those of
 * program_rows().  -1: EX_SOFTWARE, it needs more; EX_OSERR, no memory. */
CHECKED int program_setup(struct program_key *k, const struct program *p,
    const struct air_machine *m, const struct stark_params *params,
    const uint32_t *rows, struct err *e);
/* Frees traces and commitment, not *k. */
void program_key_free(struct program_key *k);

#endif
