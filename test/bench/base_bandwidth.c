/*
 * The machine's memory: TSV, operation, threads, GB a second (bytes read and
 * written, the best of several runs).  The argument is the number of threads.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/par.h"

#define N ((size_t)1 << 26)		/* words: 512 MB, beyond a cache */
#define PIECE ((size_t)1 << 16)

static uint64_t *a, *b;
static uint64_t sum[N / PIECE];

static void
fill_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	memset(a + begin, 1, (end - begin) * sizeof *a);
}

static void
read_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	uint64_t s[8] = {0};

	for (size_t i = begin; i < end; i += 8)
		for (int k = 0; k < 8; k++)
			s[k] += a[i + k];
	for (int k = 1; k < 8; k++)
		s[0] += s[k];
	sum[begin / PIECE] = s[0];
}

static void
add_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	for (size_t i = begin; i < end; i++)
		b[i] += a[i];
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void *ctx, size_t begin, size_t end, unsigned w);
		int streams;
	} op[] = {
		{"write", fill_piece, 1}, {"read", read_piece, 1},
		{"read, read, write", add_piece, 3}
	};

	par_start(argc > 1 ? (unsigned)atoi(argv[1]) : 1);
	a = malloc(N * sizeof *a);
	b = calloc(N, sizeof *b);
	if (!a || !b)
		die(EX_OSERR, "no memory");
	printf("# op\tthreads\tGB/s\n");
	for (size_t i = 0; i < sizeof op / sizeof *op; i++) {
		double best = 1e30;

		for (int run = 0; run < 5; run++) {
			double t = clock_s();

			par_for(N, PIECE, op[i].run, NULL);
			t = clock_s() - t;
			if (t < best)
				best = t;
		}
		printf("%s\t%u\t%.1f\n", op[i].name, par_threads(),
		    op[i].streams * (double)(N * sizeof *a) / best / 1e9);
	}
	return 0;
}
