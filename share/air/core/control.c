#include "air/core/control.h"
#include "air/op/check.h"
#include "air/op/decode.h"
#include "air/op/opcode.h"

#define INV_4 0x5f400001u	/* check: 4 * INV_4 is 1 mod KB_P */

static void
pc_word(struct air *a, expr w[WORD], const struct cpu_state_x *s)
{
	for (int i = 0; i < 3; i++)
		w[i] = s->pc[i];
	w[3] = x_zero(a);
}

/* A limb of pc that is a multiple of 4. */
static void
range_aligned(struct air *a, expr limb, expr is_real)
{
	air_range_bits(a, x_mulk(limb, INV_4), 14, is_real);
}

/* link = pc + 4, or zeros where rd is x0. */
static void
check_link(struct air *a, const struct cpu_state_x *s,
    const struct op_add_x *link, expr op_a_0, expr is_real)
{
	expr pc[WORD], four[WORD];

	pc_word(a, pc, s);
	word_zero(a, four);
	four[0] = x_k(a, PC_INC);
	op_add(a, pc, four, link, x_sub(is_real, op_a_0));
	air_zero(a, link->value[3]);
	for (int i = 0; i < 3; i++)
		air_zero_when(a, op_a_0, link->value[i]);
}

void
chip_UType(struct air *a, const void *cols, const void *prep)
{
	const struct utype_cols_x *c = cols;
	expr addend[WORD], pc[WORD], expected[WORD], opcode;

	air_bool(a, c->is_real);
	air_bool(a, c->is_auipc);
	opcode = x_add(x_mulk(c->is_auipc, OPC_AUIPC),
	    x_mulk(x_rsubk(1, c->is_auipc), OPC_LUI));
	decode_rest(&(struct decode){(const expr[]){c->is_auipc,
	    x_rsubk(1, c->is_auipc)}, (const uint8_t[]){OPC_AUIPC, OPC_LUI},
	    2});
	adapter_state_step(a, &c->state, c->is_real);
	for (int i = 0; i < 3; i++)
		addend[i] = c->addend[i];
	addend[3] = x_zero(a);
	pc_word(a, pc, &c->state);
	for (int i = 0; i < WORD; i++)
		expected[i] = x_select(c->is_auipc, pc[i], x_zero(a));
	for (int i = 0; i < WORD; i++)
		air_equal(a, addend[i], expected[i]);
	air_zero_unless(a, c->is_real, c->adapter.op_a_0);
	op_add(a, addend, c->adapter.op_b_imm, &c->add_operation,
	    x_sub(c->is_real, c->adapter.op_a_0));
	adapter_j(a, &c->state, adapter_clk_low(&c->state), opcode,
	    c->add_operation.value, &c->adapter, c->is_real);
}

/* The carry out of limb i of pc + step = next_pc. */
static expr
next_carry(struct air *a, const struct branch_cols_x *c, int i, expr carry,
    expr step)
{
	expr pc = i < 3 ? c->state.pc[i] : x_zero(a);
	expr next = i < 3 ? c->next_pc[i] : x_zero(a);

	return x_mulk(x_sub(x_add(x_add(carry, pc), step), next), INV_65536);
}

/* next_pc = pc + the immediate, or pc + 4 in other rows. */
static void
check_next_pc(struct air *a, const struct branch_cols_x *c, expr is_real)
{
	expr carry = x_zero(a);

	for (int i = 0; i < WORD; i++) {
		carry = next_carry(a, c, i, carry, c->adapter.op_c_imm[i]);
		air_bool_when(a, c->is_branching, carry);
	}
	carry = x_zero(a);
	for (int i = 0; i < WORD; i++) {
		carry = next_carry(a, c, i, carry, x_k(a, i ? 0 : PC_INC));
		air_bool_when(a, x_sub(is_real, c->is_branching), carry);
	}
}

