#include "recursion/circuit.h"

#include <string.h>

#include "base/err.h"

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
assert_on(struct circuit *c, const char *place, bool is_ext, bool equal,
    struct operand a, struct operand b)
{
	uint32_t diff = program_addr(c->program);
	uint32_t out = program_addr(c->program);
	ef k = equal ? EF_ZERO : EF_ONE;
	struct operand imm = is_ext ? imm_e(k) : imm_f(k.c[0]);

	alu_to(c, is_ext ? OP_SUB_E : OP_SUB_F, diff, a, b);
	alu_to(c, is_ext ? OP_DIV_E : OP_DIV_F, out,
	    equal ? at(diff) : imm, equal ? imm : at(diff));
	program_assertion(c->program, place);
}

void
f_assert(struct circuit *c, const char *place, bool equal, const fexpr x[2])
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
	assert_on(c, place, false, equal, at(a.v.addr),
	    b.var ? at(b.v.addr) : imm_f(b.k));
}

static eexpr
evaluated(struct circuit *c, eexpr x)
{
	return e_var(e_eval(c, x));
}

void
e_assert(struct circuit *c, const char *place, const eexpr x[2])
{
	eexpr a = x[0], b = x[1];

	if (a.kind == EEXPR_CONST && b.kind == EEXPR_CONST) {
		must(ef_eq(a.k, b.k));
		return;
	}
	if (a.kind == EEXPR_CONST) {
		b = b.kind == EEXPR_EXT ? b : evaluated(c, b);
		assert_on(c, place, true, true, at(b.v.addr), imm_e(a.k));
		return;
	}
	if (a.kind == EEXPR_EXT && b.kind == EEXPR_CONST) {
		assert_on(c, place, true, true, at(a.v.addr), imm_e(b.k));
		return;
	}
	if (a.kind == EEXPR_FELT) {
		a = evaluated(c, a);
		b = evaluated(c, b);
	} else if (b.kind == EEXPR_FELT) {
		b = evaluated(c, b);
	}
	assert_on(c, place, true, true, at(a.v.addr), at(b.v.addr));
}
