/*
 * LogUp-GKR on the CPU.  Table j holds, for each interaction of a chip with rows,
 * ceil(height / 2^(max_log_row - j)) rows of fractions and 0/1 up to a multiple of
 * CPU_BLOCK, interaction after interaction.  The largest tables, as many as the plan
 * says, are never stored (two: three quarters of all data): what is made of them is
 * made anew from the traces, a block of rows at a time, until it is as small as the
 * largest table that is.  Tables are used from the smallest on, so that a layer is folded
 * into the ones before its own.
 */
#include "prover/cpu/cpu.h"

#include <string.h>

#include "base/err.h"

struct table {
	kb *p;			/* eight planes */
	size_t plane;
	size_t *off, *rows;	/* of each chip: first row; rows an interaction */
};

/* Rows [r0, r1) of interactions [i0, i1) of a chip. */
struct piece { size_t chip, i0, i1, r0, r1; };

struct cpu_gkr {
	const struct gkr_fraction *f;
	struct table table[33];
	struct table cur;	/* the layer at hand; p NULL: made from leaves */
	unsigned leaf;		/* table max_log_row - leaf is the largest stored */
	size_t block;		/* leaves made at a time: of which come CPU_BLOCK
				 * of that table's rows */
	kb *space[2];		/* the layer at hand is folded into space[turn] */
	int turn;
	/* How a layer is made from leaves: added up, then folded, how often. */
	unsigned added, nbound;
	ef bound[CPU_GKR_LEAF];
	size_t used;		/* cells without the layer's */
	unsigned vars;		/* row variables left, of pairs */
	ef lambda;
	ef *eq_slot;
	struct cpu_eq eq;
	struct piece *piece;	/* of cur, or of the leaves */
	size_t npieces;
	ef (*partial)[2];
};

#define PIECE_ROWS 4096
#define MOST_LEAVES (CPU_BLOCK << CPU_GKR_LEAF)

static size_t
interactions_of(const struct prover_shard *s, size_t c)
{
	return s->chip[c].air->nsends + s->chip[c].air->nreceives;
}

static size_t
interactions(const struct prover_session *p, size_t c)
{
	return interactions_of(p->shard, c);
}

/* Rows that an interaction has of 2^-shift as many, rounded up. */
static size_t
fewer_rows(size_t rows, unsigned shift)
{
	return round_up((rows + ((size_t)1 << shift) - 1) >> shift, CPU_BLOCK);
}

static void
table_free(struct table *t)
{
	free(t->off);
	free(t->rows);
	*t = (struct table){0};
}

/* Lays out rows[c] rows, rounded up, an interaction. */
static int
table_shape(struct table *t, const struct prover_session *p, const size_t *rows,
    unsigned shift)
{
	size_t n = p->shard->nchips;

	if (!t->off)
		t->off = malloc(n * sizeof *t->off);
	if (!t->rows)
		t->rows = malloc(n * sizeof *t->rows);
	if (!t->off || !t->rows)
		return -1;
	t->plane = 0;
	for (size_t c = 0; c < n; c++) {
		t->rows[c] = fewer_rows(rows ? rows[c] :
		    p->shard->chip[c].rows, shift);
		t->off[c] = t->plane;
		t->plane += t->rows[c] * interactions(p, c);
	}
	return 0;
}

/* Pieces of a stored table, or (NULL) of the leaves: those with all interactions of
 * their rows. */
static int
make_pieces(struct prover_session *p, const struct table *t)
{
	struct cpu_gkr *g = p->gkr;
	size_t n = 0, room = 0;

	for (size_t c = 0; c < p->shard->nchips; c++)
		room += t ? (t->rows[c] / PIECE_ROWS + 1) *
		    interactions(p, c) :
		    p->shard->chip[c].rows / (4 * g->block) + 1;
	free(g->piece);
	free(g->partial);
	g->piece = malloc(room * sizeof *g->piece);
	g->partial = malloc(room * sizeof *g->partial);
	if (!g->piece || !g->partial)
		return -1;
	for (size_t c = 0; c < p->shard->nchips; c++) {
		size_t ni = interactions(p, c), rows = t ? t->rows[c] :
		    round_up(p->shard->chip[c].rows, g->block);
		size_t step = !t ? ni : rows ? PIECE_ROWS / rows : 0;
		size_t len = t ? PIECE_ROWS : 4 * g->block;

		if (!rows)
			continue;
		if (!step)
			step = 1;
		for (size_t i = 0; i < ni; i += step)
			for (size_t r = 0; r < rows; r += len)
				g->piece[n++] = (struct piece){c, i,
				    ni - i < step ? ni : i + step, r,
				    rows - r < len ? rows : r + len};
	}
	must(n <= room);
	g->npieces = n;
	return 0;
}

