/*
 * Zerocheck on the CPU.  The first rounds read the traces, folding them on their way;
 * then every column is folded, as often as the plan says, into planes of extension
 * elements (twice: as large as the trace; thrice: half as large), and from there on
 * in place.  The
 * batched sum of a chip's columns is one column more, made at the start: its part
 * of a round is then a dot product.
 */
#include "prover/cpu/cpu.h"

#include <string.h>

#include "base/err.h"

/* The columns of a chip with rows, once folded: width of them, planes of `stride`
 * elements each, zeros beyond the rows.  The batched column is apart. */
struct chip_data {
	size_t n;		/* rows left */
	size_t width;
	size_t stride;		/* a multiple of 2 CPU_BLOCK */
	kb *p;
	kb *batch;		/* planes of bstride */
	size_t bstride;
	size_t first;		/* of its columns among all */
	const ef *weight;
};

struct piece { size_t chip, begin, end; };	/* pairs */
struct task { size_t chip, col; };		/* col == width: the batched one */

struct cpu_zerocheck {
	struct chip_data *chip;
	struct piece *piece;
	size_t npieces;
	struct task *task;
	size_t ntasks;
	struct zerocheck_sums *partial;
	struct cpu_eq eq;
	const ef *power;
	ef r[CPU_ZERO_FOLD];	/* challenges until columns are stored; then [0] */
	unsigned folded, stored;	/* variables bound; columns are stored when
					 * `stored` are */
	unsigned vars;
	char *scratch;		/* of each thread */
	size_t scratch_size;
};

#define PIECE_PAIRS 512

static int
make_pieces(struct prover_session *p)
{
	struct cpu_zerocheck *z = p->zerocheck;
	size_t n = 0;

	for (size_t c = 0; c < p->shard->nchips; c++)
		n += z->chip[c].n / 2 / PIECE_PAIRS + 1;
	free(z->piece);
	free(z->partial);
	z->piece = malloc(n * sizeof *z->piece);
	z->partial = malloc(n * sizeof *z->partial);
	if (!z->piece || !z->partial)
		return -1;
	z->npieces = 0;
	for (size_t c = 0; c < p->shard->nchips; c++) {
		size_t pairs = (z->chip[c].n + 1) / 2;

		for (size_t b = 0; b < pairs; b += PIECE_PAIRS)
			z->piece[z->npieces++] = (struct piece){c, b,
			    pairs - b < PIECE_PAIRS ? pairs : b + PIECE_PAIRS};
	}
	must(z->npieces <= n);
	return 0;
}

/* Rows of a stored column: what is left when `fold` variables are bound. */
static size_t
stored_stride(size_t rows, unsigned fold)
{
	return round_up((rows + ((size_t)1 << fold) - 1) >> fold,
	    2 * CPU_BLOCK);
}

static void
clear(kb *p, size_t stride, size_t from, size_t to)
{
	for (int k = 0; k < 4; k++)
		for (size_t i = from; i < to && i < stride; i++)
			p[k * stride + i] = KB_ZERO;
}

/* batch = sum of power[k] * column k, for the piece's rows. */
static void
batch_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_zerocheck *z = p->zerocheck;

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &z->piece[b];
		struct chip_data *d = &z->chip[q->chip];
		size_t row = 2 * q->begin, n = 2 * (q->end - q->begin);

		if (n > d->n - row)
			n = d->n - row;
		p->k->combine(d->batch + row, d->bstride, p->col[q->chip], row,
		    z->power, d->width, n);
		if (row + n == d->n)
			clear(d->batch, d->bstride, d->n, d->bstride);
	}
}

static unsigned
widest(const struct prover_shard *s)
{
	unsigned w = 0;

	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;

		if (w < a->main_width + a->prep_width)
			w = a->main_width + a->prep_width;
	}
	return w;
}

/* A thread's bytes: pointers to three points of every column, the points in four
 * planes, and what the constraints' program wants. */
