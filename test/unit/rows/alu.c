/*
 * Rows of the ALU chips: for every instruction on operands at the edges, and random
 * ones, all constraints hold, each lookup has a row in its table, and the messages
 * are those of the instruction, with the result that the model below gives.  Then
 * the reverse: each column, altered, is noticed in some row.
 */
#include "air/op/opcode.h"
#include "rows/instr.h"
#include "test/lib/lookup.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

#define MAX_WIDTH 256
#define MAX_VALUES 16
#define MAX_MESSAGES 8

static const uint64_t edges[28] = {	/* those of the guest `isa` */
	0, -1ull, 1ull << 63, 1, INT64_MAX, (uint64_t)INT32_MIN, INT32_MAX,
	1ull << 31, UINT32_MAX, 2, -2ull, 31, 32, 63, 64, 1ull << 32,
	0x0123456789abcdef, 0xfedcba9876543210, 0x5555555555555555,
	0xaaaaaaaaaaaaaaaa, 3, 10, 0x8000000080000000, 0x7fffffffffffff80,
	0x80, 0x7f, 0x8000, 0x7fff
};

enum form { REGISTER = 1, IMMEDIATE = 2, SHIFT64 = 4, SHIFT32 = 8 };

static const struct op { enum rv_opcode op; enum core_chip bucket;
	int forms; } ops[] = {
	{RV_ADD, CHIP_Add, REGISTER}, {RV_ADDI, CHIP_Addi, IMMEDIATE},
	{RV_SUB, CHIP_Sub, REGISTER},
	{RV_XOR, CHIP_Bitwise, REGISTER | IMMEDIATE},
	{RV_OR, CHIP_Bitwise, REGISTER | IMMEDIATE},
	{RV_AND, CHIP_Bitwise, REGISTER | IMMEDIATE},
	{RV_SLL, CHIP_ShiftLeft, REGISTER | SHIFT64},
	{RV_SRL, CHIP_ShiftRight, REGISTER | SHIFT64},
	{RV_SRA, CHIP_ShiftRight, REGISTER | SHIFT64},
	{RV_SLT, CHIP_Lt, REGISTER | IMMEDIATE},
	{RV_SLTU, CHIP_Lt, REGISTER | IMMEDIATE},
	{RV_MUL, CHIP_Mul, REGISTER}, {RV_MULH, CHIP_Mul, REGISTER},
	{RV_MULHU, CHIP_Mul, REGISTER}, {RV_MULHSU, CHIP_Mul, REGISTER},
	{RV_DIV, CHIP_DivRem, REGISTER}, {RV_DIVU, CHIP_DivRem, REGISTER},
	{RV_REM, CHIP_DivRem, REGISTER}, {RV_REMU, CHIP_DivRem, REGISTER},
	{RV_ADDW, CHIP_Addw, REGISTER | IMMEDIATE},
	{RV_SUBW, CHIP_Subw, REGISTER},
	{RV_SLLW, CHIP_ShiftLeft, REGISTER | SHIFT32},
	{RV_SRLW, CHIP_ShiftRight, REGISTER | SHIFT32},
	{RV_SRAW, CHIP_ShiftRight, REGISTER | SHIFT32},
	{RV_MULW, CHIP_Mul, REGISTER}, {RV_DIVW, CHIP_DivRem, REGISTER},
	{RV_DIVUW, CHIP_DivRem, REGISTER}, {RV_REMW, CHIP_DivRem, REGISTER},
	{RV_REMUW, CHIP_DivRem, REGISTER}
};
#define NOPS (sizeof ops / sizeof *ops)

static const struct { const char *name; trace_instr_fn *row; } buckets[] = {
	[CHIP_Add] = {"Add", trace_Add}, [CHIP_Addi] = {"Addi", trace_Addi},
	[CHIP_Addw] = {"Addw", trace_Addw}, [CHIP_Sub] = {"Sub", trace_Sub},
	[CHIP_Subw] = {"Subw", trace_Subw},
	[CHIP_AluX0] = {"AluX0", trace_AluX0},
	[CHIP_Bitwise] = {"Bitwise", trace_Bitwise},
	[CHIP_Lt] = {"Lt", trace_Lt}, [CHIP_Mul] = {"Mul", trace_Mul},
	[CHIP_ShiftLeft] = {"ShiftLeft", trace_ShiftLeft},
	[CHIP_ShiftRight] = {"ShiftRight", trace_ShiftRight},
	[CHIP_DivRem] = {"DivRem", trace_DivRem}
};
#define NBUCKETS (sizeof buckets / sizeof *buckets)