/* 0/1 in rows [from, to) */
static void
fill(kb *t, size_t plane, size_t from, size_t to)
{
	for (int k = 0; k < 8; k++)
		for (size_t i = from; i < to; i++)
			t[k * plane + i] = k == 4 ? KB_ONE : KB_ZERO;
}

/* The fractions of a block of rows from r on, added up `added` times; how many. */
static size_t
leaves(const struct prover_session *p, size_t c, size_t i, size_t r,
    unsigned added, ef lambda, kb *out)
{
	const struct prover_chip *chip = &p->shard->chip[c];
	size_t n = r >= chip->rows ? 0 : chip->rows - r, size = p->gkr->block;

	p->k->fractions(&p->gkr->f[chip->slot + i], p->col[c], r,
	    n < size ? n : size, size, lambda, out, size);
	for (unsigned k = 0; k < added; k++)
		p->k->gkr_add(out, size, out, size, size >> k);
	return size >> added;
}

/* The layer's rows that come of them; how many. */
static size_t
layer_block(const struct prover_session *p, size_t c, size_t i, size_t r,
    kb *out)
{
	const struct cpu_gkr *g = p->gkr;
	size_t n = leaves(p, c, i, r, g->added, g->added ? EF_ONE : g->lambda,
	    out);

	if (g->added)
		p->k->gkr_scale(out, g->block, n, g->lambda);
	for (unsigned k = 0; k < g->nbound; k++, n /= 2)
		p->k->gkr_fold(out, g->block, out, g->block, n, g->bound[k]);
	return n;
}

struct step {
	struct prover_session *p;
	const struct table *in;
	struct table *out;
	ef r;
};

/* Rows of out that come of leaves: those of the largest table, added up; or of the layer
 * at hand, which is made from leaves, folded once more. */
static void
leaf_piece(void *ctx, size_t begin, size_t end, int fold)
{
	struct step *s = ctx;
	const struct cpu_gkr *g = s->p->gkr;
	const struct table *t = s->out;
	kb buf[8 * MOST_LEAVES];

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &g->piece[b];
		kb *o = t->p + t->off[q->chip];

		for (size_t i = q->i0; i < q->i1; i++)
			for (size_t r = q->r0; r < q->r1; r += g->block) {
				kb *at = o + i * t->rows[q->chip] + (r >> g->leaf);

				if (fold)
					s->p->k->gkr_fold(at, t->plane, buf, g->block,
					    layer_block(s->p, q->chip, i, r, buf),
					    s->r);
				else
					s->p->k->gkr_add(at, t->plane, buf, g->block,
					    leaves(s->p, q->chip, i, r, g->leaf - 1,
						EF_ONE, buf));
			}
	}
}

static void
first_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	leaf_piece(ctx, begin, end, 0);
}

static void
last_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	leaf_piece(ctx, begin, end, 1);
}

/* in -> out, which has half the rows: added up, or folded. */
static void
halve_piece(void *ctx, size_t begin, size_t end, int fold)
{
	struct step *s = ctx;
	struct cpu_gkr *g = s->p->gkr;
	const struct table *in = s->in, *out = s->out;

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &g->piece[b];
		size_t rows = in->rows[q->chip], orows = out->rows[q->chip];

		for (size_t i = q->i0; i < q->i1; i++) {
			kb *o = out->p + out->off[q->chip] + i * orows;
			const kb *t = in->p + in->off[q->chip] + i * rows +
			    q->r0;

			if (fold)
				s->p->k->gkr_fold(o + q->r0 / 2, out->plane, t,
				    in->plane, q->r1 - q->r0, s->r);
			else
				s->p->k->gkr_add(o + q->r0 / 2, out->plane, t,
				    in->plane, q->r1 - q->r0);
			if (q->r1 == rows)
				fill(o, out->plane, rows / 2, orows);
		}
	}
}

static void
add_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	halve_piece(ctx, begin, end, 0);
}

static void
fold_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	halve_piece(ctx, begin, end, 1);
}

