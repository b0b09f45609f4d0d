/*
 * A backend that computes as the CPU's does, but in memory of its own: nobody else can
 * touch
 * it, for it is mapped without access between the calls.  That a shard's trace, from its
 * events, and its proof are made on it shows that the backend's table is all they need, and
 * that nothing reads a column behind its back.
 *
 * In that memory lie columns, counts, the key's columns, tables of fractions, factors and
 * codewords; of what is large, only the nodes of hash trees do not.
 */
#include <openssl/sha.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/par.h"
#include "proof/container.h"
#include "prover/cpu/cpu.h"
#include "shards/traces.h"
#include "test/lib/run.h"

/* SHA-256 of the stock proof of halt: test/vectors/proofs.tsv. */
#define STOCK_SHA256 "0c566e8055d4184f09aa8d4bf50b82e386a80fb8085e14b43cfdd6211e59d694"

/* ---- the memory ---- */

#define REGIONS 16

static struct { void *at; size_t size; } region[REGIONS];
static size_t mapped, most;
static int inside;		/* a call of the backend is at work */

static void
protect(int access)
{
	for (unsigned i = 0; i < REGIONS; i++)
		must(!region[i].at || mprotect(region[i].at, region[i].size,
		    access) == 0);
}

static void
enter(void)
{
	must(!inside++);
	protect(PROT_READ | PROT_WRITE);
}

static void
leave(void)
{
	must(!--inside);
	protect(PROT_NONE);
}

/* In the place of prover/cpu/map.c. */
void *
cpu_map(size_t size, bool huge)
{
	unsigned i = 0;

	must(inside);
	while (region[i].at)
		must(++i < REGIONS);
	region[i].at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(region[i].at != MAP_FAILED);
	region[i].size = size;
	mapped += size;
	if (most < mapped)
		most = mapped;
	return region[i].at;
}

void
cpu_unmap(void *p, size_t size)
{
	unsigned i = 0;

	if (!p)
		return;
	must(inside);
	while (region[i].at != p)
		must(++i < REGIONS);
	must(region[i].size == size && munmap(p, size) == 0);
	mapped -= size;
	region[i].at = NULL;
}

/* ---- the backend ---- */

#define CALL(type, name, params, args) \
static type \
apart_##name params \
{ \
	type result; \
\
	enter(); \
	result = backend_cpu.name args; \
	leave(); \
	return result; \
}
#define CALL_VOID(name, params, args) \
static void \
apart_##name params \
{ \
	enter(); \
	backend_cpu.name args; \
	leave(); \
}
typedef struct prover_session session;
typedef struct prover_trace trace;

CALL(size_t, trace_size, (const struct stark_params *p,
    const struct trace_shape *s, const struct trace_source *f), (p, s, f))
CALL(trace *, trace_new, (const struct stark_params *p,
    const struct trace_shape *s, const struct trace_source *f), (p, s, f))
CALL(int, trace_rows, (trace *t, size_t c, const struct trace_rows *r),
    (t, c, r))
CALL_VOID(trace_count, (trace *t, size_t count, uint32_t n), (t, count, n))
CALL_VOID(trace_table, (trace *t, size_t c, size_t first), (t, c, first))
CALL(int, trace_end, (trace *t, struct trace_miss *m), (t, m))
CALL_VOID(trace_read, (const trace *t, size_t c, size_t first, size_t n,
    kb *rows), (t, c, first, n, rows))
CALL_VOID(trace_free, (trace *t), (t))
CALL(size_t, need, (const struct prover_shard *s), (s))
CALL(int, commit, (session *p, any_digest *t), (p, t))
CALL(int, gkr_build, (session *p, const struct gkr_fraction *f, ef *n, ef *d),
    (p, f, n, d))
CALL(int, gkr_layer, (session *p, unsigned j, ef lambda, const ef *slot,
    const ef *row), (p, j, lambda, slot, row))
CALL_VOID(gkr_sum, (session *p, ef out[2]), (p, out))
CALL(int, gkr_fold, (session *p, ef r), (p, r))
CALL_VOID(gkr_take, (session *p, ef (*out)[4]), (p, out))
CALL_VOID(gkr_end, (session *p), (p))
CALL(int, open_columns, (session *p, const ef *point, ef *out),
    (p, point, out))
CALL(int, zerocheck_begin, (session *p, const ef *const *weight,
    const ef *power, const ef *zeta), (p, weight, power, zeta))
CALL_VOID(zerocheck_sum, (session *p, struct zerocheck_sums *out), (p, out))
CALL(int, zerocheck_fold, (session *p, ef r), (p, r))
CALL_VOID(zerocheck_take, (session *p, ef *out), (p, out))
CALL_VOID(zerocheck_end, (session *p), (p))
CALL(int, jagged_begin, (session *p, const struct jagged_column *col, size_t n,
    const ef *eq, const ef *z, unsigned bits, ef *partial),
    (p, col, n, eq, z, bits, partial))
CALL(int, jagged_bind, (session *p, const ef *r), (p, r))
CALL_VOID(jagged_sum, (session *p, ef out[2]), (p, out))
CALL(int, jagged_fold, (session *p, ef r), (p, r))
CALL_VOID(jagged_take, (session *p, ef *out, size_t n), (p, out, n))
CALL_VOID(jagged_end, (session *p), (p))
CALL(int, basefold_begin, (session *p, const ef *coeff, const ef *point),
    (p, coeff, point))
