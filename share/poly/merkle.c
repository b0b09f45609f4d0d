#include "poly/merkle.h"

#include <stdlib.h>

int
merkle_commit(struct merkle *t, const kb *const *column, size_t width,
    unsigned log_height)
{
	size_t n = (size_t)1 << log_height;
	digest *in, *out;

	t->log_height = log_height;
	t->width = width;
	t->node = malloc((2 * n - 1) * sizeof *t->node);
	if (!t->node)
		return -1;
	hash_leaves(t->node, column, width, n);
	for (in = t->node; n > 1; n /= 2, in = out) {
		out = in + n;
		hash_layer(out, in, n / 2);
	}
	return 0;
}

const digest *
merkle_root(const struct merkle *t)
{
	return &t->node[((size_t)2 << t->log_height) - 2];
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
	const digest *layer = t->node;

	for (unsigned k = 0; k < t->log_height; k++) {
		path[k] = layer[(i >> k) ^ 1];
		layer += (size_t)1 << (t->log_height - k);
	}
}

void
merkle_free(struct merkle *t)
{
	free(t->node);
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
