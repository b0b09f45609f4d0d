#include "air/op/decode.h"

#include "air/op/check.h"
#include "air/op/opcode.h"
#include "base/err.h"

enum { TYPE_SHAMT32 = 1, TYPE_SHAMT = 2, TYPE_I = 4, TYPE_R = 8, TYPE_B = 32,
    TYPE_U = 128 };
enum { BASE_LOAD = 0x03, BASE_IMM = 0x13, BASE_AUIPC = 0x17, BASE_IMM32 = 0x1b,
    BASE_OP = 0x33, BASE_LUI = 0x37, BASE_OP32 = 0x3b, BASE_BRANCH = 0x63 };

struct fields { uint8_t funct3, funct7, base, type, imm_base, imm_type; };

#define ALU(f3, f7, t) {f3, f7, BASE_OP, TYPE_R, BASE_IMM, t}
#define ALU32(f3, f7, t) {f3, f7, BASE_OP32, TYPE_R, BASE_IMM32, t}
#define MULDIV(f3) {f3, 1, BASE_OP, TYPE_R, BASE_OP, TYPE_R}
#define MULDIV32(f3) {f3, 1, BASE_OP32, TYPE_R, BASE_OP32, TYPE_R}
#define LOAD(f3) {f3, 0, BASE_LOAD, TYPE_I, BASE_LOAD, TYPE_I}
#define BRANCH(f3) {f3, 0, BASE_BRANCH, TYPE_B, BASE_BRANCH, TYPE_B}

static const struct fields table[] = {
	[OPC_XOR] = ALU(4, 0, TYPE_I), [OPC_OR] = ALU(6, 0, TYPE_I),
	[OPC_AND] = ALU(7, 0, TYPE_I),
	[OPC_SLL] = ALU(1, 0, TYPE_SHAMT), [OPC_SRL] = ALU(5, 0, TYPE_SHAMT),
	[OPC_SRA] = ALU(5, 0x20, TYPE_SHAMT),
	[OPC_SLT] = ALU(2, 0, TYPE_I), [OPC_SLTU] = ALU(3, 0, TYPE_I),
	[OPC_ADDW] = ALU32(0, 0, TYPE_I),
	[OPC_SLLW] = ALU32(1, 0, TYPE_SHAMT32),
	[OPC_SRLW] = ALU32(5, 0, TYPE_SHAMT32),
	[OPC_SRAW] = ALU32(5, 0x20, TYPE_SHAMT32),
	[OPC_MUL] = MULDIV(0), [OPC_MULH] = MULDIV(1), [OPC_MULHSU] = MULDIV(2),
	[OPC_MULHU] = MULDIV(3), [OPC_DIV] = MULDIV(4), [OPC_DIVU] = MULDIV(5),
	[OPC_REM] = MULDIV(6), [OPC_REMU] = MULDIV(7),
	[OPC_MULW] = MULDIV32(0), [OPC_DIVW] = MULDIV32(4),
	[OPC_DIVUW] = MULDIV32(5), [OPC_REMW] = MULDIV32(6),
	[OPC_REMUW] = MULDIV32(7),
	[OPC_LB] = LOAD(0), [OPC_LH] = LOAD(1), [OPC_LW] = LOAD(2),
	[OPC_LD] = LOAD(3), [OPC_LBU] = LOAD(4), [OPC_LHU] = LOAD(5),
	[OPC_LWU] = LOAD(6),
	[OPC_BEQ] = BRANCH(0), [OPC_BNE] = BRANCH(1), [OPC_BLT] = BRANCH(4),
	[OPC_BGE] = BRANCH(5), [OPC_BLTU] = BRANCH(6), [OPC_BGEU] = BRANCH(7),
	[OPC_AUIPC] = {0, 0, BASE_AUIPC, TYPE_U, BASE_AUIPC, TYPE_U},
	[OPC_LUI] = {0, 0, BASE_LUI, TYPE_U, BASE_LUI, TYPE_U},
};

static unsigned
field(unsigned opcode, enum decode_field f)
{
	const struct fields *t = &table[opcode];

	must(opcode < sizeof table / sizeof *table && t->type);
	switch (f) {
	case DECODE_OPCODE:
		return opcode;
	case DECODE_FUNCT3:
		return t->funct3;
	case DECODE_FUNCT7:
		return t->funct7;
	case DECODE_BASE:
		return t->base;
	default:
		return t->type;
	}
}

expr
decode_sum(const struct decode *d, enum decode_field f)
{
	expr sum = x_mulk(d->flag[0], field(d->opcode[0], f));

	for (unsigned i = 1; i < d->n; i++)
		sum = x_add(sum, x_mulk(d->flag[i], field(d->opcode[i], f)));
	return sum;
}

expr
decode_sum_imm(const struct decode *d, enum decode_field f, expr imm_c)
{
	const struct fields *t = &table[d->opcode[0]];
	unsigned diff = f == DECODE_BASE ? t->base - t->imm_base :
	    t->type - t->imm_type;

	must(f == DECODE_BASE || f == DECODE_TYPE);
	return x_sub(decode_sum(d, f), x_mul(x_k(imm_c.air, diff), imm_c));
}

void
decode_rest(const struct decode *d)
{
	decode_sum(d, DECODE_FUNCT3);
	decode_sum(d, DECODE_FUNCT7);
	decode_sum(d, DECODE_BASE);
	decode_sum(d, DECODE_TYPE);
}

void
decode_rest_imm(const struct decode *d, expr imm_c)
{
	decode_sum(d, DECODE_FUNCT3);
	decode_sum(d, DECODE_FUNCT7);
	decode_sum_imm(d, DECODE_BASE, imm_c);
	decode_sum_imm(d, DECODE_TYPE, imm_c);
}
