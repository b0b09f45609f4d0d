#include "air/core/load.h"
#include "air/op/check.h"
#include "air/op/decode.h"
#include "air/op/memory_word.h"
#include "air/op/opcode.h"

void
memory_word(struct air *a, const struct cpu_state_x *s, expr clk_low,
    const struct i_reader_x *adapter, const struct op_address_x *address,
    const struct memory_access_x *m, const expr write[WORD],
    const expr offset_bit[3], expr is_real)
{
	expr addr[3];

	op_address(a, addr, adapter->op_b_memory.prev_value,
	    adapter->op_c_imm, offset_bit[0], offset_bit[1], offset_bit[2],
	    is_real, address);
	adapter_memory_write(a, s->clk_high, x_addk(clk_low, CLK_MEMORY),
	    addr, m, write, is_real);
}

void
memory_select_limb(struct air *a, expr limb, const expr word[WORD], expr lo,
    expr hi)
{
	air_equal_when2(a, x_not(lo), x_not(hi), limb, word[0]);
	air_equal_when2(a, lo, x_not(hi), limb, word[1]);
	air_equal_when2(a, x_not(lo), hi, limb, word[2]);
	air_equal_when2(a, lo, hi, limb, word[3]);
}

expr
memory_high_byte(struct air *a, expr x, expr low, expr is_real)
{
	expr bytes[2] = {low, x_mulk(x_sub(x, low), INV_256)};

	air_range_u8(a, bytes, 2, is_real);
	return bytes[1];
}

/* A value of one limb or two, its sign in the rest. */
static void
extend(expr out[WORD], const expr *value, int n, expr msb)
{
	for (int i = 0; i < WORD; i++)
		out[i] = i < n ? value[i] : x_mulk(msb, U16_MAX);
}

void
chip_LoadByte(struct air *a, const void *cols, const void *prep)
{
	const struct load_byte_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	const struct decode d = {(const expr[]){c->is_lb, c->is_lbu},
	    (const uint8_t[]){OPC_LB, OPC_LBU}, 2};
	expr clk_low = adapter_clk_low(&c->state);
	expr opcode = decode_sum(&d, DECODE_OPCODE), is_real;
	expr high, limb, write[WORD];

	decode_rest(&d);
	is_real = x_sum(d.flag, d.n);
	air_bool(a, c->is_lb);
	air_bool(a, c->is_lbu);
	air_bool(a, is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    m->prev_value, c->offset_bit, is_real);
	air_zero(a, c->adapter.op_a_0);
	memory_select_limb(a, c->selected_limb, m->prev_value,
	    c->offset_bit[1], c->offset_bit[2]);
	high = memory_high_byte(a, c->selected_limb, c->selected_limb_low_byte,
	    is_real);
	air_equal(a, c->selected_byte, x_select(c->offset_bit[0], high,
	    c->selected_limb_low_byte));
	air_zero_when(a, c->is_lbu, c->msb);
	air_send_byte(a, x_k(a, AIR_OP_MSB), c->msb, c->selected_byte,
	    x_zero(a), c->is_lb);
	adapter_state_step(a, &c->state, is_real);
	limb = x_add(c->selected_byte, x_mulk(c->msb, BASE - 256));
	extend(write, &limb, 1, c->msb);
	adapter_i(a, &c->state, clk_low, opcode, write, &c->adapter, is_real);
}

void
chip_LoadHalf(struct air *a, const void *cols, const void *prep)
{
	const struct load_half_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	expr bits[3] = {x_zero(a), c->offset_bit[0], c->offset_bit[1]};
	const struct decode d = {(const expr[]){c->is_lh, c->is_lhu},
	    (const uint8_t[]){OPC_LH, OPC_LHU}, 2};
	expr clk_low = adapter_clk_low(&c->state);
	expr opcode = decode_sum(&d, DECODE_OPCODE), is_real;
	expr write[WORD];

	decode_rest(&d);
	is_real = x_sum(d.flag, d.n);
	air_bool(a, c->is_lh);
	air_bool(a, c->is_lhu);
	air_bool(a, is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    m->prev_value, bits, is_real);
	air_zero(a, c->adapter.op_a_0);
	memory_select_limb(a, c->selected_half, m->prev_value,
	    c->offset_bit[0], c->offset_bit[1]);
	air_zero_when(a, c->is_lhu, c->msb.msb);
	op_msb(a, c->selected_half, &c->msb, c->is_lh);
	adapter_state_step(a, &c->state, is_real);
	extend(write, &c->selected_half, 1, c->msb.msb);
	adapter_i(a, &c->state, clk_low, opcode, write, &c->adapter, is_real);
}