static uint64_t seed = 1;

static uint64_t
rnd(void)
{
	return splitmix64(&seed);
}

/* ---- the model ---- */

static uint64_t
quotient(int64_t b, int64_t c)
{
	return c == 0 ? -1ull : c == -1 ? -(uint64_t)b : (uint64_t)(b / c);
}

static uint64_t
remainder_of(int64_t b, int64_t c)
{
	return c == 0 ? (uint64_t)b : c == -1 ? 0 : (uint64_t)(b % c);
}

static uint64_t
sx(uint64_t x)
{
	return (uint64_t)(int32_t)x;
}

static uint64_t
model(enum rv_opcode op, uint64_t b, uint64_t c)
{
	uint32_t bw = (uint32_t)b, cw = (uint32_t)c;
	__int128 bs = (int64_t)b, cs = (int64_t)c;

	switch (op) {
	case RV_ADD: case RV_ADDI: return b + c;
	case RV_SUB: return b - c;
	case RV_XOR: return b ^ c;
	case RV_OR: return b | c;
	case RV_AND: return b & c;
	case RV_SLL: return b << (c & 63);
	case RV_SRL: return b >> (c & 63);
	case RV_SRA: return (uint64_t)((int64_t)b >> (c & 63));
	case RV_SLT: return (int64_t)b < (int64_t)c;
	case RV_SLTU: return b < c;
	case RV_MUL: return b * c;
	case RV_MULH: return (uint64_t)(bs * cs >> 64);
	case RV_MULHU: return (uint64_t)((unsigned __int128)b * c >> 64);
	case RV_MULHSU: return (uint64_t)(bs * (__int128)c >> 64);
	case RV_DIV: return quotient((int64_t)b, (int64_t)c);
	case RV_DIVU: return c ? b / c : -1ull;
	case RV_REM: return remainder_of((int64_t)b, (int64_t)c);
	case RV_REMU: return c ? b % c : b;
	case RV_ADDW: return sx(b + c);
	case RV_SUBW: return sx(b - c);
	case RV_SLLW: return sx(bw << (c & 31));
	case RV_SRLW: return sx(bw >> (c & 31));
	case RV_SRAW: return sx((uint64_t)((int32_t)b >> (c & 31)));
	case RV_MULW: return sx(b * c);
	case RV_DIVW: return sx(quotient((int32_t)b, (int32_t)c));
	case RV_DIVUW: return cw ? sx(bw / cw) : -1ull;
	case RV_REMW: return sx(remainder_of((int32_t)b, (int32_t)c));
	case RV_REMUW: return sx(cw ? bw % cw : bw);
	default: abort();
	}
}

/* ---- the messages that an instruction must send and receive ---- */

struct message { enum air_kind kind; unsigned n; uint32_t v[MAX_VALUES]; };
struct expected { unsigned nsends, nreceives;
	struct message send[MAX_MESSAGES], receive[MAX_MESSAGES]; };

static void
put(struct message *m, uint64_t x, unsigned limbs)
{
	for (unsigned i = 0; i < limbs; i++)
		m->v[m->n++] = x >> 16 * i & 0xffff;
}

static struct message *
message(struct message *list, unsigned *n, enum air_kind kind)
{
	struct message *m = &list[(*n)++];

	*m = (struct message){.kind = kind};
	return m;
}

static void
expect_access(struct expected *x, uint64_t reg, uint64_t ts, uint64_t prev_ts,
    uint64_t prev, uint64_t value)
{
	struct message *m = message(x->send, &x->nsends, AIR_MEMORY);

	m->v[m->n++] = (uint32_t)(ts >> 24);
	m->v[m->n++] = prev_ts >> 24 == ts >> 24 ? prev_ts & 0xffffff : 0;
	put(m, reg, 3);
	put(m, prev, 4);
	m = message(x->receive, &x->nreceives, AIR_MEMORY);
	m->v[m->n++] = (uint32_t)(ts >> 24);
	m->v[m->n++] = ts & 0xffffff;
	put(m, reg, 3);
	put(m, value, 4);
}

