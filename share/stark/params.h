#ifndef STARK_PARAMS_H
#define STARK_PARAMS_H
/*
 * What prover and verifier of a machine agree on beforehand (prover.md 1.4).
 */
/* The circuit's, as containers carry it. */
#define STARK_VERSION "v6.1.0"

#define STARK_GKR_POW_BITS 12
#define STARK_BATCH_POW_BITS 5
#define STARK_MAX_DEGREE 3	/* of a constraint; zerocheck adds eq's */

struct stark_params {
	unsigned log_stack;		/* stacked columns of 2^log_stack */
	unsigned max_log_row;		/* at most 2^max_log_row rows a chip */
	unsigned log_blowup;
	unsigned nqueries;
	unsigned pow_bits;		/* before the queries are sampled */
	unsigned public_values;		/* used; the rest must be zero */
};

static const struct stark_params stark_core = {
	.log_stack = 21, .max_log_row = 22, .log_blowup = 2, .nqueries = 124,
	.pow_bits = 16, .public_values = 160
};

#endif