/* Rows of eq that layer j sums over: a quarter of those it begins with. */
static size_t
eq_rows(const struct prover_shard *s, unsigned j)
{
	unsigned shift = s->params->max_log_row - j;
	size_t most = 0;

	for (size_t c = 0; c < s->nchips; c++) {
		size_t rows = round_up(fewer_rows(s->chip[c].rows, shift),
		    MOST_LEAVES) / 4;

		if (most < rows)
			most = rows;
	}
	return most;
}

/* The tables, and eq of the layer that has most. */
size_t
cpu_gkr_size(const struct prover_shard *s, const struct cpu_plan *plan)
{
	unsigned max = s->params->max_log_row;
	size_t n = 0;

	for (unsigned j = max - plan->gkr_leaf; j > 0; j--) {
		size_t plane = 0;

		for (size_t c = 0; c < s->nchips; c++)
			plane += fewer_rows(s->chip[c].rows, max - j) *
			    interactions_of(s, c);
		n += cells_size(8 * plane);
	}
	return n + cpu_eq_size(max - 2, eq_rows(s, max));
}

int
cpu_gkr_build(struct prover_session *p, const struct gkr_fraction *f, ef *num,
    ef *den)
{
	unsigned leaf = p->plan.gkr_leaf;
	unsigned top = p->shard->params->max_log_row - leaf;
	struct cpu_gkr *g = calloc(1, sizeof *g);
	struct table *t;

	must(leaf > 1 && leaf <= CPU_GKR_LEAF && top > 1 && top < 32);
	p->gkr = g;
	if (!g)
		return -1;
	g->f = f;
	g->leaf = leaf;
	g->block = (size_t)CPU_BLOCK << leaf;
	for (unsigned j = top; j > 0; j--) {
		struct step s = {.p = p, .in = &g->table[j + 1],
		    .out = &g->table[j]};

		t = &g->table[j];
		if (table_shape(t, p, NULL, top + leaf - j) ||
		    make_pieces(p, j == top ? NULL : t + 1))
			return -1;
		t->p = cells_raw(p, 8 * t->plane);
		par_for(g->npieces, 1, j == top ? first_piece : add_piece, &s);
	}
	g->used = p->cells_used;
	t = &g->table[1];
	for (size_t c = 0; c < p->shard->nchips; c++)
		for (size_t i = 0; i < interactions(p, c); i++)
			for (size_t r = 0; r < 2; r++) {
				size_t to = 2 * (p->shard->chip[c].slot + i) + r;
				size_t at = t->off[c] + i * t->rows[c] + r;

				num[to] = EF_ZERO;
				den[to] = EF_ONE;
				if (!t->rows[c])
					continue;
				num[to] = plane_get(t->p, t->plane, at);
				den[to] = plane_get(t->p + 4 * t->plane,
				    t->plane, at);
			}
	return 0;
}

static void
scale_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct step *s = ctx;

	s->p->k->gkr_scale(s->out->p + begin * CPU_BLOCK, s->out->plane,
	    (end - begin) * CPU_BLOCK, s->p->gkr->lambda);
}

static void
release(struct cpu_gkr *g)
{
	free(g->eq_slot);
	g->eq_slot = NULL;
	table_free(&g->cur);
}

int
cpu_gkr_layer(struct prover_session *p, unsigned j, ef lambda,
    const ef *eq_slot, const ef *row_point)
{
	struct cpu_gkr *g = p->gkr;
	size_t n = p->shard->ninteractions;
	unsigned max = p->shard->params->max_log_row, top = max - g->leaf;
	int stored = j <= top;

	release(g);
	g->lambda = lambda;
	g->vars = j - 1;
	g->nbound = 0;
	g->added = max - j;
	/* The first fold halves a table into the one of half its size, the second
	 * writes over what the first read; leaves become a table of the largest
	 * one's size.  None of these is needed any more. */
	g->turn = 0;
	g->space[0] = g->table[stored ? j - 1 : top].p;
	g->space[1] = g->table[stored ? j : top - 1].p;
	if (stored) {
		struct step s = {.p = p, .out = &g->cur};

		if (table_shape(&g->cur, p, g->table[j].rows, 0))
			return -1;
		g->cur.p = g->table[j].p;
		par_for(g->cur.plane / CPU_BLOCK, 64, scale_piece, &s);
	}
	cells_release(p, g->used);
	cpu_eq_init(&g->eq, p, row_point, j - 2, eq_rows(p->shard, j));
	if (!(g->eq_slot = malloc(n * sizeof *eq_slot)) ||
	    make_pieces(p, stored ? &g->cur : NULL))
		return -1;
	memcpy(g->eq_slot, eq_slot, n * sizeof *eq_slot);
	return 0;
}