static void
expect(struct expected *x, const struct rec_instr *e, const struct rv_insn *i,
    uint64_t pc)
{
	struct message *m;

	x->nsends = x->nreceives = 0;
	m = message(x->receive, &x->nreceives, AIR_STATE);
	m->v[m->n++] = (uint32_t)(e->clk >> 24);
	m->v[m->n++] = e->clk & 0xffffff;
	put(m, pc, 3);
	m = message(x->send, &x->nsends, AIR_STATE);
	m->v[m->n++] = (uint32_t)(e->clk >> 24);
	m->v[m->n++] = (e->clk & 0xffffff) + 8;
	put(m, pc, 3);
	m->v[2] += 4;
	m = message(x->send, &x->nsends, AIR_PROGRAM);
	put(m, pc, 3);
	m->v[m->n++] = i->op;
	m->v[m->n++] = i->op_a;
	put(m, i->op_b, 4);
	put(m, i->op_c, 4);
	m->v[m->n++] = i->op_a == 0;
	m->v[m->n++] = 0;
	m->v[m->n++] = i->imm_c;
	expect_access(x, i->op_a, e->clk + 4, e->ts_a, e->prev_a, e->a);
	expect_access(x, i->op_b, e->clk + 3, e->ts_b, e->b, e->b);
	if (!i->imm_c)
		expect_access(x, i->op_c, e->clk + 2, e->ts_c, e->c, e->c);
}

/* ---- one row ---- */

/* 0, or what is wrong with the row. */
static const char *
check_row(const struct air_chip *c, const kb *row, const struct expected *x)
{
	static const kb pv[AIR_PUBLIC_VALUES];
	unsigned sends = 0, receives = 0;

	if (air_eval_row(c, row, NULL, pv, NULL).v)
		return "a constraint";
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *t = &c->interaction[i];
		const struct message *m;
		uint32_t v[MAX_VALUES];
		uint32_t mult = kb_to(air_affine_row(&t->mult, c->main_width,
		    row, NULL));

		if (mult == 0)
			continue;
		if (mult != 1)
			return "a multiplicity";
		for (unsigned k = 0; k < t->nvalues; k++)
			v[k] = kb_to(air_affine_row(&t->value[k],
			    c->main_width, row, NULL));
		if (t->kind == AIR_BYTE) {
			if (!lookup_holds(v))
				return "a lookup";
			continue;
		}
		if (t->send ? sends == x->nsends : receives == x->nreceives)
			return "one message too many";
		m = t->send ? &x->send[sends++] : &x->receive[receives++];
		if (t->kind != m->kind || t->nvalues != m->n ||
		    memcmp(v, m->v, m->n * sizeof *v))
			return "a message";
	}
	return sends == x->nsends && receives == x->nreceives ? NULL :
	    "a message is missing";
}

struct bucket_state {
	const struct air_chip *chip;
	unsigned rows, failed, altered;
	uint8_t noticed[MAX_WIDTH];
};
static struct bucket_state state[NBUCKETS];

/* Which columns does check_row watch in this row? */
static void
alter(struct bucket_state *b, kb *row, const struct expected *x)
{
	for (unsigned j = 0; j < b->chip->main_width; j++) {
		kb old = row[j];

		row[j] = kb_add(old, KB_ONE);
		b->noticed[j] |= check_row(b->chip, row, x) != NULL;
		row[j] = old;
	}
	b->altered++;
}

static uint64_t
earlier(uint64_t ts)
{
	switch (rnd() % 4) {
	case 0:		/* before the clock's high part changed */
		return rnd() % ((ts >> 24 << 24) + 1);
	case 1:
		return ts - 1 - rnd() % 7;
	default:
		return ts - 1 - rnd() % (ts & 0xffffff);
	}
}

static void
try(const struct op *o, uint64_t b, uint64_t c, int imm, int x0)
{
	static const struct rv_program program = {.pc_base = 0x78000000};
	struct bucket_state *s = &state[x0 ? CHIP_AluX0 : o->bucket];
	uint64_t result = model(o->op, b, c);
	struct rv_insn i = {.op = o->op, .op_a = x0 ? 0 : 1 + rnd() % 31,
	    .imm_c = imm, .op_b = rnd() % 32, .op_c = imm ? c : rnd() % 32};
	struct rec_instr e = {.clk = (rnd() >> 16 & ~7ull) | 1,
	    .index = rnd() % 1000, .a = x0 ? 0 : result, .b = b, .c = c,
	    .prev_a = x0 ? 0 : rnd()};
	struct expected x;
	kb row[MAX_WIDTH] = {{0}};
	const char *wrong;

	/* low part 1 to 2^24 - 7 */
	if (rnd() % 4 == 0)
		e.clk |= 0xfffff8;
	else if (rnd() % 4 == 0)
		e.clk = (e.clk >> 24 << 24) + 1;
	e.ts_a = earlier(e.clk + 4);
	e.ts_b = earlier(e.clk + 3);
	if (!imm)
		e.ts_c = earlier(e.clk + 2);
	buckets[s - state].row(row, &e, &i, &program);
	expect(&x, &e, &i, program.pc_base + 4 * (uint64_t)e.index);
	wrong = check_row(s->chip, row, &x);
	if (wrong && s->failed++ < 5) {
		diag("%s%s of %#llx, %#llx: %s", rv_name(o->op),
		    imm ? " (immediate)" : "", (unsigned long long)b,
		    (unsigned long long)c, wrong);
		air_debug_row(s->chip, row, NULL,
		    (kb[AIR_PUBLIC_VALUES]){{0}}, stdout);
	}
	if (s->rows++ % 97 == 0)
		alter(s, row, &x);
}

