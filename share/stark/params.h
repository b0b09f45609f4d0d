#ifndef STARK_PARAMS_H
#define STARK_PARAMS_H
/*
 * What prover and verifier of a machine agree on beforehand (sp1-proof(7),
 * Parameters).
 */
#include "base/version.h"
#include "poly/hasher.h"

/* The circuit's, as containers carry it. */
#define STARK_VERSION SP1_CIRCUIT_VERSION

#define STARK_GKR_POW_BITS 12
#define STARK_BATCH_POW_BITS 5
#define STARK_MAX_DEGREE 3	/* of a constraint; zerocheck adds eq's */

struct stark_params {
	const struct hasher *hasher;
	unsigned log_stack;		/* stacked columns of 2^log_stack */
	unsigned max_log_row;		/* at most 2^max_log_row rows a chip */
	unsigned log_blowup;
	unsigned nqueries;
	unsigned pow_bits;		/* before the queries are sampled */
	unsigned public_values;		/* used; the rest must be zero */
};

static const struct stark_params stark_core = {
	.hasher = &hasher_kb,
	.log_stack = 21, .max_log_row = 22, .log_blowup = 2, .nqueries = 124,
	.pow_bits = 16, .public_values = 160
};
/* Recursion: a compressed proof, and the two that become a SNARK. */
static const struct stark_params stark_compress = {
	.hasher = &hasher_kb,
	.log_stack = 20, .max_log_row = 21, .log_blowup = 2, .nqueries = 124,
	.pow_bits = 16, .public_values = 187
};
static const struct stark_params stark_shrink = {
	.hasher = &hasher_kb,
	.log_stack = 18, .max_log_row = 19, .log_blowup = 3, .nqueries = 94,
	.pow_bits = 22, .public_values = 187
};
static const struct stark_params stark_wrap = {
	.hasher = &hasher_bn254,
	.log_stack = 21, .max_log_row = 21, .log_blowup = 3, .nqueries = 94,
	.pow_bits = 22, .public_values = 187
};

#endif
