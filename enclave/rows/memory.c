#include "air/core/memory.h"

#include "rows/ops.h"
#include "rows/rows.h"

#define LOW(ts) ((uint32_t)((ts) & 0xffffff))
#define HIGH(ts) ((uint32_t)((ts) >> 24))

DEVICE static void
fill_upper(kb *lower, kb *upper, uint64_t value)
{
	*lower = cell(value >> 32 & 0xff);
	*upper = cell(value >> 40 & 0xff);
}

DEVICE size_t
count_MemoryLocal(const struct shard_events *s)
{
	return s->nlocal;
}

DEVICE void
row_MemoryLocal(const struct shard_events *s, size_t i, kb *row)
{
	struct memory_local_cols *c = (struct memory_local_cols *)row;
	struct memory_local_entry *m = &c->memory_local_entries[0];
	const struct rec_local *l = &s->local[i];

	fill_addr(m->addr, l->addr);
	m->initial_clk_high = cell(HIGH(l->initial_ts));
	m->initial_clk_low = cell(LOW(l->initial_ts));
	m->final_clk_high = cell(HIGH(l->final_ts));
	m->final_clk_low = cell(LOW(l->final_ts));
	fill_word(m->initial_value, l->initial);
	fill_word(m->final_value, l->final);
	fill_upper(&m->initial_value_lower, &m->initial_value_upper,
	    l->initial);
	fill_upper(&m->final_value_lower, &m->final_value_upper, l->final);
	m->is_real = KB_ONE;
}

/* x may be beyond small_inv's table. */
DEVICE static void
fill_is_zero_wide(struct op_is_zero *o, uint32_t x)
{
	o->inverse = x < 1u << 17 ? small_inv((int32_t)x) : kb_inv(cell(x));
	o->result = cell(x == 0);
}

DEVICE static void
fill_global(struct memory_global_cols *c,
    const struct rec_memory *list, size_t i, uint64_t before)
{
	const struct rec_memory *m = &list[i];
	uint64_t prev = i ? list[i - 1].addr : before;

	c->clk_high = cell(HIGH(m->ts));
	c->clk_low = cell(LOW(m->ts));
	c->index = cell((uint32_t)i);
	fill_addr(c->prev_addr, prev);
	fill_addr(c->addr, m->addr);
	fill_word(c->value, m->value);
	fill_upper(&c->value_lower, &c->value_upper, m->value);
	c->is_real = KB_ONE;
	c->prev_valid = cell(prev != 0 || i == 0);
	fill_is_zero_wide(&c->is_prev_addr_zero, (uint32_t)limb(prev, 0) +
	    limb(prev, 1) + limb(prev, 2));
	fill_is_zero_wide(&c->is_index_zero, (uint32_t)i);
	if (prev == 0 && i == 0)
		return;
	c->is_comp = KB_ONE;
	fill_lt(&c->lt_cols, prev, m->addr);
}

DEVICE size_t
count_MemoryGlobalInit(const struct shard_events *s)
{
	return s->ninit;
}

DEVICE void
row_MemoryGlobalInit(const struct shard_events *s, size_t i, kb *row)
{
	fill_global((struct memory_global_cols *)row, s->init, i,
	    s->previous_init_addr);
}

DEVICE size_t
count_MemoryGlobalFinalize(const struct shard_events *s)
{
	return s->nfinalize;
}

DEVICE void
row_MemoryGlobalFinalize(const struct shard_events *s, size_t i, kb *row)
{
	fill_global((struct memory_global_cols *)row, s->finalize, i,
	    s->previous_finalize_addr);
}
