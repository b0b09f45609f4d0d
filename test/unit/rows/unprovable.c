/*
 * Does a run with records end as Unprovable where its precompile's row breaks a
 * constraint, and only there?  Calls on operands of all kinds, most of them not
 * below the modulus, made by a program of seven instructions; each also runs
 * without records, where nothing changes: it halts, or fails as stock does.
 */
#include "rows/field_op.h"
#include "test/lib/rows.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"
#include "vm/vm.h"

#define BASE 0x100000u		/* code; operands: p, q */
#define P_ADDR 0x200000u
#define Q_ADDR 0x200100u
#define ROUNDS 600
#define MAX_WIDTH 4096
#define MAX_WORDS 12		/* of an operand */

enum kind { CURVE_ADD, CURVE_DOUBLE, ED_ADD, ED_DECOMPRESS, FP, FP2, MULMOD };

static const struct subject {
	const char *name;
	trace_call_fn *row;
	const struct field_params *field;
	enum kind kind;
	uint32_t code[3];
} subjects[] = {
#define SUBJECT(n, ...) {#n, trace_##n, __VA_ARGS__},
	SUBJECT(Secp256k1AddAssign, &field_secp256k1, CURVE_ADD, {0x1010a})
	SUBJECT(Secp256k1DoubleAssign, &field_secp256k1, CURVE_DOUBLE, {0x10b})
	SUBJECT(Secp256r1AddAssign, &field_secp256r1, CURVE_ADD, {0x1012c})
	SUBJECT(Secp256r1DoubleAssign, &field_secp256r1, CURVE_DOUBLE, {0x12d})
	SUBJECT(Bn254AddAssign, &field_bn254, CURVE_ADD, {0x1010e})
	SUBJECT(Bn254DoubleAssign, &field_bn254, CURVE_DOUBLE, {0x10f})
	SUBJECT(Bls12381AddAssign, &field_bls12381, CURVE_ADD, {0x1011e})
	SUBJECT(Bls12381DoubleAssign, &field_bls12381, CURVE_DOUBLE, {0x11f})
	SUBJECT(EdAddAssign, &field_ed25519, ED_ADD, {0x10107})
	SUBJECT(EdDecompress, &field_ed25519, ED_DECOMPRESS, {0x108})
	SUBJECT(Bn254FpOpAssign, &field_bn254, FP, {0x10126, 0x10127, 0x10128})
	SUBJECT(Bn254Fp2AddSubAssign, &field_bn254, FP2, {0x10129, 0x1012a})
	SUBJECT(Bn254Fp2MulAssign, &field_bn254, FP2, {0x1012b})
	SUBJECT(Bls12381FpOpAssign, &field_bls12381, FP,
	    {0x10120, 0x10121, 0x10122})
	SUBJECT(Bls12381Fp2AddSubAssign, &field_bls12381, FP2,
	    {0x10123, 0x10124})
	SUBJECT(Bls12381Fp2MulAssign, &field_bls12381, FP2, {0x10125})
	SUBJECT(Uint256MulMod, &field_u256, MULMOD, {0x1011d})
};
#define NSUBJECTS (sizeof subjects / sizeof *subjects)

static uint64_t seed = 7;

static uint64_t
rnd(void)
{
	return splitmix64(&seed);
}

/* ---- operands ---- */

/* On their curves: the generator, and its double. */
static const uint64_t secp256k1_points[2][8] = {
	{0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07,
	 0x79be667ef9dcbbac, 0x9c47d08ffb10d4b8, 0xfd17b448a6855419,
	 0x5da4fbfc0e1108a8, 0x483ada7726a3c465},
	{0xabac09b95c709ee5, 0x5c778e4b8cef3ca7, 0x3045406e95c07cd8,
	 0xc6047f9441ed7d6d, 0x236431a950cfe52a, 0xf7f632653266d0e1,
	 0xa3c58419466ceaee, 0x1ae168fea63dc339},
};
static const uint64_t ed25519_points[2][8] = {
	{0xc9562d608f25d51a, 0x692cc7609525a7b2, 0xc0a4e231fdd6dc5c,
	 0x216936d3cd6e53fe, 0x6666666666666658, 0x6666666666666666,
	 0x6666666666666666, 0x6666666666666666},
	{0, 0, 0, 0, 1, 0, 0, 0},
};

/* An element: at the modulus, at either end of its length, or any. */
static void
element(uint64_t *w, const struct field_params *f)
{
	unsigned n = f->limbs / 8, choice = rnd() % 8;
	uint64_t small = rnd() % 4;

	for (unsigned i = 0; i < n; i++)
		w[i] = choice == 0 ? f->modulus[i] : choice == 1 ? ~0ull :
		    choice == 2 ? 0 : rnd();
	if (choice == 0 && rnd() % 2)
		for (unsigned i = 0; i < n && small; i++) {
			w[i] += small;
			small = w[i] < small;
		}
	else if (choice < 2)
		w[0] -= small < w[0] ? small : 0;
	else if (choice == 2)
		w[0] = small;
	else if (choice < 6 && f->modulus[n - 1])
		w[n - 1] %= f->modulus[n - 1];
}

