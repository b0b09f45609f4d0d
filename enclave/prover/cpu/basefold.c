/*
 * BaseFold on the CPU, and the openings of all commitments.  The combined
 * polynomial's codeword is the code of its four planes.  A layer keeps its
 * codeword as even and odd entries, which are its leaves' two halves.
 */
#include "prover/cpu/cpu.h"

#include <string.h>

#include "base/err.h"
#include "poly/ntt.h"

struct layer {
	kb *leaf;		/* eight columns: even planes, odd planes */
	struct merkle tree;
};

struct cpu_basefold {
	unsigned log_n, log_code;	/* of the current polynomial, codeword */
	kb *poly, *code;	/* planes */
	size_t poly_plane, code_plane;
	kb *half_inv;		/* 1 / (2 x) of the first codeword's even entries:
				 * those of a later one are its first */
	struct layer layer[32];
	unsigned nlayers;
	const ef *coeff;
	const kb **column;
	size_t ncols;
	struct cpu_eq eq;	/* at the coordinates but the last unbound one */
	ef *sum;
	kb half_inv_step;
	size_t done;
	ef beta;
};

#define CHUNK 2048

static void
combine_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_basefold *b = p->basefold;

	for (size_t i = begin; i < end; i++)
		p->k->combine(b->poly + i * CHUNK, b->poly_plane, b->column,
		    i * CHUNK, b->coeff, b->ncols, CHUNK);
}

static void
inverse_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct cpu_basefold *b = ctx;

	for (size_t i = begin; i < end; i++)
		b->half_inv[b->done + i] = kb_mul(b->half_inv[i],
		    b->half_inv_step);
}

static size_t
poly_plane(unsigned log_n)
{
	return round_up((size_t)1 << log_n, CHUNK);
}

/* All that the rounds leave, and the work space of the openings. */
size_t
cpu_basefold_size(const struct prover_shard *s)
{
	unsigned stack = s->params->log_stack, blow = s->params->log_blowup;
	size_t code = (size_t)1 << (stack + blow), n;

	n = cells_size(4 * code) + cells_size(round_up(code / 2, CPU_BLOCK)) +
	    cpu_eq_size(stack - 1, (size_t)1 << (stack - 1));
	for (unsigned i = 0; i <= stack; i++)
		n += cells_size(4 * poly_plane(i));
	for (unsigned i = 1; i <= stack; i++)
		n += cells_size((size_t)8 << (i + blow - 1));
	return n + cells_size(stacked_open_work(s->ncols[0] + s->ncols[1],
	    stack));
}

int
cpu_basefold_begin(struct prover_session *p, const ef *coeff, const ef *point)
{
	const struct prover_shard *s = p->shard;
	struct cpu_basefold *b = calloc(1, sizeof *b);
	unsigned stack = s->params->log_stack, blow = s->params->log_blowup;
	size_t n = (size_t)1 << stack, half = n << blow >> 1, k = 0;

	p->basefold = b;
	if (!b)
		return -1;
	b->log_n = stack;
	b->log_code = stack + blow;
	b->poly_plane = poly_plane(stack);
	b->code_plane = n << blow;
	b->ncols = s->ncols[0] + s->ncols[1];
	b->coeff = coeff;
	b->column = malloc(b->ncols * sizeof *b->column);
	b->poly = cells_new(p, 4 * b->poly_plane);
	b->code = cells_raw(p, 4 * b->code_plane);
	b->half_inv = cells_raw(p, round_up(half, CPU_BLOCK));
	b->sum = malloc((n / CHUNK + 1) * sizeof *b->sum);
	if (!b->column || !b->sum)
		return -1;
	cpu_eq_init(&b->eq, p, point, stack - 1, n / 2);
	for (int d = 0; d < 2; d++)
		for (size_t c = 0; c < s->ncols[d]; c++)
			b->column[k++] = p->dense[d] + c * n;
	if (n < CHUNK)
		p->k->combine(b->poly, b->poly_plane, b->column, 0, coeff,
		    b->ncols, n);
	else
		par_for(n / CHUNK, 1, combine_piece, p);
	for (int i = 0; i < 4; i++)
		ntt_extend(b->code + i * b->code_plane,
		    b->poly + i * b->poly_plane, stack, blow);
	/* Even entry 2i stands at g^bitrev(2i): bit j of i multiplies by the
	 * 2^(log_code - 2 - j)-th power of g. */
	b->half_inv[0] = (kb){KB_ONE.v / 2};
	for (unsigned j = 0; j + 1 < b->log_code; j++) {
		b->half_inv_step = kb_inv(kb_root(j + 2));
		b->done = (size_t)1 << j;
		par_for(b->done, 1 << 14, inverse_piece, b);
	}
	return 0;
}

static void
dot_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_basefold *b = p->basefold;
	size_t n = (size_t)1 << (b->log_n - 1);

	for (size_t i = begin; i < end; i++) {
		size_t at = i * CHUNK, len = n - at < CHUNK ? n - at : CHUNK;
		ef s[2];

		p->k->dot_pairs(s, b->poly + 2 * at, b->poly_plane,
		    b->eq.t + at, b->eq.plane, round_up(len, 16));
		b->sum[i] = s[0];
	}
}

