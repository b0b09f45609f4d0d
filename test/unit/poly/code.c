/*
 * Codewords, trees, commitments and multilinears against their definitions; trees and
 * commitments with either hash.
 */
#include "base/err.h"
#include "base/par.h"
#include "poly/commit.h"
#include "poly/mle.h"
#include "poly/ntt.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

static uint64_t seed = 7;

static kb
rnd(void)
{
	return kb_from64(splitmix64(&seed));
}

static size_t
bitrev(size_t i, unsigned log)
{
	size_t r = 0;

	for (unsigned k = 0; k < log; k++)
		r |= (i >> k & 1) << (log - 1 - k);
	return r;
}

static kb
eval(const kb *coeff, size_t n, kb x)
{
	kb r = KB_ZERO;

	while (n)
		r = kb_add(kb_mul(r, x), coeff[--n]);
	return r;
}

/* All values of small codewords, some of larger ones. */
static void
codewords(void)
{
	for (unsigned log = 0; log <= 16; log++) {
		for (unsigned blowup = 0; blowup <= 3; blowup++) {
			size_t n = (size_t)1 << log, size = n << blowup;
			size_t step = size <= 1024 ? 1 : size / 61;
			kb *in = malloc(n * sizeof *in);
			kb *out = malloc(size * sizeof *out);
			kb g = kb_root(log + blowup);
			int bad = 0;

			for (size_t i = 0; i < n; i++)
				in[i] = i % 5 ? rnd() : (kb){KB_P - 1};
			ntt_extend(out, in, log, blowup);
			for (size_t i = 0; i < size; i += step)
				bad += !kb_eq(out[bitrev(i, log + blowup)],
				    eval(in, n, kb_pow(g, i)));
			ok(!bad, "codeword of 2^%u, blown up 2^%u", log, blowup);
			free(in);
			free(out);
		}
	}
}

static const char *
name_of(const struct hasher *h)
{
	return h == &hasher_kb ? "KoalaBear" : "BN254";
}

/* Opens every leaf, at its own index and at another. */
static void
tree(const struct hasher *h, unsigned log, int width)
{
	size_t n = (size_t)1 << log;
	kb *cells = malloc(n * (size_t)width * sizeof *cells);
	const kb *column[80];
	kb row[80], dims[2] = {kb_from(log), kb_from((uint32_t)width)};
	struct merkle t;
	any_digest path[16], root, shape;
	int bad = 0;

	for (size_t i = 0; i < n * (size_t)width; i++)
		cells[i] = rnd();
	for (int j = 0; j < width; j++)
		column[j] = cells + (size_t)j * n;
	ok(!merkle_commit(&t, h, column, (size_t)width, log),
	    "%s: a tree of 2^%u leaves of %d", name_of(h), log, width);
	for (size_t i = 0; i < n; i++) {
		for (int j = 0; j < width; j++)
			row[j] = column[j][i];
		merkle_path(&t, i, path);
		root = merkle_fold(h, hasher_hash(h, row, (size_t)width), i,
		    path, log);
		bad += !any_digest_eq(&root, merkle_root(&t));
		if (n < 8)
			continue;
		root = merkle_fold(h, hasher_hash(h, row, (size_t)width), i ^ 5,
		    path, log);
		bad += any_digest_eq(&root, merkle_root(&t));
	}
	ok(!bad, "every leaf opens, and at its own index only");
	shape = hasher_hash(h, dims, 2);
	root = h->compress(merkle_root(&t), &shape);
	shape = merkle_commitment(&t);
	ok(any_digest_eq(&root, &shape), "the commitment covers the dimensions");
	merkle_free(&t);
	free(cells);
}

static void
trees(void)
{
	for (unsigned log = 0; log < 7; log++) {
		tree(&hasher_kb, log, 11);
		tree(&hasher_bn254, log, 11);
	}
	tree(&hasher_kb, 10, 3);
	tree(&hasher_kb, 11, 8);
	tree(&hasher_kb, 13, 80);
	tree(&hasher_bn254, 11, 1);
	tree(&hasher_bn254, 8, 80);
}