void
chip_LoadWord(struct air *a, const void *cols, const void *prep)
{
	const struct load_word_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	expr bits[3] = {x_zero(a), x_zero(a), c->offset_bit};
	const struct decode d = {(const expr[]){c->is_lw, c->is_lwu},
	    (const uint8_t[]){OPC_LW, OPC_LWU}, 2};
	expr clk_low = adapter_clk_low(&c->state);
	expr opcode = decode_sum(&d, DECODE_OPCODE), is_real;
	expr write[WORD];

	decode_rest(&d);
	is_real = x_sum(d.flag, d.n);
	air_bool(a, c->is_lw);
	air_bool(a, c->is_lwu);
	air_bool(a, is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    m->prev_value, bits, is_real);
	air_zero(a, c->adapter.op_a_0);
	for (int i = 0; i < 2; i++)
		air_equal_unless(a, c->offset_bit, c->selected_word[i],
		    m->prev_value[i]);
	for (int i = 0; i < 2; i++)
		air_equal_when(a, c->offset_bit, c->selected_word[i],
		    m->prev_value[2 + i]);
	op_msb(a, c->selected_word[1], &c->msb, c->is_lw);
	air_zero_unless(a, c->is_lw, c->msb.msb);
	adapter_state_step(a, &c->state, is_real);
	extend(write, c->selected_word, 2, c->msb.msb);
	adapter_i(a, &c->state, clk_low, opcode, write, &c->adapter, is_real);
}

void
chip_LoadDouble(struct air *a, const void *cols, const void *prep)
{
	const struct load_double_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	expr bits[3] = {x_zero(a), x_zero(a), x_zero(a)};
	expr clk_low = adapter_clk_low(&c->state);

	air_bool(a, c->is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    m->prev_value, bits, c->is_real);
	air_zero(a, c->adapter.op_a_0);
	adapter_state_step(a, &c->state, c->is_real);
	adapter_i(a, &c->state, clk_low, x_k(a, OPC_LD), m->prev_value,
	    &c->adapter, c->is_real);
}

void
chip_LoadX0(struct air *a, const void *cols, const void *prep)
{
	const struct load_x0_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	const expr flag[7] = {c->is_lb, c->is_lbu, c->is_lh, c->is_lhu,
	    c->is_lw, c->is_lwu, c->is_ld};
	static const uint8_t number[7] = {OPC_LB, OPC_LBU, OPC_LH, OPC_LHU,
	    OPC_LW, OPC_LWU, OPC_LD};
	const struct decode d = {flag, number, 7};
	expr clk_low = adapter_clk_low(&c->state);
	expr opcode = decode_sum(&d, DECODE_OPCODE), is_real, addr[3];

	decode_rest(&d);
	is_real = x_sum(flag, 7);
	for (int i = 0; i < 7; i++)
		air_bool(a, flag[i]);
	air_bool(a, is_real);
	op_address(a, addr, c->adapter.op_b_memory.prev_value,
	    c->adapter.op_c_imm, c->offset_bit[0], c->offset_bit[1],
	    c->offset_bit[2], is_real, &c->address_operation);
	/* the address is a multiple of the width */
	air_zero_when(a, c->is_ld, c->offset_bit[2]);
	air_zero_when(a, x_sum(flag + 4, 3), c->offset_bit[1]);
	air_zero_when(a, x_sum(flag + 2, 5), c->offset_bit[0]);
	adapter_memory_read(a, c->state.clk_high, x_addk(clk_low, CLK_MEMORY),
	    addr, m, is_real);
	air_one_when(a, is_real, c->adapter.op_a_0);
	air_zero_unless(a, is_real, c->adapter.op_a_0);
	adapter_state_step(a, &c->state, is_real);
	adapter_i(a, &c->state, clk_low, opcode,
	    c->adapter.op_a_memory.prev_value, &c->adapter, is_real);
}
