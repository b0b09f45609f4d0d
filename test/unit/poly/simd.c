/* The same results from every instruction set, whatever the lengths. */
#include "poly/simd.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

#define N 83
#define W 35

static uint64_t seed = 3;

/* Every few the extremes. */
static kb
rnd(void)
{
	uint64_t z = splitmix64(&seed);

	switch (z >> 58) {
	case 0:
		return KB_ZERO;
	case 1:
		return (kb){KB_P - 1};
	case 2:
		return (kb){(uint32_t)(z & 3)};
	default:
		return kb_from64(z);
	}
}

static void
compare(const struct simd_ops *x)
{
	static kb col[W][N], row[N * W];
	static digest in[2 * N], a[N + 1], b[N + 1];
	const kb *column[W];
	int bad = 0;

	for (int j = 0; j < W; j++) {
		column[j] = col[j];
		for (int i = 0; i < N; i++)
			col[j][i] = rnd();
	}
	for (int i = 0; i < N * W; i++)
		row[i] = rnd();
	for (int i = 0; i < 2 * N; i++)
		for (int j = 0; j < 8; j++)
			in[i].c[j] = rnd();
	for (size_t w = 0; w <= W; w++) {
		memset(a, 1, sizeof a);
		memset(b, 1, sizeof b);
		x->hash_leaves(a, column, w, w, N - w);
		hash_leaves_scalar(b, column, w, w, N - w);
		bad += !!memcmp(a, b, sizeof a);
	}
	ok(!bad, "%s: leaves of columns", x->name);
	for (size_t w = bad = 0; w <= W; w++) {
		size_t some = w / 16 * 8;

		if (w - some < 8)
			continue;
		memset(a, 1, sizeof a);
		memset(b, 1, sizeof b);
		x->absorb(a, NULL, column, some, w, N - w, 0);
		x->absorb(a, a, column + some, w - some, w, N - w, 1);
		hash_leaves_scalar(b, column, w, w, N - w);
		bad += !!memcmp(a, b, sizeof a);
	}
	ok(!bad, "%s: leaves of columns that come in two parts", x->name);
	for (size_t w = bad = 0; w <= W; w++) {
		memset(a, 1, sizeof a);
		memset(b, 1, sizeof b);
		x->hash_rows(a, row, w, w, N);
		hash_rows_scalar(b, row, w, w, N);
		bad += !!memcmp(a, b, sizeof a);
	}
	ok(!bad, "%s: leaves of rows", x->name);
	for (size_t n = bad = 0; n <= N; n++) {
		memset(a, 1, sizeof a);
		memset(b, 1, sizeof b);
		x->hash_layer(a, in, n / 3, n);
		hash_layer_scalar(b, in, n / 3, n);
		bad += !!memcmp(a, b, sizeof a);
	}
	ok(!bad, "%s: layers", x->name);
	for (unsigned at = bad = 0; at < 16; at++) {
		kb s[16];

		for (int i = 0; i < 16; i++)
			s[i] = rnd();
		for (uint32_t from = 0; from < 64; from += 16)
			bad += x->grind16(s, at, from, 7) !=
			    grind16_scalar(s, at, from, 7);
		bad += x->grind16(s, at, KB_P - 5, 1) !=
		    grind16_scalar(s, at, KB_P - 5, 1);
	}
	ok(!bad, "%s: grinding", x->name);
	for (unsigned log = bad = 0; log < 14; log++) {
		static kb p[1 << 13], q[1 << 13];
		size_t n = (size_t)1 << log;

		for (size_t i = 0; i < n; i++)
			p[i] = q[i] = rnd();
		x->ntt_block(p, log, (uint32_t)seed % 1024);
		ntt_block_scalar(q, log, (uint32_t)seed % 1024);
		bad += !!memcmp(p, q, n * sizeof *p);
		for (unsigned radix = 1; radix <= 4 && radix <= log; radix++) {
			size_t begin = n >> radix >> 2 << 1;

			memcpy(q, p, sizeof q);
			x->ntt_pass(p, p, log, radix, 5, begin, n >> radix);
			ntt_pass_scalar(q, q, log, radix, 5, begin, n >> radix);
			bad += !!memcmp(p, q, n * sizeof *p);
		}
	}
	ok(!bad, "%s: codewords", x->name);
}

int
main(void)
{
	static const char *const name[] = {"avx2", "avx512"};

	for (int i = 0; i < 2; i++) {
		const struct simd_ops *x = simd_by_name(name[i]);

		if (x)
			for (int k = 0; k < 20; k++)
				compare(x);
		else
			tap_skip("this processor has no %s", name[i]);
	}
	ok(simd_by_name("scalar") == &simd_scalar && !simd_by_name("sse"),
	    "names");
	return done_testing();
}