static size_t
scratch_of(const struct prover_shard *s)
{
	size_t w = widest(s), size = 0;

	for (size_t c = 0; c < s->nchips; c++)
		for (int x = 0; x < 2; x++)
			if (size < air_block_scratch(s->chip[c].air, x))
				size = air_block_scratch(s->chip[c].air, x);
	return round_up(size, 64) + w * 3 * 4 * CPU_BLOCK * sizeof(kb) +
	    round_up(3 * w * sizeof(kb *), 64);
}

/* The batched columns of all chips, eq, the columns as they are stored, and what each
 * thread works in. */
size_t
cpu_zerocheck_size(const struct prover_shard *s, const struct cpu_plan *plan)
{
	size_t n = 0, most = 0;

	for (size_t c = 0; c < s->nchips; c++) {
		const struct air_chip *a = s->chip[c].air;
		size_t rows = s->chip[c].rows;

		if (!rows)
			continue;
		if (most < (rows + 1) / 2)
			most = (rows + 1) / 2;
		n += cells_size(4 * round_up(rows, 2 * CPU_BLOCK)) +
		    cells_size(4 * (a->main_width + a->prep_width) *
		    stored_stride(rows, plan->zero_fold));
	}
	return n + cpu_eq_size(s->params->max_log_row - 1, most) +
	    par_threads() * scratch_of(s);
}

int
cpu_zerocheck_begin(struct prover_session *p, const ef *const *weight,
    const ef *power, const ef *zeta)
{
	const struct prover_shard *s = p->shard;
	struct cpu_zerocheck *z = calloc(1, sizeof *z);
	size_t most = 0, ncols = 0;

	p->zerocheck = z;
	if (!z || !(z->chip = calloc(s->nchips, sizeof *z->chip)))
		return -1;
	z->power = power;
	z->stored = p->plan.zero_fold;
	must(z->stored >= 2 && z->stored <= CPU_ZERO_FOLD);
	z->vars = s->params->max_log_row;
	for (size_t c = 0; c < s->nchips; c++) {
		struct chip_data *d = &z->chip[c];
		const struct air_chip *a = s->chip[c].air;

		d->n = s->chip[c].rows;
		d->width = a->main_width + a->prep_width;
		d->weight = weight[c];
		d->first = ncols;
		ncols += d->width;
		if (most < (d->n + 1) / 2)
			most = (d->n + 1) / 2;
		if (!d->n)
			continue;
		d->bstride = round_up(d->n, 2 * CPU_BLOCK);
		d->batch = cells_raw(p, 4 * d->bstride);
	}
	z->scratch_size = scratch_of(s);
	z->scratch = (char *)cells_raw(p, par_threads() * z->scratch_size /
	    sizeof(kb));
	z->task = malloc((ncols + s->nchips) * sizeof *z->task);
	if (!z->task || make_pieces(p))
		return -1;
	cpu_eq_init(&z->eq, p, zeta, z->vars - 1, most);
	for (size_t c = 0; c < s->nchips; c++)
		for (size_t j = 0; z->chip[c].n && j <= z->chip[c].width; j++)
			z->task[z->ntasks++] = (struct task){c, j};
	par_for(z->npieces, 1, batch_piece, p);
	return 0;
}

/* Rows [row, row + 2 CPU_BLOCK) of a column of the trace, folded `times`, to planes of
 * 2 CPU_BLOCK, in the first part of out; zeros behind its end. */
