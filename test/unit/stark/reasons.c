/*
 * Each check of the core verifier, by a proof that it is the first to refuse, with its
 * reason: a check taken out is noticed here.  Among them the shapes that the stock
 * verifier refuses since 6.10.0 (sp1-proof(7), Strictness; of keys' paths:
 * stark_compressed.c).  Where the transcript would refuse before, its grinding is
 * done again.
 */
#include "base/par.h"
#include "stark/check.h"
#include "stark/verify.h"
#include "test/lib/stark_vectors.h"
#include "test/lib/tap.h"

static struct test_proof t;
/* The proof at work: read anew for each case. */
static struct core_proof p;
static struct arena arena;
static struct vk vk;
static struct shard_proof *s;
static kb *v;			/* its public values */
static struct gkr_proof *g;
static struct pcs_proof *q;
static struct basefold_proof *b;

static void
look_at(size_t shard)
{
	s = &p.shard[shard];
	v = s->public_values.v;
	g = &s->gkr;
	q = &s->pcs;
	b = &q->basefold;
}

static void
begin(void)
{
	struct err e;

	arena_init(&arena, 2 * core_proof_ceiling(t.len));
	must(core_proof_read(&p, &arena, t.bytes, t.len, &e) == 0);
	vk = t.vk;
	look_at(0);
}

static void
end(const char *what, const char *reason)
{
	struct err e = {0};
	int r = verify_core(air_machine_riscv(), &vk, &p, NULL, &e);

	ok(r == -1 && e.status == EX_NO && strstr(e.msg, reason) != NULL,
	    "%s: %s", what, r == 0 ? "accepted" : e.msg);
	arena_free(&arena);
}

/* test/mutants.sh has only those of one check. */
static int
wanted(const char *reason)
{
	const char *only = getenv("TEST_ONLY");

	return only == NULL || *only == '\0' || strstr(only, reason) != NULL;
}

#define CASE(what, reason, ...) do { \
	if (!wanted(reason)) \
		break; \
	begin(); \
	__VA_ARGS__; \
	end(what, reason); \
} while (0)

/* One more of an array, the last twice. */
static void *
longer(const void *v_, size_t n, size_t size)
{
	char *more = arena_alloc(&arena, n + 1, size);

	must(more != NULL && n > 0);
	memcpy(more, v_, n * size);
	memcpy(more + n * size, more + (n - 1) * size, size);
	return more;
}
#define LONGER(array, n) ((array) = longer(array, n, sizeof *(array)), (n)++)
#define PLUS_1(x) ((x) = kb_add(x, KB_ONE))

static uint32_t
height_of(const struct opened_chip *o)
{
	uint32_t h = 0;

	for (size_t i = 0; i < o->degree.n; i++)
		h = 2 * h + (o->degree.v[i].v != 0);
	return h;
}

/* All chips have so many rows, in both places that say so. */
static void
set_heights(uint32_t h)
{
	for (size_t i = 0, k = 0; i < s->nopened; i++) {
		struct kb_vec *d = &s->opened[i].degree;

		for (size_t j = 0; j < d->n; j++)
			d->v[j] = kb_from(h >> (d->n - 1 - j) & 1);
		if (s->opened[i].prep.n > 0)
			q->counts[0].v[k++].rows = h;
		q->counts[1].v[i].rows = h;
	}
}

/* A round's padding and evaluations, as its tables demand. */
static void
set_padding(int r)
{
	const uint64_t stack = (uint64_t)1 << 21;
	struct row_col *c = q->counts[r].v;
	size_t k = q->counts[r].n - 2;
	uint64_t area = 0, added;

	for (size_t i = 0; i < k; i++)
		area += c[i].rows * c[i].cols;
	added = (stack - area % stack) % stack;
	c[k] = (struct row_col){(uint64_t)1 << 22, 0};
	c[k + 1] = (struct row_col){added, 1};
	q->batch[r].n = q->batch_dims[r].v[0] = (size_t)((area + added) / stack);
}

/* Rows so that the main round has all that a round may have, padding included. */
static void
fill_area(void)
{
	const uint64_t limit = (uint64_t)1 << 30;
	uint64_t width = 0;

	for (size_t i = 0; i < s->nopened; i++)
		width += s->opened[i].main.n;
	set_heights((uint32_t)((limit - 1) / width));
	set_padding(0);
	set_padding(1);
	must(q->batch[1].n == limit >> 21);
}

