/*
 * As assertions.c, of what the programs over compressed proofs assert beside the verifier
 * of a shard: compose, deferred, shrink; and of that verifier what only a large shard can
 * break.
 */
#include "air/air.h"
#include "poly/hash.h"
#include "recursion/programs.h"
#include "recursion/public_values.h"
#include "recursion/witness.h"
#include "stark/recursion_keys.h"
#include "test/lib/forged.h"
#include "test/lib/stark_vectors.h"

static struct forged f;
/* A program's other variables. */
static felt is_complete;
static struct vk_tree_var tree;
static unsigned second;		/* blocks before those of the second proof */

static struct test_compressed t;
static const struct recursion_proof *twice[2] = {&t.p.proof, &t.p.proof};
static digest root;

#define CASE(place, what, ...) FORGED(&f, place, what, __VA_ARGS__)

#define FILES "public_values.c compress.c deferred.c"

static void
set_felt(felt x, uint32_t v)
{
	*felt_at(&f, x) = kb_from(v);
}

static felt
pv(unsigned proof_number, unsigned i)
{
	return (felt){f.p.public_values[i].addr + proof_number * second};
}

/* ---- subjects ---- */

static void
compose(unsigned n, bool complete)
{
	struct program program;
	struct proof_var more;
	struct witness w = {0};
	struct vk_var vk;

	program_compose(&program, n);
	witness_compress(&w, twice, n, complete, &root);
	asserted_init(&f.s, &program, &w);
	forged_read(&f, shape_compress());
	second = f.read.naddrs;
	for (unsigned i = 1; i < n; i++) {
		input_vk(&f.c, &vk);
		input_proof(&f.c, &more, &f.shape);
	}
	is_complete = hint_felt(&f.c);
	input_vk_tree(&f.c, &tree, n);
	f.pinned = false;
	note_sites(&f.s.p, FILES);
}

static void
deferred(void)
{
	struct deferred_witness d = {.proof = &t.p.proof};
	struct program program;
	struct witness w = {0};

	program_deferred(&program);
	witness_deferred(&w, &d, &root);
	asserted_init(&f.s, &program, &w);
	forged_read(&f, shape_compress());
	input_vk_tree(&f.c, &tree, 1);
	f.pinned = false;
	note_sites(&f.s.p, FILES);
}

static void
shrink(void)
{
	struct program program;
	struct witness w = {0};

	program_shrink(&program);
	witness_compress(&w, twice, 1, true, &root);
	asserted_init(&f.s, &program, &w);
	forged_read(&f, shape_compress());
	is_complete = hint_felt(&f.c);
	f.pinned = false;
	note_sites(&f.s.p, FILES);
}

static void
pin(void)
{
	asserted_pin_hashes(&f.s);
	f.pinned = true;
}

/* ---- the tree of keys ---- */

static digest
digest_at(const struct digest_var *d)
{
	digest x;

	for (int i = 0; i < 8; i++)
		x.c[i] = *felt_at(&f, d->c[i]);
	return x;
}

static void
set_digest(const struct digest_var *d, const digest *x)
{
	for (int i = 0; i < 8; i++)
		*felt_at(&f, d->c[i]) = x->c[i];
}

/* The root of another tree, in which the key has the same place. */
static void
other_tree(void)
{
	digest node = digest_at(&tree.leaf[0]);

	add_to_felt(&f, tree.path[17].c[2], 1);
	for (unsigned i = 0; i < PROGRAM_VK_HEIGHT; i++) {
		digest side = digest_at(&tree.path[i]);
		bool right = kb_eq(*felt_at(&f, tree.index[i]), KB_ONE);

		node = right ? hash_compress(&side, &node) :
		    hash_compress(&node, &side);
	}
	set_digest(&tree.root, &node);
}

/* The key beside the proof's. */
static void
neighbour(void)
{
	digest leaf = digest_at(&tree.leaf[0]), side = digest_at(&tree.path[0]);

	set_digest(&tree.leaf[0], &side);
	set_digest(&tree.path[0], &leaf);
	*felt_at(&f, tree.index[0]) =
	    kb_sub(KB_ONE, *felt_at(&f, tree.index[0]));
}

/* ---- compose ---- */