#define FOLDED (4 * 2 * CPU_BLOCK << (CPU_ZERO_FOLD - 2))
static void
folded_rows(const struct prover_session *p, size_t c, size_t j, size_t row,
    unsigned times, kb out[static FOLDED])
{
	const ef *r = p->zerocheck->r;
	size_t plane = (size_t)CPU_BLOCK << times;	/* of the first fold */
	size_t n = p->shard->chip[c].rows - (row << times);
	const kb *in = p->col[c][j] + (row << times);
	kb few[2 * CPU_BLOCK << (CPU_ZERO_FOLD - 1)];

	if (n < 2 * plane) {
		memcpy(few, in, n * sizeof *in);
		memset(few + n, 0, (2 * plane - n) * sizeof *few);
		in = few;
	}
	p->k->fold_kb(out, plane, in, plane, r[0]);
	for (unsigned k = 1; k < times; k++)
		p->k->fold(out, plane, out, plane, plane >> k, r[k]);
	for (int k = 1; k < 4 && times > 1; k++)
		memmove(out + k * 2 * CPU_BLOCK, out + k * plane,
		    2 * CPU_BLOCK * sizeof *out);
}

/* The three points of columns of the piece's block at `pair` in t. */
static void
load_points(const struct prover_session *p, size_t c, size_t pair, kb *t)
{
	const struct cpu_zerocheck *z = p->zerocheck;
	const struct chip_data *d = &z->chip[c];
	size_t row = 2 * pair, n = d->n - row;
	unsigned planes = z->folded ? 4 : 1;
	size_t set = d->width * planes * CPU_BLOCK;

	for (size_t j = 0; j < d->width; j++) {
		kb few[2 * CPU_BLOCK] = {{0}}, now[FOLDED];
		const kb *in = few;
		size_t stride = 0;

		if (z->folded >= z->stored) {
			in = d->p + 4 * j * d->stride + row;
			stride = d->stride;
		} else if (z->folded > 0) {
			folded_rows(p, c, j, row, z->folded, now);
			in = now;
			stride = 2 * CPU_BLOCK;
		} else if (n >= 2 * CPU_BLOCK) {
			in = p->col[c][j] + row;
		} else {
			memcpy(few, p->col[c][j] + row, n * sizeof *in);
		}
		for (unsigned k = 0; k < planes; k++, t += CPU_BLOCK)
			p->k->points(t, t + set, t + 2 * set, in + k * stride);
	}
}

static void
sum_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_zerocheck *z = p->zerocheck;
	char *scratch = z->scratch + worker * z->scratch_size;
	unsigned planes = z->folded ? 4 : 1;

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &z->piece[b];
		const struct air_chip *a = p->shard->chip[q->chip].air;
		struct chip_data *d = &z->chip[q->chip];
		struct zerocheck_sums *s = &z->partial[b];
		size_t set = d->width * planes * CPU_BLOCK;
		const kb **col = (const kb **)scratch;
		kb *t = (kb *)(scratch + round_up(3 * d->width * sizeof *col,
		    64));
		void *rest = t + 3 * set;

		*s = (struct zerocheck_sums){{EF_ZERO, EF_ZERO, EF_ZERO},
		    {EF_ZERO, EF_ZERO}};
		p->k->dot_pairs(s->column, d->batch + 2 * q->begin, d->bstride,
		    z->eq.t + q->begin, z->eq.plane,
		    round_up(q->end - q->begin, 16));
		if (!a->nconstraints)
			continue;
		for (size_t x = 0; x < 3; x++)
			for (size_t j = 0; j < d->width; j++)
				col[x * d->width + j] = t + x * set +
				    j * planes * CPU_BLOCK;
		for (size_t i = q->begin; i < q->end; i += CPU_BLOCK) {
			size_t n = q->end - i;

			if (n > CPU_BLOCK)
				n = CPU_BLOCK;
			load_points(p, q->chip, i, t);
			for (size_t x = z->folded ? 0 : 1; x < 3; x++) {
				const kb *const *m = col + x * d->width;
				_Alignas(64) ef v[CPU_BLOCK];

				if (z->folded)
					air_fold_block_ef(a, m,
					    m + a->main_width, CPU_BLOCK,
					    p->shard->public_values, d->weight,
					    n, v, rest);
				else
					air_fold_block_kb(a, m,
					    m + a->main_width,
					    p->shard->public_values, d->weight,
					    n, v, rest);
				s->constraint[x] = ef_add(s->constraint[x],
				    p->k->dot_block(v, n, z->eq.t + i,
				    z->eq.plane));
			}
		}
	}
}

