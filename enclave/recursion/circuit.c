#include "recursion/circuit.h"

#include <string.h>

#include "base/err.h"
#include "poly/hash.h"
#include "proof/proof.h"

void *
circuit_alloc(struct circuit *c, size_t n, size_t size)
{
	void *v = arena_alloc(&c->arena, n ? n : 1, size);

	must(v);
	return v;
}

fexpr
f_kb(kb k)
{
	return (fexpr){.k = k};
}

fexpr
f_k(uint32_t canonical)
{
	return f_kb(kb_from(canonical));
}

fexpr
f_var(felt v)
{
	return (fexpr){.var = true, .v = v};
}

eexpr
e_const(ef k)
{
	return (eexpr){.kind = EEXPR_CONST, .k = k};
}

eexpr
e_k(uint32_t canonical)
{
	return e_const(ef_from_kb(kb_from(canonical)));
}

eexpr
e_var(ext v)
{
	return (eexpr){.kind = EEXPR_EXT, .v = v};
}

eexpr
e_felt(fexpr f)
{
	return (eexpr){.kind = EEXPR_FELT, .f = f};
}

/* ---- one arithmetic instruction ---- */

/* A variable's address, or a constant of the pool. */
struct operand { bool imm, ext; uint32_t addr; ef value; };

static struct operand
at(uint32_t addr)
{
	return (struct operand){.addr = addr};
}

static struct operand
imm_f(kb k)
{
	return (struct operand){.imm = true, .value = ef_from_kb(k)};
}

static struct operand
imm_e(ef k)
{
	return (struct operand){.imm = true, .ext = true, .value = k};
}

static uint32_t
take(struct circuit *c, struct operand o)
{
	if (o.imm)
		return program_constant(c->program, o.ext, o.value);
	return program_read(c->program, o.addr);
}

static void
alu_to(struct circuit *c, enum opcode op, uint32_t out, struct operand a,
    struct operand b)
{
	uint32_t in1 = take(c, a), in2 = take(c, b);

	program_emit(c->program, op, (uint32_t[]){out, in1, in2}, 3);
}

static uint32_t
alu(struct circuit *c, enum opcode op, struct operand a, struct operand b)
{
	uint32_t out = program_addr(c->program);

	alu_to(c, op, out, a, b);
	return out;
}

static uint32_t
write_constant(struct circuit *c, ef k)
{
	uint32_t out = program_addr(c->program);

	program_emit(c->program, OP_WRITE, (uint32_t[]){
		out, k.c[0].v, k.c[1].v, k.c[2].v, k.c[3].v}, 5);
	return out;
}

/* ---- felts ---- */

static bool
commutes(enum opcode op)
{
	return op == OP_ADD_F || op == OP_MUL_F || op == OP_ADD_E ||
	    op == OP_MUL_E;
}

static kb
fold_f(enum opcode op, kb a, kb b)
{
	switch (op) {
	case OP_ADD_F:
		return kb_add(a, b);
	case OP_SUB_F:
		return kb_sub(a, b);
	case OP_MUL_F:
		return kb_mul(a, b);
	default:
		return kb_mul(a, kb_inv(b));
	}
}

static fexpr
var_f(uint32_t addr)
{
	return f_var((felt){addr});
}

fexpr
f_binary(struct circuit *c, enum opcode op, const fexpr x[2])
{
	fexpr a = x[0], b = x[1];

	if (!a.var && !b.var)
		return f_kb(fold_f(op, a.k, b.k));
	if (!a.var && commutes(op))
		return var_f(alu(c, op, at(b.v.addr), imm_f(a.k)));
	return var_f(alu(c, op, a.var ? at(a.v.addr) : imm_f(a.k),
	    b.var ? at(b.v.addr) : imm_f(b.k)));
}

fexpr
f_neg(struct circuit *c, fexpr x)
{
	if (!x.var)
		return f_kb(kb_neg(x.k));
	return var_f(alu(c, OP_SUB_F, imm_f(KB_ZERO), at(x.v.addr)));
}

felt
f_eval(struct circuit *c, fexpr x)
{
	if (!x.var)
		return (felt){write_constant(c, ef_from_kb(x.k))};
	return (felt){alu(c, OP_ADD_F, at(x.v.addr), imm_f(KB_ZERO))};
}