static unsigned
operand_words(const struct subject *t, bool second)
{
	unsigned n = t->field->limbs / 8;

	switch (t->kind) {
	case CURVE_DOUBLE: return second ? 0 : 2 * n;
	case ED_DECOMPRESS: return second ? 0 : 2 * n;
	case FP: return n;
	case MULMOD: return second ? 2 * n : n;
	default: return 2 * n;
	}
}

static void
operands(const struct subject *t, uint64_t *p, uint64_t *q)
{
	unsigned n = t->field->limbs / 8;
	const uint64_t (*points)[8] = t->field == &field_secp256k1 ?
	    secp256k1_points : ed25519_points;

	for (unsigned i = 0; i < MAX_WORDS; i += n) {
		element(p + i, t->field);
		element(q + i, t->field);
	}
	if (t->field == &field_secp256k1 || t->kind == ED_ADD) {
		memcpy(p, points[rnd() % 2], sizeof *points);
		memcpy(q, points[rnd() % 2], sizeof *points);
		return;
	}
	/* the same x, the same y */
	if (t->kind == CURVE_ADD && rnd() % 4 == 0)
		memcpy(p, q, n * sizeof *p);
	if (t->kind == CURVE_ADD && rnd() % 16 == 0)
		memcpy(p, q, 2 * n * sizeof *p);
	if (t->kind == MULMOD && rnd() % 4 == 0)
		memset(q + n + rnd() % n, 0, sizeof *q);
}

/* ---- runs ---- */

struct call_run {
	const struct subject *t;
	struct rv_program program;
	struct rv_insn insn[7];
	struct rv_word image[2 * MAX_WORDS];
	uint8_t stream[1 << 16];
	size_t used;
};

static void
load(struct call_run *r, const struct subject *t, uint32_t code, uint64_t q_arg,
    const uint64_t *p, const uint64_t *q)
{
	const struct rv_insn ecall = {RV_ECALL, 5, 0, 0, 10, 11};
	uint64_t set[5][2] = {{5, code}, {10, P_ADDR}, {11, q_arg}, {5, 0},
	    {10, 0}};
	unsigned np = operand_words(t, false), nq = operand_words(t, true);

	memset(r, 0, sizeof *r);
	r->t = t;
	for (unsigned i = 0; i < 5; i++)
		r->insn[i + (i > 2)] = (struct rv_insn){RV_ADDI,
		    (uint8_t)set[i][0], 0, 1, 0, set[i][1]};
	r->insn[3] = r->insn[6] = ecall;
	r->program = (struct rv_program){.pc_base = BASE, .pc_start = BASE,
		.n = 7, .insn = r->insn, .nimage = np + nq, .image = r->image};
	for (unsigned i = 0; i < np; i++)
		r->image[i] = (struct rv_word){P_ADDR + 8 * i, p[i]};
	for (unsigned i = 0; i < nq; i++)
		r->image[np + i] = (struct rv_word){Q_ADDR + 8 * i, q[i]};
}

static int
keep(void *ctx, const void *bytes, size_t len)
{
	struct call_run *r = ctx;

	must(len <= sizeof r->stream - r->used);
	memcpy(r->stream + r->used, bytes, len);
	r->used += len;
	return 0;
}

static enum vm_cause
run(struct call_run *r, bool records, char *detail, size_t size)
{
	struct vm_config c = {.on_records = records ? keep : NULL, .ctx = r,
	    .uncommitted = true};
	const struct vm_result *result;
	enum vm_cause cause;
	struct err e;
	struct vm *m = vm_new(&r->program, &c, &e);

	must(m);
	result = vm_run(m);
	cause = result->cause;
	snprintf(detail, size, "%s", result->detail);
	vm_free(m);
	return cause;
}

/* The call that the stream tells of; false: of none. */
static bool
told(struct call_run *r, struct precompile_event *e)
{
	size_t at = sizeof(struct rec_header);
	struct rec_frame f;

	for (; at + sizeof f <= r->used; at += sizeof f + f.len) {
		memcpy(&f, r->stream + at, sizeof f);
		if (f.type != REC_PRECOMPILE)
			continue;
		memcpy(&e->head, r->stream + at + sizeof f, sizeof e->head);
		e->access = (void *)(r->stream + at + sizeof f +
		    sizeof e->head);
		return true;
	}
	return false;
}

/* ---- a call that is not told, as it would be ---- */

