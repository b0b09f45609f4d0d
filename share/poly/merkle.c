#include "poly/merkle.h"

#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "poly/simd.h"

#define KEPT 4		/* 16 leaves are made again for a path */
#define CHUNK 10	/* 2^CHUNK leaves, whose digests stay in the cache */

/* Where layer k begins, k >= kept. */
static digest *
layer(const struct merkle *t, unsigned k)
{
	return t->node + ((size_t)2 << (t->log_height - t->kept)) -
	    ((size_t)2 << (t->log_height - k));
}

struct build {
	const struct merkle *t;
	const struct simd_ops *ops;
	unsigned log;		/* of a piece's leaves */
};

/* The subtrees over pieces of 2^log leaves. */
static void
build_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct build *b = ctx;
	const struct merkle *t = b->t;
	digest d[1 << CHUNK];

	for (size_t i = begin; i < end; i++) {
		size_t n = (size_t)1 << b->log;

		b->ops->hash_leaves(d, t->column, t->width, i * n, n);
		for (unsigned k = 0;; k++) {
			if (k >= t->kept)
				memcpy(layer(t, k) + i * n, d, n * sizeof *d);
			if (k == b->log)
				break;
			n /= 2;
			b->ops->hash_layer(d, d, 0, n);
		}
	}
}

int
merkle_commit(struct merkle *t, const kb *const *column, size_t width,
    unsigned log_height)
{
	struct build b = {t, simd(), log_height < CHUNK ? log_height : CHUNK};

	t->log_height = log_height;
	t->kept = log_height < KEPT ? log_height : KEPT;
	t->width = width;
	t->column = malloc((width + !width) * sizeof *t->column);
	t->node = malloc(((size_t)2 << (log_height - t->kept)) *
	    sizeof *t->node);
	if (!t->node || !t->column) {
		merkle_free(t);
		return -1;
	}
	memcpy(t->column, column, width * sizeof *column);
	par_for((size_t)1 << (log_height - b.log), 1, build_piece, &b);
	for (unsigned k = b.log; k < log_height; k++)
		hash_layer(layer(t, k + 1), layer(t, k),
		    (size_t)1 << (log_height - k - 1));
	return 0;
}

const digest *
merkle_root(const struct merkle *t)
{
	return layer(t, t->log_height);
}

digest
merkle_commitment(const struct merkle *t)
{
	return merkle_tensor_commitment(merkle_root(t), t->log_height,
	    t->width);
}

void
merkle_path(const struct merkle *t, size_t i, digest *path)
{
	const struct simd_ops *ops = simd();
	size_t n = (size_t)1 << t->kept;
	digest d[1 << KEPT];

	ops->hash_leaves(d, t->column, t->width, i & ~(n - 1), n);
	for (unsigned k = 0; k < t->kept; k++) {
		path[k] = d[(i >> k ^ 1) & (n - 1)];
		n /= 2;
		ops->hash_layer(d, d, 0, n);
	}
	for (unsigned k = t->kept; k < t->log_height; k++)
		path[k] = layer(t, k)[i >> k ^ 1];
}

void
merkle_free(struct merkle *t)
{
	free(t->column);
	free(t->node);
	t->column = NULL;
	t->node = NULL;
}

digest
merkle_fold(digest leaf, size_t i, const digest *path, unsigned log_height)
{
	for (unsigned k = 0; k < log_height; k++)
		leaf = i >> k & 1 ? hash_compress(&path[k], &leaf) :
		    hash_compress(&leaf, &path[k]);
	return leaf;
}

digest
merkle_tensor_commitment(const digest *root, unsigned log_height, size_t width)
{
	kb shape[2] = {kb_from(log_height), kb_from64(width)};
	digest h = hash_kb(shape, 2);

	return hash_compress(root, &h);
}
