#include "air/core/store.h"
#include "air/op/check.h"
#include "air/op/memory_word.h"
#include "air/op/opcode.h"

/* A bit or its complement: the product of two is 1 at one limb alone. */
static expr
factor(expr bit, int set)
{
	return set ? bit : x_rsubk(1, bit);
}

void
chip_StoreByte(struct air *a, const void *cols, const void *prep)
{
	const struct store_byte_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	const expr *bit = c->offset_bit;
	expr high;
	expr clk_low = adapter_clk_low(&c->state);

	air_bool(a, c->is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    c->store_value, bit, c->is_real);
	memory_select_limb(a, c->mem_limb, m->prev_value, bit[1], bit[2]);
	memory_high_byte(a, c->adapter.op_a_memory.prev_value[0],
	    c->register_low_byte, c->is_real);
	high = memory_high_byte(a, c->mem_limb, c->mem_limb_low_byte,
	    c->is_real);
	air_equal(a, c->increment, x_add(
	    x_mul(x_sub(c->register_low_byte, c->mem_limb_low_byte),
	    x_rsubk(1, bit[0])),
	    x_mul(x_mul(x_k(a, 256), x_sub(c->register_low_byte, high)),
	    bit[0])));
	for (int i = 0; i < WORD; i++)
		air_equal(a, c->store_value[i], x_add(x_mul(x_mul(c->increment,
		    factor(bit[1], i & 1)), factor(bit[2], i & 2)),
		    m->prev_value[i]));
	adapter_state_step(a, &c->state, c->is_real);
	adapter_i(a, &c->state, clk_low, x_k(a, OPC_SB),
	    c->adapter.op_a_memory.prev_value, &c->adapter, c->is_real);
}

void
chip_StoreHalf(struct air *a, const void *cols, const void *prep)
{
	const struct store_half_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	const expr *bit = c->offset_bit;
	expr bits[3] = {x_zero(a), bit[0], bit[1]};
	expr limb = c->adapter.op_a_memory.prev_value[0];
	expr clk_low = adapter_clk_low(&c->state);

	air_bool(a, c->is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    c->store_value, bits, c->is_real);
	for (int i = 0; i < WORD; i++)
		air_equal(a, c->store_value[i], x_add(m->prev_value[i],
		    x_mul(x_mul(x_sub(limb, m->prev_value[i]),
		    factor(bit[0], i & 1)), factor(bit[1], i & 2))));
	adapter_state_step(a, &c->state, c->is_real);
	adapter_i(a, &c->state, clk_low, x_k(a, OPC_SH),
	    c->adapter.op_a_memory.prev_value, &c->adapter, c->is_real);
}

void
chip_StoreWord(struct air *a, const void *cols, const void *prep)
{
	const struct store_word_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	expr bits[3] = {x_zero(a), x_zero(a), c->offset_bit};
	const expr *limb = c->adapter.op_a_memory.prev_value;
	expr clk_low = adapter_clk_low(&c->state);

	air_bool(a, c->is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    c->store_value, bits, c->is_real);
	for (int i = 0; i < WORD; i++)
		air_equal(a, c->store_value[i], x_add(m->prev_value[i],
		    x_mul(x_sub(limb[i & 1], m->prev_value[i]),
		    factor(c->offset_bit, i & 2))));
	adapter_state_step(a, &c->state, c->is_real);
	adapter_i(a, &c->state, clk_low, x_k(a, OPC_SW), limb, &c->adapter,
	    c->is_real);
}

void
chip_StoreDouble(struct air *a, const void *cols, const void *prep)
{
	const struct store_double_cols_x *c = cols;
	const struct memory_access_x *m = &c->memory_access;
	expr bits[3] = {x_zero(a), x_zero(a), x_zero(a)};
	expr clk_low = adapter_clk_low(&c->state);

	air_bool(a, c->is_real);
	memory_word(a, &c->state, clk_low, &c->adapter, &c->address_operation,
	    m,
	    c->adapter.op_a_memory.prev_value, bits, c->is_real);
	adapter_state_step(a, &c->state, c->is_real);
	adapter_i(a, &c->state, clk_low, x_k(a, OPC_SD),
	    c->adapter.op_a_memory.prev_value, &c->adapter, c->is_real);
}