felt
f_direct(struct circuit *c, enum opcode op, felt a, felt b)
{
	return (felt){alu(c, op, at(a.addr), at(b.addr))};
}

/* ---- extension elements ---- */

static ef
fold_e(enum opcode op, ef a, ef b)
{
	switch (op) {
	case OP_ADD_E:
		return ef_add(a, b);
	case OP_SUB_E:
		return ef_sub(a, b);
	case OP_MUL_E:
		return ef_mul(a, b);
	default:
		return ef_mul(a, ef_inv(b));
	}
}

static eexpr
var_e(uint32_t addr)
{
	return e_var((ext){addr});
}

static bool
is_const(eexpr x)
{
	return x.kind == EEXPR_CONST || (x.kind == EEXPR_FELT && !x.f.var);
}

static ef
const_of(eexpr x)
{
	return x.kind == EEXPR_CONST ? x.k : ef_from_kb(x.f.k);
}

/* A felt as an extension element. */
static uint32_t
lifted(struct circuit *c, felt f)
{
	return alu(c, OP_ADD_E, at(f.addr), imm_e(EF_ZERO));
}

static eexpr
ext_const(struct circuit *c, enum opcode op, ext a, ef k)
{
	if (op == OP_DIV_E)
		return var_e(alu(c, OP_MUL_E, at(a.addr), imm_e(ef_inv(k))));
	return var_e(alu(c, op, at(a.addr), imm_e(k)));
}

static eexpr
const_ext(struct circuit *c, enum opcode op, ef k, ext b)
{
	if (commutes(op))
		return ext_const(c, op, b, k);
	return var_e(alu(c, op, imm_e(k), at(b.addr)));
}

static eexpr
felt_const(struct circuit *c, enum opcode op, felt a, ef k)
{
	switch (op) {
	case OP_ADD_E:
		return var_e(alu(c, op, at(a.addr), imm_e(k)));
	case OP_SUB_E:
		return var_e(alu(c, OP_ADD_E, at(a.addr), imm_e(ef_neg(k))));
	case OP_MUL_E:
		return ext_const(c, op, (ext){lifted(c, a)}, k);
	default:
		return ext_const(c, OP_MUL_E, (ext){lifted(c, a)}, ef_inv(k));
	}
}

static eexpr
const_felt(struct circuit *c, enum opcode op, ef k, felt b)
{
	if (commutes(op))
		return felt_const(c, op, b, k);
	if (op == OP_SUB_E)
		return const_ext(c, op, k, (ext){lifted(c, b)});
	b.addr = alu(c, OP_DIV_F, imm_f(KB_ONE), at(b.addr));
	return felt_const(c, OP_MUL_E, b, k);
}

static eexpr
felt_ext(struct circuit *c, enum opcode op, felt a, ext b)
{
	uint32_t t;

	if (commutes(op))
		return var_e(alu(c, op, at(b.addr), at(a.addr)));
	if (op == OP_SUB_E) {
		t = alu(c, op, imm_e(EF_ZERO), at(b.addr));
		return var_e(alu(c, OP_ADD_E, at(t), at(a.addr)));
	}
	t = lifted(c, a);
	return var_e(alu(c, op, at(t), at(b.addr)));
}

eexpr
e_binary(struct circuit *c, enum opcode op, const eexpr x[2])
{
	eexpr a = x[0], b = x[1];

	if (a.kind == EEXPR_FELT && b.kind == EEXPR_FELT)
		return e_felt(f_binary(c, op - OP_ADD_E + OP_ADD_F,
		    (const fexpr[2]){a.f, b.f}));
	if (is_const(a) && is_const(b))
		return e_const(fold_e(op, const_of(a), const_of(b)));
	if (is_const(b))
		return a.kind == EEXPR_EXT ?
		    ext_const(c, op, a.v, const_of(b)) :
		    felt_const(c, op, a.f.v, const_of(b));
	if (is_const(a))
		return b.kind == EEXPR_EXT ?
		    const_ext(c, op, const_of(a), b.v) :
		    const_felt(c, op, const_of(a), b.f.v);
	if (a.kind == EEXPR_FELT)
		return felt_ext(c, op, a.f.v, b.v);
	return var_e(alu(c, op, at(a.v.addr),
	    at(b.kind == EEXPR_EXT ? b.v.addr : b.f.v.addr)));
}

