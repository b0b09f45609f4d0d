/*
 * A core proof: what holds across its shards (sp1-proof(7), Across shards),
 * then each shard.
 */
#include "stark/verify.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "field/septic.h"
#include "stark/committed.h"

#define MAX_SHARDS ((size_t)1 << 24)
#define HALT_PC 1	/* where a halted program is */

static bool
same(const kb *a, const kb *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!kb_eq(a[i], b[i]))
			return false;
	return true;
}

static bool
zero(const kb *a, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (a[i].v != 0)
			return false;
	return true;
}

static bool
one(kb a)
{
	return kb_eq(a, KB_ONE);
}

/* What each shard takes over from the one before; zeros before the first, but
 * for the program counter and the time. */
static const struct link {
	unsigned before, after, n;
	const char *what;
} links[] = {
	{PV_INITIAL_TIMESTAMP, PV_LAST_TIMESTAMP, 4, "timestamp"},
	{PV_PC_START, PV_NEXT_PC, 3, "program counter"},
	{PV_PREV_EXIT_CODE, PV_EXIT_CODE, 1, "exit code"},
	{PV_PREV_INIT_ADDR, PV_LAST_INIT_ADDR, 3, "last initialized address"},
	{PV_PREV_FINALIZE_ADDR, PV_LAST_FINALIZE_ADDR, 3,
	    "last finalized address"},
	{PV_PAGE_INDEX, PV_PAGE_INDEX + 3, 3, "last initialized page"},
	{PV_PAGE_INDEX + 6, PV_PAGE_INDEX + 9, 3, "last finalized page"},
	{PV_PREV_COMMITTED, PV_COMMITTED, 32, "digest of public values"},
	{PV_PREV_DEFERRED, PV_DEFERRED, 8, "digest of deferred proofs"},
	{PV_PREV_COMMIT_SYSCALL, PV_COMMIT_SYSCALL, 1, "COMMIT flag"},
	{PV_PREV_COMMIT_DEFERRED, PV_COMMIT_DEFERRED, 1,
	    "COMMIT_DEFERRED_PROOFS flag"},
};

static int
check_links(const struct vk *vk, const struct core_proof *p, struct err *e)
{
	kb start[STARK_PUBLIC_VALUES] = {{0}};

	start[PV_LAST_TIMESTAMP + 3] = KB_ONE;
	memcpy(&start[PV_NEXT_PC], vk->pc_start, sizeof vk->pc_start);
	for (size_t i = 0; i < p->nshards; i++) {
		const kb *prev = i == 0 ? start :
		    p->shard[i - 1].public_values.v;
		const kb *v = p->shard[i].public_values.v;

		for (size_t k = 0; k < sizeof links / sizeof *links; k++)
			if (!same(&v[links[k].before], &prev[links[k].after],
			    links[k].n))
				return err_set(e, EX_NO, "shard %zu: its %s "
				    "does not follow %s", i, links[k].what,
				    i == 0 ? "from the program's start" :
				    "the shard before");
	}
	return 0;
}

/* What the constraints on public values say too, but for the key's part. */
static int
check_kinds(const struct vk *vk, const struct core_proof *p, struct err *e)
{
	size_t first = 0;

	for (size_t i = 0; i < p->nshards; i++) {
		const kb *v = p->shard[i].public_values.v;
		bool moved = !same(&v[PV_INITIAL_TIMESTAMP],
		    &v[PV_LAST_TIMESTAMP], 4);
		bool executes = one(v[PV_IS_EXECUTION]);

		if (v[PV_IS_FIRST].v != 0 && !one(v[PV_IS_FIRST]))
			return err_set(e, EX_NO, "shard %zu: the first-shard "
			    "flag is no bit", i);
		first += one(v[PV_IS_FIRST]);
		if (!executes && v[PV_IS_EXECUTION].v != 0)
			return err_set(e, EX_NO, "shard %zu: the execution "
			    "flag is no bit", i);
		if (executes != moved)
			return err_set(e, EX_NO, "shard %zu: time %s", i,
			    executes ? "stands still though it executes" :
			    "passes though it does not execute");
		if (!executes && !same(&v[PV_PC_START], &v[PV_NEXT_PC], 3))
			return err_set(e, EX_NO, "shard %zu: the program "
			    "counter moves though it does not execute", i);
		if (!kb_eq(v[PV_PREV_EXIT_CODE], v[PV_EXIT_CODE]) &&
		    (!executes || v[PV_PREV_EXIT_CODE].v != 0))
			return err_set(e, EX_NO, "shard %zu: the exit code "
			    "changes where it may not", i);
		if (!same(&v[PV_NONCE], &p->shard[0].public_values.v[PV_NONCE],
		    4))
			return err_set(e, EX_NO, "shard %zu: its nonce is not "
			    "that of shard 0", i);
		if (!kb_eq(v[PV_UNTRUSTED], vk->untrusted))
			return err_set(e, EX_NO, "shard %zu: its "
			    "untrusted-programs flag is not the key's", i);
	}
	if (first != 1)
		return err_set(e, EX_NO, "%zu shards begin the execution, "
		    "not 1", first);
	return 0;
}

static int
check_end(const struct core_proof *p, const struct verify_options *o,
    struct err *e)
{
	const kb *v = p->shard[p->nshards - 1].public_values.v;