/* What is asserted of a whole run, a value of it, and another that it must not be. */
static const struct { const char *place; unsigned at, to; } whole[] = {
	{"&pv[RPV_PREV_COMMITTED]", RPV_PREV_COMMITTED + 31, 1},
	{"&pv[RPV_PREV_DEFERRED]", RPV_PREV_DEFERRED + 7, 1},
	{"pv[RPV_NEXT_PC],", RPV_NEXT_PC, 2},
	{"&pv[RPV_NEXT_PC + 1]", RPV_NEXT_PC + 2, 1},
	{"pv[RPV_CONTAINS_FIRST]", RPV_CONTAINS_FIRST, 0},
	{"&pv[RPV_INITIAL_TIMESTAMP]", RPV_INITIAL_TIMESTAMP + 2, 1},
	{"pv[RPV_INITIAL_TIMESTAMP + 3]", RPV_INITIAL_TIMESTAMP + 3, 2},
	{"&pv[RPV_PREV_INIT_ADDR]", RPV_PREV_INIT_ADDR + 2, 1},
	{"&pv[RPV_PREV_FINALIZE_ADDR]", RPV_PREV_FINALIZE_ADDR, 1},
	{"&pv[RPV_PREV_INIT_PAGE]", RPV_PREV_INIT_PAGE + 2, 1},
	{"&pv[RPV_PREV_FINALIZE_PAGE]", RPV_PREV_FINALIZE_PAGE + 1, 1},
	{"&pv[RPV_START_RECONSTRUCT]", RPV_START_RECONSTRUCT + 7, 1},
	{"pv[RPV_END_RECONSTRUCT + i]", RPV_END_RECONSTRUCT + 7, 1},
	{"&pv[RPV_PREV_DEFERRED_PROOF]", RPV_PREV_DEFERRED_PROOF, 1},
	{"&pv[RPV_PREV_EXIT_CODE]", RPV_PREV_EXIT_CODE, 1},
	{"&pv[RPV_PREV_COMMIT_SYSCALL]", RPV_PREV_COMMIT_SYSCALL, 1},
	{"&pv[RPV_PREV_COMMIT_DEFERRED]", RPV_PREV_COMMIT_DEFERRED, 1},
	{"pv[RPV_COMMIT_SYSCALL]", RPV_COMMIT_SYSCALL, 0},
	{"pv[RPV_COMMIT_DEFERRED]", RPV_COMMIT_DEFERRED, 0},
};

/* The digest that the circuit makes of a proof's values. */
static kb *
made_digest(void)
{
	const char *site = asserted_site(&f.s,
	    "public_values.c: f_assert_eq(c, f_var(pv[RPV_DIGEST + i])");

	return &asserted_pinned(&f.s, compared(&f,
	    asserted_assertion(&f.s, site, 0), 1))->c[0];
}

static void
one_proof(void)
{
	char place[100];

	compose(1, true);
	ok(asserted_accepted(&f.s), "compose: accepted as it is");
	CASE("compress.c: f_assert_eq(c, f_var(root->c[k])",
	    "compose: another tree of keys", other_tree());
	CASE("hash.c: digest_assert_eq(c, &node, root)",
	    "compose: a path in the tree of keys",
	    add_to_felt(&f, tree.path[9].c[4], 1));
	CASE("public_values.c: digest_assert_eq(c, &key[i], &v->leaf[i])",
	    "compose: another key's place", neighbour());
	CASE("public_values.c: f_mul(c, on, f_sub(c, on, one))",
	    "compose: complete twice over", set_felt(is_complete, 2));
	pin();
	CASE("public_values.c: f_assert_eq(c, f_var(pv[RPV_DIGEST + i])",
	    "compose: another digest", *made_digest() = KB_ONE);
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
		snprintf(place, sizeof place, "public_values.c: %s", whole[i].place);
		CASE(place, "compose, whole",
		    set_felt(pv(0, whole[i].at), whole[i].to));
	}
	CASE("public_values.c: &pv[RPV_LAST_INIT_ADDR]",
	    "compose, whole: no address",
	    for (unsigned i = 0; i < 3; i++)
		set_felt(pv(0, RPV_LAST_INIT_ADDR + i), 0));
	CASE("public_values.c: &pv[RPV_LAST_FINALIZE_ADDR]",
	    "compose, whole: no address",
	    for (unsigned i = 0; i < 3; i++)
		set_felt(pv(0, RPV_LAST_FINALIZE_ADDR + i), 0));
	CASE("public_values.c: f_mul(c, complete, f_var(sum[i]))",
	    "compose, whole: a sum that is not of nothing",
	    add_to_felt(&f, pv(0, RPV_GLOBAL_SUM + 9), 1));
	CASE("bits.c: range_check ... f_assert_eq(c, f_var(bits[i]), f_k(0))",
	    "compose: too many shards", set_felt(pv(0, RPV_NUM_SHARDS), 1u << 24));
	forged_free(&f);
}

