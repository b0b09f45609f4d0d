#include "poly/commit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/par.h"
#include "poly/ntt.h"

/* Codewords are walked in large strides, which is slow on small pages. */
static void *
huge_alloc(size_t size)
{
	const size_t page = (size_t)2 << 20;
	void *p;

	if (size < page)
		return malloc(size);
	size = (size + page - 1) & ~(page - 1);
	if (posix_memalign(&p, page, size))
		return NULL;
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

struct encode { const struct stacked_commitment *c; const kb *dense; };

static void
encode_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct encode *x = ctx;
	const struct stacked_commitment *c = x->c;

	for (size_t i = begin; i < end; i++)
		ntt_extend(c->codeword + (i << (c->log_stack + c->log_blowup)),
		    x->dense + (i << c->log_stack), c->log_stack,
		    c->log_blowup);
}

int
stacked_commit(struct stacked_commitment *c, const kb *dense, size_t ncols,
    unsigned log_stack, unsigned log_blowup)
{
	size_t n = (size_t)1 << log_stack, size = n << log_blowup;
	const kb **column = malloc(ncols * sizeof *column);
	struct encode x;

	c->ncols = ncols;
	c->log_stack = log_stack;
	c->log_blowup = log_blowup;
	c->tree.node = NULL;
	c->codeword = huge_alloc(ncols * size * sizeof *c->codeword);
	if (!column || !c->codeword)
		goto fail;
	for (size_t i = 0; i < ncols; i++)
		column[i] = c->codeword + i * size;
	/* A column a thread while there is one for each; the rest together. */
	x = (struct encode){c, dense};
	par_for(ncols - ncols % par_threads(), 1, encode_piece, &x);
	for (size_t i = ncols - ncols % par_threads(); i < ncols; i++)
		encode_piece(&x, i, i + 1, 0);
	if (merkle_commit(&c->tree, column, ncols, log_stack + log_blowup))
		goto fail;
	free(column);
	c->commitment = merkle_commitment(&c->tree);
	return 0;
fail:
	free(column);
	stacked_commitment_free(c);
	return -1;
}

void
stacked_commitment_free(struct stacked_commitment *c)
{
	free(c->codeword);
	c->codeword = NULL;
	merkle_free(&c->tree);
}

/* hash_kb() of elements that come one at a time. */
struct sponge { kb s[16]; size_t n; };

static void
absorb(struct sponge *h, uint64_t x)
{
	h->s[h->n++ & 7] = kb_from64(x);
	if (!(h->n & 7))
		poseidon2(h->s);
}

static digest
squeeze(struct sponge *h)
{
	digest d;

	if (h->n & 7)
		poseidon2(h->s);
	memcpy(&d, h->s, sizeof d);
	return d;
}

digest
jagged_commitment(const digest *tensor, const size_t *rows, const size_t *cols,
    size_t n, unsigned log_stack, unsigned max_log_row,
    struct jagged_count *counts)
{
	uint64_t table = (uint64_t)1 << max_log_row;
	uint64_t stack = (uint64_t)1 << log_stack, area = 0, added, k;
	struct jagged_count pad[2];
	struct sponge h = {.n = 0};
	digest shape;

	for (size_t i = 0; i < n; i++)
		area += (uint64_t)rows[i] * cols[i];
	added = -area & (stack - 1);
	k = added ? (added + table - 1) / table : 1;
	pad[0] = (struct jagged_count){table, k - 1};
	pad[1] = (struct jagged_count){added - (k - 1) * table, 1};

	absorb(&h, n + 2);
	for (size_t i = 0; i < n; i++)
		absorb(&h, rows[i]);
	absorb(&h, pad[0].rows);
	absorb(&h, pad[1].rows);
	for (size_t i = 0; i < n; i++)
		absorb(&h, cols[i]);
	absorb(&h, pad[0].cols);
	absorb(&h, pad[1].cols);
	shape = squeeze(&h);
	for (size_t i = 0; counts && i < n; i++)
		counts[i] = (struct jagged_count){rows[i], cols[i]};
	if (counts)
		memcpy(counts + n, pad, sizeof pad);
	return hash_compress(tensor, &shape);
}
