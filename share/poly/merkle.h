#ifndef POLY_MERKLE_H
#define POLY_MERKLE_H
/*
 * Merkle trees over the rows of column-major matrices, and the tensor commitment
 * built on them: compress(root, hash([log2 leaves, width])) (prover.md 1.5).
 *
 * The lowest layers are made again from the columns when a path is asked for: the
 * columns have to stay as they were while the tree is used, and a tree takes
 * 4 bytes a leaf instead of 64.
 */
#include "poly/hash.h"

struct merkle {
	unsigned log_height;	/* 2^log_height leaves */
	unsigned kept;		/* lowest layer in memory; the leaves are layer 0 */
	size_t width;		/* elements in a leaf */
	const kb **column;	/* a copy of the pointers */
	digest *node;		/* layer `kept`, then each above it, root last */
};

/* Commits to `width` columns of 2^log_height elements.  -1 when there is no memory
 * for the nodes. */
int merkle_commit(struct merkle *t, const kb *const *column, size_t width,
    unsigned log_height);
const digest *merkle_root(const struct merkle *t);
digest merkle_commitment(const struct merkle *t);
/* The log_height siblings of leaf i, from the leaf's up. */
void merkle_path(const struct merkle *t, size_t i, digest *path);
void merkle_free(struct merkle *t);

/* Root that a leaf's digest and path give at index i. */
digest merkle_fold(digest leaf, size_t i, const digest *path,
    unsigned log_height);
digest merkle_tensor_commitment(const digest *root, unsigned log_height,
    size_t width);

#endif
