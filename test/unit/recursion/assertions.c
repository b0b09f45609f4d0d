/*
 * Each assertion of the circuit, taken out, lets through some altered core proof that was
 * refused (test/lib/assertions.h): the verifier of a shard, and what normalize adds.
 * Those of other programs: nodes.c.
 */
#include "air/air.h"
#include "recursion/node.h"
#include "stark/recursion_keys.h"
#include "test/lib/forged.h"
#include "test/lib/stark_vectors.h"

static struct forged f;
static struct pcs_var *q = &f.p.pcs;
static felt is_complete;
static uint32_t last_sample;	/* whose bits are pinned */

#define CASE(place, what, ...) FORGED(&f, place, what, __VA_ARGS__)

/* Why one refuses nothing that another does not. */
static const struct excuse excuses[] = {
	{"zerocheck.c: e_assert_eq(c, e_mul(c, bit[i], bit[0])",
	    "two rounds of one column each have no room for it: nodes.c"},
	{"shard.c: num_to_bits(c, bits, max + 1, rows)",
	    "two rounds of one column each have no room for it: nodes.c"},
	{"jagged.c: e_var(j->claim), e_var(j->claim)",
	    "the stock's too: it compares a variable with itself"},
	{"shard.c: f_var(prefix_sum[0]), f_k(0)",
	    "verify_prefix_sums() compares the first one with 0 too"},
	{"shard.c: f_assert_eq(c, f_var(bits[i]), f_k(0))",
	    "of the last chip's rows, as in the stock: check_height() bounds them"},
	{"shard.c: f_assert_eq(c, f_var(bits[i]), f_k(0)) ... check_padding(",
	    "of the last chip's rows, as in the stock: check_height() bounds them"},
};

static void
begin(void)
{
	struct program program;
	struct witness w = {0};
	struct node_shape shape;
	struct test_proof t;
	struct err e;

	must(stock_proof(&t, "halt", "halt", &e) == 0);
	shape = node_shape_of(&t.p.shard[0]);
	witness_normalize(&w, &(struct normalize_witness){
		.vk = &t.vk, .proof = &t.p.shard[0],
		.vk_root = recursion_vk_root(), .is_complete = true});
	program_normalize(&program, shape.cluster, shape.prep_multiple,
	    shape.main_multiple);
	asserted_init(&f.s, &program, &w);
	forged_read(&f, (struct proof_shape){
		.params = &stark_core, .machine = air_machine_riscv(),
		.nchips = shape.cluster->nchips, .chip = shape.cluster->chip,
		.multiple = {shape.prep_multiple, shape.main_multiple},
		.padding = {1, 1}});
	for (int i = 0; i < 8; i++)
		hint_felt(&f.c);
	is_complete = hint_felt(&f.c);
	note_sites(&f.s.p, "core.c shard.c sumcheck.c gkr.c zerocheck.c jagged.c "
	    "basefold.c replay.c transcript.c hash.c bits.c curve.c instructions.c");
	test_proof_free(&t);
	ok(asserted_accepted(&f.s), "it is accepted as it is");
}

/* ---- permutations as they are: what no challenge depends on ---- */

#define IS_BIT "bits.c: f_mul(c, b, f_sub(c, b, f_k(1)))"
#define IS_SUM "bits.c: f_assert_eq(c, sum, f_var(x))"
#define WITNESS "transcript.c: f_assert_eq(c, f_var(bits[i]), f_k(0))"
/* Assertions before those of each grinding witness. */
#define GKR_POW 0
#define BATCH_POW (GKR_POW + STARK_GKR_POW_BITS)
#define FRI_POW (BATCH_POW + STARK_BATCH_POW_BITS)

/* The lowest bit of those that a grinding witness is seen by; the others follow. */
static uint32_t
pow_bits(size_t pow)
{
	return compared(&f, asserted_assertion(&f.s,
	    asserted_site(&f.s, WITNESS), pow), 0);
}

/* What is sampled for a witness, and its bits are hints of. */
static uint32_t
sample_of(size_t pow)
{
	const struct program *p = &f.s.p;
	uint32_t bits = pow_bits(pow);

	for (size_t i = 0; i < p->ninstrs; i++) {
		const struct instr *in = &p->instr[i];

		if (in->op == OP_HINT_BITS && p->operand[in->first] == bits)
			return p->operand[in->first + in->n - 1];
	}
	must(0);
}

