#ifndef POLY_COMMIT_H
#define POLY_COMMIT_H
/*
 * The stacked commitment: a dense vector cut into columns of 2^log_stack, each
 * extended by 2^log_blowup (poly/ntt.h), one Merkle tree over the rows of all
 * codewords (prover.md 1.5).
 */
#include "poly/merkle.h"

struct stacked_commitment {
	unsigned log_stack, log_blowup;
	size_t ncols;
	kb *codeword;		/* ncols codewords of 2^(log_stack + log_blowup) */
	struct merkle tree;
	digest commitment;	/* of the tensor: before row and column counts */
};

/* dense: ncols * 2^log_stack elements.  -1: no memory. */
int stacked_commit(struct stacked_commitment *c, const kb *dense, size_t ncols,
    unsigned log_stack, unsigned log_blowup);
void stacked_commitment_free(struct stacked_commitment *c);

/* The jagged commitment: compress(tensor commitment, hash([n, rows.., cols..])), the two
 * padding tables appended here: added = cells of padding, max_log_row the
 * machine's (prover.md 1.5).  counts receives the n + 2 pairs (NULL: not wanted). */
struct jagged_count { uint64_t rows, cols; };
digest jagged_commitment(const digest *tensor, const size_t *rows,
    const size_t *cols, size_t n, unsigned log_stack, unsigned max_log_row,
    struct jagged_count *counts);

#endif
