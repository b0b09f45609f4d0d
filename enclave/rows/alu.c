#include "air/core/alu.h"
#include "air/op/opcode.h"
#include "rows/instr.h"
#include "rows/ops.h"

/* The numbers that the constraints use are the decoder's. */
#define RV_OPCODE(name, ...) \
	_Static_assert((int)OPC_##name == (int)RV_##name, #name);
#include "riscv/opcodes.def"
#undef RV_OPCODE

DEVICE void
trace_Add(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct add_cols *c = (struct add_cols *)row;

	fill_state(&c->state, e, p);
	fill_r(&c->adapter, e, i);
	fill_add(&c->add_operation, e->b, e->c);
	c->is_real = KB_ONE;
}

DEVICE void
trace_Addi(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct addi_cols *c = (struct addi_cols *)row;

	fill_state(&c->state, e, p);
	fill_i(&c->adapter, e, i);
	fill_add(&c->add_operation, e->b, e->c);
	c->is_real = KB_ONE;
}

DEVICE void
trace_Addw(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct addw_cols *c = (struct addw_cols *)row;

	fill_state(&c->state, e, p);
	fill_alu(&c->adapter, e, i);
	fill_addw(&c->addw_operation, e->b, e->c);
	c->is_real = KB_ONE;
}

DEVICE void
trace_Sub(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct sub_cols *c = (struct sub_cols *)row;

	fill_state(&c->state, e, p);
	fill_r(&c->adapter, e, i);
	fill_sub(&c->sub_operation, e->b, e->c);
	c->is_real = KB_ONE;
}

DEVICE void
trace_Subw(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct subw_cols *c = (struct subw_cols *)row;

	fill_state(&c->state, e, p);
	fill_r(&c->adapter, e, i);
	fill_subw(&c->subw_operation, e->b, e->c);
	c->is_real = KB_ONE;
}

DEVICE void
trace_AluX0(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct alu_x0_cols *c = (struct alu_x0_cols *)row;

	fill_state(&c->state, e, p);
	fill_alu(&c->adapter, e, i);
	c->opcode = cell(i->op);
	c->is_real = KB_ONE;
}

DEVICE void
trace_Bitwise(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct bitwise_cols *c = (struct bitwise_cols *)row;

	fill_state(&c->state, e, p);
	fill_alu(&c->adapter, e, i);
	fill_bitwise_u16(&c->bitwise_operation, e->a, e->b, e->c);
	c->is_xor = cell(i->op == RV_XOR);
	c->is_or = cell(i->op == RV_OR);
	c->is_and = cell(i->op == RV_AND);
}

DEVICE void
trace_Lt(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct lt_cols *c = (struct lt_cols *)row;

	fill_state(&c->state, e, p);
	fill_alu(&c->adapter, e, i);
	c->is_slt = cell(i->op == RV_SLT);
	c->is_sltu = cell(i->op == RV_SLTU);
	fill_slt(&c->lt_operation, e->b, e->c, i->op == RV_SLT);
}

DEVICE void
trace_Mul(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct mul_cols *c = (struct mul_cols *)row;

	fill_state(&c->state, e, p);
	fill_r(&c->adapter, e, i);
	fill_word(c->a, e->a);
	fill_mul(&c->mul_operation, e->b, e->c, i->op == RV_MULH,
	    i->op == RV_MULHSU, i->op == RV_MULW);
	c->is_mul = cell(i->op == RV_MUL);
	c->is_mulh = cell(i->op == RV_MULH);
	c->is_mulhu = cell(i->op == RV_MULHU);
	c->is_mulhsu = cell(i->op == RV_MULHSU);
	c->is_mulw = cell(i->op == RV_MULW);
}
