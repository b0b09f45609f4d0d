/*
 * Every stock proof, of core and compressed mode, altered as test/lib/altered.h
 * does, is read as malformed or refused, each with a reason: 20 copies of each proof;
 * CHECK_LONG=1: 2,000, and 200 of the one with 18 shards.
 */
#include <time.h>

#include "base/par.h"
#include "stark/verify.h"
#include "test/lib/altered.h"
#include "test/lib/stark_vectors.h"

static const struct {
	const char *file, *guest;
	size_t longer;
	int exit_code;
} every[] = {
	{"halt.core", "halt", 2000, 0},
	{"fib-20.core", "fib", 2000, 0},
	{"fib-20.service.core", "fib", 2000, 0},
	{"isa-3.core", "isa", 2000, 0},
	{"mem-1000.core", "mem", 2000, 0},
	{"io.core", "io", 2000, 0},
	{"image.core", "image", 2000, 0},
	{"lax.core", "lax", 2000, 0},
	{"exit-1.core", "exit", 2000, 1},
	{"bench-1.threshold-33554432.core", "bench", 2000, 0},
	{"mem-20000.threshold-33554432.core", "mem", 2000, 0},
	{"sha256-1000.core", "sha256", 2000, 0},
	{"keccak256-1000.core", "keccak256", 2000, 0},
	{"precompiles.core", "precompiles", 200, 0},
	{"fib-20.compressed", "fib", 2000, 0},
};

static const struct verify_options any = {.allow_exit_code = 1};

static int
check(const struct vk *vk, const uint8_t *in, size_t len, struct err *e)
{
	struct compressed_proof z;
	struct core_proof p;
	enum proof_mode mode;
	struct arena a;
	digest program = vk_digest(vk);
	int r = -1;

	*e = (struct err){0};
	arena_init(&a, core_proof_ceiling(len));
	if (proof_mode(&mode, in, len, e) == 0) {
		if (mode == PROOF_COMPRESSED)
			r = compressed_proof_read(&z, &a, in, len, e) ||
			    verify_compressed(&program, &z, &any, e) ? -1 : 0;
		else
			r = core_proof_read(&p, &a, in, len, e) ||
			    verify_core(air_machine_riscv(), vk, &p, &any, e) ?
			    -1 : 0;
	}
	arena_free(&a);
	return r;
}

/* Another mode in the first four bytes is malformed here: those have other readers. */
static void
test_altered(const char *name, const struct vk *vk, size_t n)
{
	size_t accepted = 0, strange = 0, malformed = 0;
	time_t begin = time(NULL);
	struct err e;

	for (size_t i = 0; i < n; i++) {
		alter_as(1, i);
		if (check(vk, altered_out.v, altered_out.n, &e) == 0) {
			diag("alteration %zu, %s: accepted", i, altered_what);
			accepted++;
		} else if (e.msg[0] == '\0' ||
		    (e.status != EX_NO && e.status != EX_DATAERR)) {
			diag("alteration %zu, %s: status %d, '%s'", i, altered_what,
			    e.status, e.msg);
			strange++;
		}
		malformed += e.status == EX_DATAERR;
	}
	is_int(accepted + strange, 0, "%s: %zu altered copies refused, %zu of "
	    "them as malformed", name, n, malformed);
	diag("%ld s", (long)(time(NULL) - begin));
}

static void
test_proof(const char *file, const char *guest, size_t n, int exit_code)
{
	struct byte_vec in;
	struct vk vk, other;
	struct arena a;
	struct err e = {0};
	char path[STOCK_PATH];

	if (stock_path_or_skip(path, file) == NULL)
		return;
	if (!ok(stock_vk(&vk, guest) == 0 &&
	    stock_vk(&other, strcmp(guest, "isa") == 0 ? "halt" : "isa") == 0 &&
	    read_file(path, PROOF_CAP, &in.v, &in.n, &e) == 0,
	    "%s and its key are read %s", path, e.msg))
		return;
	ok(check(&vk, in.v, in.n, &e) == 0, "%s: valid %s", file, e.msg);
	ok(check(&other, in.v, in.n, &e) == -1 && e.status == EX_NO,
	    "%s with another program's key: %s", file, e.msg);
	arena_init(&a, core_proof_ceiling(in.n));
	must(altered_read(&a, &in, &e) == 0);
	if (exit_code != 0)
		ok(verify_core(air_machine_riscv(), &vk, &altered_proof.core, NULL,
		    &e) == -1 && strstr(e.msg, "exit code") != NULL,
		    "%s: not without the option: %s", file, e.msg);
	altered_walk();
	test_altered(file, &vk, n);
	altered_encode();
	ok(altered_out.n == in.n && memcmp(altered_out.v, in.v, in.n) == 0,
	    "%s: in the end what it was", file);
	arena_free(&a);
	free(in.v);
}

int
main(void)
{
	par_start(0);
	for (size_t i = 0; i < sizeof every / sizeof *every; i++)
		test_proof(every[i].file, every[i].guest,
		    times(20, every[i].longer), every[i].exit_code);
	free(altered_out.v);
	return done_testing();
}