static size_t
with_prep(void)
{
	for (size_t i = 0;; i++)
		if (s->opened[i].prep.n > 0)
			return i;
}

/* The first witness that fits what is observed before it. */
static void
grind(void)
{
	struct challenger begun, try;
	uint32_t height[256], w = 0;

	must(s->nopened <= 256);
	for (size_t i = 0; i < s->nopened; i++)
		height[i] = height_of(&s->opened[i]);
	transcript_begin(&begun, stark_core.hasher, &vk, s, height);
	do {
		try = begun;
		g->witness = kb_from(w++);
	} while (!challenger_check_pow(&try, STARK_GKR_POW_BITS, g->witness));
}

static void
test_container(void)
{
	CASE("no shard at all", "has no shard", p.nshards = 0);
	CASE("too many", "too many shards", p.nshards = (size_t)1 << 24);
	CASE("another version", "not of version", p.tail.version.n--);
	CASE("one value fewer", "shard 0: 186 public", s->public_values.n--);
	CASE("other values", "not those that", p.tail.public_values.n--);
}

static void
test_links(void)
{
	static const struct { unsigned at; const char *reason; } link[] = {
		{PV_INITIAL_TIMESTAMP + 1, "timestamp does not"},
		{PV_PC_START + 2, "counter does not"},
		{PV_PREV_EXIT_CODE, "exit code does not"},
		{PV_PREV_INIT_ADDR, "last initialized address does not"},
		{PV_PREV_FINALIZE_ADDR, "last finalized address does not"},
		{PV_PAGE_INDEX, "last initialized page does not"},
		{PV_PAGE_INDEX + 6, "last finalized page does not"},
		{PV_PREV_COMMITTED + 31, "digest of public values does not"},
		{PV_PREV_DEFERRED + 7, "digest of deferred proofs does not"},
		{PV_PREV_COMMIT_SYSCALL, "COMMIT flag does not"},
		{PV_PREV_COMMIT_DEFERRED, "DEFERRED_PROOFS flag does not"},
	};

	for (size_t i = 0; i < sizeof link / sizeof *link; i++) {
		CASE("first shard", link[i].reason, PLUS_1(v[link[i].at]));
		CASE("second shard", link[i].reason,
		    look_at(1), PLUS_1(v[link[i].at]));
	}
}

static void
test_values(void)
{
	kb two = kb_from(2);

	CASE("first-shard flag 2", "first-shard flag is no bit",
	    v[PV_IS_FIRST] = two);
	CASE("execution flag 2", "execution flag is no bit",
	    v[PV_IS_EXECUTION] = two);
	CASE("it executes not", "time passes", v[PV_IS_EXECUTION] = KB_ZERO);
	CASE("it executes", "stands still",
	    look_at(1), v[PV_IS_EXECUTION] = KB_ONE);
	CASE("counter", "counter moves", look_at(1), PLUS_1(v[PV_NEXT_PC]));
	CASE("exit code", "exit code changes",
	    look_at(1), PLUS_1(v[PV_EXIT_CODE]));
	CASE("nonce", "its nonce", look_at(1), PLUS_1(v[PV_NONCE + 3]));
	CASE("untrusted", "untrusted-programs", PLUS_1(v[PV_UNTRUSTED]));
	CASE("no first shard", "0 shards begin", v[PV_IS_FIRST] = KB_ZERO);
	CASE("two first shards", "2 shards begin",
	    look_at(1), v[PV_IS_FIRST] = KB_ONE);
	CASE("not halted", "not halted",
	    PLUS_1(v[PV_NEXT_PC]); look_at(1);
	    PLUS_1(v[PV_PC_START]); PLUS_1(v[PV_NEXT_PC]));
	CASE("not halted, high", "not halted",
	    PLUS_1(v[PV_NEXT_PC + 2]); look_at(1);
	    PLUS_1(v[PV_PC_START + 2]); PLUS_1(v[PV_NEXT_PC + 2]));
	CASE("address 0", "never initialized", look_at(1);
	    memset(&v[PV_LAST_INIT_ADDR], 0, 3 * sizeof *v));
	CASE("address 0", "never finalized", look_at(1);
	    memset(&v[PV_LAST_FINALIZE_ADDR], 0, 3 * sizeof *v));
	CASE("COMMIT", "called COMMIT", look_at(1);
	    v[PV_COMMIT_SYSCALL] = KB_ZERO);
	CASE("COMMIT_DEFERRED", "called COMMIT_DEFERRED", look_at(1);
	    v[PV_COMMIT_DEFERRED] = KB_ZERO);
	CASE("a code", "halted with exit code 1",
	    v[PV_EXIT_CODE] = KB_ONE; look_at(1);
	    v[PV_EXIT_CODE] = v[PV_PREV_EXIT_CODE] = KB_ONE);
	CASE("a digest's sum", "do not cancel", PLUS_1(v[PV_GLOBAL_SUM]));
	CASE("an unused value", "not used but", v[PV_USED] = KB_ONE);
}

