/*
 * TSV: operation, size, nanoseconds for one element (the least of several runs),
 * threads, instruction set.  SP1_SIMD chooses the latter; the first argument is
 * the number of threads (default 1).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/par.h"
#include "poly/challenger.h"
#include "poly/merkle.h"
#include "poly/ntt.h"
#include "poly/simd.h"

static double
now(void)
{
	return 1e9 * clock_s();
}

#define BENCH(op, n, runs, call) do { \
	double best = 1e30; \
	for (int run_ = 0; run_ < (runs); run_++) { \
		double t_ = now(); \
		call; \
		t_ = now() - t_; \
		if (t_ < best) \
			best = t_; \
	} \
	printf("%s\t%zu\t%.2f\t%u\t%s\n", op, (size_t)(n), \
	    best / (double)(n), par_threads(), simd()->name); \
	fflush(stdout); \
} while (0)

int
main(int argc, char **argv)
{
	enum { LOG = 21, N = 1 << LOG, COLS = 16 };
	kb *in = malloc(N * sizeof *in), *out = malloc((size_t)4 * N * sizeof *out);
	any_digest *d = malloc(N * sizeof *d);
	const kb *column[COLS];
	struct challenger c;
	struct merkle t;

	par_start(argc > 1 ? (unsigned)atoi(argv[1]) : 1);
	for (size_t i = 0; i < N; i++)
		in[i] = kb_from((uint32_t)i * 2654435761u);
	for (int j = 0; j < COLS; j++)
		column[j] = in + j;
	printf("# op\tn\tns\tthreads\tsimd\n");
	BENCH("poseidon2_leaves_8", N, 3, hasher_kb.absorb(d, NULL, column, 8, 0, N, true));
	BENCH("poseidon2_leaves_16", N / 2, 3,
	    hasher_kb.absorb(d, NULL, column, 16, 0, N / 2, true));
	BENCH("poseidon2_rows_8", N / 8, 3, hasher_kb.rows(d, in, 8, N / 8));
	BENCH("poseidon2_layer", N / 16, 3,
	    hasher_layer(&hasher_kb, d, (const any_digest *)in, N / 16));
	challenger_init(&c, &hasher_kb);
	BENCH("grind_16_bits", 1 << 16, 3, challenger_grind(&c, 16));
	BENCH("merkle_1_column", N / 2, 2, {
		ignore(merkle_commit(&t, &hasher_kb, column, 1, LOG - 1));
		merkle_free(&t);
	});
	BENCH("ntt_extend_x4", 4 * N, 5, ntt_extend(out, in, LOG, 2));
	BENCH("ntt_extend_x2", 2 * N, 5, ntt_extend(out, in, LOG, 1));
	return 0;
}
