/*
 * Microseconds to verify a quote, the best and the median of N: with its collateral, as a
 * caller who has one quote does; under collateral that has been judged before; the same
 * of the platform that the last quote was from.
 *
 *	attest_quote QUOTE COLLATERAL NOW N
 */
#include "attest/verify.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/io.h"

struct given {
	struct bytes quote, collateral;
	struct chain root;
	struct policy policy;
	int64_t now;
};

static void
verify_quote(const struct given *g, const struct collateral *c,
    const struct attest_checks *k, struct platform *platform)
{
	struct attest_verdict v;
	struct evidence ev;
	struct attest_input in = {
		.evidence = &ev, .collateral = c, .collateral_checks = k,
		.root = &g->root, .platform = platform, .policy = &g->policy,
		.now = g->now
	};
	struct err e;

	must(evidence_parse(&ev, g->quote, &e) == 0);
	attest_verify(&v, &in);
	must(v.has_status);
	attest_verdict_free(&v);
	evidence_free(&ev);
}

static void
verify_both(const struct given *g)
{
	struct attest_checks k = { 0 };
	struct collateral c;
	struct err e;

	must(collateral_parse(&c, g->collateral, &g->root, &e) == 0);
	collateral_verify(&k, &c, &g->root, g->now);
	verify_quote(g, &c, &k, NULL);
	collateral_free(&c);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
tell(const char *what, double *t, size_t n)
{
	qsort(t, n, sizeof *t, compare);
	printf("%s\t%.1f\t%.1f\n", what, t[0] * 1e6, t[n / 2] * 1e6);
}

static struct bytes
slurp(const char *path)
{
	struct bytes b;
	uint8_t *p;
	struct err e;

	if (read_file(path, EVIDENCE_MAX, &p, &b.n, &e))
		die_err(&e);
	b.p = p;
	return b;
}

int
main(int argc, char **argv)
{
	size_t n = argc == 5 ? (size_t)atoi(argv[4]) : 0, i;
	double *t = calloc(n + 1, sizeof *t), start;
	struct attest_checks k = { 0 };
	struct platform platform = { 0 };
	struct given g = { 0 };
	struct collateral c;
	struct err e;

	if (n == 0 || t == NULL)
		return EX_USAGE;
	g.quote = slurp(argv[1]);
	g.collateral = slurp(argv[2]);
	g.now = atoll(argv[3]);
	policy_default(&g.policy);
	must(chain_one(&g.root, intel_root(), &e) == 0);
	for (i = 0; i < n; i++) {
		start = clock_s();
		verify_both(&g);
		t[i] = clock_s() - start;
	}
	tell("with collateral", t, n);
	must(collateral_parse(&c, g.collateral, &g.root, &e) == 0);
	collateral_verify(&k, &c, &g.root, g.now);
	for (int same = 0; same < 2; same++) {
		for (i = 0; i < n; i++) {
			start = clock_s();
			verify_quote(&g, &c, &k, same ? &platform : NULL);
			t[i] = clock_s() - start;
		}
		tell(same ? "and of the last one's platform" :
		    "collateral judged before", t, n);
	}
	chain_free(&platform.chain);
	collateral_free(&c);
	chain_free(&g.root);
	free((void *)g.quote.p);
	free((void *)g.collateral.p);
	free(t);
	return 0;
}
