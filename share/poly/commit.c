#include "poly/commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/par.h"
#include "poly/ntt.h"
#include "poly/simd.h"

/* Columns that are encoded before they are absorbed.  A sponge's state is kept short
 * between them, which takes that the last ones are more than eight (hasher.h, absorb): so
 * there may be up to LAST of these. */
#define BATCH 16
#define LAST (BATCH + 8)
#define CHUNK 1024		/* leaves */

static size_t
most_columns(size_t ncols)
{
	return ncols < LAST ? ncols : LAST;
}

/* Columns, and eight elements a leaf. */
size_t
stacked_work(size_t ncols, unsigned log_stack)
{
	return (most_columns(ncols) + 8) << log_stack;
}

size_t
stacked_kept(unsigned log_stack, unsigned log_blowup)
{
	return merkle_kept(log_stack + log_blowup);
}

struct encode { kb *out; const kb *in; unsigned log; uint32_t block; };

static void
encode_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	const struct encode *x = ctx;

	for (size_t i = begin; i < end; i++)
		ntt_coset(x->out + (i << x->log), x->in + (i << x->log), x->log,
		    x->block);
}

/* A column a thread while there is one for each; the rest together. */
static void
encode(struct encode *x, size_t ncols)
{
	size_t apart = ncols - ncols % par_threads();

	par_for(apart, 1, encode_piece, x);
	for (size_t i = apart; i < ncols; i++)
		encode_piece(x, i, i + 1, 0);
}

struct absorb {
	any_digest *state;
	const kb *column[LAST];
	size_t width;
	bool first, last;
	const struct hasher *h;
};

static void
absorb_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct absorb *a = ctx;
	any_digest *s = a->state + begin;

	a->h->absorb(s, a->first ? NULL : s, a->column, a->width, begin,
	    end - begin, a->last);
}

/* The leaves of one block of the codewords; where their digests are. */
static any_digest *
hash_block(const struct stacked_commitment *c, kb *work, uint32_t block)
{
	size_t n = (size_t)1 << c->log_stack, done = 0;
	struct absorb a = {.h = c->tree.hasher, .first = true};

	a.state = (any_digest *)(work + most_columns(c->ncols) * n);
	for (size_t i = 0; i < LAST; i++)
		a.column[i] = work + i * n;
	while (done < c->ncols) {
		struct encode x = {work, c->dense + done * n, c->log_stack,
		    block};
		size_t left = c->ncols - done;

		a.width = left <= LAST ? left : BATCH;
		a.last = a.width == left;
		encode(&x, a.width);
		par_for(n, CHUNK, absorb_piece, &a);
		a.first = false;
		done += a.width;
	}
	return a.state;
}

int
stacked_commit(struct stacked_commitment *c, const struct hasher *h, kb *work,
    const kb *dense, size_t ncols, unsigned log_stack, unsigned log_blowup)
{
	size_t n = (size_t)1 << log_stack;

	/* The neighbours of a row lie in one block. */
	must(ncols > 0 && log_stack >= MERKLE_KEPT &&
	    log_stack + log_blowup <= KB_TWO_ADICITY);
	c->ncols = ncols;
	c->log_stack = log_stack;
	c->log_blowup = log_blowup;
	c->dense = dense;
	if (merkle_begin(&c->tree, h, ncols, log_stack + log_blowup) < 0)
		return -1;
	for (uint32_t b = 0; b < 1u << log_blowup; b++)
		merkle_add(&c->tree, hash_block(c, work, b), b * n, n);
	merkle_end(&c->tree);
	c->commitment = merkle_commitment(&c->tree);
	return 0;
}

void
stacked_commitment_free(struct stacked_commitment *c)
{
	merkle_free(&c->tree);
}

/* ---- opening ---- */

#define SLOTS 16		/* columns at a time */

static size_t
slots(size_t ncols)
{
	size_t n = par_threads() < SLOTS ? par_threads() : SLOTS;

	return n < ncols ? n : ncols;
}

size_t
stacked_open_work(size_t ncols, unsigned log_stack)
{
	return slots(ncols) << log_stack;
}

/* The rows' neighbours up to 2^log leaves, whose digests paths begin with. */
struct open {
	const struct stacked_commitment *c;
	const struct simd_ops *ops;
	kb *work;
	size_t slots;
	unsigned log;
	size_t *group, ngroups;	/* index >> log, ascending */
	kb *near;		/* [group][column][2^log] */
};

/* Groups [from, to) lie in block b of 2^log elements, made in x from in (which may
 * be x). */
static void
descend(const struct open *o, kb *x, const kb *in, unsigned log, uint32_t b,
    size_t from, size_t to, size_t column)
{
	unsigned radix = log - o->log < 4 ? log - o->log : 4;
	unsigned below = log - radix;

	if (!radix) {
		kb *near = o->near + ((from * o->c->ncols + column) << log);

		memcpy(near, in, sizeof *near << log);
		o->ops->ntt_block(near, log, b);
		return;
	}
	o->ops->ntt_pass(x, in, log, radix, b, 0, (size_t)1 << below);
	for (size_t i = from; i < to; i = from) {
		size_t child = o->group[from] >> (below - o->log);
		kb *part = x + ((child & (((size_t)1 << radix) - 1)) << below);

		while (i < to && o->group[i] >> (below - o->log) == child)
			i++;
		descend(o, part, part, below, (uint32_t)child, from, i, column);
		from = i;
	}
}