/* The last point that is the sum of two. */
static uint32_t
last_sum(void)
{
	const struct program *p = &f.s.p;
	size_t i = p->ninstrs;

	while (p->instr[--i].op != OP_HINT_CURVE)
		must(i > 0);
	return p->operand[p->instr[i].first];
}

/* Bits of the last sample; of those from pow_bits on only that they are bits matters. */
static kb *
last_bit(unsigned i)
{
	return &asserted_pinned(&f.s, pow_bits(FRI_POW) + i)->c[0];
}

static void
hashed(void)
{
	const struct digest_var *path = q->component[1].paths;
	const felt *zero_columns = q->rows[0] + f.shape.ntables[0] - 2;

	CASE("hash.c: digest_assert_eq(c, &node, root)", "a Merkle path",
	    add_to_felt(&f, path[5].c[3], 1));
	CASE("hash.c: digest_assert_eq(c, &node, root)", "a layer's Merkle path",
	    add_to_felt(&f, q->query[20].paths[0].c[7], 1));
	CASE("jagged.c: digest_assert_eq(c, &h, want)",
	    "a table without columns, longer",
	    add_to_felt(&f, *zero_columns, 1));
	CASE("public_values.c: f_mul(c, on, f_sub(c, on, one))",
	    "complete twice over", *felt_at(&f, is_complete) = kb_from(2));

	uint32_t sum = last_sum();

	pin_hint(&f, sum);
	CASE("curve.c: f_assert_eq(c, zero[k].c[i]", "another sum of points",
	    *felt_at(&f, is_complete) = KB_ZERO;
	    asserted_pinned(&f.s, sum)->c[0] = KB_ONE);
	last_sample = sample_of(FRI_POW);
	pin_hint(&f, pow_bits(FRI_POW));
	CASE(IS_BIT, "a bit that is 2 for two",
	    *last_bit(20) = kb_add(*last_bit(20), kb_from(2));
	    *last_bit(21) = kb_sub(*last_bit(21), KB_ONE));
	CASE(IS_SUM, "another bit",
	    *last_bit(20) = kb_sub(KB_ONE, *last_bit(20)));
}

/* ---- permutations pinned ---- */

#define PLUS_1(x) add_to_felt(&f, (x), 1)
#define E1 EF_ONE
#define E0 EF_ZERO

static void
heads(void)
{
	const felt *pv = f.p.public_values;

	CASE("core.c: f_assert_eq(c, f_mul(c, first,", "another beginning",
	    PLUS_1(f.vk.pc_start[0]));
	CASE("core.c: f_var(pv[PV_UNTRUSTED])", "another kind of program",
	    PLUS_1(f.vk.untrusted));
	CASE("shard.c: f_assert_eq(c, f_var(p->public_values[i]), f_k(0))",
	    "a value that is not used", PLUS_1(pv[STARK_PUBLIC_VALUES - 1]));
	CASE("replay.c: e_assert_eq(c, r.acc, e_k(0))",
	    "an inverse that is none", PLUS_1(pv[PV_LOW_INVERSE]));
}

/* The felts of the first extension element that is observed. */
static uint32_t
observed(void)
{
	const struct program *r = &f.s.p;
	size_t i = 0;

	while (r->instr[i].op != OP_HINT_FELTS)
		i++;
	return r->operand[r->instr[i].first];
}

/* x + p instead of x, whose low bits are those that a witness needs. */
static void
not_canonical(void)
{
	const uint32_t x = (1u << stark_core.pow_bits) - 1;

	asserted_pinned(&f.s, last_sample)->c[0] = kb_from(x);
	for (unsigned i = 0; i < FELT_BITS; i++)
		*last_bit(i) = kb_from((x + KB_P) >> i & 1);
}

static void
transcript(void)
{
	uint32_t felts = observed();
	kb *first;

	CASE(WITNESS, "LogUp-GKR's grinding",
	    *asserted_pinned(&f.s, sample_of(GKR_POW)) = EF_ONE);
	CASE(WITNESS, "the batching's grinding",
	    *asserted_pinned(&f.s, sample_of(BATCH_POW)) = EF_ONE);
	CASE("bits.c: f_assert_eq(c, f_mul(c, f_var(bits[i]), f_var(top))",
	    "x + p for x", not_canonical());
	pin_hint(&f, felts);
	first = &asserted_pinned(&f.s, felts)->c[0];
	CASE("instructions.c: e_assert_eq(c, e_var(again), e_var(x))",
	    "other coefficients are observed", *first = kb_add(*first, KB_ONE));
}

