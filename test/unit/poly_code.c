/* Codewords, trees, commitments and multilinears against their definitions. */
#include "base/par.h"
#include "poly/commit.h"
#include "poly/mle.h"
#include "poly/ntt.h"
#include "test/tap.h"

static uint64_t seed = 7;

static kb
rnd(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return kb_from64(z ^ z >> 31);
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

/* Opens every leaf, at its own index and at another. */
static void
tree(unsigned log, int width)
{
	size_t n = (size_t)1 << log;
	kb *cells = malloc(n * (size_t)width * sizeof *cells);
	const kb *column[80];
	kb row[80], dims[2] = {kb_from(log), kb_from((uint32_t)width)};
	struct merkle t;
	digest path[16], root, shape;
	int bad = 0;

	for (size_t i = 0; i < n * (size_t)width; i++)
		cells[i] = rnd();
	for (int j = 0; j < width; j++)
		column[j] = cells + (size_t)j * n;
	ok(!merkle_commit(&t, column, (size_t)width, log),
	    "a tree of 2^%u leaves of %d", log, width);
	for (size_t i = 0; i < n; i++) {
		for (int j = 0; j < width; j++)
			row[j] = column[j][i];
		merkle_path(&t, i, path);
		root = merkle_fold(hash_kb(row, (size_t)width), i, path, log);
		bad += !digest_eq(&root, merkle_root(&t));
		if (n < 8)
			continue;
		root = merkle_fold(hash_kb(row, (size_t)width), i ^ 5, path,
		    log);
		bad += digest_eq(&root, merkle_root(&t));
	}
	ok(!bad, "every leaf opens, and at its own index only");
	shape = hash_kb(dims, 2);
	root = hash_compress(merkle_root(&t), &shape);
	shape = merkle_commitment(&t);
	ok(digest_eq(&root, &shape), "the commitment covers the dimensions");
	merkle_free(&t);
	free(cells);
}

static void
trees(void)
{
	for (unsigned log = 0; log < 7; log++)
		tree(log, 11);
	tree(10, 3);
	tree(11, 8);
	tree(13, 80);
}

static void
commitments(void)
{
	enum { LOG = 5, COLS = 3, N = 1 << LOG };
	static kb dense[COLS * N];
	struct stacked_commitment c;
	struct jagged_count counts[4];
	size_t rows[2] = {24, 32}, cols[2] = {2, 1};	/* 80 of 96 cells */
	kb g = kb_root(LOG + 2), list[9];
	digest a, b;
	int bad = 0;

	for (int i = 0; i < COLS * N; i++)
		dense[i] = rnd();
	ok(!stacked_commit(&c, dense, COLS, LOG, 2), "a stacked commitment");
	for (size_t j = 0; j < COLS; j++)
		for (size_t i = 0; i < 4 * N; i++)
			bad += !kb_eq(c.codeword[j * 4 * N + bitrev(i, LOG + 2)],
			    eval(dense + j * N, N, kb_pow(g, i)));
	ok(!bad, "its codewords");
	a = jagged_commitment(&c.commitment, rows, cols, 2, LOG, 3, counts);
	/* 16 padding cells in tables of 8 rows: (8, 1) and (8, 1) */
	ok(counts[2].rows == 8 && counts[2].cols == 1 && counts[3].rows == 8 &&
	    counts[3].cols == 1 && counts[0].rows == 24 && counts[1].cols == 1,
	    "padding tables");
	for (int i = 0; i < 4; i++) {
		list[1 + i] = kb_from64(counts[i].rows);
		list[5 + i] = kb_from64(counts[i].cols);
	}
	list[0] = kb_from(4);
	b = hash_kb(list, 9);
	b = hash_compress(&c.commitment, &b);
	ok(digest_eq(&a, &b), "the jagged commitment covers the counts");
	rows[0] = 32;
	jagged_commitment(&c.commitment, rows, cols, 2, LOG, 3, counts);
	ok(counts[2].rows == 8 && counts[2].cols == 0 && counts[3].rows == 0 &&
	    counts[3].cols == 1, "padding tables without padding");
	stacked_commitment_free(&c);
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
	commitments();
	multilinears();
	return done_testing();
}
