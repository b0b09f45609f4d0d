#include "air/core/chips.h"
#include "air/core/global.h"
#include "air/core/memory.h"
#include "air/op/check.h"

/* (lower, upper) are the bytes of the value's third limb. */
static void
check_value(struct air *a, const expr value[4], expr lower,
    expr upper, expr real)
{
	air_equal(a, value[2], x_add(lower, x_mulk(upper, 1 << 8)));
	air_range_u8(a, (expr[]){lower, upper}, 2, real);
}

static void
send_global(struct air *a, expr clk_high, expr clk_low,
    const expr addr[3], const expr value[4], expr lower, expr upper,
    bool receive, expr real)
{
	const expr message[8] = {
		clk_high, clk_low, addr[0], addr[1], addr[2],
		x_add(value[0], x_mulk(lower, 1 << 16)),
		x_add(value[1], x_mulk(upper, 1 << 16)), value[3]
	};

	global_send(a, message, AIR_MEMORY, receive, real);
}

/* One end of the history: its access, and the other shard's. */
static void
local_end(struct air *a, const struct memory_local_entry_x *e,
    bool first)
{
	expr high = first ? e->initial_clk_high : e->final_clk_high;
	expr low = first ? e->initial_clk_low : e->final_clk_low;
	const expr *value = first ? e->initial_value : e->final_value;
	expr lower = first ? e->initial_value_lower : e->final_value_lower;
	expr upper = first ? e->initial_value_upper : e->final_value_upper;
	expr access[9] = {
		high, low, e->addr[0], e->addr[1], e->addr[2],
		value[0], value[1], value[2], value[3]
	};

	check_value(a, value, lower, upper, e->is_real);
	air_range_u16(a, value, WORD, e->is_real);
	if (first)
		air_receive(a, AIR_MEMORY, e->is_real, access, 9);
	else
		air_send(a, AIR_MEMORY, e->is_real, access, 9);
	send_global(a, high, low, e->addr, value, lower, upper, first,
	    e->is_real);
}

void
chip_MemoryLocal(struct air *a, const void *main, const void *prep)
{
	const struct memory_local_cols_x *m = main;
	const struct memory_local_entry_x *e = &m->memory_local_entries[0];
	expr real = e->is_real;

	air_bool(a, real);
	/* nothing, but the stock's recursion programs compute it */
	air_equal(a, x_mul(x_mul(real, real), real),
	    x_mul(x_mul(real, real), real));
	local_end(a, e, true);
	local_end(a, e, false);
}

static void
global_row(struct air *a, const struct memory_global_cols_x *m,
    bool init)
{
	enum air_kind chain = init ? AIR_MEMORY_GLOBAL_INIT :
	    AIR_MEMORY_GLOBAL_FINALIZE;
	const expr *prev = m->prev_addr, *addr = m->addr;
	expr real = m->is_real, zero = x_zero(a), first;

	air_bool(a, real);
	air_range_u16(a, m->value, WORD, real);
	air_range_u16(a, prev, 3, real);
	air_range_u16(a, addr, 3, real);
	check_value(a, m->value, m->value_lower, m->value_upper, real);
	air_receive(a, chain, real, (expr[]){
		m->index, prev[0], prev[1], prev[2], m->prev_valid
	}, 5);
	air_send(a, chain, real, (expr[]){
		x_addk(m->index, 1), addr[0], addr[1], addr[2], m->is_comp
	}, 5);
	send_global(a, init ? zero : m->clk_high, init ? zero : m->clk_low,
	    addr, m->value, m->value_lower, m->value_upper, !init, real);

	/* Sums of three limbs that are range-checked: 0 only if all are. */
	op_is_zero(a, x_add(x_add(prev[0], prev[1]), prev[2]),
	    &m->is_prev_addr_zero, real);
	op_is_zero(a, m->index, &m->is_index_zero, real);
	air_equal(a, m->is_comp, x_mul(real, x_rsubk(1,
	    x_mul(m->is_prev_addr_zero.result, m->is_index_zero.result))));
	air_bool(a, m->is_comp);
	op_lt(a, (expr[]){prev[0], prev[1], prev[2], zero},
	    (expr[]){addr[0], addr[1], addr[2], zero}, &m->lt_cols, m->is_comp);
	air_one_when(a, m->is_comp, m->lt_cols.u16_compare_operation.bit);

	first = x_sub(real, m->is_comp);	/* x0, which is 0 */
	air_zero_when(a, first, x_add(x_add(addr[0], addr[1]), addr[2]));
	for (int i = 0; i < WORD; i++)
		air_zero_when(a, first, m->value[i]);
}

void
chip_MemoryGlobalInit(struct air *a, const void *main, const void *prep)
{
	global_row(a, main, true);
}

void
chip_MemoryGlobalFinalize(struct air *a, const void *main,
    const void *prep)
{
	global_row(a, main, false);
}