static void
add_accesses(struct precompile_event *e, uint64_t addr, const uint64_t *w,
    unsigned n, unsigned offset)
{
	for (unsigned i = 0; i < n; i++)
		e->access[e->head.naccess++] = (struct rec_access){
			.addr = addr + 8 * i, .prev = w[i], .value = w[i],
			.ts = e->head.clk + offset
		};
}

static void
make_up(struct precompile_event *e, const struct subject *t, uint32_t code,
    uint64_t q_arg, const uint64_t *p, const uint64_t *q)
{
	unsigned np = operand_words(t, false), nq = operand_words(t, true);

	e->head = (struct rec_precompile){.clk = 25, .code = code,
		.arg1 = P_ADDR, .arg2 = q_arg};
	if (t->kind == ED_DECOMPRESS) {
		add_accesses(e, P_ADDR + 32, p + 4, 4, 0);
		np = 4;
	}
	add_accesses(e, Q_ADDR, q, nq, 0);
	add_accesses(e, P_ADDR, p, np, t->kind != CURVE_DOUBLE);
}

/* Is the call's row one that holds? */
static const char *
check_made_up(const struct air_chip *c, const struct subject *t, uint32_t code,
    uint64_t q_arg, const uint64_t *p, const uint64_t *q)
{
	static kb row[MAX_WIDTH];
	struct rec_access access[4 * MAX_WORDS];
	struct precompile_event e = {.access = access};

	memset(row, 0, sizeof row);
	make_up(&e, t, code, q_arg, p, q);
	t->row(row, &e, 0);
	return check_row(c, row, NULL);
}

static const char *
check_told(struct call_run *r, const struct air_chip *c)
{
	static kb row[MAX_WIDTH];
	struct precompile_event e;
	struct expected x;

	if (!told(r, &e))
		return "no record";
	memset(row, 0, sizeof row);
	expect(&x, &e);
	r->t->row(row, &e, 0);
	return check_row(c, row, &x);
}

/* ---- ---- */

struct tally { unsigned proved, unprovable, failed, wrong; };

static void
explain(const struct call_run *r, const char *what, const char *detail,
    const uint64_t *p, const uint64_t *q)
{
	diag("%s: %s; the run: %s", r->t->name, what ? what : "the row holds",
	    *detail ? detail : "halts");
	for (unsigned i = 0; i < MAX_WORDS; i++)
		diag("  %016llx %016llx", (unsigned long long)p[i],
		    (unsigned long long)q[i]);
}

static void
check(const struct air_chip *c, const struct subject *t, struct tally *n)
{
	static struct call_run r;
	uint64_t p[MAX_WORDS], q[MAX_WORDS], q_arg = Q_ADDR;
	unsigned ncodes = 0;
	enum vm_cause plain, cause;
	char detail[200];
	const char *wrong;
	uint32_t code;
	bool good;

	while (ncodes < 3 && t->code[ncodes])
		ncodes++;
	code = t->code[rnd() % ncodes];
	if (t->kind == CURVE_DOUBLE)
		q_arg = 0;
	if (t->kind == ED_DECOMPRESS)
		q_arg = rnd() % 2;
	operands(t, p, q);
	load(&r, t, code, q_arg, p, q);
	plain = run(&r, false, detail, sizeof detail);
	cause = run(&r, true, detail, sizeof detail);
	if (plain != VM_halted) {
		n->failed++;
		good = plain == VM_InvalidSyscallUsage && cause == plain;
		wrong = "without records another end";
	} else if (cause == VM_halted) {
		n->proved++;
		wrong = check_told(&r, c);
		good = wrong == NULL;
	} else {
		n->unprovable++;
		wrong = check_made_up(c, t, code, q_arg, p, q);
		good = cause == VM_Unprovable && wrong != NULL;
	}
	if (!good && n->wrong++ < 3)
		explain(&r, wrong, detail, p, q);
}

/* A hint below address 32, where the proof has registers. */
static void
check_low_hint(void)
{
	static struct call_run r;
	/* SP1Stdin: an item of 8 bytes */
	static const uint64_t input[] = {1, 8, 0x1122334455667788, 0, 0};
	static const uint64_t operand[MAX_WORDS];	/* not looked at */
	struct vm_config c = {.on_records = keep, .ctx = &r, .uncommitted = true};
	static const struct { uint64_t addr; enum vm_cause cause; } cases[] = {
		{0, VM_Unprovable}, {24, VM_Unprovable}, {32, VM_halted},
	};
	struct err e;

	for (unsigned i = 0; i < 3; i++) {
		struct vm *m;
		const struct vm_result *result;

		load(&r, &subjects[0], 0xf1, 8, operand, operand);
		r.insn[1].op_c = cases[i].addr;
		m = vm_new(&r.program, &c, &e);
		must(m && vm_set_input(m, (const uint8_t *)input, sizeof input,
		    &e) == 0);
		result = vm_run(m);
		ok(result->cause == cases[i].cause, "a hint read to %llu: %s "
		    "%s", (unsigned long long)cases[i].addr,
		    vm_cause_name(result->cause), result->detail);
		vm_free(m);
	}
}