/* A stacked commitment is the tree over its columns' codewords, and opens as they say:
 * all rows, or a few, of which some come twice. */
static void
stacked(const struct hasher *h, unsigned log, unsigned blowup, size_t ncols)
{
	size_t n = (size_t)1 << log, size = n << blowup;
	size_t few[5] = {size - 1, 3, 2, 3, size / 2};
	kb *dense = malloc(ncols * n * sizeof *dense);
	kb *code = malloc(ncols * size * sizeof *code);
	kb *work = malloc(stacked_work(ncols, log) * sizeof *work);
	kb *values = malloc(ncols * size * sizeof *values);
	any_digest *paths = malloc((log + blowup) * size * sizeof *paths);
	size_t *index = malloc(size * sizeof *index);
	const kb *column[80];
	struct stacked_commitment c;
	struct merkle t;
	int bad;

	for (size_t i = 0; i < ncols * n; i++)
		dense[i] = rnd();
	for (size_t j = 0; j < ncols; j++) {
		ntt_extend(code + j * size, dense + j * n, log, blowup);
		column[j] = code + j * size;
	}
	for (size_t i = 0; i < size; i++)
		index[i] = i;
	must(!merkle_commit(&t, h, column, ncols, log + blowup));
	bad = stacked_commit(&c, h, work, dense, ncols, log, blowup);
	ok(!bad && any_digest_eq(merkle_root(&t), merkle_root(&c.tree)),
	    "%s: %zu stacked columns of 2^%u: committed to", name_of(h), ncols,
	    log);
	for (int all = 1; all >= 0; all--) {
		size_t count = all ? size : 5;
		const size_t *at = all ? index : few;

		memset(work, 0xff, stacked_work(ncols, log) * sizeof *work);
		bad = stacked_open(&c, work, at, count, values, paths);
		for (size_t i = 0; !bad && i < count; i++) {
			any_digest path[24];

			merkle_path(&t, at[i], path);
			bad = memcmp(path, paths + i * (log + blowup),
			    (log + blowup) * sizeof *path);
			for (size_t j = 0; j < ncols; j++)
				bad |= !kb_eq(values[i * ncols + j],
				    column[j][at[i]]);
		}
		ok(!bad, "%s rows open", all ? "all" : "some");
	}
	stacked_commitment_free(&c);
	merkle_free(&t);
	free(dense);
	free(code);
	free(work);
	free(values);
	free(paths);
	free(index);
}

static void
stacks(void)
{
	for (size_t i = 1; i <= 48; i += i < 23 ? 11 : 1)
		stacked(&hasher_kb, 5, 2, i);
	stacked(&hasher_kb, 4, 3, 3);
	stacked(&hasher_kb, 8, 1, 17);
	stacked(&hasher_kb, 12, 2, 2);
	stacked(&hasher_kb, 13, 0, 24);
	/* A permutation takes eight or more; what is left after a batch. */
	for (size_t i = 8; i <= 56; i += 8) {
		stacked(&hasher_bn254, 4, 1, i);
		stacked(&hasher_bn254, 4, 1, i + 1);
	}
	stacked(&hasher_bn254, 11, 1, 3);
}