void
cpu_basefold_eval(struct prover_session *p, ef *out)
{
	struct cpu_basefold *b = p->basefold;
	size_t pieces = (((size_t)1 << (b->log_n - 1)) + CHUNK - 1) / CHUNK;

	par_for(pieces, 1, dot_piece, p);
	*out = EF_ZERO;
	for (size_t i = 0; i < pieces; i++)
		*out = ef_add(*out, b->sum[i]);
}

static void
split_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_basefold *b = p->basefold;
	size_t half = (size_t)1 << (b->log_code - 1);
	kb *leaf = b->layer[b->nlayers].leaf;

	for (int k = 0; k < 4; k++)
		p->k->split(leaf + k * half + begin,
		    leaf + (4 + k) * half + begin,
		    b->code + k * b->code_plane + 2 * begin, end - begin);
}

int
cpu_basefold_commit(struct prover_session *p, any_digest *tensor)
{
	struct cpu_basefold *b = p->basefold;
	struct layer *l = &b->layer[b->nlayers];
	size_t half = (size_t)1 << (b->log_code - 1);
	const kb *column[8];

	must(b->nlayers < 32);
	l->leaf = cells_raw(p, 8 * half);
	par_for(half, 1 << 14, split_piece, p);
	for (int k = 0; k < 8; k++)
		column[k] = l->leaf + k * half;
	if (merkle_commit(&l->tree, p->shard->params->hasher, column, 8,
	    b->log_code - 1))
		return -1;
	*tensor = merkle_commitment(&l->tree);
	return 0;
}

static void
fold_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct prover_session *p = ctx;
	struct cpu_basefold *b = p->basefold;
	const struct layer *l = &b->layer[b->nlayers];
	size_t half = (size_t)1 << (b->log_code - 1);

	p->k->fold_codeword(b->code + begin, b->code_plane, l->leaf + begin,
	    l->leaf + 4 * half + begin, half, b->half_inv + begin, end - begin,
	    b->beta);
}

struct coeff_fold {
	const struct cpu_kernels *k;
	const kb *in;
	kb *out;
	size_t plane, oplane, n;
	ef beta;
};

static void
coeff_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct coeff_fold *f = ctx;

	for (size_t i = begin; i < end; i++) {
		size_t at = i * CHUNK, n = f->n - at;

		f->k->fold_coeff(f->out + at, f->oplane, f->in + 2 * at,
		    f->plane, n < CHUNK ? n : CHUNK, f->beta);
	}
}

int
cpu_basefold_fold(struct prover_session *p, ef beta)
{
	struct cpu_basefold *b = p->basefold;
	size_t n = (size_t)1 << --b->log_n;
	struct coeff_fold f = {p->k, b->poly, NULL, b->poly_plane,
	    poly_plane(b->log_n), round_up(n, 16), beta};

	f.out = cells_new(p, 4 * f.oplane);
	par_for((n + CHUNK - 1) / CHUNK, 1, coeff_piece, &f);
	b->poly = f.out;
	b->poly_plane = f.oplane;
	b->beta = beta;
	/* The layer's leaves hold the codeword: write over it. */
	par_for((size_t)1 << (b->log_code - 1), 1 << 14, fold_piece, p);
	b->log_code--;
	b->nlayers++;
	if (b->log_n > 0)
		cpu_eq_drop(&b->eq, p);
	return 0;
}

ef
cpu_basefold_final(struct prover_session *p)
{
	struct cpu_basefold *b = p->basefold;

	must(b->log_n == 0);
	return plane_get(b->code, b->code_plane, 0);
}

static const struct merkle *
tree_of(const struct prover_session *p, size_t which)
{
	return which == 0 ? &p->shard->prep_commitment->tree : which == 1 ?
	    &p->main.tree : &p->basefold->layer[which - 2].tree;
}

void
cpu_rows(struct prover_session *p, size_t which, struct prover_rows *out)
{
	const struct merkle *t = tree_of(p, which);

	*out = (struct prover_rows){t->width, t->log_height, *merkle_root(t)};
}

static int
stacked_rows(struct prover_session *p, const struct stacked_commitment *c,
    const size_t *index, size_t n, kb *values, any_digest *paths)
{
	size_t used = p->cells_used;
	kb *work = cells_raw(p, stacked_open_work(c->ncols, c->log_stack));
	int r = stacked_open(c, work, index, n, values, paths);

	cells_release(p, used);
	return r;
}

int
cpu_rows_open(struct prover_session *p, size_t which, const size_t *index,
    size_t n, kb *values, any_digest *paths)
{
	const struct merkle *t = tree_of(p, which);
	const kb *column;

	if (which < 2)
		return stacked_rows(p, which == 0 ? p->shard->prep_commitment :
		    &p->main, index, n, values, paths);
	column = p->basefold->layer[which - 2].leaf;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < t->width; j++)
			*values++ = column[(j << t->log_height) + index[i]];
		merkle_path(t, index[i], paths);
		paths += t->log_height;
	}
	return 0;
}

void
cpu_basefold_free(struct prover_session *p)
{
	struct cpu_basefold *b = p->basefold;

	if (!b)
		return;
	for (size_t i = 0; i < sizeof b->layer / sizeof *b->layer; i++)
		merkle_free(&b->layer[i].tree);
	free(b->column);
	free(b->sum);
	free(b);
	p->basefold = NULL;
}
