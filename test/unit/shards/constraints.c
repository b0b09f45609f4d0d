/*
 * Which constraints does a trace need?  Of each constraint of each chip of the core
 * machine, and of the public values, removed in turn: a row is sought, near those of
 * guests' traces, that all the others let pass and that it alone refused
 * (air_search.h).
 *
 * With arguments: only the chips so named.
 */
#include "base/par.h"
#include "rows/trace.h"
#include "test/lib/air_search.h"
#include "test/lib/events.h"
#include "test/lib/global.h"
#include "test/lib/run.h"

#define MAX_CHIPS 128
#define SMALL 60		/* cells; wider chips are for the long test */

static struct subject subjects[MAX_CHIPS];
static unsigned nsubjects;
static bool wide;

/* ---- what is known ---- */

#define REAL "b = imm_c or op_a_0: (is_real - 1) b is 0, is_real - b a Boolean"
#define REAL_X0 "is_real (op_a_0 - 1) and (is_real - 1) op_a_0 are 0"
#define ONE_FLAG "flags are Booleans, their sum too: so is the sum of some"
#define ZERO_TEST "x is 0 or not, and then result is 1 or 0, by the other two"
#define PRODUCT "a product of Booleans, or 1 less one"
/* Sums of addresses: the third limb's carry, then that of the fourth, which is 0. */
#define OTHER_SUM "else it is 2^16, and the pointer's third limb 2^32 more than " \
	"another sum of the pointer lets pass"
#define NO_CARRY "the call's address is looked up with its end: no sum with it " \
	"carries beyond the third limb"
#define OLD_AND_NEW "of the word read, the same written, and the state, two " \
	"equalities give the third"
/* field_lt: of the lowest flag where the modulus has 2f there, of the highest where
 * 7f, and of the flags' sum: no two of the modulus' bytes are that small. */
#define BYTE_SUM "several flags, or one that is 1 less than how many others are, " \
	"give the modulus' bytes there a sum above 255, which is looked up"
#define SUMS "Secp256k1AddAssign,Secp256r1AddAssign,Bn254AddAssign"
#define DOUBLES "Secp256k1DoubleAssign,Secp256r1DoubleAssign,Bn254DoubleAssign"
#define NUMBER "flag (amount - i) is 0, so that one flag is not, and their sum is 1"

/* Constraints that the others imply, several of them together or with the lookups,
 * but for one. */