	if (!kb_eq(v[PV_NEXT_PC], kb_from(HALT_PC)) ||
	    !zero(&v[PV_NEXT_PC + 1], 2))
		return err_set(e, EX_NO, "the program has not halted");
	if (zero(&v[PV_LAST_INIT_ADDR], 3))
		return err_set(e, EX_NO, "address 0 was never initialized");
	if (zero(&v[PV_LAST_FINALIZE_ADDR], 3))
		return err_set(e, EX_NO, "address 0 was never finalized");
	if (!one(v[PV_COMMIT_SYSCALL]))
		return err_set(e, EX_NO, "the program never called COMMIT");
	if (!one(v[PV_COMMIT_DEFERRED]))
		return err_set(e, EX_NO, "the program never called "
		    "COMMIT_DEFERRED_PROOFS");
	if (v[PV_EXIT_CODE].v != 0 && (o == NULL || !o->allow_exit_code))
		return err_set(e, EX_NO, "the program halted with exit code %u",
		    kb_to(v[PV_EXIT_CODE]));
	return 0;
}

static struct septic_point
point(const kb *x, const kb *y)
{
	struct septic_point p;

	memcpy(p.x.c, x, sizeof p.x.c);
	memcpy(p.y.c, y, sizeof p.y.c);
	return p;
}

/* Messages between shards, and the memory image, cancel. */
static int
check_global_sum(const struct vk *vk, const struct core_proof *p,
    struct err *e)
{
	struct septic_point d[2] = {point(vk->sum_x, vk->sum_y)};

	for (size_t i = 0; i < p->nshards; i++) {
		const kb *v = p->shard[i].public_values.v;

		d[1] = point(&v[PV_GLOBAL_SUM], &v[PV_GLOBAL_SUM + 7]);
		if (septic_digest_sum(&d[0], d, 2))
			return err_set(e, EX_NO, "shard %zu: adding its global "
			    "sum meets an exceptional case of the curve", i);
	}
	if (!septic_eq(d[0].x, septic_start.x) ||
	    !septic_eq(d[0].y, septic_start.y))
		return err_set(e, EX_NO, "the global sums of key and shards do "
		    "not cancel");
	return 0;
}

struct shards {
	const struct air_machine *m;
	const struct vk *vk;
	const struct core_proof *p;
	struct err *err;	/* of those that are invalid */
	_Atomic size_t valid;	/* how many are */
	_Atomic size_t bad;	/* the first known to be invalid: those after it
				 * are left out */
};

static void
verify_some(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct shards *s = ctx;

	for (; begin < end && begin < atomic_load(&s->bad); begin++) {
		size_t bad = s->p->nshards;

		if (verify_shard(&stark_core, s->m, s->vk,
		    &s->p->shard[begin], &s->err[begin]) == 0) {
			s->valid++;
			continue;
		}
		while (begin < bad &&
		    !atomic_compare_exchange_weak(&s->bad, &bad, begin))
			;
	}
}

static int
verify_shards(const struct air_machine *m, const struct vk *vk,
    const struct core_proof *p, struct err *e)
{
	size_t n = p->nshards;
	struct shards s = {m, vk, p, calloc(n, sizeof *s.err), 0, n};
	int r = 0;

	if (s.err == NULL)
		return err_set(e, EX_OSERR, "no memory for the verifier");
	/* Few shards: each uses the whole pool in turn. */
	if (n < par_threads())
		verify_some(&s, 0, n, 0);
	else
		par_for(n, 1, verify_some, &s);
	if (s.valid != n) {
		must(s.bad < n);
		if (e != NULL)
			*e = s.err[s.bad];
		r = err_prefix(e, "shard %zu", s.bad);
	}
	free(s.err);
	return r;
}

int
verify_core(const struct air_machine *m, const struct vk *vk,
    const struct core_proof *p, const struct verify_options *o, struct err *e)
{
	if (check_version(&p->tail.version, e))
		return -1;
	if (p->nshards == 0)
		return err_set(e, EX_NO, "the proof has no shard");
	if (p->nshards >= MAX_SHARDS)
		return err_set(e, EX_NO, "the proof has too many shards: %zu",
		    p->nshards);
	for (size_t i = 0; i < p->nshards; i++)
		if (p->shard[i].public_values.n != STARK_PUBLIC_VALUES)
			return err_set(e, EX_NO, "shard %zu: %zu public "
			    "values, not %d", i, p->shard[i].public_values.n,
			    STARK_PUBLIC_VALUES);
	if (check_links(vk, p, e) || check_kinds(vk, p, e) ||
	    check_end(p, o, e) || check_committed(
	    &p->shard[p->nshards - 1].public_values.v[PV_COMMITTED],
	    &p->tail.public_values, e) ||
	    check_global_sum(vk, p, e))
		return -1;
	return verify_shards(m, vk, p, e);
}

uint32_t
core_proof_exit_code(const struct core_proof *p)
{
	const struct kb_vec *v;

	if (p->nshards == 0)
		return 0;
	v = &p->shard[p->nshards - 1].public_values;
	return v->n > PV_EXIT_CODE ? kb_to(v->v[PV_EXIT_CODE]) : 0;
}
