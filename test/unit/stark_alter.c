/*
 * A valid proof, altered in one place, is refused with a reason: every kind of
 * field of every shard, every count, the order and number of shards, the key,
 * the public values; then bytes of the encoding.  CHECK_LONG=1 makes it 500
 * places of each sort.  The proof: test/unit/stark_vectors.h.
 */
#include "base/par.h"
#include "stark/params.h"
#include "stark/verify.h"
#include "test/unit/stark_vectors.h"

/* All field elements of one kind, or all numbers. */
struct place {
	const char *kind;
	kb *v;
	uint64_t *u;
	size_t n;
};

#define MAX_PLACES 65536
static struct place place[MAX_PLACES];
static size_t nplaces;

static const struct air_machine *machine;
static struct test_proof t;

static uint64_t seed = 1;

static uint64_t
rnd(void)	/* splitmix64 */
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void
elements(const char *kind, void *v, size_t bytes)
{
	if (bytes == 0)
		return;
	must(nplaces < MAX_PLACES);
	place[nplaces++] = (struct place){kind, v, NULL, bytes / sizeof(kb)};
}

static void
numbers(const char *kind, uint64_t *u, size_t n)
{
	if (n == 0)
		return;
	must(nplaces < MAX_PLACES);
	place[nplaces++] = (struct place){kind, NULL, u, n};
}

#define VEC(kind, x) elements(kind, (x).v, (x).n * sizeof *(x).v)
#define ONE(kind, x) elements(kind, &(x), sizeof(x))

static void
walk_sumcheck(struct sumcheck_proof *s, const char *poly, const char *claim,
    const char *point, const char *eval)
{
	for (size_t i = 0; i < s->nrounds; i++)
		VEC(poly, s->poly[i]);
	ONE(claim, s->claim);
	VEC(point, s->point);
	ONE(eval, s->eval);
}

static void
walk_openings(struct merkle_opening *o, size_t n, int fold)
{
	for (size_t i = 0; i < n; i++, o++) {
		VEC(fold ? "layer values" : "round values", o->values);
		numbers(fold ? "layer dims" : "round dims", o->values_dims.v,
		    o->values_dims.n);
		ONE(fold ? "layer root" : "round root", o->root);
		numbers(fold ? "layer height" : "round height",
		    &o->log_height, 1);
		numbers(fold ? "layer width" : "round width", &o->width, 1);
		VEC(fold ? "layer path" : "round path", o->paths);
		numbers(fold ? "layer path dims" : "round path dims",
		    o->paths_dims.v, o->paths_dims.n);
	}
}

static void
walk_gkr(struct gkr_proof *g)
{
	VEC("gkr numerator", g->numerator);
	VEC("gkr denominator", g->denominator);
	numbers("gkr numerator dims", g->numerator_dims.v, 2);
	numbers("gkr denominator dims", g->denominator_dims.v, 2);
	for (size_t i = 0; i < g->nrounds; i++) {
		struct gkr_round *r = &g->round[i];

		ONE("gkr n0", r->n0);
		ONE("gkr n1", r->n1);
		ONE("gkr d0", r->d0);
		ONE("gkr d1", r->d1);
		walk_sumcheck(&r->sc, "gkr poly", "gkr claim", "gkr point",
		    "gkr eval");
	}
	VEC("gkr openings' point", g->point);
	for (size_t i = 0; i < g->nchips; i++) {
		VEC("gkr main opening", g->chip[i].main);
		VEC("gkr prep opening", g->chip[i].prep);
		numbers("gkr main dims", g->chip[i].main_dims.v, 1);
		numbers("gkr prep dims", g->chip[i].prep_dims.v,
		    g->chip[i].has_prep);
	}
	ONE("gkr witness", g->witness);
}

