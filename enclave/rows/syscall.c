#include "air/core/syscall.h"
#include "rows/instr.h"
#include "rows/ops.h"
#include "rows/rows.h"

#define HALT_PC 1

DEVICE void
trace_SyscallInstrs(kb *row, const struct rec_instr *e,
    const struct rv_insn *i, const struct rv_program *p)
{
	struct syscall_instrs_cols *c = (struct syscall_instrs_cols *)row;
	uint64_t pc = event_pc(e, p);
	int32_t id = e->prev_a & 0xff;
	bool commit = id == CODE_COMMIT;
	bool deferred = id == CODE_COMMIT_DEFERRED_PROOFS;

	fill_state(&c->state, e, p);
	fill_r(&c->adapter, e, i);
	c->is_halt = cell(id == CODE_HALT);
	if (id == CODE_HALT) {
		c->next_pc[0] = cell(HALT_PC);
	} else {
		fill_addr(c->next_pc, pc);
		/* not carried: StateBump does it */
		c->next_pc[0] = cell(limb(pc, 0) + PC_INC);
	}
	fill_word(c->op_a_value, e->a);
	fill_u16_to_u8(&c->a_low_bytes, e->prev_a);
	fill_is_zero(&c->is_enter_unconstrained,
	    id - CODE_ENTER_UNCONSTRAINED);
	fill_is_zero(&c->is_hint_len, id - CODE_HINT_LEN);
	fill_is_zero(&c->is_halt_check, id - CODE_HALT);
	fill_is_zero(&c->is_commit, id - CODE_COMMIT);
	fill_is_zero(&c->is_commit_deferred_proofs,
	    id - CODE_COMMIT_DEFERRED_PROOFS);
	if ((commit || deferred) && e->b < 8)
		c->index_bitmap[e->b] = KB_ONE;
	for (unsigned k = 0; commit && k < 4; k++)
		c->expected_public_values_digest[k] =
		    cell(e->c >> 8 * k & 0xff);
	if (id == CODE_HALT)
		fill_field_word(&c->op_b_range_check, e->b);
	if (deferred)
		fill_field_word(&c->op_c_range_check, e->c);
	c->is_real = KB_ONE;
}

/* ---- calls across shards ---- */

DEVICE static void
fill_call(kb *row, const struct rec_precompile *h)
{
	struct syscall_cols *c = (struct syscall_cols *)row;

	c->clk_high = cell((uint32_t)(h->clk >> 24));
	c->clk_low = cell((uint32_t)h->clk & 0xffffff);
	c->syscall_id = cell(h->code & 0xff);
	fill_addr(c->arg1, h->arg1);
	fill_addr(c->arg2, h->arg2);
	c->is_real = KB_ONE;
}

DEVICE size_t
count_SyscallCore(const struct shard_events *s)
{
	return s->kind == SHARD_EXECUTION ? s->ndeferred : 0;
}

DEVICE void
row_SyscallCore(const struct shard_events *s, size_t i, kb *row)
{
	fill_call(row, &s->precompile[s->precompile[i].deferred].head);
}

DEVICE size_t
count_SyscallPrecompile(const struct shard_events *s)
{
	return s->kind == SHARD_PRECOMPILE ? s->nprecompile : 0;
}

DEVICE void
row_SyscallPrecompile(const struct shard_events *s, size_t i, kb *row)
{
	fill_call(row, &s->precompile[i].head);
}
