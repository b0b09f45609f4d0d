#ifndef POLY_MERKLE_H
#define POLY_MERKLE_H
/*
 * Merkle trees over the rows of column-major matrices, and the tensor commitment
 * built on them: compress(root, hash([log2 leaves, width])) (sp1-proof(7),
 * Commitments).
 *
 * The lowest layers are made again from the leaves when a path is asked for, so that a
 * tree takes 4 bytes a leaf instead of 64: from columns, which have to stay as they
 * were while the tree is used, or from what the caller makes again.
 */
#include "base/err.h"
#include "poly/hasher.h"

#define MERKLE_KEPT 4		/* 16 leaves are made again for a path */

struct merkle {
	const struct hasher *hasher;
	unsigned log_height;	/* 2^log_height leaves */
	unsigned kept;		/* lowest layer in memory: MERKLE_KEPT, or the
				 * root; the leaves are layer 0 */
	unsigned part;		/* logarithm of what was added at a time */
	size_t width;		/* elements in a leaf */
	const kb **column;	/* a copy of the pointers; NULL: not from columns */
	any_digest *node;		/* layer `kept`, then each above it, root last */
};

/* Commits to `width` columns of 2^log_height elements.  -1 when there is no memory
 * for the nodes. */
CHECKED int merkle_commit(struct merkle *t, const struct hasher *h,
    const kb *const *column, size_t width, unsigned log_height);
/* The log_height siblings of leaf i, from the leaf's up. */
void merkle_path(const struct merkle *t, size_t i, any_digest *path);

/* A tree of leaves that come as digests: begin, add all of them, end. */

/* Makes room for a tree of 2^log_height leaves; width: elements of each, for the
 * commitment.  Free with merkle_free().  -1: no memory, nothing to free. */
CHECKED int merkle_begin(struct merkle *t, const struct hasher *h,
    size_t width, unsigned log_height);
/* Hashes n leaves up to their common node: a power of two, from number `first` on, a
 * multiple of n.  leaf[] is written over; layers from `kept` on stay. */
void merkle_add(struct merkle *t, any_digest *leaf, size_t first, size_t n);
/* Hashes the layers above what was added, up to the root. */
void merkle_end(struct merkle *t);
/* As merkle_path() for a tree that has no columns.  near: the digests of the 2^kept
 * leaves from i & -2^kept on, which are written over. */
void merkle_path_near(const struct merkle *t, size_t i, any_digest *near,
    any_digest *path);

size_t merkle_kept(unsigned log_height);	/* bytes */
/* The root, in the tree's memory. */
const any_digest *merkle_root(const struct merkle *t);
/* The tensor commitment of the tree, of 2^log_height leaves of width elements
 * (sp1-proof(7), Commitments). */
any_digest merkle_commitment(const struct merkle *t);
/* Frees nodes and the column pointers, not the columns and not *t. */
void merkle_free(struct merkle *t);

/* Root that a leaf's digest and path give at index i. */
any_digest merkle_fold(const struct hasher *h, any_digest leaf, size_t i,
    const any_digest *path, unsigned log_height);
/* compress(root, hash([log_height, width])), which binds the shape. */
any_digest merkle_tensor_commitment(const struct hasher *h,
    const any_digest *root, unsigned log_height, size_t width);

#endif
