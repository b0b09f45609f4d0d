/*
 * Programs over real proofs, of one shard and of three: every check of the circuit holds,
 * an altered witness fails, and what is committed is what the proof says.  CHECK_LONG=1: of
 * every stock proof, all precompiles' among them.
 */
#include "air/air.h"
#include "recursion/programs.h"
#include "recursion/witness.h"
#include "stark/recursion_keys.h"
#include "test/lib/stark_vectors.h"

/* Alters every step-th block of the witness in turn; the program must refuse each, but
 * those that it does not look at.  Returns how many it took. */
static size_t
altered_taken(const struct program *p, struct witness *w, size_t step)
{
	size_t taken = 0;

	for (size_t i = step / 2; i < w->n; i += step) {
		struct run_memory m;
		ef was = w->v[i];
		struct err e;

		w->v[i].c[0] = kb_add(was.c[0], KB_ONE);
		if (program_run(&m, p, w, &e) == 0) {
			diag("block %zu", i);
			run_memory_free(&m);
			taken++;
		}
		w->v[i] = was;
	}
	return taken;
}

static const struct air_cluster *
cluster_of(const struct shard_proof *p)
{
	const struct air_machine *m = air_machine_riscv();
	bool have[128] = {false};

	for (size_t i = 0; i < p->nopened; i++)
		have[air_chip_by_name(m, p->opened[i].name,
		    p->opened[i].name_len)->index] = true;
	return air_cluster_exact(m, have);
}

static void
normalize(const struct vk *vk, const struct shard_proof *p, const char *what)
{
	struct normalize_witness in = {
		.vk = vk, .proof = p, .vk_root = recursion_vk_root()
	};
	struct witness w = {0, 0, NULL};
	struct run_memory m;
	struct program prog;
	digest d, want;
	struct err e;

	program_normalize(&prog, cluster_of(p), (unsigned)p->pcs.batch[0].n,
	    (unsigned)p->pcs.batch[1].n);
	witness_normalize(&w, &in);
	if (!ok(program_run(&m, &prog, &w, &e) == 0, "%s: holds", what)) {
		diag("%s", e.msg);
	} else {
		want = hash_kb(m.public_values, RPV_DIGEST);
		memcpy(d.c, &m.public_values[RPV_DIGEST], sizeof d.c);
		ok(digest_eq(&d, &want), "%s: the digest of the values", what);
		ok(memcmp(&m.public_values[RPV_COMMITTED],
		    &p->public_values.v[PV_COMMITTED], 32 * sizeof(kb)) == 0,
		    "%s: the values that were committed to", what);
		run_memory_free(&m);
		is_int(altered_taken(&prog, &w, w.n / times(5, 10)), 0,
		    "%s: no altered witness is taken", what);
	}
	witness_free(&w);
	program_free(&prog);
}

static void
core(const char *name, const char *guest)
{
	struct test_proof t;
	char what[64];
	struct err e;

	if (!ok(stock_proof(&t, name, guest, &e) == 0, "%s", name)) {
		diag("%s", e.msg);
		return;
	}
	for (size_t i = 0; i < t.p.nshards; i++) {
		snprintf(what, sizeof what, "%s, shard %zu", name, i);
		normalize(&t.vk, &t.p.shard[i], what);
	}
	test_proof_free(&t);
}

/* What a program over compressed proofs commits to, or 0: a check does not hold. */
static bool
holds(kb public_values[STARK_PUBLIC_VALUES], struct program *p,
    struct witness *w, const char *what)
{
	struct run_memory m;
	struct err e;
	bool good = program_run(&m, p, w, &e) == 0;

	if (!ok(good, "%s holds", what))
		diag("%s", e.msg);
	if (good) {
		memcpy(public_values, m.public_values, sizeof m.public_values);
		run_memory_free(&m);
	}
	witness_free(w);
	program_free(p);
	return good;
}

static void
shrink(const struct recursion_proof *proof, const digest *root)
{
	struct witness w = {0, 0, NULL};
	kb v[STARK_PUBLIC_VALUES];
	struct program p;

	program_shrink(&p);
	witness_compress(&w, &proof, 1, true, root);
	if (holds(v, &p, &w, "shrink"))
		ok(kb_eq(v[RPV_IS_COMPLETE], KB_ONE), "shrink: a whole run");
}

static void
compose(const struct recursion_proof *proof, const digest *root)
{
	const kb *in = proof->shard.public_values.v;
	struct witness w = {0, 0, NULL};
	kb v[STARK_PUBLIC_VALUES];
	struct program p;

	program_compose(&p, 1);
	witness_compress(&w, &proof, 1, true, root);
	if (holds(v, &p, &w, "compose 1"))
		ok(memcmp(v, in, sizeof v) == 0, "compose 1: the values of the "
		    "one");
}

/* A run that has verified the proof, number 3, after others. */
static void
deferred(const struct recursion_proof *proof, const digest *root)
{
	const kb *in = proof->shard.public_values.v;
	struct deferred_witness d = {.proof = proof, .index = 3};
	struct witness w = {0, 0, NULL};
	kb v[STARK_PUBLIC_VALUES], hashed[48];
	struct program p;
	digest want;

	for (uint32_t i = 0; i < 8; i++) {
		d.start_digest.c[i] = kb_from(100 + i);
		d.vk_digest.c[i] = kb_from(200 + i);
	}
	program_deferred(&p);
	witness_deferred(&w, &d, root);
	memcpy(hashed, d.start_digest.c, 8 * sizeof *hashed);
	memcpy(hashed + 8, in + RPV_VK_DIGEST, 8 * sizeof *hashed);
	memcpy(hashed + 16, in + RPV_COMMITTED, 32 * sizeof *hashed);
	want = hash_kb(hashed, 48);
	if (!holds(v, &p, &w, "deferred"))
		return;
	ok(memcmp(v + RPV_END_RECONSTRUCT, want.c, sizeof want.c) == 0,
	    "deferred: the digest goes on");
	is_int(kb_to(v[RPV_DEFERRED_PROOF]), 4, "deferred: so do the numbers");
	program_deferred(&p);
	w = (struct witness){0, 0, NULL};
	witness_deferred(&w, &d, root);
	is_int(altered_taken(&p, &w, w.n / times(5, 20)), 0,
	    "deferred: no altered witness is taken");
	witness_free(&w);
	program_free(&p);
}

static void
over_compressed(void)
{
	digest root = recursion_vk_root();
	struct test_compressed c;

	test_compressed_read(&c, MADE_COMPRESSED);
	shrink(&c.p.proof, &root);
	compose(&c.p.proof, &root);
	deferred(&c.p.proof, &root);
	test_compressed_free(&c);
}

int
main(void)
{
	static const struct { const char *name, *guest; } more[] = {
		{"bench-1.threshold-33554432", "bench"}, {"exit-1", "exit"},
		{"fib-20.service", "fib"}, {"image", "image"}, {"io", "io"},
		{"isa-3", "isa"}, {"lax", "lax"},
		{"mem-20000.threshold-33554432", "mem"},
		{"precompiles", "precompiles"}, {"sha256-1000", "sha256"}
	};
	char path[STOCK_PATH], file[100];

	core("fib-20", "fib");
	core("keccak256-1000", "keccak256");
	for (size_t i = 0; i < times(0, sizeof more / sizeof *more); i++) {
		snprintf(file, sizeof file, "%s.core", more[i].name);
		if (stock_path_or_skip(path, file))
			core(more[i].name, more[i].guest);
	}
	over_compressed();
	return done_testing();
}