/* The second proof begins where the first ends. */
static void
link_proofs(void)
{
	static const unsigned chain[][3] = {
		{RPV_PREV_COMMITTED, RPV_COMMITTED, 32},
		{RPV_PREV_DEFERRED, RPV_DEFERRED, 8},
		{RPV_PREV_DEFERRED_PROOF, RPV_DEFERRED_PROOF, 1},
		{RPV_PC_START, RPV_NEXT_PC, 3},
		{RPV_INITIAL_TIMESTAMP, RPV_LAST_TIMESTAMP, 4},
		{RPV_PREV_INIT_ADDR, RPV_LAST_INIT_ADDR, 3},
		{RPV_PREV_FINALIZE_ADDR, RPV_LAST_FINALIZE_ADDR, 3},
		{RPV_PREV_INIT_PAGE, RPV_LAST_INIT_PAGE, 3},
		{RPV_PREV_FINALIZE_PAGE, RPV_LAST_FINALIZE_PAGE, 3},
		{RPV_START_RECONSTRUCT, RPV_END_RECONSTRUCT, 8},
		{RPV_PREV_EXIT_CODE, RPV_EXIT_CODE, 1},
		{RPV_PREV_COMMIT_SYSCALL, RPV_COMMIT_SYSCALL, 1},
		{RPV_PREV_COMMIT_DEFERRED, RPV_COMMIT_DEFERRED, 1},
	};

	for (size_t k = 0; k < sizeof chain / sizeof *chain; k++)
		for (unsigned i = 0; i < chain[k][2]; i++)
			*felt_at(&f, pv(1, chain[k][0] + i)) =
			    *felt_at(&f, pv(0, chain[k][1] + i));
	set_felt(pv(1, RPV_CONTAINS_FIRST), 0);
}

#define CHAIN "compress.c: f_assert_eq(c, f_var(out[k->to + j])"

static void
two_proofs(void)
{
	static const unsigned link[] = {
		RPV_PREV_COMMITTED, RPV_PREV_DEFERRED, RPV_PREV_DEFERRED_PROOF,
		RPV_PC_START, RPV_INITIAL_TIMESTAMP, RPV_PREV_INIT_ADDR,
		RPV_PREV_FINALIZE_ADDR, RPV_PREV_INIT_PAGE, RPV_PREV_FINALIZE_PAGE,
		RPV_START_RECONSTRUCT, RPV_PREV_EXIT_CODE, RPV_PREV_COMMIT_SYSCALL,
		RPV_PREV_COMMIT_DEFERRED, RPV_VK_DIGEST, RPV_NONCE
	};

	compose(2, false);
	pin();
	link_proofs();
	asserted_keep(&f.s);
	ok(asserted_accepted(&f.s), "compose 2: two that follow each other");
	for (size_t i = 0; i < sizeof link / sizeof *link; i++)
		CASE(CHAIN, "compose 2: two that do not",
		    add_to_felt(&f, pv(1, link[i]), 1));
	CASE("compress.c: f_assert_eq(c, f_mul(c, first, f_sub(c, first, f_k(1)))",
	    "compose 2: a first that is two, and one that is minus one",
	    set_felt(pv(0, RPV_CONTAINS_FIRST), 2);
	    set_felt(pv(1, RPV_CONTAINS_FIRST), KB_P - 1));
	CASE("compress.c: first = f_var(sum.contains_first)",
	    "compose 2: two that are first",
	    set_felt(pv(1, RPV_CONTAINS_FIRST), 1));
	CASE("bits.c: range_check ... f_assert_eq(c, f_var(bits[i]), f_k(0))",
	    "compose 2: too many shards together",
	    for (unsigned i = 0; i < 2; i++)
		set_felt(pv(i, RPV_NUM_SHARDS), 1u << 23));
	forged_free(&f);
}

/* ---- deferred, and what is large ---- */

static uint32_t
height(const char *name)
{
	return (uint32_t)bits_at(&f, f.p.opened[chip_named(&f, name)].height,
	    f.shape.params->max_log_row + 1);
}

static void
set_heights(const char *a, uint32_t rows_a, const char *b, uint32_t rows_b)
{
	set_height(&f, chip_named(&f, a), rows_a);
	set_height(&f, chip_named(&f, b), rows_b);
}

static void
new_layout(void)
{
	set_padding(&f);
	set_prefix_sums(&f);
	repair_openings(&f);
	repair_layout(&f);
}

/* MemoryConst has 2^21 + 32 rows of 6 preprocessed columns, for which Select and BaseAlu,
 * of 8 each, have fewer. */
static void
too_high(void)
{
	uint32_t rows = (1u << f.shape.params->max_log_row) + 32;
	uint32_t fewer = ((rows - height("MemoryConst")) * 6 + 7) / 8;

	set_height(&f, chip_named(&f, "MemoryConst"), rows);
	must(fewer > height("Select"));
	set_heights("Select", 0, "BaseAlu",
	    height("BaseAlu") - (fewer - height("Select")));
	new_layout();
}