/* Whether the branch is taken, by the comparison of op_a and op_b. */
static expr
is_taken(struct air *a, const struct branch_cols_x *c)
{
	const expr *flag = c->compare_operation.result.u16_flags;
	expr less = c->compare_operation.result.u16_compare_operation.bit;
	expr equal = x_rsubk(1, x_sum(flag, 4));
	expr taken = x_zero(a);

	taken = x_add(taken, x_mul(c->is_beq, equal));
	taken = x_add(taken, x_mul(c->is_bne, x_rsubk(1, equal)));
	taken = x_add(taken, x_mul(x_add(c->is_bge, c->is_bgeu),
	    x_rsubk(1, less)));
	return x_add(taken, x_mul(x_add(c->is_blt, c->is_bltu), less));
}

void
chip_Branch(struct air *a, const void *cols, const void *prep)
{
	const struct branch_cols_x *c = cols;
	const expr flag[6] = {c->is_beq, c->is_bne, c->is_blt, c->is_bge,
	    c->is_bltu, c->is_bgeu};
	static const uint8_t number[6] = {OPC_BEQ, OPC_BNE, OPC_BLT, OPC_BGE,
	    OPC_BLTU, OPC_BGEU};
	const struct decode d = {flag, number, 6};
	expr is_real, opcode, is_signed, taken;

	for (int i = 0; i < 6; i++)
		air_bool(a, flag[i]);
	is_real = x_sum(flag, 6);
	air_bool(a, is_real);
	opcode = decode_sum(&d, DECODE_OPCODE);
	decode_rest(&d);
	adapter_state(a, &c->state, c->next_pc, x_k(a, CLK_INC), is_real);
	adapter_i(a, &c->state, adapter_clk_low(&c->state), opcode,
	    c->adapter.op_a_memory.prev_value, &c->adapter, is_real);
	is_signed = x_add(c->is_blt, c->is_bge);
	op_slt(a, c->adapter.op_a_memory.prev_value,
	    c->adapter.op_b_memory.prev_value, &c->compare_operation,
	    is_signed, is_real);
	taken = is_taken(a, c);
	air_bool(a, c->is_branching);
	air_equal_when(a, is_real, c->is_branching, taken);
	check_next_pc(a, c, is_real);
	range_aligned(a, c->next_pc[0], is_real);
	air_range_u16(a, &c->next_pc[1], 2, is_real);
}

void
chip_Jal(struct air *a, const void *cols, const void *prep)
{
	const struct jal_cols_x *c = cols;
	const expr *next = c->add_operation.value;
	expr pc[WORD];

	air_bool(a, c->is_real);
	pc_word(a, pc, &c->state);
	op_add(a, pc, c->adapter.op_b_imm, &c->add_operation, c->is_real);
	air_zero(a, next[3]);
	range_aligned(a, next[0], c->is_real);
	adapter_state(a, &c->state, next, x_k(a, CLK_INC), c->is_real);
	air_zero_unless(a, c->is_real, c->adapter.op_a_0);
	check_link(a, &c->state, &c->op_a_operation, c->adapter.op_a_0,
	    c->is_real);
	adapter_j(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_JAL),
	    c->op_a_operation.value, &c->adapter, c->is_real);
}

void
chip_Jalr(struct air *a, const void *cols, const void *prep)
{
	const struct jalr_cols_x *c = cols;
	const expr *sum = c->add_operation.value;
	expr next[3];

	air_bool(a, c->is_real);
	op_add(a, c->adapter.op_b_memory.prev_value, c->adapter.op_c_imm,
	    &c->add_operation, c->is_real);
	air_zero(a, sum[3]);
	air_bool(a, c->lsb);
	range_aligned(a, x_sub(sum[0], c->lsb), c->is_real);
	next[0] = x_sub(sum[0], c->lsb);
	next[1] = sum[1];
	next[2] = sum[2];
	adapter_state(a, &c->state, next, x_k(a, CLK_INC), c->is_real);
	adapter_i(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_JALR),
	    c->op_a_operation.value, &c->adapter, c->is_real);
	air_zero_unless(a, c->is_real, c->adapter.op_a_0);
	check_link(a, &c->state, &c->op_a_operation, c->adapter.op_a_0,
	    c->is_real);
}
