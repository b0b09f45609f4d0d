#ifndef RECURSION_TRACE_H
#define RECURSION_TRACE_H
/* A run's main traces: what program_key has of preprocessed columns. */
#include "recursion/run.h"
#include "recursion/setup.h"

struct program_trace {
	kb *main;		/* dense, as program_key's prep */
	size_t main_area;	/* without the padding */
};

/* Rows are the key's.  -1: EX_OSERR, no memory. */
CHECKED int program_trace(struct program_trace *t, const struct program_key *k,
    const struct program *p, const struct run_memory *mem,
    const struct air_machine *m, const struct stark_params *params,
    struct err *e);
/* Frees the columns, not *t. */
void program_trace_free(struct program_trace *t);

#endif
