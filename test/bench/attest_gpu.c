/*
 * Microseconds to verify a GPU's report, the best and the median of N: its certificates,
 * its firmware's id, its signature; then a file of reference measurements, XML signature
 * and certificates.
 *
 *	attest_gpu EVIDENCE NOW RIM NOW N
 */
#include <stdlib.h>

#include "attest/gpu.h"
#include "attest/rim.h"
#include "base/clock.h"
#include "base/io.h"

static struct chain gpu_root, rim_root;

static void
verify_report(struct bytes text, int64_t now)
{
	struct gpus g;
	struct err e;

	must(gpus_parse(&g, text, &e) == 0 && g.n == 1 &&
	    gpu_check_chain(&g.of[0], &gpu_root, now, &e) == 0 &&
	    gpu_check_firmware(&g.of[0], &e) == 0 &&
	    gpu_check_signature(&g.of[0], &e) == 0);
	gpus_free(&g);
}

static void
verify_rim(struct bytes text, int64_t now)
{
	struct rim r;
	struct err e;

	must(rim_parse(&r, text, &e) == 0 && rim_check(&r, &rim_root, now, &e) == 0);
	rim_free(&r);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(const char *what, void (*f)(struct bytes text, int64_t now), const char *path,
    const char *now, size_t n)
{
	double *t = calloc(n, sizeof *t);
	struct bytes text;
	struct err e;
	uint8_t *p;

	if (read_file(path, GPU_EVIDENCE_MAX, &p, &text.n, &e))
		die_err(&e);
	text.p = p;
	must(t != NULL);
	for (size_t i = 0; i < n; i++) {
		t[i] = clock_s();
		f(text, atoll(now));
		t[i] = clock_s() - t[i];
	}
	qsort(t, n, sizeof *t, compare);
	printf("%s\t%.1f\t%.1f\n", what, t[0] * 1e6, t[n / 2] * 1e6);
	free(t);
	free(p);
}

int
main(int argc, char **argv)
{
	size_t n = argc == 6 ? (size_t)atoi(argv[5]) : 0;
	struct err e;

	if (n == 0)
		return EX_USAGE;
	if (rim_start(&e))
		die_err(&e);
	must(chain_one(&gpu_root, nvidia_root(), &e) == 0 &&
	    chain_one(&rim_root, nvidia_rim_root(), &e) == 0);
	measure("a GPU's report", verify_report, argv[1], argv[2], n);
	measure("reference measurements", verify_rim, argv[3], argv[4], n);
	chain_free(&gpu_root);
	chain_free(&rim_root);
	return 0;
}