static const struct known known[] = {
	{"Addw", 0, 0, 1, REAL},
	{"AluX0", 0, 0, 1, REAL_X0},
	{"Bitwise", 3, 3, 1, REAL},
	{"Branch", 15, 15, 1, ONE_FLAG},
	{"Branch", 17, 17, 1, "a flag makes the sum of all 1"},
	{"Jal", 0, 0, 1, REAL},
	{"Jalr", 0, 0, 1, REAL},
	{"LoadX0", 7, 7, 1, REAL_X0},
	{"Lt", 0, 0, 1, "where it is not 0, is_real is 1, and is_sltu a Boolean"},
	{"Lt", 1, 1, 1, "is_real - is_slt; and is_slt 1 makes is_real 1"},
	{"Lt", 2, 2, 1, "is_slt 1 makes is_real 1; 0, is_real is is_sltu"},
	{"Lt", 6, 6, 1, "a flag makes the sum of both 1"},
	{"Mul", 34, 34, 1, "a flag (is_mulh + is_mulhsu) times a Boolean"},
	{"Mul", 35, 35, 1, "a flag times a Boolean"},
	{"Mul", 43, 43, 1, "b_sign_extend is a multiple of b_msb"},
	{"Mul", 44, 44, 1, "c_sign_extend is a multiple of c_msb"},
	{"ShiftLeft", 0, 0, 1, REAL},
	{"ShiftLeft", 14, 14, 1, NUMBER},
	{"ShiftLeft", 16, 16, 1, NUMBER},
	{"ShiftRight", 4, 4, 1, REAL},
	{"ShiftRight", 17, 17, 1, NUMBER},
	{"ShiftRight", 19, 19, 1, NUMBER},
	{"ShiftRight", 38, 38, 1, ONE_FLAG},
	{"SyscallInstrs", 2, 2, 1, ZERO_TEST},
	{"SyscallInstrs", 19, 19, 1, "is_halt is a multiple of is_real"},
	{"SyscallInstrs", 24, 24, 1, "is_halt is a product of two Booleans"},
	{"SyscallInstrs", 29, 29, 1, "needs the residue of a multiple of 2^16 as the "
	    "exit code among the public values"},
	{"SyscallInstrs", 39, 39, 1, ZERO_TEST},
	{"SyscallInstrs", 42, 42, 1, ZERO_TEST},
	{"SyscallInstrs", 59, 59, 1, "needs a call of COMMIT_DEFERRED_PROOFS, in "
	    "a shard whose public values know of none"},
	{"SyscallInstrs", 60, 67, 1, NUMBER},
	{"UType", 0, 0, 1, REAL},
	{"MemoryGlobalInit", 3, 3, 1, ZERO_TEST},
	{"MemoryGlobalInit", 6, 6, 1, ZERO_TEST},
	{"MemoryGlobalInit", 9, 9, 1, "is_comp is a product of Booleans"},
	{"MemoryGlobalFinalize", 3, 3, 1, ZERO_TEST},
	{"MemoryGlobalFinalize", 6, 6, 1, ZERO_TEST},
	{"MemoryGlobalFinalize", 9, 9, 1, "is_comp is a product of Booleans"},
	{"ShaExtendControl", 4, 4, 1, ZERO_TEST},
	{"ShaExtendControl", 9, 19, 5, OTHER_SUM},
	{"ShaExtendControl", 10, 20, 5, NO_CARRY},
	{"ShaCompressControl", 4, 4, 1, ZERO_TEST},
	{"ShaCompressControl", 9, 9, 1, ZERO_TEST},
	/* wide chips */
	{"DivRem", 111, 112, 1, PRODUCT},
	{"DivRem", 114, 115, 1, ONE_FLAG},
	{"DivRem", 118, 118, 1, ONE_FLAG},
	{"DivRem", 119, 119, 1, PRODUCT},
	{"DivRem", 120, 120, 1, "b_sign_extend is a multiple of b_msb"},
	{"DivRem", 121, 121, 1, "c_sign_extend is a multiple of c_msb"},
	{"DivRem", 124, 133, 3, ZERO_TEST},
	{"DivRem", 142, 151, 3, ZERO_TEST},
	{"DivRem", 158, 158, 1, ONE_FLAG},
	{"DivRem", 160, 163, 3, ZERO_TEST},
	{"DivRem", 178, 181, 3, ZERO_TEST},
	{"DivRem", 224, 233, 3, ZERO_TEST},
	{"DivRem", 239, 239, 1, "were c taken for 0, the quotient would be -1 and "
	    "the remainder b, so that c is 0; were 0 not taken for it, the "
	    "remainder would be less than 0"},
	{"DivRem", 256, 265, 9, PRODUCT},
	{"DivRem", 281, 281, 1, PRODUCT},
	{"DivRem", 327, 327, 1, PRODUCT},
	{"DivRem", 329, 333, 1, PRODUCT},
	{"ShaExtend", 7, 40, 11, OTHER_SUM},
	{"ShaExtend", 74, 74, 1, OTHER_SUM},
	{"ShaExtend", 8, 41, 11, "what it adds is less than what the last sum adds, "
	    "which does not carry either"},
	{"ShaCompress", 0, 0, 1, "is_real is the sum of the three below"},
	{"ShaCompress", 44, 54, 5, PRODUCT},
	{"ShaCompress", 59, 115, 8, OLD_AND_NEW},
	{"ShaCompress", 60, 116, 8, OLD_AND_NEW},
	{"ShaCompress", 63, 119, 8, OLD_AND_NEW},
	{"ShaCompress", 64, 120, 8, OLD_AND_NEW},
	{"Poseidon2", 3, 3, 1, ZERO_TEST},
	{"Poseidon2", 8, 43, 5, OTHER_SUM},
	{"Poseidon2", 9, 44, 5, NO_CARRY},
	{"Uint256MulMod", 1, 1, 1, ZERO_TEST},
	{"Uint256MulMod", 138, 143, 5, ZERO_TEST},
	{"Uint256MulMod", 148, 203, 5, OTHER_SUM},
	{"Uint256MulMod", 149, 204, 5, NO_CARRY},
	{"Uint256Ops", 7, 27, 5, ZERO_TEST},
	{"Uint256Ops", 56, 151, 5, OTHER_SUM},
	{"Uint256Ops", 57, 152, 5, NO_CARRY},
	{"Bn254FpOpAssign", 138, 143, 5, ZERO_TEST},
	{"Bn254FpOpAssign", 148, 183, 5, OTHER_SUM},
	{"Bn254FpOpAssign", 149, 184, 5, NO_CARRY},
	{"Bn254Fp2AddSubAssign", 264, 269, 5, ZERO_TEST},
	{"Bn254Fp2AddSubAssign", 274, 349, 5, OTHER_SUM},
	{"Bn254Fp2AddSubAssign", 275, 350, 5, NO_CARRY},
	{"Bn254Fp2MulAssign", 515, 520, 5, ZERO_TEST},
	{"Bn254Fp2MulAssign", 525, 600, 5, OTHER_SUM},
	{"Bn254Fp2MulAssign", 526, 601, 5, NO_CARRY},
	{"Bls12381FpOpAssign", 202, 207, 5, ZERO_TEST},
	{"Bls12381FpOpAssign", 212, 267, 5, OTHER_SUM},
	{"Bls12381FpOpAssign", 213, 268, 5, NO_CARRY},
	{"Bls12381Fp2AddSubAssign", 392, 397, 5, ZERO_TEST},
	{"Bls12381Fp2AddSubAssign", 402, 517, 5, OTHER_SUM},
	{"Bls12381Fp2AddSubAssign", 403, 518, 5, NO_CARRY},
	{"Bls12381Fp2MulAssign", 771, 776, 5, ZERO_TEST},
	{"Bls12381Fp2MulAssign", 781, 896, 5, OTHER_SUM},
	{"Bls12381Fp2MulAssign", 782, 897, 5, NO_CARRY},
	{SUMS, 767, 772, 5, ZERO_TEST},
	{SUMS, 777, 852, 5, OTHER_SUM},
	{SUMS, 778, 853, 5, NO_CARRY},
	{"Secp256k1AddAssign", 630, 662, 32, BYTE_SUM},
	{"Secp256k1AddAssign", 697, 729, 32, BYTE_SUM},
	{DOUBLES, 830, 830, 1, ZERO_TEST},
	{DOUBLES, 835, 870, 5, OTHER_SUM},
	{DOUBLES, 836, 871, 5, NO_CARRY},
	{"Secp256k1DoubleAssign", 693, 725, 32, BYTE_SUM},
	{"Secp256k1DoubleAssign", 760, 792, 32, BYTE_SUM},
	{"Bls12381AddAssign", 1151, 1156, 5, ZERO_TEST},
	{"Bls12381AddAssign", 1161, 1276, 5, OTHER_SUM},
	{"Bls12381AddAssign", 1162, 1277, 5, NO_CARRY},
	{"Bls12381DoubleAssign", 1246, 1246, 1, ZERO_TEST},
	{"Bls12381DoubleAssign", 1251, 1306, 5, OTHER_SUM},
	{"Bls12381DoubleAssign", 1252, 1307, 5, NO_CARRY},
	{"EdAddAssign", 472, 473, 1, BYTE_SUM},
	{"EdAddAssign", 602, 603, 1, BYTE_SUM},
	{"EdAddAssign", 641, 646, 5, ZERO_TEST},
	{"EdAddAssign", 651, 726, 5, OTHER_SUM},
	{"EdAddAssign", 652, 727, 5, NO_CARRY},
	{"EdDecompress", 33, 34, 1, BYTE_SUM},
	{"EdDecompress", 478, 479, 1, BYTE_SUM},
	{"EdDecompress", 610, 611, 1, BYTE_SUM},
	{"EdDecompress", 649, 649, 1, ZERO_TEST},
	{"EdDecompress", 654, 689, 5, OTHER_SUM},
	{"EdDecompress", 655, 690, 5, NO_CARRY},
	{"KeccakPermute", 667, 718, 17, "its column's parity makes it an integer, "
	    "small; and it is the highest of 16 bits of the first lane after chi"},
	{"KeccakPermuteControl", 4, 4, 1, ZERO_TEST},
	{"KeccakPermuteControl", 9, 129, 5, OTHER_SUM},
	{"KeccakPermuteControl", 10, 130, 5, NO_CARRY},
	{"public values", 4, 4, 1, PRODUCT},
	{"public values", 5, 6, 1, "in no execution shard the two are equal by the "
	    "flags that say so"},
	{"public values", 10, 13, 3, ZERO_TEST},
	{0}
};

