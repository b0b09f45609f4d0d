/* What a process apart gives back, and that it can reach nothing; which platform a quote is of. */
#include <fcntl.h>
#include <unistd.h>

#include "attested/apart.h"
#include "attested/pcs.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/sandbox.h"
#include "test/lib/enclave.h"
#include "test/lib/tap.h"

static int
doubles(void *out, const void *given, struct err *e)
{
	uint8_t *p = out;

	for (size_t i = 0; i < APART_MAX; i++)
		p[i] = (uint8_t)(2 * *(const uint8_t *)given + i);
	return 0;
}

static int
refuses(void *out, const void *given, struct err *e)
{
	memset(out, 0xff, 8);
	return err_set(e, EX_DATAERR, "no %s", (const char *)given);
}

static int
aborts(void *out, const void *given, struct err *e)
{
	abort();
}

static int
ends(void *out, const void *given, struct err *e)
{
	_exit(0);
}

static int
opens(void *out, const void *given, struct err *e)
{
	*(int *)out = open(given, O_RDONLY);
	return 0;
}

static void
test_apart(void)
{
	uint8_t in = 7, out[APART_MAX] = { 0 }, eight[9] = { 0 };
	struct err e;
	int fd = -2;

	ok(apart(doubles, out, sizeof out, &in, &e) == 0 && out[0] == 14 &&
	    out[APART_MAX - 1] == (uint8_t)(14 + APART_MAX - 1), "all of an answer");
	ok(apart(doubles, eight, 8, &in, &e) == 0 && eight[7] == 21 && eight[8] == 0,
	    "no more than is asked for");
	memset(eight, 0, sizeof eight);
	ok(apart(refuses, eight, 8, "such thing", &e) == -1 && e.status == EX_DATAERR,
	    "a failure");
	is_str(e.msg, "no such thing", "with its reason");
	ok(eight[0] == 0, "and no answer");
	ok(apart(ends, eight, 8, NULL, &e) == -1 && e.status == EX_SOFTWARE,
	    "one that says nothing");
	ok(apart(aborts, eight, 8, NULL, &e) == -1 && e.status == EX_SOFTWARE,
	    "one that is broken");
	if (sandbox_real())
		ok(apart(opens, &fd, sizeof fd, "/etc/passwd", &e) == -1 &&
		    e.status == EX_SOFTWARE && fd == -2, "it can open nothing");
	else
		tap_skip("no sandbox in this build");
	fd = open("/etc/passwd", O_RDONLY);
	ok(fd >= 0, "which is not so here");
	close(fd);
}

static struct bytes
span(const struct text *t)
{
	return (struct bytes){ (const uint8_t *)t->p, t->n };
}

/* What a file of test/vectors/attest needs, if it is one. */
static void
needs(const char *name, bool tdx, bool processor, const char *want)
{
	char path[200];
	struct pcs_need n;
	uint8_t *p;
	size_t len;
	struct err e;

	snprintf(path, sizeof path, "test/vectors/attest/%s", name);
	must(read_file(path, 1 << 20, &p, &len, &e) == 0);
	if (!ok(pcs_need(&n, (struct bytes){ p, len }, &e) == 0, "%s tells its platform",
	    name))
		diag("%s", e.msg);
	ok(n.tdx == tdx && n.processor == processor, "its kind and CA");
	is_hex(n.fmspc, 6, want, "its FMSPC");
	free(p);
}

static void
test_need(void)
{
	struct pcs_need n;
	struct enclave x;
	struct err e;

	needs("a-quote-v4.bin", true, false, "b0c06f000000");
	needs("c-quote-v4.hex", true, false, "20a06f000000");
	needs("b-dstack-quote-report.json", true, false, "90c06f000000");
	needs("s-quote-v3-sgx.bin", false, true, "00a067110000");
	enclave_make(&x, "cert_type=1");
	ok(pcs_need(&n, span(&x.quote), &e) == -1 && e.status == EX_NO,
	    "a quote without certificates does not");
	enclave_free(&x);
	enclave_make(&x, "pck_no_extension");
	ok(pcs_need(&n, span(&x.quote), &e) == -1, "nor one whose certificate lacks it");
	enclave_free(&x);
	ok(pcs_need(&n, (struct bytes){ (const uint8_t *)"{\"quote\":\"00\"}", 14 },
	    &e) == -1 && e.status == EX_DATAERR && n.fmspc[0] == 0, "nor nonsense");
}

static void
test_folder(void)
{
	char out[64];

	setenv("XDG_CACHE_HOME", "/c", 1);
	setenv("HOME", "/home/a", 1);
	ok(pcs_folder(out, sizeof out), "a folder");
	is_str(out, "/c/sp1-private/collateral", "in the cache's");
	setenv("XDG_CACHE_HOME", "relative", 1);
	ok(pcs_folder(out, sizeof out), "not one that is relative");
	is_str(out, "/home/a/.cache/sp1-private/collateral", "but at home");
	ok(!pcs_folder(out, 37), "that is too long");
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	ok(!pcs_folder(out, sizeof out), "nowhere");
}

int
main(void)
{
	openssl_start();
	test_apart();
	test_need();
	test_folder();
	return done_testing();
}