void
cpu_zerocheck_sum(struct prover_session *p, struct zerocheck_sums *out)
{
	struct cpu_zerocheck *z = p->zerocheck;

	par_for(z->npieces, 1, sum_piece, p);
	for (size_t c = 0; c < p->shard->nchips; c++)
		out[c] = (struct zerocheck_sums){{EF_ZERO, EF_ZERO, EF_ZERO},
		    {EF_ZERO, EF_ZERO}};
	for (size_t b = 0; b < z->npieces; b++) {
		struct zerocheck_sums *o = &out[z->piece[b].chip];
		const struct zerocheck_sums *s = &z->partial[b];

		for (int i = 0; i < 3; i++)
			o->constraint[i] = ef_add(o->constraint[i],
			    s->constraint[i]);
		for (int i = 0; i < 2; i++)
			o->column[i] = ef_add(o->column[i], s->column[i]);
	}
}

static void
fold_task(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_zerocheck *z = p->zerocheck;
	const ef r = z->r[z->folded < z->stored ? z->folded : 0];

	for (size_t b = begin; b < end; b++) {
		const struct task *t = &z->task[b];
		struct chip_data *d = &z->chip[t->chip];
		size_t pairs = (d->n + 1) / 2, stride = d->stride;
		kb *o = d->p + 4 * t->col * stride;

		if (t->col == d->width) {
			o = d->batch;
			stride = d->bstride;
		} else if (z->folded + 1 < z->stored) {
			continue;
		} else if (z->folded + 1 == z->stored) {
			for (size_t i = 0; i < pairs; i += CPU_BLOCK) {
				kb now[FOLDED];

				folded_rows(p, t->chip, t->col, 2 * i,
				    z->folded, now);
				p->k->fold(o + i, stride, now, 2 * CPU_BLOCK,
				    CPU_BLOCK, r);
			}
			clear(o, stride, pairs, stride);
			continue;
		}
		p->k->fold(o, stride, o, stride, round_up(pairs, 16), r);
		clear(o, stride, pairs, d->n);
	}
}

int
cpu_zerocheck_fold(struct prover_session *p, ef r)
{
	struct cpu_zerocheck *z = p->zerocheck;

	if (z->folded + 1 == z->stored)
		for (size_t c = 0; c < p->shard->nchips; c++) {
			struct chip_data *d = &z->chip[c];

			if (!d->n)
				continue;
			d->stride = stored_stride(p->shard->chip[c].rows,
			    z->stored);
			d->p = cells_raw(p, 4 * d->width * d->stride);
		}
	z->r[z->folded < z->stored ? z->folded : 0] = r;
	par_for(z->ntasks, 1, fold_task, p);
	z->folded++;
	for (size_t c = 0; c < p->shard->nchips; c++)
		z->chip[c].n = (z->chip[c].n + 1) / 2;
	if (--z->vars == 0)
		return 0;
	cpu_eq_drop(&z->eq, p);
	return make_pieces(p);
}

void
cpu_zerocheck_take(struct prover_session *p, ef *out)
{
	struct cpu_zerocheck *z = p->zerocheck;

	must(z->vars == 0 && z->folded >= z->stored);
	for (size_t c = 0; c < p->shard->nchips; c++) {
		struct chip_data *d = &z->chip[c];

		for (size_t j = 0; j < d->width; j++)
			out[d->first + j] = d->n ? plane_get(d->p +
			    4 * j * d->stride, d->stride, 0) : EF_ZERO;
	}
}

void
cpu_zerocheck_free(struct prover_session *p)
{
	struct cpu_zerocheck *z = p->zerocheck;

	if (!z)
		return;
	free(z->chip);
	free(z->piece);
	free(z->partial);
	free(z->task);
	free(z);
	p->zerocheck = NULL;
	cells_release(p, 0);
}