static const struct zeros zeros[] = {
	{"LoadDouble", 3}, {"LoadHalf", 1}, {"LoadWord", 2}, {"Lt", 3},
	{"StoreDouble", 3}, {"StoreHalf", 1}, {"StoreWord", 2}, {"UType", 1},
	{"SyscallCore", 1}, {"SyscallPrecompile", 1}, {"MemoryLocal", 1},
	{"MemoryGlobalInit", 1}, {"MemoryGlobalFinalize", 1},
	{"DivRem", 29}, {"ShaCompress", 16}, {"Poseidon2", 64},
};

#define MISALIGNED(bit, by) {"offset_bit[" #bit "]", 1, false}, \
	{"adapter.op_c_imm[0]", by, true}, \
	{"address_operation.addr_operation.value[0]", by, true}

static const struct witness witnesses[] = {
	/* no instruction, and it branches, with pc + 4 = pc + imm */
	{"Branch", NULL, {{"is_branching", KB_P - 1, false},
	    {"adapter.op_c_imm[0]", 4, false}, {"next_pc[0]", 4, false}}},
	/* no instruction: BLT -1 times, BGE once */
	{"Branch", NULL, {{"is_blt", KB_P - 1, false}, {"is_bge", 1, false}}},
	/* no instruction, and it writes x0 -1 times, at -4 */
	{"Jal", NULL, {{"adapter.op_a_0", KB_P - 1, false},
	    {"state.pc[0]", KB_P - 4, false}}},
	{"Jalr", NULL, {{"adapter.op_a_0", KB_P - 1, false},
	    {"state.pc[0]", KB_P - 4, false}}},
	/* a jump back at 2^48 - 4, where pc + 4 is 0 */
	{"Jal", "is_real", {
	    {"state.pc[0]", 65532, false}, {"state.pc[1]", 65535, false},
	    {"state.pc[2]", 65535, false},
	    {"adapter.op_b_imm[0]", 65528, false},
	    {"adapter.op_b_imm[1]", 65535, false},
	    {"adapter.op_b_imm[2]", 65535, false},
	    {"adapter.op_b_imm[3]", 65535, false},
	    {"add_operation.value[0]", 65524, false},
	    {"add_operation.value[1]", 65535, false},
	    {"add_operation.value[2]", 65535, false},
	    {"op_a_operation.value[0]", 0, false},
	    {"op_a_operation.value[1]", 0, false},
	    {"op_a_operation.value[2]", 0, false}}},
	/* loads at odd addresses */
	{"LoadX0", "is_ld", {MISALIGNED(2, 4)}},
	{"LoadX0", "is_lw", {MISALIGNED(1, 2)}},
	{"LoadX0", "is_lwu", {MISALIGNED(1, 2)}},
	{"LoadX0", "is_lh", {MISALIGNED(0, 1)}},
	{"LoadX0", "is_lhu", {MISALIGNED(0, 1)}},
	/* HALT with the code KB_P, for 0 */
	{"SyscallInstrs", "is_halt", {
	    {"adapter.op_b_memory.prev_value[0]", 1, false},
	    {"adapter.op_b_memory.prev_value[1]", 0x7f00, false},
	    {"op_b_range_check.most_sig_limb_lt_top_limb.bit", 0, false}}},
	/* another call taken for HALT */
	{"SyscallInstrs", "is_real", {
	    {"is_halt_check.result", 1, false},
	    {"is_halt_check.inverse", 0, false}, {"is_halt", 1, false},
	    {"next_pc[0]", 1, false}, {"next_pc[1]", 0, false},
	    {"next_pc[2]", 0, false},
	    {"adapter.op_b_memory.prev_value[0]", 0, false},
	    {"adapter.op_b_memory.prev_value[1]", 0, false},
	    {"adapter.op_b_memory.prev_value[2]", 0, false},
	    {"adapter.op_b_memory.prev_value[3]", 0, false},
	    {"op_b_range_check.most_sig_limb_lt_top_limb.bit", 1, false}}},
	/* of zeros, and all of one subtraction and one product less one sum */
	{"Bn254FpOpAssign,Bls12381FpOpAssign", "is_add", {
	    {"is_add", KB_P - 1, false}, {"is_sub", 1, false},
	    {"is_mul", 1, false}}},
	/* w[16] is at 2^48, as 0 */
	{"ShaExtend", "is_real", {
	    {"w_ptr[0]", 65408, false}, {"w_ptr[1]", 65535, false},
	    {"w_ptr[2]", 65535, false},
	    {"w_i_minus_15_ptr.value[0]", 65416, false},
	    {"w_i_minus_15_ptr.value[1]", 65535, false},
	    {"w_i_minus_15_ptr.value[2]", 65535, false},
	    {"w_i_minus_2_ptr.value[0]", 65520, false},
	    {"w_i_minus_2_ptr.value[1]", 65535, false},
	    {"w_i_minus_2_ptr.value[2]", 65535, false},
	    {"w_i_minus_16_ptr.value[0]", 65408, false},
	    {"w_i_minus_16_ptr.value[1]", 65535, false},
	    {"w_i_minus_16_ptr.value[2]", 65535, false},
	    {"w_i_minus_7_ptr.value[0]", 65480, false},
	    {"w_i_minus_7_ptr.value[1]", 65535, false},
	    {"w_i_minus_7_ptr.value[2]", 65535, false},
	    {"w_i_ptr.value[0]", 0, false}, {"w_i_ptr.value[1]", 0, false},
	    {"w_i_ptr.value[2]", 0, false}}},
	/* a call with a table, of an address of 2^48 */
	{"SyscallInstrs", "is_real", {
	    {"adapter.op_a_memory.prev_value[0]", 256, true},
	    {"op_a_value[0]", 256, true},
	    {"adapter.op_c_memory.prev_value[3]", 1, false}}},
	/* no call, but a COMMIT of which the public values know nothing */
	{"SyscallInstrs", NULL, {{"is_commit.result", 1, false}}},
};