static void
try_forms(const struct op *o, uint64_t b, uint64_t c)
{
	uint64_t imm = (uint64_t)((int64_t)(c << 52) >> 52);

	for (int x0 = 0; x0 < 2; x0++) {
		if (o->forms & REGISTER)
			try(o, b, c, 0, x0);
		if (o->forms & IMMEDIATE)
			try(o, b, imm, 1, x0);
		if (o->forms & SHIFT64)
			try(o, b, c & 63, 1, x0);
		if (o->forms & SHIFT32)
			try(o, b, c & 31, 1, x0);
	}
}

/* Operands of all lengths, now and then equal or near each other. */
static void
try_random(const struct op *o)
{
	uint64_t b = rnd() >> rnd() % 64, c = rnd() >> rnd() % 64;

	if (rnd() % 4 == 0)
		b = -b;
	if (rnd() % 4 == 0)
		c = -c;
	if (rnd() % 4 == 0)
		c = b + rnd() % 3 - 1;
	try_forms(o, b, c);
}

static void
test_padding(const char *name,
    void (*pad)(const struct shard_events *, size_t, kb *))
{
	const struct air_chip *c = air_chip_by_name(air_machine_riscv(), name,
	    strlen(name));
	static const struct expected none;
	kb row[MAX_WIDTH] = {{0}};
	const char *wrong;

	if (pad)
		pad(NULL, 0, row);
	wrong = check_row(c, row, &none);
	ok(!wrong, "%s: a padding row is valid and silent%s%s", name,
	    wrong ? ", but for " : "", wrong ? wrong : "");
}

/* Columns that are only asserted to be bits, in every row. */
static int
may_vary(const char *chip, const char *column)
{
	/* a word's flags, of a product that is never a word's */
	return !strcmp(chip, "DivRem") && strstr(column, "product_msb");
}

static void
report(const struct bucket_state *s)
{
	unsigned unseen = 0;
	char name[128];

	ok(s->rows && !s->failed, "%s: %u of %u rows hold", s->chip->name,
	    s->rows - s->failed, s->rows);
	for (unsigned j = 0; j < s->chip->main_width; j++) {
		air_column_name(s->chip, j, name, sizeof name);
		if (s->noticed[j] || may_vary(s->chip->name, name))
			continue;
		diag("%s: nothing binds %s", s->chip->name, name);
		unseen++;
	}
	ok(!unseen, "%s: each of %u columns altered is noticed (in %u rows)",
	    s->chip->name, s->chip->main_width, s->altered);
}

int
main(void)
{
	for (unsigned b = 0; b < NBUCKETS; b++) {
		const char *name = buckets[b].name;

		if (!name)
			continue;
		state[b].chip = air_chip_by_name(air_machine_riscv(), name,
		    strlen(name));
		if (!ok(state[b].chip && state[b].chip->main_width <= MAX_WIDTH,
		    "%s is there", name))
			return done_testing();
	}
	for (unsigned k = 0; k < NOPS; k++) {
		for (unsigned b = 0; b < 28; b++)
			for (unsigned c = 0; c < 28; c++)
				try_forms(&ops[k], edges[b], edges[c]);
		for (unsigned n = 0; n < 1000; n++)
			try_random(&ops[k]);
	}
	for (unsigned b = 0; b < NBUCKETS; b++)
		if (buckets[b].name)
			report(&state[b]);
	test_padding("ShiftLeft", pad_ShiftLeft);
	test_padding("ShiftRight", pad_ShiftRight);
	test_padding("DivRem", pad_DivRem);
	test_padding("Add", NULL);
	test_padding("Addi", NULL);
	test_padding("Addw", NULL);
	test_padding("Sub", NULL);
	test_padding("Subw", NULL);
	test_padding("AluX0", NULL);
	test_padding("Bitwise", NULL);
	test_padding("Lt", NULL);
	test_padding("Mul", NULL);
	return done_testing();
}