static void
sumchecks(void)
{
	struct gkr_round_var *r = f.p.gkr.round;
	const struct sumcheck_var *all[] = {&r[2].sc, &f.p.zerocheck, &q->sumcheck,
	    &q->jagged_eval};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		CASE("sumcheck.c: e_assert_eq(c, at_zero_and_one(c, poly(s, 0), n)",
		    "a first polynomial", bend(&f, all[i], 0, E1, E0));
		CASE("sumcheck.c: e_assert_eq(c, horner(c, poly(s, i), n, alpha[i])",
		    "a polynomial", bend(&f, all[i], 2, E1, E0));
		CASE("sumcheck.c: e_assert_eq(c, horner(c, poly(s, last), n",
		    "the last polynomial",
		    bend(&f, all[i], all[i]->nrounds - 1, E0, E1));
	}
	CASE("sumcheck.c: e_assert_eq(c, e_var(alpha[last - i])", "the point",
	    add_to_ext(&f, r[3].sc.point[0], E1);
	    probe(&f);
	    for (int i = 3; i <= 4; i++)
		shift_eval(&f, &r[i].sc, ef_neg(lack(&f,
		    "gkr.c: e_assert_eq(c, e_var(r->sc.eval)", (size_t)i))));
}

#define LAYER_EVAL "gkr.c: e_assert_eq(c, e_var(r->sc.eval)"
#define LAYER_CLAIM "gkr.c: e_assert_eq(c, e_var(r->sc.claim), num)"

static size_t
at(const char *place, size_t n)
{
	return asserted_assertion(&f.s, asserted_site(&f.s, place), n);
}

static void
gkr(void)
{
	struct gkr_var *g = &f.p.gkr;
	unsigned last = f.shape.params->max_log_row - 2;
	struct gkr_round_var *r = &g->round[last];

	CASE("gkr.c: e_assert_eq(c, sum, want)", "the output",
	    cancel(&f, g->numerator[2], g->numerator[3], at(LAYER_CLAIM, 0)));
	CASE(LAYER_CLAIM, "a layer's claim", shift_claim(&f, &g->round[1].sc, E1));
	CASE(LAYER_EVAL, "a layer's evaluation",
	    shift_eval(&f, &g->round[1].sc, E1));
	CASE("gkr.c: e_assert_eq(c, claim->numerator, e_var(want_num))",
	    "the first layer's numerators",
	    cancel(&f, r->n0, r->n1, at(LAYER_EVAL, last)));
	CASE("gkr.c: e_assert_eq(c, claim->denominator, e_var(want_den))",
	    "the first layer's denominators",
	    cancel(&f, r->d0, r->d1, at(LAYER_EVAL, last)));
	CASE("gkr.c: e_assert_eq(c, e_var(g->point[i])", "the point",
	    add_to_ext(&f, g->point[2], E1);
	    repair_openings(&f));
}

static void
zerocheck(void)
{
	const felt *height = f.p.opened[0].height +
	    f.shape.params->max_log_row;

	CASE("zerocheck.c: e_assert_eq(c, e_var(p->zerocheck.claim), claim)",
	    "its claim", shift_claim(&f, &f.p.zerocheck, E1));
	CASE("zerocheck.c: e_assert_eq(c, e_var(rlc)", "its evaluation",
	    shift_eval(&f, &f.p.zerocheck, E1));
	CASE("zerocheck.c: e_assert_eq(c, e_mul(c, bit[i],",
	    "a bit of a height that is 2 for two",
	    add_to_felt(&f, height[0], 2);
	    add_to_felt(&f, height[-1], KB_P - 1);
	    repair_openings(&f));
}

/* Rows from one table to another, the area staying as it is. */
static void
move_rows(void)
{
	unsigned from = chip_named(&f, "Byte"), to = chip_named(&f, "Range");

	add_to_felt(&f, q->rows[1][from], KB_P - f.shape.table_cols[1][to]);
	add_to_felt(&f, q->rows[1][to], f.shape.table_cols[1][from]);
}