/* Calls that SyscallInstrs cannot show, or that no precompile's row answers. */
static void
check_calls(void)
{
	static const struct {
		const char *what;
		struct { uint64_t code, a0, a1; } call[2];
		enum vm_cause cause;
	} cases[] = {
		{"HALT with p - 1", {{0, KB_P - 1, 0}}, VM_halted},
		{"HALT with p", {{0, KB_P, 0}}, VM_Unprovable},
		{"HALT with 2^32", {{0, 1ull << 32, 0}}, VM_Unprovable},
		{"a word given twice", {{0x10, 3, 5}, {0x10, 3, 5}}, VM_halted},
		{"0 given, then another", {{0x10, 3, 0}, {0x10, 3, 5}},
		    VM_Unprovable},
		{"a word, then 0", {{0x10, 3, 5}, {0x10, 3, 0}}, VM_Unprovable},
		{"two words", {{0x10, 3, 5}, {0x10, 4, 6}}, VM_halted},
		{"a deferred element", {{0x1a, 7, KB_P - 1}}, VM_halted},
		{"a deferred word of p", {{0x1a, 7, KB_P}}, VM_Unprovable},
		{"a deferred word of 2^32", {{0x1a, 7, 1ull << 32}},
		    VM_Unprovable},
		{"a deferred word given twice", {{0x1a, 7, 9}, {0x1a, 7, 9}},
		    VM_halted},
		{"another deferred word", {{0x1a, 7, 9}, {0x1a, 7, 8}},
		    VM_Unprovable},
	};
	static const struct rv_insn ecall = {RV_ECALL, 5, 0, 0, 10, 11};

	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		static struct call_run r;
		struct rv_insn insn[12], *p = insn;
		enum vm_cause plain, cause;
		char detail[200];

		memset(&r, 0, sizeof r);
		for (unsigned k = 0; k < 3; k++) {
			uint64_t x[3] = {0, 0, 0};

			if (k < 2) {
				x[0] = cases[i].call[k].code;
				x[1] = cases[i].call[k].a0;
				x[2] = cases[i].call[k].a1;
			}
			*p++ = (struct rv_insn){RV_ADDI, 5, 0, 1, 0, x[0]};
			*p++ = (struct rv_insn){RV_ADDI, 10, 0, 1, 0, x[1]};
			*p++ = (struct rv_insn){RV_ADDI, 11, 0, 1, 0, x[2]};
			*p++ = ecall;
		}
		r.program = (struct rv_program){.pc_base = BASE,
			.pc_start = BASE, .n = 12, .insn = insn};
		plain = run(&r, false, detail, sizeof detail);
		cause = run(&r, true, detail, sizeof detail);
		ok(plain == VM_halted && cause == cases[i].cause, "%s: %s %s",
		    cases[i].what, vm_cause_name(cause), detail);
	}
}

/* A second argument, where the chip has none. */
static void
check_double(void)
{
	static struct call_run r;
	uint64_t q[8] = {0};

	for (unsigned k = 0; k < NSUBJECTS; k++) {
		const struct subject *t = &subjects[k];
		enum vm_cause plain, cause;
		uint64_t p[MAX_WORDS] = {2, 0, 0, 0, 3};
		char detail[200];

		if (t->kind != CURVE_DOUBLE)
			continue;
		if (t->field == &field_secp256k1)
			memcpy(p, secp256k1_points[0], sizeof *secp256k1_points);
		if (t->field == &field_bls12381)
			p[6] = 3;
		load(&r, t, t->code[0], 1, p, q);
		plain = run(&r, false, detail, sizeof detail);
		cause = run(&r, true, detail, sizeof detail);
		ok(plain == VM_halted && cause == VM_Unprovable,
		    "%s with a second argument: %s", t->name, detail);
	}
}

int
main(void)
{
	for (unsigned k = 0; k < NSUBJECTS; k++) {
		const struct subject *t = &subjects[k];
		const struct air_chip *c = air_chip_by_name(
		    air_machine_riscv(), t->name, strlen(t->name));
		struct tally n = {0};

		must(c && c->main_width <= MAX_WIDTH);
		for (unsigned i = 0; i < ROUNDS; i++)
			check(c, t, &n);
		ok(n.wrong == 0 && n.proved > 0, "%s: %u calls proved, %u that "
		    "run without a proof, %u that fail", t->name, n.proved,
		    n.unprovable, n.failed);
	}
	check_low_hint();
	check_calls();
	check_double();
	return done_testing();
}