static void
open_column(const struct open *o, size_t column, kb *x)
{
	unsigned log = o->c->log_stack, shift = log - o->log;
	const kb *in = o->c->dense + (column << log);

	for (size_t from = 0, to; from < o->ngroups; from = to) {
		size_t b = o->group[from] >> shift;

		for (to = from; to < o->ngroups && o->group[to] >> shift == b;)
			to++;
		descend(o, x, in, log, (uint32_t)b, from, to, column);
	}
}

static void
open_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct open *o = ctx;

	for (size_t s = begin; s < end; s++)
		for (size_t j = s; j < o->c->ncols; j += o->slots)
			open_column(o, j, o->work + (s << o->c->log_stack));
}

static int
by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

static int
open_groups(struct open *o, const size_t *index, size_t n)
{
	size_t k = 0;

	o->group = malloc(n * sizeof *o->group);
	o->near = malloc((n * o->c->ncols * sizeof *o->near) << o->log);
	if (!o->group || !o->near)
		return -1;
	for (size_t i = 0; i < n; i++)
		o->group[i] = index[i] >> o->log;
	qsort(o->group, n, sizeof *o->group, by_size);
	for (size_t i = 0; i < n; i++)
		if (!k || o->group[k - 1] != o->group[i])
			o->group[k++] = o->group[i];
	o->ngroups = k;
	return 0;
}

/* A row and its path, from its group's rows. */
static void
take_row(const struct open *o, const kb **column, size_t index, kb *values,
    any_digest *path)
{
	size_t g = 0, ncols = o->c->ncols, mask = ((size_t)1 << o->log) - 1;
	any_digest near[1 << MERKLE_KEPT];

	while (o->group[g] != index >> o->log)
		g++;
	for (size_t j = 0; j < ncols; j++) {
		column[j] = o->near + ((g * ncols + j) << o->log);
		values[j] = column[j][index & mask];
	}
	o->c->tree.hasher->absorb(near, NULL, column, ncols, 0, mask + 1, true);
	merkle_path_near(&o->c->tree, index, near, path);
}

int
stacked_open(const struct stacked_commitment *c, kb *work, const size_t *index,
    size_t n, kb *values, any_digest *paths)
{
	const kb **column = malloc(c->ncols * sizeof *column);
	struct open o = {.c = c, .ops = simd(), .work = work,
	    .slots = slots(c->ncols), .log = c->tree.kept};
	int r = -1;

	if (!column || open_groups(&o, index, n) < 0)
		goto done;
	par_for(o.slots, 1, open_piece, &o);
	for (size_t i = 0; i < n; i++)
		take_row(&o, column, index[i], values + i * c->ncols,
		    paths + i * c->tree.log_height);
	r = 0;
done:
	free(o.group);
	free(o.near);
	free(column);
	return r;
}

/* hasher_hash() of elements that come one at a time. */
struct absorbed {
	const struct hasher *h;
	union sponge s;
	kb in[16];
	unsigned n;
};

static void
absorb(struct absorbed *a, uint64_t x)
{
	a->in[a->n++] = kb_from64(x);
	if (a->n == a->h->rate) {
		a->h->permute(&a->s, a->in, a->n);
		a->n = 0;
	}
}

static any_digest
squeeze(struct absorbed *a)
{
	if (a->n > 0)
		a->h->permute(&a->s, a->in, a->n);
	return a->h->squeeze(&a->s);
}

any_digest
jagged_commitment(const struct hasher *h, const any_digest *tensor,
    const size_t *rows, const size_t *cols, size_t n, unsigned log_stack,
    unsigned max_log_row, struct jagged_count *counts)
{
	uint64_t table = (uint64_t)1 << max_log_row;
	uint64_t stack = (uint64_t)1 << log_stack, area = 0, added, k;
	struct jagged_count pad[2];
	struct absorbed a = {.h = h};
	any_digest shape;

	for (size_t i = 0; i < n; i++)
		area += (uint64_t)rows[i] * cols[i];
	added = -area & (stack - 1);
	k = added ? (added + table - 1) / table : 1;
	pad[0] = (struct jagged_count){table, k - 1};
	pad[1] = (struct jagged_count){added - (k - 1) * table, 1};

	absorb(&a, n + 2);
	for (size_t i = 0; i < n; i++)
		absorb(&a, rows[i]);
	absorb(&a, pad[0].rows);
	absorb(&a, pad[1].rows);
	for (size_t i = 0; i < n; i++)
		absorb(&a, cols[i]);
	absorb(&a, pad[0].cols);
	absorb(&a, pad[1].cols);
	shape = squeeze(&a);
	for (size_t i = 0; counts && i < n; i++)
		counts[i] = (struct jagged_count){rows[i], cols[i]};
	if (counts)
		memcpy(counts + n, pad, sizeof pad);
	return h->compress(tensor, &shape);
}