/* ---- rows ---- */

static void
offer(struct subject *s, const struct shard_events *e, size_t i, bool real)
{
	const struct trace_chip *t = s->own;
	kb *row = poly_get(s->width, sizeof *row);

	if (real)
		t->row(e, i, row);
	else if (t->pad)
		t->pad(e, i, row);
	subject_offer(s, row, e->public_values);
	free(row);
}

/* Of calls that no guest made: such rows as hold. */
static void
offer_call(void *ctx, const struct shard_events *e)
{
	for (unsigned k = 0; k < nsubjects; k++) {
		struct subject *s = &subjects[k];
		const struct trace_chip *t = s->own;
		kb *row;

		if (!t || s->cells <= SMALL || t->count(e) != 1)
			continue;
		row = poly_get(s->width, sizeof *row);
		t->row(e, 0, row);
		subject_offer_special(s, row, e->public_values);
		free(row);
	}
}

/* Calls like the first of each kind. */
static void
offer_calls(const struct shard_events *e)
{
	static bool done[256];

	for (size_t i = 0; i < e->nprecompile; i++) {
		const struct precompile_event *p = &e->precompile[i];

		if (!p->access || done[p->head.code & 0xff])
			continue;
		events_of(p, offer_call, NULL);
		done[p->head.code & 0xff] = true;
	}
}