static void
commitments(const struct hasher *h)
{
	enum { LOG = 5, COLS = 3, N = 1 << LOG };
	static kb dense[COLS * N], values[COLS * 4 * N];
	static any_digest paths[(LOG + 2) * 4 * N];
	kb *work = malloc(stacked_work(COLS, LOG) * sizeof *work);
	size_t index[4 * N];
	struct stacked_commitment c;
	struct jagged_count counts[4];
	size_t rows[2] = {24, 32}, cols[2] = {2, 1};	/* 80 of 96 cells */
	kb g = kb_root(LOG + 2), list[9];
	any_digest a, b;
	int bad = 0;

	for (int i = 0; i < COLS * N; i++)
		dense[i] = rnd();
	ok(!stacked_commit(&c, h, work, dense, COLS, LOG, 2),
	    "%s: a stacked commitment", name_of(h));
	for (size_t i = 0; i < 4 * N; i++)
		index[bitrev(i, LOG + 2)] = i;
	must(!stacked_open(&c, work, index, 4 * N, values, paths));
	for (size_t j = 0; j < COLS; j++)
		for (size_t i = 0; i < 4 * N; i++)
			bad += !kb_eq(values[i * COLS + j],
			    eval(dense + j * N, N, kb_pow(g, i)));
	ok(!bad, "its codewords");
	a = jagged_commitment(h, &c.commitment, rows, cols, 2, LOG, 3, counts);
	/* 16 padding cells in tables of 8 rows: (8, 1) and (8, 1) */
	ok(counts[2].rows == 8 && counts[2].cols == 1 && counts[3].rows == 8 &&
	    counts[3].cols == 1 && counts[0].rows == 24 && counts[1].cols == 1,
	    "padding tables");
	for (int i = 0; i < 4; i++) {
		list[1 + i] = kb_from64(counts[i].rows);
		list[5 + i] = kb_from64(counts[i].cols);
	}
	list[0] = kb_from(4);
	b = hasher_hash(h, list, 9);
	b = h->compress(&c.commitment, &b);
	ok(any_digest_eq(&a, &b), "the jagged commitment covers the counts");
	rows[0] = 32;
	jagged_commitment(h, &c.commitment, rows, cols, 2, LOG, 3, counts);
	ok(counts[2].rows == 8 && counts[2].cols == 0 && counts[3].rows == 0 &&
	    counts[3].cols == 1, "padding tables without padding");
	stacked_commitment_free(&c);
	free(work);
}

static ef
ef_rnd(void)
{
	return (ef){{rnd(), rnd(), rnd(), rnd()}};
}

static void
multilinears(void)
{
	enum { LOG = 7, N = 1 << LOG };
	static ef table[N], v[N];
	static kb w[N];
	ef point[LOG], other[LOG], want, sum;
	int bad = 0;

	for (int i = 0; i < LOG; i++) {
		point[i] = ef_rnd();
		other[i] = ef_rnd();
	}
	mle_eq_table(table, point, LOG);
	for (int i = 0; i < N; i++) {
		want = EF_ONE;
		for (int k = 0; k < LOG; k++)
			want = ef_mul(want, i >> (LOG - 1 - k) & 1 ? point[k] :
			    ef_sub(EF_ONE, point[k]));
		bad += !ef_eq(want, table[i]);
		v[i] = ef_rnd();
		w[i] = rnd();
	}
	ok(!bad, "the eq table is big-endian");
	for (int len = 0; len <= N; len++) {
		sum = EF_ZERO;
		for (int i = 0; i < len; i++)
			sum = ef_add(sum, ef_mul(v[i], table[i]));
		bad += !ef_eq(sum, mle_eval_ef(v, (size_t)len, point, LOG));
		sum = EF_ZERO;
		for (int i = 0; i < len; i++)
			sum = ef_add(sum, ef_mul_kb(table[i], w[i]));
		bad += !ef_eq(sum, mle_dot_kb(w, table, (size_t)len));
	}
	ok(!bad, "evaluation and inner product of every length");
	ok(ef_eq(mle_eq(point, other, LOG), mle_eq(other, point, LOG)) &&
	    ef_eq(mle_eval_ef(table, N, other, LOG),
	    mle_eq(point, other, LOG)), "eq is the extension of its table");
	ok(ef_eq(ef_poly_eval(v, 3, point[0]), ef_add(v[0],
	    ef_mul(point[0], ef_add(v[1], ef_mul(point[0], v[2]))))) &&
	    ef_is_zero(ef_poly_eval(v, 0, point[0])), "polynomials");
	ok(log2_ceil(0) == 0 && log2_ceil(1) == 0 && log2_ceil(2) == 1 &&
	    log2_ceil(5) == 3 && log2_ceil((size_t)1 << 40) == 40,
	    "log2_ceil");
}

int
main(void)
{
	par_start(0);
	codewords();
	trees();
	stacks();
	commitments(&hasher_kb);
	commitments(&hasher_bn254);
	multilinears();
	return done_testing();
}
