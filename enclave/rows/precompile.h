#ifndef ROWS_PRECOMPILE_H
#define ROWS_PRECOMPILE_H
/*
 * Fillers for what the chips of precompiles share (air/op/precompile.h).
 */
#include "air/op/precompile.h"
#include "rows/calls.h"
#include "rows/ops.h"

/* A pointer argument, below 2^48, and the checks of its upper limbs. */
DEVICE void fill_syscall_addr(struct op_syscall_addr *o, uint64_t addr);
/* out[i] = ptr + 8 i */
DEVICE void fill_addrs(struct op_addr_add *out, uint64_t ptr, unsigned n);

/* The word's access. */
KERNEL void
fill_access(struct memory_access *m, const struct rec_access *a)
{
	fill_memory(m, a->prev, a->prev_ts, a->ts);
}

/* n accesses, each with the bytes of the value before. */
DEVICE void fill_access_u8(struct memory_access_u8 *m,
    const struct rec_access *a, unsigned n);

/* The call's clk from bit 24 on. */
KERNEL kb
clk_high(const struct precompile_event *e)
{
	return cell((uint32_t)(e->head.clk >> 24));
}

/* The call's low 24 bits of clk. */
KERNEL kb
clk_low(const struct precompile_event *e)
{
	return cell((uint32_t)e->head.clk & 0xffffff);
}

#endif