static void
offer_shard(const struct shard_events *e)
{
	for (unsigned k = 0; k < nsubjects; k++) {
		struct subject *s = &subjects[k];
		const struct trace_chip *t = s->own;
		size_t n = t ? t->count(e) : 0;

		search_seed = s->seed;
		if (!t)
			subject_offer(s, e->public_values, e->public_values);
		if (n % 32)
			offer(s, e, n, false);
		/* the first row of a table may be unlike the others */
		for (size_t i = 0; i < n && i < 300; i++)
			offer(s, e, n < 300 || i == 0 ? i : search_rnd() % n, true);
		s->seed = search_seed;
	}
}

static void
offer_guest(const char *guest, const char *input, uint64_t cut)
{
	struct guest_run g;
	struct shard_events s;
	struct err e = {0};
	int got = guest_run(&g, guest, input, cut, &e);

	while (got == 0 || got == 1) {
		got = guest_next(&g, &s, &e);
		if (got != 1)
			break;
		offer_shard(&s);
		if (wide)
			offer_calls(&s);
		shard_events_free(&s);
	}
	ok(got == 0, "rows of %s %s%s", guest, input, e.msg);
	guest_end(&g);
}

/* ---- ---- */

static bool
wanted(const struct air_chip *c, char **only)
{
	bool small = c->main_width && c->main_width <= SMALL;

	for (char **name = only; *name; name++)
		if (!strcmp(*name, c->name))
			return true;
	return !*only && small != wide;
}