static void
walk_pcs(struct pcs_proof *q)
{
	struct basefold_proof *b = &q->basefold;

	elements("basefold message", b->message,
	    b->nmessages * sizeof *b->message);
	VEC("fri commitment", b->fri_commitments);
	walk_openings(b->component, b->ncomponents, 0);
	walk_openings(b->query, b->nqueries, 1);
	ONE("final constant", b->final_poly);
	ONE("query witness", b->pow_witness);
	ONE("batch witness", b->batch_witness);
	for (size_t i = 0; i < q->nbatch; i++) {
		VEC("batch evaluation", q->batch[i]);
		numbers("batch dims", q->batch_dims[i].v, q->batch_dims[i].n);
	}
	walk_sumcheck(&q->sumcheck, "jagged poly", "jagged claim",
	    "jagged point", "jagged eval");
	walk_sumcheck(&q->jagged_eval, "indicator poly", "indicator claim",
	    "indicator point", "indicator eval");
	for (size_t i = 0; i < q->nrounds; i++)
		for (size_t j = 0; j < q->counts[i].n; j++) {
			numbers("row count", &q->counts[i].v[j].rows, 1);
			numbers("column count", &q->counts[i].v[j].cols, 1);
		}
	VEC("merkle commitment", q->merkle_commitments);
	ONE("dense evaluation", q->expected_eval);
	numbers("max_log_row_count", &q->max_log_row_count, 1);
	numbers("log_m", &q->log_m, 1);
}

static void
walk(void)
{
	ONE("key: entry", t.vk.pc_start);
	ONE("key: sum", t.vk.sum_x);
	ONE("key: sum", t.vk.sum_y);
	ONE("key: commitment", t.vk.commit);
	ONE("key: untrusted", t.vk.untrusted);
	for (size_t i = 0; i < t.p.nshards; i++) {
		struct shard_proof *p = &t.p.shard[i];

		VEC("public value", p->public_values);
		ONE("main commitment", p->main_commitment);
		walk_gkr(&p->gkr);
		walk_sumcheck(&p->zerocheck, "zerocheck poly",
		    "zerocheck claim", "zerocheck point", "zerocheck eval");
		for (size_t j = 0; j < p->nopened; j++) {
			VEC("opened prep", p->opened[j].prep);
			VEC("opened main", p->opened[j].main);
			VEC("height bit", p->opened[j].degree);
		}
		walk_pcs(&p->pcs);
	}
}

/* A well-formed no, with a reason. */
static int
refused(struct err *e)
{
	*e = (struct err){0};
	return verify_core(machine, &t.vk, &t.p, NULL, e) == -1 &&
	    e->class == EX_NO && e->msg[0] != '\0';
}

static int
alter_place(const struct place *p, struct err *e)
{
	size_t i = rnd() % p->n;
	int r;

	if (p->v != NULL) {
		kb old = p->v[i];

		p->v[i] = kb_add(old, kb_from(1 + rnd() % (KB_P - 1)));
		r = refused(e);
		p->v[i] = old;
	} else {
		uint64_t old = p->u[i];

		p->u[i] ^= (uint64_t)1 << rnd() % 64;
		r = refused(e);
		p->u[i] = old;
	}
	return r;
}

static int
by_kind(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int d = strcmp(x->kind, y->kind);

	/* Kinds together; else as they lie. */
	return d != 0 ? d : (x > y) - (x < y);
}

static void
test_fields(size_t rounds)
{
	size_t total = 0;

	walk();
	qsort(place, nplaces, sizeof *place, by_kind);
	for (size_t i = 0, end; i < nplaces; i = end) {
		size_t bad = 0;
		struct err e = {0};

		for (end = i; end < nplaces &&
		    strcmp(place[end].kind, place[i].kind) == 0;)
			end++;
		for (size_t k = 0; k < rounds; k++, total++)
			bad += !alter_place(&place[i + rnd() % (end - i)], &e);
		is_int(bad, 0, "%s: %s", place[i].kind, e.msg);
	}
	diag("%zu fields altered", total);
}

/* Lengths: each array one shorter; none may be read beyond what it has. */
#define SHORTER(n, what) do { \
	struct err e_; \
	(n)--; \
	ok(refused(&e_), "%s: one fewer: %s", what, e_.msg); \
	(n)++; \
} while (0)