eexpr
e_neg(struct circuit *c, eexpr x)
{
	if (x.kind == EEXPR_FELT)
		return e_felt(f_neg(c, x.f));
	if (x.kind == EEXPR_CONST)
		return e_const(ef_neg(x.k));
	return var_e(alu(c, OP_SUB_E, imm_e(EF_ZERO), at(x.v.addr)));
}

ext
e_eval(struct circuit *c, eexpr x)
{
	if (is_const(x))
		return (ext){write_constant(c, const_of(x))};
	return (ext){lifted(c,
	    (felt){x.kind == EEXPR_EXT ? x.v.addr : x.f.v.addr})};
}

ext
e_direct(struct circuit *c, enum opcode op, ext a, uint32_t b)
{
	return (ext){alu(c, op, at(a.addr), at(b))};
}

/* ---- assertions ---- */

/* a - b = d, and d / 0: the machine lets 0 / 0 be anything.  Unequal: 1 / d. */
static void
assert_on(struct circuit *c, bool is_ext, bool equal, struct operand a,
    struct operand b)
{
	uint32_t diff = program_addr(c->program);
	uint32_t out = program_addr(c->program);
	ef k = equal ? EF_ZERO : EF_ONE;
	struct operand imm = is_ext ? imm_e(k) : imm_f(k.c[0]);

	alu_to(c, is_ext ? OP_SUB_E : OP_SUB_F, diff, a, b);
	alu_to(c, is_ext ? OP_DIV_E : OP_DIV_F, out,
	    equal ? at(diff) : imm, equal ? imm : at(diff));
}

void
f_assert(struct circuit *c, bool equal, const fexpr x[2])
{
	fexpr a = x[0], b = x[1];

	if (!a.var && !b.var) {
		must(kb_eq(a.k, b.k) == equal);
		return;
	}
	if (!a.var) {
		a = x[1];
		b = x[0];
	}
	assert_on(c, false, equal, at(a.v.addr),
	    b.var ? at(b.v.addr) : imm_f(b.k));
}

static eexpr
evaluated(struct circuit *c, eexpr x)
{
	return e_var(e_eval(c, x));
}

void
e_assert(struct circuit *c, const eexpr x[2])
{
	eexpr a = x[0], b = x[1];

	if (a.kind == EEXPR_CONST && b.kind == EEXPR_CONST) {
		must(ef_eq(a.k, b.k));
		return;
	}
	if (a.kind == EEXPR_CONST) {
		b = b.kind == EEXPR_EXT ? b : evaluated(c, b);
		assert_on(c, true, true, at(b.v.addr), imm_e(a.k));
		return;
	}
	if (a.kind == EEXPR_EXT && b.kind == EEXPR_CONST) {
		assert_on(c, true, true, at(a.v.addr), imm_e(b.k));
		return;
	}
	if (a.kind == EEXPR_FELT) {
		a = evaluated(c, a);
		b = evaluated(c, b);
	} else if (b.kind == EEXPR_FELT) {
		b = evaluated(c, b);
	}
	assert_on(c, true, true, at(a.v.addr), at(b.v.addr));
}

/* ---- other instructions ---- */

static uint32_t
hint(struct circuit *c)
{
	uint32_t out = program_addr(c->program);

	program_emit(c->program, OP_HINT, &out, 1);
	return out;
}

felt
hint_felt(struct circuit *c)
{
	return (felt){hint(c)};
}

ext
hint_ext(struct circuit *c)
{
	return (ext){hint(c)};
}

static void
fresh(struct circuit *c, felt *out, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		out[i].addr = program_addr(c->program);
}

static void
read_all(struct circuit *c, const felt *in, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		program_read(c->program, in[i].addr);
}

/* What a hint is made from is not a read on the memory bus. */
void
hint_bits(struct circuit *c, felt *bits, unsigned n, felt x)
{
	uint32_t operand[32];

	must(n < 32);
	fresh(c, bits, n);
	for (unsigned i = 0; i < n; i++)
		operand[i] = bits[i].addr;
	operand[n] = x.addr;
	program_emit(c->program, OP_HINT_BITS, operand, n + 1);
}

void
hint_felts(struct circuit *c, felt out[4], ext x)
{
	fresh(c, out, 4);
	program_emit(c->program, OP_HINT_FELTS, (uint32_t[]){
		out[0].addr, out[1].addr, out[2].addr, out[3].addr,
		x.addr}, 5);
}