/* The incomplete addition of digests: two points of one x. */
static void
test_exception(void)
{
	/* Where sums begin: sp1-proof(7), Septic curve. */
	static const uint32_t x[7] = {0x1732050, 0x8075688, 0x7729352,
		0x7446341, 0x5058723, 0x6694280, 0x5253810};

	CASE("a key's sum where sums begin", "exceptional case",
	    for (int i = 0; i < 7; i++) vk.sum_x[i] = kb_from(x[i]));
}

static void
test_chips(void)
{
	CASE("no chip, so no interaction", "no shard may have",
	    s->nopened = g->nchips = 0);
	CASE("a chip fewer", "no shard may have", s->nopened--, g->nchips--);
	CASE("a chip twice", "no shard may have", s->opened[1] = s->opened[0]);
	CASE("a chip of no machine", "not supported",
	    s->opened[0].name = "Nobody", s->opened[0].name_len = 6);
	CASE("GKR openings fewer", "openings of", g->nchips--);
	CASE("GKR openings more", "openings of", LONGER(g->chip, g->nchips));
	CASE("GKR openings of another", "openings have chip",
	    g->chip[0].name = g->chip[1].name;
	    g->chip[0].name_len = g->chip[1].name_len);
	CASE("chips swapped", "stands where",
	    struct opened_chip o = s->opened[0];
	    s->opened[0] = s->opened[1]; s->opened[1] = o);
	CASE("a value fewer", "opened values, not", s->opened[2].main.n--);
	CASE("a value more", "opened values, not",
	    LONGER(s->opened[2].main.v, s->opened[2].main.n));
	CASE("preprocessed", "opened values, not",
	    s->opened[with_prep()].prep.n--);
	CASE("main openings", "main columns", g->chip[1].main.n--);
	CASE("their dims", "main columns", g->chip[1].main_dims.v[0]++);
	CASE("number of dims", "main columns", g->chip[1].main_dims.n = 2);
	CASE("preprocessed openings", "preprocessed columns",
	    g->chip[with_prep()].prep.n--);
	CASE("their dims", "preprocessed columns",
	    g->chip[with_prep()].prep_dims.v[0]--);
	CASE("none of them", "preprocessed columns",
	    g->chip[with_prep()].has_prep = 0);
	CASE("a height's bit fewer", "the height has",
	    s->opened[0].degree.n--);
	CASE("a height's bit more", "the height has",
	    LONGER(s->opened[0].degree.v, s->opened[0].degree.n));
	CASE("a bit that is 2", "is not a bit",
	    s->opened[0].degree.v[4] = kb_from(2));
	CASE("a height over the most", "too many",
	    for (size_t i = 0; i < s->opened[0].degree.n; i++)
		s->opened[0].degree.v[i] = KB_ONE);
}

