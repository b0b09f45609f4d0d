#include "air/core/bump.h"
#include "air/core/syscall.h"
#include "rows/ops.h"
#include "rows/rows.h"

DEVICE size_t
count_MemoryBump(const struct shard_events *s)
{
	return s->nbump_memory;
}

DEVICE void
row_MemoryBump(const struct shard_events *s, size_t i, kb *row)
{
	struct memory_bump_cols *c = (struct memory_bump_cols *)row;
	const struct bump_memory *b = &s->bump_memory[i];

	fill_memory(&c->access, b->value, b->prev_ts, b->ts);
	c->clk_32_48 = cell((uint32_t)(b->ts >> 32) & 0xffff);
	c->clk_24_32 = cell((uint32_t)(b->ts >> 24) & 0xff);
	c->clk_16_24 = cell((uint32_t)(b->ts >> 16) & 0xff);
	c->clk_0_16 = cell((uint32_t)b->ts & 0xffff);
	c->addr = cell(b->reg);
	c->is_real = KB_ONE;
}

DEVICE size_t
count_StateBump(const struct shard_events *s)
{
	return s->nbump_state;
}

DEVICE void
row_StateBump(const struct shard_events *s, size_t i, kb *row)
{
	struct state_bump_cols *c = (struct state_bump_cols *)row;
	const struct bump_state *b = &s->bump_state[i];
	uint64_t next = b->next_clk;

	c->next_clk_32_48 = cell((uint32_t)(next >> 32) & 0xffff);
	c->next_clk_24_32 = cell((uint32_t)(next >> 24) & 0xff);
	c->next_clk_16_24 = cell((uint32_t)(next >> 16) & 0xff);
	c->next_clk_0_16 = cell((uint32_t)next & 0xffff);
	c->clk_high = cell((uint32_t)(b->clk >> 24));
	c->clk_low = cell((uint32_t)((b->clk & 0xffffff) + (next - b->clk)));
	fill_addr(c->next_pc, b->next_pc);
	if (b->carry_pc) {
		fill_addr(c->pc, b->pc);
		c->pc[0] = cell(limb(b->pc, 0) + PC_INC);
	} else {
		fill_addr(c->pc, b->next_pc);
	}
	c->is_clk = cell(next >> 24 != b->clk >> 24);
	c->is_real = KB_ONE;
}
