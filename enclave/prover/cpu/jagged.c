/*
 * The jagged sumcheck on the CPU.  Where every column starts at a multiple of 16, the
 * second factor is, in the low four variables, eq itself: one pass over the cells gives
 * all that four rounds need, and what is then stored is a sixteenth.
 */
#include "prover/cpu/cpu.h"

#include <string.h>

#include "base/err.h"

struct piece { size_t col, begin, end; };	/* rows >> bits of a column */

struct cpu_jagged {
	const struct jagged_column *col;
	ef *eq_col;
	unsigned bits;
	struct cpu_eq eq;	/* over rows >> bits */
	struct piece *piece;
	size_t npieces;
	ef (*partial)[16];
	kb *f, *g;		/* planes: the dense factor, the other */
	kb *next[2];		/* what they are folded into */
	size_t plane, n, total;	/* n: elements left; total: cells */
	ef r[4];
	ef (*sum)[2];
};

#define PIECE_CELLS 32768
#define SUM_PAIRS 4096

/* Cell i of the two dense vectors; they are whole stacked columns. */
static const kb *
cells(const struct prover_session *p, size_t i)
{
	const struct prover_shard *s = p->shard;
	size_t first = s->ncols[0] << s->params->log_stack;

	return i < first ? p->dense[0] + i : p->dense[1] + (i - first);
}

static void
partial_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_jagged *j = p->jagged;

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &j->piece[b];
		const kb *v = cells(p, j->col[q->col].start +
		    (q->begin << j->bits));
		const kb *eq = j->eq.t + q->begin;
		size_t n = q->end - q->begin;
		unsigned size = 1u << j->bits;
		ef *out = j->partial[b];

		if (j->bits == 4)
			p->k->dot16(out, v, eq, j->eq.plane, n);
		else for (unsigned k = 0; k < size; k++) {
			out[k] = EF_ZERO;
			for (size_t i = 0; i < n; i++)
				out[k] = ef_add(out[k], ef_mul_kb(plane_get(eq,
				    j->eq.plane, i), v[i * size + k]));
		}
		for (unsigned k = 0; k < size; k++)
			out[k] = ef_mul(out[k], j->eq_col[q->col]);
	}
}

/* Elements left when the low `bits` are bound, and then one more. */
static size_t
plane_of(const struct prover_shard *s, unsigned bits)
{
	size_t n = (s->ncols[0] + s->ncols[1]) << s->params->log_stack;

	return round_up((n + ((size_t)1 << bits) - 1) >> bits, 2 * CPU_BLOCK);
}

/* Every column begins and ends at a multiple of 2^bits. */
size_t
cpu_jagged_size(const struct prover_shard *s)
{
	unsigned rows = s->params->max_log_row, bits;
	size_t all = 16;

	for (size_t c = 0; c < s->nchips; c++)
		all |= s->chip[c].rows;
	bits = (unsigned)__builtin_ctzll(all);
	return cpu_eq_size(rows - bits, (size_t)1 << (rows - bits)) +
	    2 * cells_size(4 * plane_of(s, bits)) +
	    2 * cells_size(4 * plane_of(s, bits + 1));
}

int
cpu_jagged_begin(struct prover_session *p, const struct jagged_column *col,
    size_t ncols, const ef *eq_col, const ef *z_row, unsigned bits,
    ef *partial)
{
	struct cpu_jagged *j = calloc(1, sizeof *j);
	size_t most = 1, n = 0, step = PIECE_CELLS >> bits;

	must(bits <= 4);
	p->jagged = j;
	if (!j)
		return -1;
	j->col = col;
	j->bits = bits;
	for (size_t c = 0; c < ncols; c++) {
		size_t rows = col[c].rows >> bits;

		if (most < rows)
			most = rows;
		n += rows / step + 1;
		if (col[c].rows)
			j->total = col[c].start + col[c].rows;
	}
	j->piece = malloc(n * sizeof *j->piece);
	j->partial = malloc(n * sizeof *j->partial);
	j->eq_col = malloc(ncols * sizeof *eq_col);
	if (!j->piece || !j->partial || !j->eq_col)
		return -1;
	cpu_eq_init(&j->eq, p, z_row, p->shard->params->max_log_row - bits,
	    most);
	memcpy(j->eq_col, eq_col, ncols * sizeof *eq_col);
	for (size_t c = 0; c < ncols; c++) {
		size_t rows = col[c].rows >> bits;

		for (size_t b = 0; b < rows; b += step)
			j->piece[j->npieces++] = (struct piece){c, b,
			    rows - b < step ? rows : b + step};
	}
	par_for(j->npieces, 1, partial_piece, p);
	for (unsigned k = 0; k < 1u << bits; k++) {
		partial[k] = EF_ZERO;
		for (size_t b = 0; b < j->npieces; b++)
			partial[k] = ef_add(partial[k], j->partial[b][k]);
	}
	return 0;
}

static void
weight_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_jagged *j = p->jagged;

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &j->piece[b];

		p->k->scale(j->g + (j->col[q->col].start >> j->bits) + q->begin,
		    j->plane, j->eq.t + q->begin, j->eq.plane,
		    q->end - q->begin, j->eq_col[q->col]);
	}
}

