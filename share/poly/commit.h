#ifndef POLY_COMMIT_H
#define POLY_COMMIT_H
/*
 * The stacked commitment: a dense vector cut into columns of 2^log_stack, each
 * extended by 2^log_blowup (poly/ntt.h), one Merkle tree over the rows of all
 * codewords (sp1-proof(7), Commitments).
 *
 * No codeword is kept, nor ever there whole: a few columns of one of its 2^log_blowup
 * blocks are made at a time, and absorbed by the leaves.  What is opened is made again, by
 * the part of the transform that leads there: two fifths of the work of encoding, for
 * 124 rows.
 */
#include "base/err.h"
#include "poly/merkle.h"

struct stacked_commitment {
	unsigned log_stack, log_blowup;
	size_t ncols;
	const kb *dense;	/* the caller's; to be left as it is */
	struct merkle tree;
	any_digest commitment;	/* of the tensor: before row and column counts */
};

/* Elements of the work space that stacked_commit() writes over. */
size_t stacked_work(size_t ncols, unsigned log_stack);
/* Elements of the work space that stacked_open() writes over. */
size_t stacked_open_work(size_t ncols, unsigned log_stack);
/* Bytes of what a commitment keeps. */
size_t stacked_kept(unsigned log_stack, unsigned log_blowup);

/* dense: ncols * 2^log_stack elements, ncols > 0.  -1: no memory. */
CHECKED int stacked_commit(struct stacked_commitment *c,
    const struct hasher *h, kb *work, const kb *dense, size_t ncols,
    unsigned log_stack, unsigned log_blowup);
/* Rows index[0 .. n) of the codewords, ncols elements each, and their paths, of
 * log_stack + log_blowup digests each.  -1: no memory. */
CHECKED int stacked_open(const struct stacked_commitment *c, kb *work,
    const size_t *index, size_t n, kb *values, any_digest *paths);
/* Frees the tree; dense and *c are the caller's. */
void stacked_commitment_free(struct stacked_commitment *c);
/* The jagged commitment: compress(tensor commitment, hash([n, rows.., cols..])), the two
 * padding tables appended here: added = cells of padding, max_log_row the
 * machine's (sp1-proof(7), Commitments).  counts receives the n + 2 pairs (NULL: not
 * wanted). */
struct jagged_count { uint64_t rows, cols; };
/* The n tables have rows[i] x cols[i] cells. */
any_digest jagged_commitment(const struct hasher *h, const any_digest *tensor,
    const size_t *rows, const size_t *cols, size_t n, unsigned log_stack,
    unsigned max_log_row, struct jagged_count *counts);

#endif