static void
test_lengths(void)
{
	struct shard_proof *p = &t.p.shard[0];
	struct pcs_proof *q = &p->pcs;
	struct basefold_proof *b = &q->basefold;

	SHORTER(p->public_values.n, "public values");
	SHORTER(p->gkr.numerator.n, "numerators");
	SHORTER(p->gkr.denominator.n, "denominators");
	SHORTER(p->gkr.nrounds, "layers");
	SHORTER(p->gkr.round[3].sc.nrounds, "a layer's polynomials");
	SHORTER(p->gkr.round[3].sc.poly[1].n, "a polynomial's coefficients");
	SHORTER(p->gkr.round[3].sc.point.n, "a sumcheck's point");
	SHORTER(p->gkr.point.n, "the openings' point");
	SHORTER(p->gkr.nchips, "chips with LogUp-GKR openings");
	SHORTER(p->gkr.chip[0].main.n, "a chip's LogUp-GKR openings");
	SHORTER(p->gkr.chip[0].name_len, "a name's letters there");
	SHORTER(p->zerocheck.nrounds, "zerocheck's polynomials");
	SHORTER(p->nopened, "chips");
	SHORTER(p->opened[0].main.n, "a chip's opened values");
	SHORTER(p->opened[0].degree.n, "a height's bits");
	SHORTER(p->opened[0].name_len, "a name's letters");
	SHORTER(q->nrounds, "rounds");
	SHORTER(q->counts[0].n, "preprocessed tables");
	SHORTER(q->counts[1].n, "main tables");
	SHORTER(q->nbatch, "rounds' evaluations");
	SHORTER(q->batch[1].n, "a round's evaluations");
	SHORTER(q->merkle_commitments.n, "commitments");
	SHORTER(q->sumcheck.nrounds, "jagged polynomials");
	SHORTER(q->jagged_eval.nrounds, "indicator's polynomials");
	SHORTER(b->nmessages, "messages");
	SHORTER(b->fri_commitments.n, "layers' commitments");
	SHORTER(b->ncomponents, "rounds' openings");
	SHORTER(b->nqueries, "layers' openings");
	SHORTER(b->component[1].values.n, "a round's values");
	SHORTER(b->component[1].paths.n, "a round's paths");
	SHORTER(b->query[5].values.n, "a layer's values");
	SHORTER(b->query[5].paths.n, "a layer's paths");
	SHORTER(b->query[5].paths_dims.n, "a tensor's dimensions");
	SHORTER(t.p.nshards, "shards");
	SHORTER(t.p.version.n, "letters of the version");
}

static void
swap_shards(size_t a, size_t b)
{
	struct shard_proof s = t.p.shard[a];

	t.p.shard[a] = t.p.shard[b];
	t.p.shard[b] = s;
}

static void
test_shards(void)
{
	struct shard_proof *shard = t.p.shard, *twice;
	size_t n = t.p.nshards;
	struct err e;

	twice = calloc(n + 1, sizeof *twice);
	must(twice != NULL);
	memcpy(twice, shard, n * sizeof *twice);
	twice[n] = shard[n - 1];
	t.p.shard = twice;
	t.p.nshards = n + 1;
	ok(refused(&e), "the last shard twice: %s", e.msg);
	memmove(twice + 1, shard, n * sizeof *twice);
	ok(refused(&e), "the first shard twice: %s", e.msg);
	t.p.shard = shard;
	t.p.nshards = 0;
	ok(refused(&e), "no shard: %s", e.msg);
	t.p.nshards = n;
	free(twice);
	if (n < 2) {
		tap_skip("one shard: none to swap");
		return;
	}
	swap_shards(0, n - 1);
	ok(refused(&e), "first and last shard swapped: %s", e.msg);
	swap_shards(0, n - 1);
	for (size_t i = 0; i < n; i++) {
		struct kb_vec v = t.p.shard[i].public_values;

		t.p.shard[i].public_values =
		    t.p.shard[(i + 1) % n].public_values;
		ok(refused(&e), "shard %zu with another's public values: %s",
		    i, e.msg);
		t.p.shard[i].public_values = v;
	}
	t.p.shard++;
	t.p.nshards--;
	ok(refused(&e), "the first shard dropped: %s", e.msg);
	t.p.shard--;
	t.p.nshards++;
}