static void
jagged(void)
{
	const felt *pad[2] = {&q->rows[0][f.shape.ntables[0] - 1],
	    &q->rows[1][f.shape.ntables[1] - 1]};

	CASE("jagged.c: digest_assert_eq(c, &h, want)", "another program's key",
	    PLUS_1(f.vk.commit.c[0]));
	CASE("jagged.c: e_assert_eq(c, e_var(claim), e_var(q->sumcheck.claim))",
	    "its claim", shift_claim(&f, &q->sumcheck, E1));
	CASE("jagged.c: e_assert_eq(c, e_mul(c, eval,", "its evaluation",
	    shift_eval(&f, &q->sumcheck, E1));
	CASE("jagged.c: e_assert_eq(c, sum, e_var(j->eval))", "the layout's",
	    shift_eval(&f, &q->jagged_eval, E1));
	CASE("jagged.c: f_assert_eq(c, f_var(sum),", "rows of two tables",
	    move_rows());
	CASE("jagged.c: f_assert_eq(c, f_var(sum), area)", "rows of the padding",
	    PLUS_1(*pad[1]));
	CASE("shard.c: f_assert_eq(c, f_add(c, f_var(prefix_sum[i])",
	    "a table that is not as high as its chip",
	    move_rows(); set_prefix_sums(&f); repair_layout(&f));
	CASE("shard.c: f_assert_eq(c, f_var(prefix_sum[nprep + 1])",
	    "a preprocessed round one longer",
	    PLUS_1(*pad[0]);
	    add_to_felt(&f, *pad[1], KB_P - 1);
	    set_prefix_sums(&f); repair_layout(&f));
	CASE("shard.c: f_assert_eq(c, number(c, p->pcs.prefix_sum",
	    "both rounds one longer", PLUS_1(*pad[1]);
	    set_prefix_sums(&f); repair_layout(&f));
}

/* Of the two values that query 0 opens in a layer, the one that no layer before gives. */
static void
sibling(unsigned layer)
{
	const felt *v = q->query[layer].values;
	size_t n = f.shape.params->nqueries;
	size_t k = at("basefold.c: e_assert_eq(c, e_var(ordered[0])", layer * n);

	PLUS_1(v[0]);
	probe(&f);
	if (!ef_is_zero(f.s.lack[k])) {
		add_to_felt(&f, v[0], KB_P - 1);
		PLUS_1(v[4]);
	}
}

#define MESSAGE "basefold.c: e_assert_eq(c, claim, line(c, one, z, q->message[i]))"

static void
basefold(void)
{
	unsigned last = f.shape.params->log_stack - 1;

	CASE("basefold.c: e_assert_eq(c, e_var(claim), e_var(got))",
	    "evaluations of stacked columns",
	    cancel(&f, q->batch[0][0], q->batch[1][0], at(MESSAGE, 0)));
	CASE(MESSAGE, "a message",
	    cancel(&f, q->message[3][0], q->message[3][1], at(MESSAGE, 4)));
	CASE("basefold.c: digest_assert_eq(c, &h, commitment)",
	    "a layer's commitment", PLUS_1(q->fri_commitment[2].c[0]));
	CASE("basefold.c: digest_assert_eq(c, &h, commitment)",
	    "a round's commitment", PLUS_1(q->commitment[1].c[0]));
	CASE("basefold.c: e_assert_eq(c, e_var(ordered[0]), e_var(*value))",
	    "a value of a column", PLUS_1(q->component[1].values[7]));
	CASE("basefold.c: e_assert_eq(c, e_var(value[i]), e_var(q->final_poly))",
	    "the last layer's sibling", sibling(last));
	CASE("basefold.c: e_assert_eq(c, e_var(q->final_poly)",
	    "the last message",
	    cancel(&f, q->message[last][0], q->message[last][1],
	    at(MESSAGE, last)));
}

int
main(void)
{
	begin();
	hashed();
	asserted_pin_hashes(&f.s);
	f.pinned = true;
	heads();
	transcript();
	sumchecks();
	gkr();
	zerocheck();
	jagged();
	basefold();
	all_refuse(excuses, sizeof excuses / sizeof *excuses);
	forged_free(&f);
	return done_testing();
}