struct curve_var
hint_curve(struct circuit *c, const struct curve_var *a,
    const struct curve_var *b)
{
	struct { struct curve_var out, a, b; } operand;

	operand.a = *a;
	operand.b = *b;
	fresh(c, operand.out.x, 7);
	fresh(c, operand.out.y, 7);
	program_emit(c->program, OP_HINT_CURVE, (const uint32_t *)&operand,
	    42);
	return operand.out;
}

void
select_pair(struct circuit *c, felt out[2], felt bit, const felt in[2])
{
	read_all(c, &bit, 1);
	fresh(c, out, 2);
	read_all(c, in, 2);
	program_emit(c->program, OP_SELECT, (uint32_t[]){
		out[0].addr, out[1].addr, bit.addr,
		in[0].addr, in[1].addr}, 5);
}

/* The chip of public values reads the digest; nothing else is on the bus. */
void
commit(struct circuit *c, const felt *public_values)
{
	read_all(c, &public_values[RPV_DIGEST], 8);
	program_emit(c->program, OP_COMMIT, (const uint32_t *)public_values,
	    STARK_PUBLIC_VALUES);
}

/* The chip's accumulators chain: each but the last is read by the next. */
static ext
prefix_sums_chip(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number)
{
	uint32_t operand[4 * 64 + 2], *acc = operand, *number_acc = operand + n;
	uint32_t one = write_constant(c, EF_ONE);
	uint32_t zero = write_constant(c, EF_ZERO);

	must(n <= 64);
	fresh(c, (felt *)operand, 2 * n);
	read_all(c, (felt *)acc, n - 1);
	read_all(c, (felt *)number_acc, n - 1);
	operand[2 * n] = program_read(c->program, zero);
	operand[2 * n + 1] = program_read(c->program, one);
	for (unsigned i = 0; i < n; i++)
		operand[2 * n + 2 + i] = program_read(c->program, bits[i].addr);
	for (unsigned i = 0; i < n; i++)
		operand[3 * n + 2 + i] =
		    program_read(c->program, point[i].addr);
	program_emit(c->program, OP_PREFIX_SUMS, operand, 4 * n + 2);
	number->addr = number_acc[n / 2 - 1];
	return (ext){acc[n - 1]};
}

/* The same without the chip. */
static ext
prefix_sums_plain(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number)
{
	ext acc = e_eval(c, e_k(1));
	felt sum = f_eval(c, f_k(0)), one = f_eval(c, f_k(1));

	for (unsigned i = 0; i < n; i++) {
		fexpr bit = f_var(bits[i]);
		eexpr p = e_var(e_direct(c, OP_MUL_E, point[i], bits[i].addr));
		eexpr t = e_sub(c, e_k(1), e_felt(bit));
		ext term;

		t = e_sub(c, t, e_var(point[i]));
		term = e_eval(c, e_add(c, e_add(c, t, p), p));
		f_assert_eq(c, f_mul(c, bit, f_sub(c, bit, f_var(one))),
		    f_k(0));
		acc = e_eval(c, e_mul(c, e_var(acc), e_var(term)));
		if (i < n / 2)
			sum = f_eval(c, f_add(c, bit,
			    f_mul(c, f_var(sum), f_k(2))));
	}
	*number = sum;
	return acc;
}

ext
prefix_sums(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number)
{
	if (c->wrap)
		return prefix_sums_plain(c, bits, point, n, number);
	return prefix_sums_chip(c, bits, point, n, number);
}

/* ---- Poseidon2 ---- */

static void
permute_wide(struct circuit *c, felt out[16], const felt in[16])
{
	felt operand[32];

	read_all(c, in, 16);
	memcpy(operand + 16, in, 16 * sizeof *in);
	fresh(c, operand, 16);
	memcpy(out, operand, 16 * sizeof *out);
	program_emit(c->program, OP_POSEIDON2, (const uint32_t *)operand, 32);
}

/* In wrap, a permutation is many instructions on blocks of four felts. */
static uint32_t
join(struct circuit *c, const felt in[4])
{
	uint32_t out = program_addr(c->program);

	read_all(c, in, 4);
	program_emit(c->program, OP_JOIN, (uint32_t[]){
		out, in[0].addr, in[1].addr, in[2].addr, in[3].addr}, 5);
	return out;
}

