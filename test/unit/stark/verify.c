/*
 * The stock proofs are accepted with their program's key, and refused with
 * another's; what is not accepted is refused for the right reason.
 */
#include "base/par.h"
#include "stark/verify.h"
#include "test/lib/stark_vectors.h"

static const struct {
	const char *name, *guest, *refusal;	/* NULL: valid */
} known[] = {
	{"halt", "halt", NULL},
	{"fib-20", "fib", NULL},
	{"fib-20.service", "fib", NULL},
	{"isa-3", "isa", NULL},
	{"mem-1000", "mem", NULL},
	{"io", "io", NULL},
	{"image", "image", NULL},
	{"lax", "lax", NULL},
	{"bench-1.threshold-33554432", "bench", NULL},
	{"mem-20000.threshold-33554432", "mem", NULL},
	{"sha256-1000", "sha256", NULL},
	{"keccak256-1000", "keccak256", NULL},
	{"precompiles", "precompiles", NULL},
	{"exit-1", "exit", "exit code 1"},
	{"fib-20", "halt", "program's start"},	/* another entry point */
	{"mem-1000", "isa", "program's start"},
};

static void
test_known(const struct air_machine *m)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct test_proof t;
		struct err e = {0};
		char path[STOCK_PATH], core[100];
		double begin;
		int r;

		snprintf(core, sizeof core, "%s.core", known[i].name);
		if (stock_path_or_skip(path, core) == NULL)
			continue;
		if (!ok(stock_proof(&t, known[i].name, known[i].guest, &e) == 0,
		    "%s: read %s", known[i].name, e.msg))
			continue;
		begin = seconds();
		r = verify_core(m, &t.vk, &t.p, NULL, &e);
		begin = seconds() - begin;
		if (known[i].refusal == NULL)
			ok(r == 0, "%s: %zu shards valid in %.0f ms %s",
			    known[i].name, t.p.nshards, 1000 * begin,
			    r ? e.msg : "");
		else
			ok(r == -1 && e.status == EX_NO &&
			    strstr(e.msg, known[i].refusal) != NULL,
			    "%s with the key of %s: refused: %s",
			    known[i].name, known[i].guest, e.msg);
		test_proof_free(&t);
	}
}

static void
test_exit_code(const struct air_machine *m)
{
	struct verify_options o = {.allow_exit_code = 1};
	struct test_proof t;
	struct err e = {0};

	if (!ok(stock_proof(&t, "exit-1", "exit", &e) == 0, "exit-1: read"))
		return;
	ok(verify_core(m, &t.vk, &t.p, &o, &e) == 0,
	    "exit-1: valid where its exit code is allowed %s", e.msg);
	is_int(core_proof_exit_code(&t.p), 1, "its exit code");
	test_proof_free(&t);
}

/* A chip that the machine lacks is named, in whatever shard it comes first. */
static void
test_unsupported(const struct air_machine *m)
{
	struct test_proof t;
	struct err e = {0};
	struct shard_proof *last;

	if (!ok(stock_proof(&t, "keccak256-1000", "keccak256", &e) == 0,
	    "keccak256-1000: read %s", e.msg))
		return;
	last = &t.p.shard[t.p.nshards - 1];
	must(last->nopened > 0 && last->opened[0].name_len > 0);
	last->opened[0].name = "Nothing";
	last->opened[0].name_len = strlen("Nothing");
	ok(verify_core(m, &t.vk, &t.p, NULL, &e) == -1 && e.status == EX_NO &&
	    strstr(e.msg, "chip Nothing is not supported") != NULL,
	    "a chip of the last shard by another name: %s", e.msg);
	test_proof_free(&t);
}

int
main(void)
{
	const struct air_machine *m;

	par_start(0);
	m = air_machine_riscv();
	test_known(m);
	test_exit_code(m);
	test_unsupported(m);
	return done_testing();
}
