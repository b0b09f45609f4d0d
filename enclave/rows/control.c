#include "air/core/control.h"
#include "rows/instr.h"
#include "rows/ops.h"

DEVICE void
trace_UType(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct utype_cols *c = (struct utype_cols *)row;
	uint64_t addend = i->op == RV_AUIPC ? event_pc(e, p) : 0;

	fill_state(&c->state, e, p);
	fill_j(&c->adapter, e, i);
	fill_addr(c->addend, addend);
	if (i->op_a != 0)
		fill_add(&c->add_operation, addend, e->b);
	c->is_auipc = cell(i->op == RV_AUIPC);
	c->is_real = KB_ONE;
}

DEVICE static int
is_taken(enum rv_opcode op, uint64_t a, uint64_t b)
{
	switch (op) {
	case RV_BEQ: return a == b;
	case RV_BNE: return a != b;
	case RV_BLT: return (int64_t)a < (int64_t)b;
	case RV_BGE: return (int64_t)a >= (int64_t)b;
	case RV_BLTU: return a < b;
	default: return a >= b;
	}
}

DEVICE void
trace_Branch(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct branch_cols *c = (struct branch_cols *)row;
	int taken = is_taken((enum rv_opcode)i->op, e->a, e->b);

	fill_state(&c->state, e, p);
	fill_i(&c->adapter, e, i);
	fill_addr(c->next_pc, event_pc(e, p) + (taken ? e->c : 4));
	c->is_beq = cell(i->op == RV_BEQ);
	c->is_bne = cell(i->op == RV_BNE);
	c->is_blt = cell(i->op == RV_BLT);
	c->is_bge = cell(i->op == RV_BGE);
	c->is_bltu = cell(i->op == RV_BLTU);
	c->is_bgeu = cell(i->op == RV_BGEU);
	c->is_branching = cell((uint32_t)taken);
	fill_slt(&c->compare_operation, e->a, e->b,
	    i->op == RV_BLT || i->op == RV_BGE);
}

DEVICE void
trace_Jal(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct jal_cols *c = (struct jal_cols *)row;
	uint64_t pc = event_pc(e, p);

	fill_state(&c->state, e, p);
	fill_j(&c->adapter, e, i);
	fill_add(&c->add_operation, pc, e->b);
	if (i->op_a != 0)
		fill_add(&c->op_a_operation, pc, 4);
	c->is_real = KB_ONE;
}

DEVICE void
trace_Jalr(kb *row, const struct rec_instr *e, const struct rv_insn *i,
    const struct rv_program *p)
{
	struct jalr_cols *c = (struct jalr_cols *)row;

	fill_state(&c->state, e, p);
	fill_i(&c->adapter, e, i);
	c->is_real = KB_ONE;
	fill_add(&c->add_operation, e->b, e->c);
	if (i->op_a != 0)
		fill_add(&c->op_a_operation, event_pc(e, p), 4);
	c->lsb = cell((uint32_t)(e->b + e->c) & 1);
}