/* Folds the cells of outputs [CPU_BLOCK * begin, ...). */
static void
bind_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_jagged *j = p->jagged;
	kb t[4 * 8 * CPU_BLOCK];
	size_t plane = 8 * CPU_BLOCK;

	for (size_t b = begin; b < end; b++) {
		const kb *v = cells(p, b * CPU_BLOCK << j->bits);
		kb *out = j->f + b * CPU_BLOCK;

		if (!j->bits) {
			memcpy(out, v, CPU_BLOCK * sizeof *v);
			for (int k = 1; k < 4; k++)
				memset(out + k * j->plane, 0,
				    CPU_BLOCK * sizeof *v);
			continue;
		}
		p->k->fold_kb(t, plane, v, CPU_BLOCK << (j->bits - 1),
		    j->r[j->bits - 1]);
		for (unsigned k = j->bits - 1; k-- > 0;)
			p->k->fold(t, plane, t, plane, CPU_BLOCK << k, j->r[k]);
		for (int k = 0; k < 4; k++)
			memcpy(out + k * j->plane, t + k * plane,
			    CPU_BLOCK * sizeof *t);
	}
}

int
cpu_jagged_bind(struct prover_session *p, const ef *r)
{
	struct cpu_jagged *j = p->jagged;
	size_t pieces = (j->total >> j->bits) / SUM_PAIRS / 2 + 1;

	memcpy(j->r, r, j->bits * sizeof *r);
	j->n = j->total >> j->bits;
	j->plane = round_up(j->n, 2 * CPU_BLOCK);
	j->f = cells_raw(p, 4 * j->plane);
	j->g = cells_raw(p, 4 * j->plane);
	for (int i = 0; i < 2; i++)
		j->next[i] = cells_raw(p, 4 * plane_of(p->shard, j->bits + 1));
	if (!(j->sum = malloc(pieces * sizeof *j->sum)))
		return -1;
	par_for(j->npieces, 1, weight_piece, p);
	par_for(j->n / CPU_BLOCK, 16, bind_piece, p);
	free(j->piece);
	free(j->partial);
	j->piece = NULL;
	j->partial = NULL;
	return 0;
}

static void
sum_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_jagged *j = p->jagged;

	for (size_t b = begin; b < end; b++) {
		size_t at = 2 * b * SUM_PAIRS, n = round_up(j->n - at, 2 *
		    CPU_BLOCK) / 2;

		p->k->product_sum(j->sum[b], j->f + at, j->g + at, j->plane,
		    n < SUM_PAIRS ? n : SUM_PAIRS);
	}
}

void
cpu_jagged_sum(struct prover_session *p, ef out[2])
{
	struct cpu_jagged *j = p->jagged;
	size_t pieces = (j->n + 2 * SUM_PAIRS - 1) / (2 * SUM_PAIRS);

	par_for(pieces, 1, sum_piece, p);
	out[0] = out[1] = EF_ZERO;
	for (size_t b = 0; b < pieces; b++)
		for (int k = 0; k < 2; k++)
			out[k] = ef_add(out[k], j->sum[b][k]);
}

struct folding {
	const struct cpu_kernels *k;
	const kb *in;
	kb *out;
	size_t plane, oplane, n;	/* n: outputs */
	ef r;
};

static void
fold_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct folding *f = ctx;
	size_t n = f->n - begin * SUM_PAIRS;

	if (n > (end - begin) * SUM_PAIRS)
		n = (end - begin) * SUM_PAIRS;
	f->k->fold(f->out + begin * SUM_PAIRS, f->oplane,
	    f->in + 2 * begin * SUM_PAIRS, f->plane, n, f->r);
}

int
cpu_jagged_fold(struct prover_session *p, ef r)
{
	struct cpu_jagged *j = p->jagged;
	size_t n = (j->n + 1) / 2, plane = round_up(n, 2 * CPU_BLOCK);
	kb **v[2] = {&j->f, &j->g};

	for (int i = 0; i < 2; i++) {
		struct folding f = {p->k, *v[i], j->next[i], j->plane, plane,
		    round_up(n, CPU_BLOCK), r};

		par_for((f.n + SUM_PAIRS - 1) / SUM_PAIRS, 1, fold_piece, &f);
		for (int k = 0; k < 4; k++)
			for (size_t x = f.n; x < plane; x++)
				f.out[k * plane + x] = KB_ZERO;
		j->next[i] = *v[i];
		*v[i] = f.out;
	}
	j->n = n;
	j->plane = plane;
	return 0;
}

void
cpu_jagged_take(struct prover_session *p, ef *dense, size_t n)
{
	struct cpu_jagged *j = p->jagged;

	for (size_t i = 0; i < n; i++)
		dense[i] = i < j->n ? plane_get(j->f, j->plane, i) : EF_ZERO;
}

void
cpu_jagged_free(struct prover_session *p)
{
	struct cpu_jagged *j = p->jagged;

	if (!j)
		return;
	free(j->eq_col);
	free(j->piece);
	free(j->partial);
	free(j->sum);
	free(j);
	p->jagged = NULL;
	cells_release(p, 0);
}
