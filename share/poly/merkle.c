#include "poly/merkle.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/par.h"

#define CHUNK 10	/* 2^CHUNK leaves, whose digests stay in the cache */

/* Where layer k begins, k >= kept. */
static any_digest *
layer(const struct merkle *t, unsigned k)
{
	return t->node + ((size_t)2 << (t->log_height - t->kept)) -
	    ((size_t)2 << (t->log_height - k));
}

struct build {
	const struct merkle *t;
	unsigned log;		/* of a piece's leaves */
	any_digest *leaf;		/* NULL: of t's columns */
	size_t first;
};

/* The subtrees over pieces of 2^log leaves. */
static void
build_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct build *b = ctx;
	const struct merkle *t = b->t;
	any_digest made[1 << CHUNK];

	for (size_t i = begin; i < end; i++) {
		size_t n = (size_t)1 << b->log, at = b->first + i * n;
		any_digest *d = b->leaf ? b->leaf + i * n : made;

		if (!b->leaf)
			t->hasher->absorb(d, NULL, t->column, t->width, at, n,
			    true);
		for (unsigned k = 0;; k++) {
			if (k >= t->kept)
				memcpy(layer(t, k) + (at >> k), d,
				    n * sizeof *d);
			if (k == b->log)
				break;
			n /= 2;
			t->hasher->layer(d, d, n);
		}
	}
}

/* The subtree over 2^log leaves: layers in memory, and its root's. */
static void
build(struct build *b, unsigned log)
{
	const struct merkle *t = b->t;

	b->log = log < CHUNK ? log : CHUNK;
	must(log >= t->kept);
	par_for((size_t)1 << (log - b->log), 1, build_piece, b);
	for (unsigned k = b->log; k < log; k++)
		hasher_layer(t->hasher, layer(t, k + 1) + (b->first >> (k + 1)),
		    layer(t, k) + (b->first >> k), (size_t)1 << (log - k - 1));
}

size_t
merkle_kept(unsigned log_height)
{
	unsigned kept = log_height < MERKLE_KEPT ? log_height : MERKLE_KEPT;

	return ((size_t)2 << (log_height - kept)) * sizeof(any_digest);
}

int
merkle_begin(struct merkle *t, const struct hasher *h, size_t width,
    unsigned log_height)
{
	t->hasher = h;
	t->log_height = t->part = log_height;
	t->kept = log_height < MERKLE_KEPT ? log_height : MERKLE_KEPT;
	t->width = width;
	t->column = NULL;
	t->node = malloc(merkle_kept(log_height));
	return t->node ? 0 : -1;
}

void
merkle_add(struct merkle *t, any_digest *leaf, size_t first, size_t n)
{
	struct build b = {.t = t, .leaf = leaf, .first = first};

	t->part = (unsigned)__builtin_ctzll(n);
	build(&b, t->part);
}

void
merkle_end(struct merkle *t)
{
	for (unsigned k = t->part; k < t->log_height; k++)
		hasher_layer(t->hasher, layer(t, k + 1), layer(t, k),
		    (size_t)1 << (t->log_height - k - 1));
}

int
merkle_commit(struct merkle *t, const struct hasher *h, const kb *const *column,
    size_t width, unsigned log_height)
{
	struct build b = {.t = t};

	if (merkle_begin(t, h, width, log_height) < 0)
		return -1;
	t->column = malloc((width + !width) * sizeof *t->column);
	if (!t->column) {
		merkle_free(t);
		return -1;
	}
	memcpy(t->column, column, width * sizeof *column);
	build(&b, log_height);
	return 0;
}

const any_digest *
merkle_root(const struct merkle *t)
{
	return layer(t, t->log_height);
}

any_digest
merkle_commitment(const struct merkle *t)
{
	return merkle_tensor_commitment(t->hasher, merkle_root(t),
	    t->log_height, t->width);
}

void
merkle_path_near(const struct merkle *t, size_t i, any_digest *near,
    any_digest *path)
{
	size_t n = (size_t)1 << t->kept;

	for (unsigned k = 0; k < t->kept; k++) {
		path[k] = near[(i >> k ^ 1) & (n - 1)];
		n /= 2;
		t->hasher->layer(near, near, n);
	}
	for (unsigned k = t->kept; k < t->log_height; k++)
		path[k] = layer(t, k)[i >> k ^ 1];
}

void
merkle_path(const struct merkle *t, size_t i, any_digest *path)
{
	size_t n = (size_t)1 << t->kept;
	any_digest near[1 << MERKLE_KEPT];

	t->hasher->absorb(near, NULL, t->column, t->width, i & ~(n - 1), n,
	    true);
	merkle_path_near(t, i, near, path);
}

void
merkle_free(struct merkle *t)
{
	free(t->column);
	free(t->node);
	t->column = NULL;
	t->node = NULL;
}

any_digest
merkle_fold(const struct hasher *h, any_digest leaf, size_t i,
    const any_digest *path, unsigned log_height)
{
	for (unsigned k = 0; k < log_height; k++)
		leaf = i >> k & 1 ? h->compress(&path[k], &leaf) :
		    h->compress(&leaf, &path[k]);
	return leaf;
}

any_digest
merkle_tensor_commitment(const struct hasher *h, const any_digest *root,
    unsigned log_height, size_t width)
{
	kb shape[2] = {kb_from(log_height), kb_from64(width)};
	any_digest d = hasher_hash(h, shape, 2);

	return h->compress(root, &d);
}