/* The part of an interaction's rows [r0, r1) in a round's sums. */
static void
sum_rows(const struct prover_session *p, const struct piece *q, size_t i,
    ef s[2])
{
	const struct cpu_gkr *g = p->gkr;
	const struct table *t = &g->cur;
	unsigned shift = 2 + g->added + g->nbound;
	kb buf[8 * MOST_LEAVES];

	s[0] = s[1] = EF_ZERO;
	if (t->p) {
		p->k->gkr_sum(s, t->p + t->off[q->chip] +
		    i * t->rows[q->chip] + q->r0, t->plane, q->r1 - q->r0,
		    g->eq.t + q->r0 / 4, g->eq.plane);
		return;
	}
	for (size_t r = q->r0; r < q->r1; r += g->block) {
		size_t n = layer_block(p, q->chip, i, r, buf);

		p->k->gkr_sum(s, buf, g->block, n, g->eq.t + (r >> shift),
		    g->eq.plane);
	}
}

static void
sum_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_gkr *g = p->gkr;

	for (size_t b = begin; b < end; b++) {
		const struct piece *q = &g->piece[b];
		const ef *eq = g->eq_slot + p->shard->chip[q->chip].slot;
		ef sum[2] = {EF_ZERO, EF_ZERO}, s[2];

		for (size_t i = q->i0; i < q->i1; i++) {
			sum_rows(p, q, i, s);
			for (int k = 0; k < 2; k++)
				sum[k] = ef_add(sum[k], ef_mul(s[k], eq[i]));
		}
		g->partial[b][0] = sum[0];
		g->partial[b][1] = sum[1];
	}
}

void
cpu_gkr_sum(struct prover_session *p, ef out[2])
{
	struct cpu_gkr *g = p->gkr;

	must(g->vars > 0);
	par_for(g->npieces, 1, sum_piece, p);
	out[0] = out[1] = EF_ZERO;
	for (size_t b = 0; b < g->npieces; b++)
		for (int k = 0; k < 2; k++)
			out[k] = ef_add(out[k], g->partial[b][k]);
}

int
cpu_gkr_fold(struct prover_session *p, ef r)
{
	struct cpu_gkr *g = p->gkr;
	struct table next = {0};
	struct step s = {.p = p, .in = &g->cur, .out = &next, .r = r};

	if (!g->cur.p && g->added + g->nbound + 1 < g->leaf) {
		g->bound[g->nbound++] = r;
	} else {
		if (g->cur.p ? table_shape(&next, p, g->cur.rows, 1) :
		    table_shape(&next, p, NULL, g->leaf)) {
			table_free(&next);
			return -1;
		}
		next.p = g->space[g->turn];
		g->turn ^= 1;
		par_for(g->npieces, 1, g->cur.p ? fold_piece : last_piece, &s);
		table_free(&g->cur);
		g->cur = next;
		if (make_pieces(p, &g->cur))
			return -1;
	}
	if (--g->vars > 0)
		cpu_eq_drop(&g->eq, p);
	return 0;
}

void
cpu_gkr_take(struct prover_session *p, ef (*out)[4])
{
	struct cpu_gkr *g = p->gkr;
	const struct table *t = &g->cur;

	must(g->vars == 0);
	for (size_t c = 0; c < p->shard->nchips; c++)
		for (size_t i = 0; i < interactions(p, c); i++) {
			ef *o = out[p->shard->chip[c].slot + i];
			size_t at = t->off[c] + i * t->rows[c];

			o[0] = o[1] = EF_ZERO;
			o[2] = o[3] = EF_ONE;
			if (!t->rows[c])
				continue;
			o[0] = plane_get(t->p, t->plane, at);
			o[1] = plane_get(t->p, t->plane, at + 1);
			o[2] = plane_get(t->p + 4 * t->plane, t->plane, at);
			o[3] = plane_get(t->p + 4 * t->plane, t->plane, at + 1);
		}
}

void
cpu_gkr_free(struct prover_session *p)
{
	struct cpu_gkr *g = p->gkr;

	if (!g)
		return;
	release(g);
	for (size_t j = 0; j < sizeof g->table / sizeof *g->table; j++)
		table_free(&g->table[j]);
	free(g->piece);
	free(g->partial);
	free(g);
	p->gkr = NULL;
	cells_release(p, 0);
}