/* What the program is said to have given. */
static void
test_container(void)
{
	struct byte_vec pv = t.p.public_values, version = t.p.version;
	uint8_t *more = calloc(pv.n + 1, 1);
	struct err e;

	must(more != NULL);
	if (pv.n > 0)
		memcpy(more, pv.v, pv.n);
	t.p.public_values = (struct byte_vec){pv.n + 1, more};
	ok(refused(&e), "one more byte of public values: %s", e.msg);
	if (pv.n > 0) {
		more[0] ^= 1;
		t.p.public_values.n = pv.n;
		ok(refused(&e), "other public values: %s", e.msg);
	} else
		tap_skip("no public values to alter");
	t.p.public_values = pv;
	free(more);
	t.p.version = (struct byte_vec){6, (uint8_t *)"v6.0.0"};
	ok(refused(&e), "another version: %s", e.msg);
	t.p.version = version;
}

/* One bit of the encoding: malformed, or read and refused. */
static int
alter_bit(size_t at, unsigned bit, struct err *e)
{
	struct core_proof p;
	struct arena a;
	int r;

	*e = (struct err){0};
	t.bytes[at] ^= (uint8_t)(1 << bit);
	arena_init(&a, core_proof_ceiling(t.len));
	r = core_proof_read(&p, &a, t.bytes, t.len, e);
	if (r == 0)
		r = verify_core(machine, &t.vk, &p, NULL, e);
	arena_free(&a);
	t.bytes[at] ^= (uint8_t)(1 << bit);
	return r == -1 && e->msg[0] != '\0' &&
	    (e->class == EX_NO || e->class == EX_DATAERR);
}

static void
test_bits(size_t n)
{
	size_t bad = 0, malformed = 0;
	struct err e;

	for (size_t i = 0; i < n; i++) {
		size_t at = rnd() % t.len;
		unsigned bit = rnd() % 8;

		if (!alter_bit(at, bit, &e)) {
			diag("byte %zu, bit %u: accepted", at, bit);
			bad++;
		}
		malformed += e.class == EX_DATAERR;
	}
	is_int(bad, 0, "%zu bits turned over: all refused, %zu as malformed",
	    n, malformed);
}

static int
find_proof(struct err *e)
{
	const char *proof = getenv("SP1_TEST_PROOF");
	const char *vk = getenv("SP1_TEST_VK");
	uint8_t *raw;
	size_t n;
	int r;

	if (proof == NULL || vk == NULL) {
		if (!have_stock())
			tap_skip_all("no proof in SP1_TEST_PROOF (and its key "
			    "in SP1_TEST_VK), none in " STOCK_PROOFS);
		return stock_proof(&t, "fib-20.service", "fib", e);
	}
	if (read_file(vk, VK_BYTES, &raw, &n, e))
		return -1;
	r = vk_decode(&t.vk, raw, n, e);
	free(raw);
	return r ? -1 : test_proof_read(&t, proof, e);
}

int
main(void)
{
	const char *check_long = getenv("CHECK_LONG");
	int longer = check_long != NULL && strcmp(check_long, "1") == 0;
	struct err e = {0};

	if (find_proof(&e)) {
		ok(0, "the proof is read: %s", e.msg);
		return done_testing();
	}
	par_start(0);
	machine = air_machine_riscv();
	ok(verify_core(machine, &t.vk, &t.p, NULL, &e) == 0,
	    "as it is, the proof is valid %s", e.msg);
	test_fields(longer ? 10 : 1);
	test_lengths();
	test_shards();
	test_container();
	test_bits(longer ? 500 : 20);
	ok(verify_core(machine, &t.vk, &t.p, NULL, &e) == 0,
	    "at the end it is valid again %s", e.msg);
	test_proof_free(&t);
	return done_testing();
}
