/*
 * The kernels of trees and codewords as a thread of CUDA runs them, one index and one
 * lane at a time, the indices shuffled: what the plain forms give, and what this
 * processor's lanes give.
 */
#include "poly/hash_kernels.h"
#include "poly/ntt_kernels.h"

#include "poly/ntt.h"
#include "poly/simd.h"
#include "test/lib/kernels.h"
#include "test/lib/tap.h"

#define N 200
#define W 35

static const struct poseidon2_scaled *t = &poseidon2_scaled;

static void
test_leaves(void)
{
	kb *cells = random_cells(W * N), *row = cells;
	const kb *column[W];
	digest a[N], b[N], held[N];
	int bad = 0;

	for (int j = 0; j < W; j++)
		column[j] = cells + j * N;
	for (size_t w = 0; w <= W; w++) {
		size_t n = N - w;

		memset(a, 1, sizeof a);
		{ EACH_SHUFFLED(i, n)
			absorb_at(a + i, NULL, column, w, w + i, 1, t); }
		simd_scalar.hash_leaves(b, column, w, w, n);
		bad += !!memcmp(a, b, n * sizeof *a);
		simd()->hash_leaves(b, column, w, w, n);
		bad += !!memcmp(a, b, n * sizeof *a);
	}
	ok(!bad, "leaves of columns");

	for (size_t w = 8 + (bad = 0); w + 16 <= W; w++) {
		{ EACH_SHUFFLED(i, N)
			absorb_at(held + i, NULL, column, 16, i, 0, t); }
		{ EACH_SHUFFLED(i, N)
			absorb_at(a + i, held + i, column + 16, w, i, 1, t); }
		simd_scalar.hash_leaves(b, column, 16 + w, 0, N);
		bad += !!memcmp(a, b, sizeof a);
	}
	ok(!bad, "leaves of columns, some at a time");

	for (size_t w = bad = 0; w <= W; w++) {
		{ EACH_SHUFFLED(i, N)
			row_at(a, row, w, i, t); }
		simd_scalar.hash_rows(b, row, w, 0, N);
		bad += !!memcmp(a, b, sizeof a);
	}
	ok(!bad, "rows");

	{ EACH_SHUFFLED(i, N / 2)
		layer_at(b, a, i, t); }
	simd_scalar.hash_layer(held, a, 0, N / 2);
	ok(!memcmp(b, held, N / 2 * sizeof *b), "a layer of a tree");
	free(cells);
}

static void
test_grind(void)
{
	kb *state = random_cells(16), w, s[16];
	int bad = 0;

	for (unsigned at = 0; at < 16; at++) {
		EACH_SHUFFLED(i, 64) {
			memcpy(s, state, sizeof s);
			w = s[at] = kb_from64(KB_P - 32 + i);
			grind_at(&w, state, at, &w, t);
			poseidon2(s);
			bad += !kb_eq(w, s[7]);
		}
	}
	ok(!bad, "witnesses");
	free(state);
}

/* All layers of 2^blowup blocks, as a device would do them: some at once. */
static void
extend(kb *out, const kb *in, unsigned log, unsigned blowup, unsigned most)
{
	const kb *from = in;
	size_t step = 0;
	uint32_t first = 0;
	unsigned left = log;

	for (unsigned radix; left; left -= radix) {
		size_t n = (size_t)1 << (log + blowup);

		radix = left < most ? left : most;
		{ EACH_SHUFFLED(i, n >> radix)
			ntt_blocks_at(out, from, step, left, radix, first, i,
			    twiddle_table); }
		from = out;
		step = (size_t)1 << (left - radix);
	}
}

static void
test_code(void)
{
	int bad[3] = {0};

	for (unsigned log = 1; log <= 13; log++) {
		size_t n = (size_t)4 << log;
		kb *in = random_cells(n), *a = random_cells(n);
		kb *b = random_cells(n);

		ntt_extend(b, in, log, 2);
		for (unsigned most = 1; most <= 4; most++) {
			extend(a, in, log, 2, most);
			bad[0] += !!memcmp(a, b, n * sizeof *a);
		}
		for (uint32_t k = 0; k < 4; k++) {
			memcpy(a, in, sizeof *in << log);
			ntt_block_scalar(a, log, k);
			bad[1] += !!memcmp(a, b + ((size_t)k << log),
			    sizeof *a << log);
		}
		free(in);
		free(a);
		free(b);
	}
	ok(!bad[0], "codewords, one to four layers at once");
	ok(!bad[1], "and of the plain form");
}

int
main(void)
{
	simd();		/* makes the tables */
	test_leaves();
	test_grind();
	test_code();
	return done_testing();
}
