/*
 * BaseFold on the CPU, and the openings of all commitments.  The combined
 * polynomial's codeword is the code of its four planes.  A layer keeps its
 * codeword as even and odd entries, which are its leaves' two halves.
 */
#include "prover/cpu.h"

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

int
cpu_basefold_begin(struct prover_session *p, const ef *coeff)
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
	b->poly_plane = round_up(n, CHUNK);
	b->code_plane = n << blow;
	b->ncols = s->ncols[0] + s->ncols[1];
	b->coeff = coeff;
	b->column = malloc(b->ncols * sizeof *b->column);
	b->poly = planes_new(b->poly_plane);
	b->code = malloc(4 * b->code_plane * sizeof *b->code);
	b->half_inv = malloc(round_up(half, CPU_BLOCK) * sizeof(kb));
	if (!b->column || !b->poly || !b->code || !b->half_inv)
		return -1;
	for (int d = 0; d < 2; d++)
		for (size_t c = 0; c < s->ncols[d]; c++)
			b->column[k++] = s->dense[d] + c * n;
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

struct even_dot { const struct cpu_basefold *b; const struct cpu_kernels *k;
    struct cpu_eq eq; ef *sum; };

static void
dot_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct even_dot *d = ctx;
	const struct cpu_basefold *b = d->b;
	size_t n = (size_t)1 << (b->log_n - 1);

	for (size_t i = begin; i < end; i++) {
		size_t at = i * CHUNK, len = n - at < CHUNK ? n - at : CHUNK;
		ef s[2];

		d->k->dot_pairs(s, b->poly + 2 * at, b->poly_plane,
		    d->eq.t + at, d->eq.plane, round_up(len, 16));
		d->sum[i] = s[0];
	}
}

int
cpu_basefold_eval(struct prover_session *p, const ef *point, ef *out)
{
	struct cpu_basefold *b = p->basefold;
	struct even_dot d = {.b = b, .k = p->k};
	size_t n = (size_t)1 << (b->log_n - 1);
	size_t pieces = (n + CHUNK - 1) / CHUNK;

	d.sum = malloc(pieces * sizeof *d.sum);
	if (!d.sum || cpu_eq_init(&d.eq, p->k, point, b->log_n - 1, n)) {
		free(d.sum);
		return -1;
	}
	par_for(pieces, 1, dot_piece, &d);
	*out = EF_ZERO;
	for (size_t i = 0; i < pieces; i++)
		*out = ef_add(*out, d.sum[i]);
	free(d.sum);
	cpu_eq_free(&d.eq);
	return 0;
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
cpu_basefold_commit(struct prover_session *p, digest *tensor)
{
	struct cpu_basefold *b = p->basefold;
	struct layer *l = &b->layer[b->nlayers];
	size_t half = (size_t)1 << (b->log_code - 1);
	const kb *column[8];

	must(b->nlayers < 32);
	if (!(l->leaf = malloc(8 * half * sizeof *l->leaf)))
		return -1;
	par_for(half, 1 << 14, split_piece, p);
	for (int k = 0; k < 8; k++)
		column[k] = l->leaf + k * half;
	if (merkle_commit(&l->tree, column, 8, b->log_code - 1))
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

struct coeff_fold { const struct cpu_kernels *k; const kb *in; kb *out;
    size_t plane, oplane, n; ef beta; };

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
	    round_up(n, CHUNK), round_up(n, 16), beta};

	if (!(f.out = planes_new(f.oplane)))
		return -1;
	par_for((n + CHUNK - 1) / CHUNK, 1, coeff_piece, &f);
	free(b->poly);
	b->poly = f.out;
	b->poly_plane = f.oplane;
	b->beta = beta;
	/* The layer's leaves hold the codeword: write over it. */
	par_for((size_t)1 << (b->log_code - 1), 1 << 14, fold_piece, p);
	b->log_code--;
	b->nlayers++;
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
	return which == 0 ? &p->shard->prep->tree : which == 1 ?
	    &p->main.tree : &p->basefold->layer[which - 2].tree;
}

void
cpu_rows(struct prover_session *p, size_t which, struct prover_rows *out)
{
	const struct merkle *t = tree_of(p, which);

	*out = (struct prover_rows){t->width, t->log_height, *merkle_root(t)};
}

void
cpu_rows_open(struct prover_session *p, size_t which, const size_t *index,
    size_t n, kb *values, digest *paths)
{
	const struct merkle *t = tree_of(p, which);
	const kb *column = which == 0 ? p->shard->prep->codeword : which == 1 ?
	    p->main.codeword : p->basefold->layer[which - 2].leaf;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < t->width; j++)
			*values++ = column[(j << t->log_height) + index[i]];
		merkle_path(t, index[i], paths);
		paths += t->log_height;
	}
}

void
cpu_basefold_free(struct prover_session *p)
{
	struct cpu_basefold *b = p->basefold;

	if (!b)
		return;
	for (size_t i = 0; i < sizeof b->layer / sizeof *b->layer; i++) {
		free(b->layer[i].leaf);
		merkle_free(&b->layer[i].tree);
	}
	free(b->column);
	free(b->poly);
	free(b->code);
	free(b->half_inv);
	free(b);
	p->basefold = NULL;
}
