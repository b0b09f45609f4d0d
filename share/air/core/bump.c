#include "air/core/chips.h"
#include "air/core/bump.h"
#include "air/op/check.h"

void
chip_MemoryBump(struct air *a, const void *main, const void *prep)
{
	const struct memory_bump_cols_x *m = main;
	expr real = m->is_real, high, low;

	air_bool(a, real);
	air_range_u16(a, (expr[]){m->clk_0_16, m->clk_32_48}, 2, real);
	air_range_u8(a, (expr[]){m->clk_16_24, m->clk_24_32}, 2, real);
	air_send_byte(a, x_k(a, AIR_OP_LTU), x_one(a), m->addr, x_k(a, 32),
	    real);
	high = x_add(m->clk_24_32, x_mulk(m->clk_32_48, 1 << 8));
	low = x_add(m->clk_0_16, x_mulk(m->clk_16_24, 1 << 16));
	adapter_memory_read(a, high, low,
	    (expr[]){m->addr, x_zero(a), x_zero(a)}, &m->access, real);
}

static expr
next_high(const struct state_bump_cols_x *m)
{
	return x_add(m->next_clk_24_32, x_mulk(m->next_clk_32_48, 1 << 8));
}

static expr
next_low(const struct state_bump_cols_x *m)
{
	return x_add(m->next_clk_0_16, x_mulk(m->next_clk_16_24, 1 << 16));
}

void
chip_StateBump(struct air *a, const void *main, const void *prep)
{
	const struct state_bump_cols_x *m = main;
	expr real = m->is_real, carry = x_zero(a);

	air_bool(a, real);
	air_receive(a, AIR_STATE, real, (expr[]){
		m->clk_high, m->clk_low, m->pc[0], m->pc[1], m->pc[2]
	}, 5);
	air_send(a, AIR_STATE, real, (expr[]){
		next_high(m), next_low(m), m->next_pc[0], m->next_pc[1],
		m->next_pc[2]
	}, 5);

	/* A clock is 1 mod 8. */
	air_range_bits(a, x_mulk(x_subk(m->next_clk_0_16, 1), INV_8), 13, real);
	air_range_bits(a, m->next_clk_32_48, 16, real);
	air_range_u8(a, (expr[]){m->next_clk_16_24, m->next_clk_24_32}, 2,
	    real);
	air_bool(a, m->is_clk);
	air_equal_when(a, real, next_high(m), x_add(m->clk_high, m->is_clk));
	air_equal_when(a, real, x_add(next_low(m), x_mulk(m->is_clk, 1 << 24)),
	    m->clk_low);

	for (int i = 0; i < 3; i++) {
		carry = x_mulk(x_sub(x_add(carry, m->pc[i]), m->next_pc[i]),
		    INV_65536);
		air_bool(a, carry);
	}
	air_zero(a, carry);
	air_range_u16(a, m->next_pc, 3, real);
}
