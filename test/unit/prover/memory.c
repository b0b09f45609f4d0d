/*
 * However little memory a proof may take, on each instruction set, with one thread or
 * more: the same bytes.  Stacked columns are short here, so that the phases in which
 * plans differ are what counts.
 */
#include <openssl/sha.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/par.h"
#include "proof/container.h"
#include "prover/cpu/cpu.h"
#include "prover/phase.h"
#include "stark/verify.h"
#include "test/lib/halt.h"

#define LOG_STACK 14
#define PLANS 16

static struct stark_params params;
static const struct air_machine *m;
static struct prover prover = {.backend = &backend_cpu, .params = &params};
static struct proving_key key;
static struct shard_trace trace;
static struct halt halt;

/* What a process found: what each plan takes, the hash of its proof; what a ceiling
 * below them all ends with. */
struct found {
	size_t n, need[PLANS];
	uint8_t proof[PLANS][32];
	int valid, refused;
	char isa[16];
};

/* The key's tables, in columns as short as the trace's. */
static void
shorten_key(void)
{
	size_t cols[3] = {7, 0, 2};
	struct err e;

	cols[1] = (key.prep_area - 7 * key.rows[0] - 2 * key.rows[2]) /
	    key.rows[1];
	must(setup_commit(&key, &params, cols, &e) == 0);
}

/* Proves within `memory`: the hash of the proof; or -1, and its status. */
static int
prove(size_t memory, struct found *f, uint8_t *hash)
{
	struct shard_proof proof;
	struct arena a;
	struct err e = {0};
	int r;

	arena_init(&a, 0);
	prover.memory = memory;
	r = prove_shard(&proof, &a, &prover, &key, &trace, &e);
	if (r == 0) {
		size_t n = shard_proof_size(&proof);
		uint8_t *bytes = malloc(n);

		must(bytes);
		shard_proof_write(bytes, &proof);
		SHA256(bytes, n, hash);
		free(bytes);
		f->valid += verify_shard(&params, m, &key.vk, &proof, &e) == 0;
	} else {
		f->refused = e.status;
	}
	arena_free(&a);
	return r;
}

/* The key's tables go through a file: with long columns they take plain C a while. */
static FILE *tables;

static void
make_tables(void)
{
	struct rv_program program;
	struct err e;

	must(rv_load_file(&program, "test/guest/halt.elf", &e) == 0);
	must(setup_tables(&key, &program, &e) == 0);
	must(fwrite(&key, sizeof key, 1, tables) == 1);
	must(fwrite(key.rows, sizeof *key.rows, key.nprep, tables) ==
	    key.nprep);
	must(fwrite(key.prep, sizeof(kb), key.prep_area, tables) ==
	    key.prep_area && fflush(tables) == 0);
}

static void
set_up(void)
{
	m = air_machine_riscv();
	rewind(tables);
	must(fread(&key, sizeof key, 1, tables) == 1);
	key.rows = calloc(key.nprep, sizeof *key.rows);
	must(key.rows && fread(key.rows, sizeof *key.rows, key.nprep, tables) ==
	    key.nprep);
	memset(&key.commitment, 0, sizeof key.commitment);
	key.prep = calloc(round_up(key.prep_area, 1 << LOG_STACK), sizeof(kb));
	must(key.prep && fread(key.prep, sizeof(kb), key.prep_area, tables) ==
	    key.prep_area);
	must(halt_read(&halt, m) == 0);
	prover.machine = m;
	halt_make(&trace, &prover, &halt);
	shorten_key();
}

/* Every plan, from the one that takes what it likes. */
static void
all_plans(struct found *f)
{
	size_t memory = 0, need = 0;
	struct err e;
	uint8_t none[32];

	while (f->n < PLANS) {
		prover.memory = memory;
		must(prove_shard_need(&need, &prover, &key, &trace.shape,
		    &e) == 0);
		if (memory && need > memory)
			break;
		if (prove(need, f, f->proof[f->n]) < 0)
			return;
		f->need[f->n++] = need;
		memory = need - 1;
	}
	f->refused = 0;
	(void)prove(memory, f, none);
}

/* In a process of its own: which instructions are used is chosen once. */
static int
run(const char *isa, unsigned threads, struct found *f)
{
	int fd[2], status;
	ssize_t got;
	pid_t pid;

	must(pipe(fd) == 0);
	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		setenv("SP1_SIMD", isa, 1);
		par_start(threads);
		set_up();
		memset(f, 0, sizeof *f);
		snprintf(f->isa, sizeof f->isa, "%s", cpu_kernels()->name);
		all_plans(f);
		_exit(write(fd[1], f, sizeof *f) != sizeof *f);
	}
	close(fd[1]);
	got = read(fd[0], f, sizeof *f);
	close(fd[0]);
	return waitpid(pid, &status, 0) == pid && status == 0 &&
	    got == sizeof *f ? 0 : -1;
}

int
main(void)
{
	static const struct { const char *isa; unsigned threads; } way[] = {
		{"scalar", 1}, {"avx2", 3}, {"avx512", 1}, {"avx512", 2}
	};
	struct found first, f;
	pid_t pid;
	int status;

	tables = tmpfile();
	must(tables);
	pid = fork();
	if (pid == 0) {
		make_tables();
		_exit(0);
	}
	must(pid > 0 && waitpid(pid, &status, 0) == pid);
	if (!ok(status == 0, "the key"))
		return done_testing();
	params = stark_core;
	params.log_stack = LOG_STACK;
	for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
		int same = 0;

		if (!ok(run(way[i].isa, way[i].threads, i ? &f : &first) == 0,
		    "%s, threads: %u", way[i].isa, way[i].threads))
			continue;
		if (!i)
			f = first;
		diag("it has %s", f.isa);
		ok(f.n >= 3, "plans that take less and less: %zu", f.n);
		for (size_t k = 0; k < f.n; k++) {
			same += !memcmp(f.proof[k], first.proof[0], 32);
			diag("%zu kB", f.need[k] >> 10);
		}
		ok(same == (int)f.n && f.valid == (int)f.n,
		    "have the same proof, which verifies");
		is_int(f.refused, EX_OSERR, "less than all take: refused");
	}
	return done_testing();
}