CALL_VOID(basefold_eval, (session *p, ef *out), (p, out))
CALL(int, basefold_commit, (session *p, any_digest *t), (p, t))
CALL(int, basefold_fold, (session *p, ef beta), (p, beta))
CALL(ef, basefold_final, (session *p), (p))
CALL_VOID(rows, (session *p, size_t which, struct prover_rows *out),
    (p, which, out))
CALL(int, rows_open, (session *p, size_t which, const size_t *index, size_t n,
    kb *values, any_digest *paths), (p, which, index, n, values, paths))

/* The shard, with the key's columns in our memory. */
static struct {
	struct prover_shard shard;
	struct prover_chip chip[64];
	struct stacked_commitment prep;
	kb *columns;
	size_t size;
} own;

static session *
apart_open(const struct prover_shard *s)
{
	session *p;

	enter();
	own.shard = *s;
	own.size = (s->ncols[0] << s->params->log_stack) * sizeof(kb);
	own.columns = cpu_map(own.size, false);
	memcpy(own.columns, s->prep, own.size);
	own.prep = *s->prep_commitment;
	own.prep.dense = own.columns;
	must(s->nchips <= sizeof own.chip / sizeof *own.chip);
	for (size_t c = 0; c < s->nchips; c++) {
		own.chip[c] = s->chip[c];
		if (s->chip[c].prep)
			own.chip[c].prep = own.columns +
			    (s->chip[c].prep - s->prep);
	}
	own.shard.chip = own.chip;
	own.shard.prep = own.columns;
	own.shard.prep_commitment = &own.prep;
	p = backend_cpu.open(&own.shard);
	leave();
	return p;
}

static void
apart_close(session *p)
{
	enter();
	backend_cpu.close(p);
	cpu_unmap(own.columns, own.size);
	leave();
}

static const struct prover_backend backend_apart = {
	"apart", apart_trace_size, apart_trace_new, apart_trace_rows,
	apart_trace_count, apart_trace_table, apart_trace_end, apart_trace_read,
	apart_trace_free, apart_need, apart_open, apart_close, apart_commit,
	apart_gkr_build, apart_gkr_layer, apart_gkr_sum, apart_gkr_fold,
	apart_gkr_take, apart_gkr_end, apart_open_columns,
	apart_zerocheck_begin, apart_zerocheck_sum, apart_zerocheck_fold,
	apart_zerocheck_take, apart_zerocheck_end, apart_jagged_begin,
	apart_jagged_bind, apart_jagged_sum, apart_jagged_fold,
	apart_jagged_take, apart_jagged_end, apart_basefold_begin,
	apart_basefold_eval, apart_basefold_commit, apart_basefold_fold,
	apart_basefold_final, apart_rows, apart_rows_open
};

/* ---- halt ---- */

static const struct prover prover_apart = {.backend = &backend_apart,
    .params = &stark_core};

/* Who reads a column between two calls dies. */
static void
test_closed(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL);	/* a sanitizer has it */
		_exit(*(volatile char *)region[0].at);
	}
	must(waitpid(pid, &status, 0) == pid);
	ok(mapped > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
	    "a column cannot be read but by the backend");
}

static void
test_proof(const struct prover *p, const struct proving_key *key,
    const struct shard_trace *t)
{
	struct shard_proof shard;
	struct core_proof proof = {.nshards = 1, .shard = &shard,
	    .tail = {.version = {6, (uint8_t *)STARK_VERSION}}};
	size_t trace_bytes = mapped, need;
	uint8_t *bytes, hash[32];
	struct arena a;
	struct err e = {0};

	arena_init(&a, 0);
	must(prove_shard_need(&need, p, key, &t->shape, &e) == 0);
	if (!ok(prove_shard(&shard, &a, p, key, t, &e) == 0,
	    "the shard is proved: %s", e.msg))
		return;
	bytes = malloc(core_proof_size(&proof));
	must(bytes);
	core_proof_write(bytes, &proof);
	SHA256(bytes, core_proof_size(&proof), hash);
	is_hex(hash, 32, STOCK_SHA256, "the proof's SHA-256");
	ok(most - trace_bytes > need / 2, "of %zu MB, %zu in that memory",
	    (need + trace_bytes) >> 20, most >> 20);
	free(bytes);
	arena_free(&a);
}

int
main(void)
{
	struct prover prover = prover_apart;
	struct proving_key key = {0};
	struct shard_events s;
	struct shard_trace t;
	struct guest_run g;
	struct err e = {0};
	int got;

	par_start(0);
	prover.machine = air_machine_riscv();
	got = guest_run(&g, "halt", "none", 0, &e);
	if (!ok(got == 0 && setup_key(&key, &g.program, &e) == 0 &&
	    guest_next(&g, &s, &e) == 1, "halt has a shard: %s", e.msg))
		return done_testing();
	got = traces_make(&t, &prover, &key, &s, &e);
	shard_events_free(&s);
	if (!ok(got == 0, "its trace: %s", e.msg))
		return done_testing();
	test_closed();
	is_int(trace_debug(&t, &key, NULL, stdout), 0, "the debugger finds no fault");
	test_proof(&prover, &key, &t);
	trace_free(&t);
	is_int(mapped, 0, "all memory is given back");
	setup_free(&key);
	guest_end(&g);
	return done_testing();
}