/* The preprocessed padding has more than 2^21 rows. */
static void
too_much_padding(void)
{
	set_height(&f, chip_named(&f, "Select"), height("Select") -
	    (1u << f.shape.params->max_log_row) / 8);
	new_layout();
}

static void
test_deferred(void)
{
	deferred();
	ok(asserted_accepted(&f.s), "deferred: accepted as it is");
	CASE("deferred.c: f_assert_eq(c, f_var(pv[RPV_VK_ROOT + i])",
	    "deferred: another tree of keys", other_tree());
	pin();
	CASE("public_values.c: f_assert_eq(c, f_var(pv[RPV_DIGEST + i])",
	    "deferred: another digest", *made_digest() = KB_ONE);
	CASE("deferred.c: f_var(pv[RPV_IS_COMPLETE]), f_k(1)",
	    "deferred: a part of a run", set_felt(pv(0, RPV_IS_COMPLETE), 0));
	CASE("deferred.c: f_var(pv[RPV_EXIT_CODE]), f_k(0)",
	    "deferred: a run that failed", set_felt(pv(0, RPV_EXIT_CODE), 1));
	CASE("zerocheck.c: e_assert_eq(c, e_mul(c, bit[i], bit[0])",
	    "a chip of more than 2^21 rows", too_high());
	CASE("shard.c: num_to_bits(c, bits, max + 1, rows)",
	    "a padding of more than 2^21 rows", too_much_padding());
	forged_free(&f);
}

static void
test_shrink(void)
{
	shrink();
	ok(asserted_accepted(&f.s), "shrink: accepted as it is");
	CASE("compress.c: f_assert_eq(&c, f_var(in.is_complete), f_k(1))",
	    "shrink: a part of a run", set_felt(is_complete, 0));
	forged_free(&f);
}

/* ---- what wrap alone asserts ---- */

/* Blocks of the witness: bits, a point, what the two give. */
enum { BIT = 0, POINT = 4, ACC = 8, NUMBER = 9, BLOCKS = 10 };

/* prefix_sums() by itself: of wrap there is no proof of shrink here.  It has to give what
 * the witness says. */
static void
build_prefix_sums(struct program *program)
{
	felt bits[4], number, want_number, values[STARK_PUBLIC_VALUES];
	ext point[4], acc, want_acc;
	struct circuit c;

	program_init(program);
	circuit_init(&c, program, true);
	input_felts(&c, bits, 4);
	for (int i = 0; i < 4; i++)
		point[i] = hint_ext(&c);
	want_acc = hint_ext(&c);
	want_number = hint_felt(&c);
	acc = prefix_sums(&c, bits, point, 4, &number);
	e_assert_eq(&c, e_var(acc), e_var(want_acc));
	f_assert_eq(&c, f_var(number), f_var(want_number));
	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		values[i] = number;
	commit(&c, values);
	circuit_free(&c);
}

/* The witness says what it gives. */
static void
say_prefix_sums(void)
{
	size_t n = f.s.p.nassertions;
	ef *v = f.s.w.v;

	probe(&f);
	v[ACC] = ef_add(v[ACC], f.s.lack[n - 2]);
	v[NUMBER] = ef_add(v[NUMBER], f.s.lack[n - 1]);
}

static void
test_prefix_sums(void)
{
	struct program program;
	struct witness w = {0};
	kb v[BLOCKS];

	for (uint32_t i = 0; i < BLOCKS; i++)
		v[i] = kb_from(i < POINT ? i % 2 : 1000 + i);
	witness_felts(&w, v, BLOCKS);
	build_prefix_sums(&program);
	asserted_init(&f.s, &program, &w);
	f.pinned = false;
	note_sites(&f.s.p, "instructions.c");
	say_prefix_sums();
	asserted_keep(&f.s);
	ok(asserted_accepted(&f.s), "prefix sums of wrap: accepted as they are");
	CASE("instructions.c: prefix_sums_plain(struct",
	    "prefix sums of wrap: a bit that is 2",
	    f.s.w.v[BIT + 1] = ef_from_kb(kb_from(2));
	    say_prefix_sums());
	asserted_free(&f.s);
}

int
main(void)
{
	test_compressed_read(&t, MADE_COMPRESSED);
	root = recursion_vk_root();
	one_proof();
	two_proofs();
	test_deferred();
	test_shrink();
	test_prefix_sums();
	all_refuse(NULL, 0);
	test_compressed_free(&t);
	return done_testing();
}