static void
test_shapes(void)
{
	CASE("numerators' dims", "two tensors", g->numerator_dims.v[0] /= 2);
	CASE("numerators' dims", "two tensors", g->numerator_dims.v[1]++);
	CASE("number of dims", "two tensors", g->numerator_dims.n = 1);
	CASE("numerators", "two tensors", g->numerator.n--);
	CASE("denominators' dims", "two tensors",
	    g->denominator_dims.v[0] /= 2);
	CASE("denominators' dims", "two tensors", g->denominator_dims.v[1]++);
	CASE("number of dims", "two tensors", g->denominator_dims.n = 3);
	CASE("denominators", "two tensors", g->denominator.n--);
	CASE("layers", "layers, not", g->nrounds--);
	CASE("layers", "layers, not", LONGER(g->round, g->nrounds));
	CASE("point", "openings' point has", g->point.n--);
	CASE("one round", "not two", q->nrounds = 1);
	CASE("three rounds", "not two", LONGER(q->counts, q->nrounds));
	CASE("one commitment", "not two", q->merkle_commitments.n = 1);
	CASE("one round's evaluations", "not two", q->nbatch = 1);
	CASE("one round's openings", "not two", b->ncomponents = 1);
	CASE("messages", "folded codewords", b->nmessages--);
	CASE("commitments", "folded codewords", b->fri_commitments.n--);
	CASE("layers", "folded codewords", b->nqueries--);
	CASE("no tables", "has no tables", q->counts[0].n = 1);
	CASE("a table's rows", "does not have it", q->counts[1].v[1].rows++);
	CASE("a table's columns", "does not have it", q->counts[1].v[1].cols--);
	CASE("a table fewer", "does not have it", q->counts[1].n -= 2);
	CASE("a table more", "tables, not",
	    LONGER(q->counts[1].v, q->counts[1].n));
	CASE("no row", "round has 0 cells", set_heights(0));
	CASE("rows beyond the stack", "the main round has ",
	    set_heights(1 << 22); set_padding(0));
	CASE("both rounds beyond it", "cells together", fill_area());
	CASE("padding's rows", "padding is not",
	    q->counts[1].v[q->counts[1].n - 1].rows++);
	CASE("padding's columns", "padding is not",
	    q->counts[0].v[q->counts[0].n - 2].cols++);
	CASE("padding's columns", "padding is not",
	    q->counts[0].v[q->counts[0].n - 1].cols++);
	CASE("evaluations", "evaluations of", q->batch[1].n--);
	CASE("their dims", "no tensor", q->batch_dims[1].v[0]++);
	CASE("number of dims", "no tensor", q->batch_dims[1].n = 2);
	CASE("log_m", "log_m", q->log_m++);
	CASE("rows at most", "log_m", q->max_log_row_count++);
}

#define SUMCHECK(x, name) do { \
	CASE(name ": rounds", "rounds and a point", (x).nrounds--); \
	CASE(name ": point", "rounds and a point", (x).point.n--); \
	CASE(name ": coefficients", "coefficients, not", (x).poly[1].n--); \
	CASE(name ": polynomial", "does not sum to", \
	    PLUS_1((x).poly[1].v[0].c[0])); \
	CASE(name ": another that sums", "is not the challenge", \
	    PLUS_1((x).poly[1].v[1].c[0]); \
	    (x).poly[1].v[2] = ef_sub((x).poly[1].v[2], EF_ONE)); \
	CASE(name ": coordinate", "is not the challenge", \
	    PLUS_1((x).point.v[1].c[0])); \
	CASE(name ": evaluation", "not the last polynomial's", \
	    PLUS_1((x).eval.c[0])); \
} while (0)

static void
test_phases(void)
{
	CASE("witness", "LogUp-GKR: the grinding", PLUS_1(g->witness));
	CASE("a value's constraint", "constraint on them",
	    PLUS_1(v[PV_HIGH_EQUAL]); grind());
	CASE("a zero denominator", "is zero", g->denominator.v[1] = EF_ZERO);
	CASE("output", "do not cancel those", PLUS_1(g->numerator.v[1].c[0]));
	CASE("layer's claim", "claim is not the layer's",
	    PLUS_1(g->round[2].sc.claim.c[0]));
	SUMCHECK(g->round[2].sc, "layer");
	CASE("fractions", "that of its fractions", PLUS_1(g->round[2].n0.c[0]));
	CASE("fractions", "that of its fractions", PLUS_1(g->round[2].d1.c[0]));
	CASE("openings' point", "where the layers lead",
	    PLUS_1(g->point.v[1].c[0]));
	CASE("zerocheck's claim", "zerocheck: the claim",
	    PLUS_1(s->zerocheck.claim.c[0]));
	SUMCHECK(s->zerocheck, "zerocheck");
	CASE("opened value", "constraints do not hold",
	    PLUS_1(s->opened[1].main.v[0].c[0]));
	CASE("commitment", "of the verifying key",
	    PLUS_1(q->merkle_commitments.v[0].kb.c[0]));
	CASE("commitment", "tables of these heights",
	    PLUS_1(q->merkle_commitments.v[1].kb.c[0]));
	CASE("jagged claim", "jagged: the claim", PLUS_1(q->sumcheck.claim.c[0]));
	SUMCHECK(q->sumcheck, "jagged");
	SUMCHECK(q->jagged_eval, "indicator");
	CASE("dense evaluation", "times the indicator's",
	    PLUS_1(q->expected_eval.c[0]));
	CASE("evaluations", "columns' evaluations",
	    PLUS_1(q->batch[1].v[0].c[0]));
	CASE("witness", "batching witness", PLUS_1(b->batch_witness));
	CASE("witness", "query witness", PLUS_1(b->pow_witness));
	CASE("width", "has leaves of", b->query[3].width++);
	CASE("height", "has leaves of", b->component[1].log_height--);
	CASE("values' dims", "shape of", b->query[3].values_dims.v[0]--);
	CASE("values' dims", "shape of", b->query[3].values_dims.v[1]--);
	CASE("values", "shape of", b->query[3].values.n--);
	CASE("paths' dims", "shape of", b->query[3].paths_dims.v[0]--);
	CASE("paths' dims", "shape of", b->query[3].paths_dims.v[1]--);
	CASE("paths", "shape of", b->query[3].paths.n--);
	CASE("root", "the root is not", PLUS_1(b->query[3].root.kb.c[0]));
	CASE("path", "a path does not", PLUS_1(b->query[3].paths.v[7].kb.c[0]));
	CASE("leaf", "a path does not", PLUS_1(b->query[3].values.v[7]));
	CASE("leaf", "a path does not", PLUS_1(b->component[0].values.v[1]));
}