static void
prepare(char **only)
{
	const struct air_machine *m = air_machine_riscv();

	for (const struct trace_chip *t = trace_chips; t->name; t++) {
		const struct air_chip *c = air_chip_by_name(m, t->name,
		    strlen(t->name));

		must(c && c->prep_width == 0 && nsubjects + 1 < MAX_CHIPS);
		if (c->nconstraints && wanted(c, only))
			subject_init(&subjects[nsubjects++], c, known, t);
	}
	if (wanted(&m->public_values, only))
		subject_init(&subjects[nsubjects++], &m->public_values, known,
		    NULL);
}

/* The public values have digests of before the shard and after, and whether they had
 * been given then.  All 0 but for element i before, i and j after: an execution
 * shard may change it once, the first begins with 0, others leave it. */
static void
change_digest(struct trial *t, unsigned before, unsigned after, unsigned given,
    unsigned n)
{
	for (unsigned i = 0; i < (n + 1) * (n + 1) * 2; i++) {
		unsigned k = i / 2 / (n + 1), j = i / 2 % (n + 1);

		for (unsigned h = 0; h < n; h++) {
			trial_set(t, before + h, h == k ? KB_ONE : KB_ZERO);
			trial_set(t, after + h, kb_add(h == k ? KB_ONE :
			    KB_ZERO, h == j ? KB_ONE : KB_ZERO));
		}
		for (unsigned h = 0; h < 2; h++)
			trial_set(t, given + h, i % 2 ? KB_ONE : KB_ZERO);
		trial_look(t);
		trial_reset(t);
	}
}

/* What only arithmetic finds. */
static void
calculated(struct subject *s)
{
	bool global = !strcmp(s->chip->name, "Global");
	struct trial t;

	trial_init(&t, s);
	for (unsigned i = 0; i < s->nrows && (global || s->of_public); i++) {
		trial_base(&t, &s->row[i]);
		if (global) {
			alter_global(&t);
			continue;
		}
		change_digest(&t, PV_PREV_COMMITTED, PV_COMMITTED,
		    PV_PREV_COMMIT_SYSCALL, 32);
		change_digest(&t, PV_PREV_DEFERRED, PV_DEFERRED,
		    PV_PREV_COMMIT_DEFERRED, 8);
	}
	trial_free(&t);
}

static void
work(void *ctx, size_t begin, size_t end, unsigned worker)
{
	for (size_t k = begin; k < end; k++) {
		calculated(&subjects[k]);
		subject_search(&subjects[k], witnesses,
		    sizeof witnesses / sizeof *witnesses);
	}
}

static unsigned
zeros_of(const char *chip)
{
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (!strcmp(zeros[i].chip, chip))
			return zeros[i].n;
	return 0;
}

/* wide: of the wide chips and the public values. */
static void
search(bool of_wide, char **only)
{
	struct tally sum = {0};

	nsubjects = 0;
	wide = of_wide;
	prepare(only);
	offer_guest("isa", "isa-3", 0);
	offer_guest("mem", "mem-1000", 0);
	offer_guest("io", "io", 0);
	offer_guest("fib", "fib-20", 0);
	offer_guest("sha256", "bytes-55", 0);
	offer_guest("keccak256", "bytes-135", 0);
	offer_guest("precompiles", "precompiles", 0);
	offer_guest("mem", "mem-20000", 33554432);	/* has MemoryBump */
	par_for(nsubjects, 1, work, NULL);
	for (unsigned k = 0; k < nsubjects; k++) {
		const char *name = subjects[k].chip->name;

		subject_report(&subjects[k], zeros_of(name), &sum);
		subject_free(&subjects[k]);
	}
	tally_report(&sum, nsubjects);
}

int
main(int argc, char **argv)
{
	par_start(0);
	search(argc > 1, argv + 1);
	/* Three quarters of an hour of one core. */
	if (argc == 1 && getenv("CHECK_LONG"))
		search(true, argv + 1);
	return done_testing();
}