static void
split(struct circuit *c, felt out[4], uint32_t in)
{
	program_read(c->program, in);
	fresh(c, out, 4);
	program_emit(c->program, OP_SPLIT, (uint32_t[]){
		out[0].addr, out[1].addr, out[2].addr, out[3].addr, in}, 5);
}

static void
linear_layer(struct circuit *c, enum opcode op, uint32_t s[4])
{
	uint32_t operand[8];

	for (int i = 0; i < 4; i++)
		operand[4 + i] = program_read(c->program, s[i]);
	for (int i = 0; i < 4; i++)
		operand[i] = s[i] = program_addr(c->program);
	program_emit(c->program, op, operand, 8);
}

static void
sbox(struct circuit *c, enum opcode op, uint32_t *s)
{
	uint32_t in = program_read(c->program, *s);

	*s = program_addr(c->program);
	program_emit(c->program, op, (uint32_t[]){*s, in}, 2);
}

static void
external_round(struct circuit *c, uint32_t s[4], const ext constant[4])
{
	for (int i = 0; i < 4; i++)
		s[i] = alu(c, OP_ADD_E, at(s[i]), at(constant[i].addr));
	for (int i = 0; i < 4; i++)
		sbox(c, OP_SBOX_EXTERNAL, &s[i]);
	linear_layer(c, OP_LINEAR_EXTERNAL, s);
}

static void
permute_blocks(struct circuit *c, felt out[16], const felt in[16])
{
	uint32_t s[4];

	for (int i = 0; i < 4; i++)
		s[i] = join(c, &in[4 * i]);
	linear_layer(c, OP_LINEAR_EXTERNAL, s);
	for (int r = 0; r < 4; r++)
		external_round(c, s, c->round_constant[r]);
	for (int r = 4; r < 24; r++) {
		s[0] = alu(c, OP_ADD_E, at(s[0]),
		    at(c->round_constant[r][0].addr));
		sbox(c, OP_SBOX_INTERNAL, &s[0]);
		linear_layer(c, OP_LINEAR_INTERNAL, s);
	}
	for (int r = 24; r < 28; r++)
		external_round(c, s, c->round_constant[r]);
	for (int i = 0; i < 4; i++)
		split(c, &out[4 * i], s[i]);
}

void
permute(struct circuit *c, felt out[16], const felt in[16])
{
	if (c->wrap)
		permute_blocks(c, out, in);
	else
		permute_wide(c, out, in);
}

/* An internal round adds to the first element alone; its constant is there four
 * times, as in the stock. */
static void
round_constants(struct circuit *c)
{
	for (int r = 0; r < 28; r++)
		for (int i = 0; i < 4; i++) {
			const kb *rc = &poseidon2_rc[r][4 * i];
			ef k = r < 4 || r >= 24 ?
			    (ef){{rc[0], rc[1], rc[2], rc[3]}} :
			    ef_from_kb(poseidon2_rc[r][0]);

			c->round_constant[r][i] = e_eval(c, e_const(k));
		}
}

/* ---- felts and extension elements ---- */

/* Coefficient by coefficient, from zero. */
static ext
recompose(struct circuit *c, const felt x[4])
{
	ext acc = e_eval(c, e_k(0));

	for (int i = 0; i < 4; i++) {
		ef k = EF_ZERO;
		ext monomial;

		k.c[i] = KB_ONE;
		monomial = e_eval(c, e_const(k));
		acc = e_eval(c, e_add(c, e_var(acc),
		    e_mul(c, e_var(monomial), e_felt(f_var(x[i])))));
	}
	return acc;
}

void
ext_to_felts(struct circuit *c, felt out[4], ext x)
{
	ext again;

	if (c->wrap) {
		split(c, out, x.addr);
		return;
	}
	hint_felts(c, out, x);
	again = recompose(c, out);
	e_assert_eq(c, e_var(again), e_var(x));
}

ext
felts_to_ext(struct circuit *c, const felt x[4])
{
	if (c->wrap)
		return (ext){join(c, x)};
	return recompose(c, x);
}

void
circuit_init(struct circuit *c, struct program *p, bool wrap)
{
	memset(c, 0, sizeof *c);
	c->program = p;
	c->wrap = wrap;
	arena_init(&c->arena, 0);
	if (wrap)
		round_constants(c);
}

void
circuit_free(struct circuit *c)
{
	arena_free(&c->arena);
}
