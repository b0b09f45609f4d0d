#include "air/core/alu.h"
#include "air/op/check.h"
#include "air/op/decode.h"
#include "air/op/opcode.h"

/* But for AluX0, all chips here are for rd != x0. */

void
chip_Add(struct air *a, const void *cols, const void *prep)
{
	const struct add_cols_x *c = cols;

	air_bool(a, c->is_real);
	air_zero(a, c->adapter.op_a_0);
	op_add(a, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->add_operation, c->is_real);
	adapter_state_step(a, &c->state, c->is_real);
	adapter_r(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_ADD),
	    c->add_operation.value, &c->adapter, c->is_real);
}

void
chip_Addi(struct air *a, const void *cols, const void *prep)
{
	const struct addi_cols_x *c = cols;

	air_bool(a, c->is_real);
	air_zero(a, c->adapter.op_a_0);
	op_add(a, c->adapter.op_b_memory.prev_value, c->adapter.op_c_imm,
	    &c->add_operation, c->is_real);
	adapter_state_step(a, &c->state, c->is_real);
	adapter_i(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_ADDI),
	    c->add_operation.value, &c->adapter, c->is_real);
}

void
chip_Sub(struct air *a, const void *cols, const void *prep)
{
	const struct sub_cols_x *c = cols;

	air_bool(a, c->is_real);
	air_zero(a, c->adapter.op_a_0);
	op_sub(a, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->sub_operation, c->is_real);
	adapter_state_step(a, &c->state, c->is_real);
	adapter_r(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_SUB),
	    c->sub_operation.value, &c->adapter, c->is_real);
}

/* A 32-bit result, sign-extended. */
static void
extend_sign(expr out[4], const expr value[2], const struct op_msb_x *msb)
{
	out[0] = value[0];
	out[1] = value[1];
	out[2] = x_mulk(msb->msb, U16_MAX);
	out[3] = x_mulk(msb->msb, U16_MAX);
}

void
chip_Addw(struct air *a, const void *cols, const void *prep)
{
	const struct addw_cols_x *c = cols;
	expr imm = c->adapter.imm_c, write[WORD];

	air_bool(a, c->is_real);
	/* decode_rest_imm() of one opcode */
	x_rsubk(8, x_mulk(imm, 8 - 4));
	x_rsubk(0x3b, x_mulk(imm, 0x3b - 0x1b));
	air_zero(a, c->adapter.op_a_0);
	op_addw(a, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->addw_operation, c->is_real);
	adapter_state_step(a, &c->state, c->is_real);
	extend_sign(write, c->addw_operation.value, &c->addw_operation.msb);
	adapter_alu(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_ADDW),
	    write, &c->adapter, c->is_real);
}

void
chip_Subw(struct air *a, const void *cols, const void *prep)
{
	const struct subw_cols_x *c = cols;
	expr write[WORD];

	air_bool(a, c->is_real);
	air_zero(a, c->adapter.op_a_0);
	op_subw(a, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->subw_operation, c->is_real);
	adapter_state_step(a, &c->state, c->is_real);
	extend_sign(write, c->subw_operation.value, &c->subw_operation.msb);
	adapter_r(a, &c->state, adapter_clk_low(&c->state), x_k(a, OPC_SUBW),
	    write, &c->adapter, c->is_real);
}

void
chip_AluX0(struct air *a, const void *cols, const void *prep)
{
	const struct alu_x0_cols_x *c = cols;

	air_bool(a, c->is_real);
	air_one_when(a, c->is_real, c->adapter.op_a_0);
	air_zero_unless(a, c->is_real, c->adapter.op_a_0);
	adapter_state_step(a, &c->state, c->is_real);
	/* an ALU instruction: the opcodes below the loads */
	air_send_byte(a, x_k(a, AIR_OP_LTU), x_one(a), c->opcode,
	    x_k(a, OPC_LB), c->is_real);
	adapter_alu(a, &c->state, adapter_clk_low(&c->state), c->opcode,
	    c->adapter.op_a_memory.prev_value, &c->adapter, c->is_real);
}

void
chip_Bitwise(struct air *a, const void *cols, const void *prep)
{
	const struct bitwise_cols_x *c = cols;
	expr is_real = x_add(x_add(c->is_xor, c->is_or), c->is_and);
	const struct decode d = {(const expr[]){c->is_xor, c->is_or, c->is_and},
	    (const uint8_t[]){OPC_XOR, OPC_OR, OPC_AND}, 3};
	expr byte_op, opcode, result[WORD];

	air_bool(a, c->is_xor);
	air_bool(a, c->is_or);
	air_bool(a, c->is_and);
	air_bool(a, is_real);
	byte_op = x_add(x_add(x_mulk(c->is_xor, AIR_OP_XOR),
	    x_mulk(c->is_or, AIR_OP_OR)), x_mulk(c->is_and, AIR_OP_AND));
	opcode = decode_sum(&d, DECODE_OPCODE);
	decode_rest_imm(&d, c->adapter.imm_c);
	air_zero(a, c->adapter.op_a_0);
	op_bitwise_u16(a, result, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->bitwise_operation, byte_op,
	    is_real);
	adapter_state_step(a, &c->state, is_real);
	adapter_alu(a, &c->state, adapter_clk_low(&c->state), opcode, result,
	    &c->adapter, is_real);
}

void
chip_Lt(struct air *a, const void *cols, const void *prep)
{
	const struct lt_cols_x *c = cols;
	expr is_real = x_add(c->is_slt, c->is_sltu);
	const struct decode d = {(const expr[]){c->is_slt, c->is_sltu},
	    (const uint8_t[]){OPC_SLT, OPC_SLTU}, 2};
	expr opcode, clk_low, write[WORD];

	air_bool(a, c->is_slt);
	air_bool(a, c->is_sltu);
	air_bool(a, is_real);
	air_zero(a, c->adapter.op_a_0);
	op_slt(a, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_memory.prev_value, &c->lt_operation, c->is_slt,
	    is_real);
	adapter_state_step(a, &c->state, is_real);
	opcode = decode_sum(&d, DECODE_OPCODE);
	decode_rest_imm(&d, c->adapter.imm_c);
	clk_low = adapter_clk_low(&c->state);
	word_extend(write, c->lt_operation.result.u16_compare_operation.bit);
	adapter_alu(a, &c->state, clk_low, opcode, write, &c->adapter, is_real);
}