/* Openings of which only the fractions' one side changes: either check is met. */
static void
test_first_layer(void)
{
	size_t numerators = 0, denominators = 0, chips;

	begin();
	chips = g->nchips;
	arena_free(&arena);
	for (size_t i = 0; i < chips && (numerators == 0 || denominators == 0);
	    i++) {
		struct err e = {0};

		begin();
		if (g->chip[i].main.n > 0)
			PLUS_1(g->chip[i].main.v[g->chip[i].main.n / 2].c[0]);
		must(verify_core(air_machine_riscv(), &vk, &p, NULL, &e) < 0);
		numerators += strstr(e.msg, "the numerators that") != NULL;
		denominators += strstr(e.msg, "the denominators that") != NULL;
		arena_free(&arena);
	}
	ok(denominators > 0, "openings altered: the denominators tell");
	CASE("a multiplicity", "the numerators that",
	    struct ef_vec *m = &g->chip[chips - 1].main;
	    PLUS_1(m->v[m->n - 1].c[0]));
}

/* What verify_core() or the machines leave no proof to be refused for. */
static void
test_shard_alone(void)
{
	const struct air_machine *riscv = air_machine_riscv();
	struct air_machine silent = *riscv;
	struct air_chip *chip;
	const struct air_chip **all;
	struct air_cluster cluster;
	struct err e = {0};

	begin();
	s->public_values.n--;
	ok(verify_shard(&stark_core, riscv, &vk, s, &e) == -1 &&
	    strstr(e.msg, "186 public values") != NULL, "a value fewer: %s",
	    e.msg);
	s->public_values.n++;

	/* The shard's chips, lowered by now, without what they send and receive. */
	chip = arena_alloc(&arena, riscv->nchips, sizeof *chip);
	all = arena_alloc(&arena, s->nopened, sizeof *all);
	must(chip != NULL && all != NULL);
	memcpy(chip, riscv->chip, riscv->nchips * sizeof *chip);
	for (size_t i = 0; i < s->nopened; i++) {
		unsigned at = air_chip_by_name(riscv, s->opened[i].name,
		    s->opened[i].name_len)->index;

		chip[at].nsends = chip[at].nreceives = 0;
		all[i] = &chip[at];
	}
	cluster = (struct air_cluster){(unsigned)s->nopened, all};
	silent.chip = chip;
	silent.nclusters = 1;
	silent.cluster = &cluster;
	ok(verify_shard(&stark_core, &silent, &vk, s, &e) == -1 &&
	    strstr(e.msg, "without an interaction") != NULL,
	    "a machine whose chips do not speak: %s", e.msg);
	arena_free(&arena);
}

int
main(void)
{
	struct err e = {0};
	char path[STOCK_PATH];

	if (stock_path(path, "fib-20.service.core") == NULL)
		tap_skip_all("no %s", path);
	par_start(0);
	if (!ok(stock_proof(&t, "fib-20.service", "fib", &e) == 0,
	    "the proof is read %s", e.msg))
		return done_testing();
	ok(verify_core(air_machine_riscv(), &t.vk, &t.p, NULL, &e) == 0,
	    "and valid %s", e.msg);
	test_container();
	test_links();
	test_values();
	test_exception();
	test_chips();
	test_shapes();
	test_phases();
	test_first_layer();
	test_shard_alone();
	test_proof_free(&t);
	return done_testing();
}
