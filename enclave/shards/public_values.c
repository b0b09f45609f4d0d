#include "shards/public_values.h"

#include <string.h>

static void
put_limbs(kb *out, uint64_t x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		out[i] = kb_from((uint32_t)(x >> (16 * i)) & 0xffff);
}

/* (16, 8, 8, 16) bits, high first. */
static void
put_timestamp(kb *out, uint64_t t)
{
	out[0] = kb_from((uint32_t)(t >> 32) & 0xffff);
	out[1] = kb_from((uint32_t)(t >> 24) & 0xff);
	out[2] = kb_from((uint32_t)(t >> 16) & 0xff);
	out[3] = kb_from((uint32_t)t & 0xffff);
}

static void
put_digest(kb *out, const uint32_t word[8])
{
	for (unsigned i = 0; i < 32; i++)
		out[i] = kb_from(word[i / 4] >> (8 * (i % 4)) & 0xff);
}

/* Whether two parts of a timestamp agree, and the inverse of their difference. */
static void
put_difference(kb *out, uint64_t last, uint64_t first)
{
	out[0] = last == first ? KB_ONE : KB_ZERO;
	out[1] = kb_inv(kb_sub(kb_from64(last), kb_from64(first)));
}

/* 1 / (high + low - 1), and 0 for timestamp 1. */
static kb
timestamp_inverse(uint64_t t)
{
	return kb_inv(kb_from64((t >> 24) + (t & 0xffffff) - 1));
}

static void
fill_execution(kb *pv, const struct shard_events *s)
{
	const struct rec_shard *i = &s->info;

	if (i->last) {
		put_digest(pv + PV_COMMITTED, i->digest);
		for (unsigned k = 0; k < 8; k++)
			pv[PV_DEFERRED + k] = kb_from(i->deferred_digest[k]);
		pv[PV_EXIT_CODE] = kb_from(i->exit_code);
	}
	put_limbs(pv + PV_PC_START, i->pc_start, 3);
	put_limbs(pv + PV_NEXT_PC, i->next_pc, 3);
	pv[PV_IS_EXECUTION] = KB_ONE;
	put_timestamp(pv + PV_INITIAL_TIMESTAMP, i->initial_clk);
	put_timestamp(pv + PV_LAST_TIMESTAMP, i->last_clk);
	put_difference(pv + PV_HIGH_EQUAL, i->last_clk >> 24,
	    i->initial_clk >> 24);
	put_difference(pv + PV_LOW_EQUAL, i->last_clk & 0xffffff,
	    i->initial_clk & 0xffffff);
	pv[PV_COMMIT_SYSCALL] = i->commit ? KB_ONE : KB_ZERO;
	pv[PV_COMMIT_DEFERRED] = i->commit_deferred ? KB_ONE : KB_ZERO;
	pv[PV_INITIAL_INVERSE] = timestamp_inverse(i->initial_clk);
	pv[PV_LAST_INVERSE] = timestamp_inverse(i->last_clk);
	pv[PV_IS_FIRST] = i->initial_clk == 1 ? KB_ONE : KB_ZERO;
}

/* Everything stays as the last execution shard left it. */
static void
fill_memory(kb *pv, const struct shard_events *s)
{
	const struct rec_shard *i = &s->info;

	put_digest(pv + PV_PREV_COMMITTED, i->digest);
	put_digest(pv + PV_COMMITTED, i->digest);
	for (unsigned k = 0; k < 8; k++)
		pv[PV_PREV_DEFERRED + k] = pv[PV_DEFERRED + k] =
		    kb_from(i->deferred_digest[k]);
	put_limbs(pv + PV_PC_START, i->next_pc, 3);
	put_limbs(pv + PV_NEXT_PC, i->next_pc, 3);
	pv[PV_PREV_EXIT_CODE] = pv[PV_EXIT_CODE] = kb_from(i->exit_code);
	put_timestamp(pv + PV_INITIAL_TIMESTAMP, i->last_clk);
	put_timestamp(pv + PV_LAST_TIMESTAMP, i->last_clk);
	pv[PV_HIGH_EQUAL] = pv[PV_LOW_EQUAL] = KB_ONE;
	pv[PV_PREV_COMMIT_SYSCALL] = pv[PV_COMMIT_SYSCALL] =
	    i->commit ? KB_ONE : KB_ZERO;
	pv[PV_PREV_COMMIT_DEFERRED] = pv[PV_COMMIT_DEFERRED] =
	    i->commit_deferred ? KB_ONE : KB_ZERO;
}

/* No part of the execution: what is constrained has the values that are in order
 * anywhere. */
static void
fill_precompile(kb *pv, const struct shard_events *s)
{
	put_limbs(pv + PV_PC_START, s->program->pc_start, 3);
	put_limbs(pv + PV_NEXT_PC, s->program->pc_start, 3);
	put_timestamp(pv + PV_INITIAL_TIMESTAMP, 1);
	put_timestamp(pv + PV_LAST_TIMESTAMP, 1);
	pv[PV_HIGH_EQUAL] = pv[PV_LOW_EQUAL] = KB_ONE;
}

void
public_values_fill(struct shard_events *s, const uint32_t nonce[4])
{
	kb *pv = s->public_values;
	const struct septic_point *sum = s->nglobal ?
	    &s->global[s->nglobal - 1].sum : &septic_start;

	memset(pv, 0, sizeof s->public_values);
	if (s->kind == SHARD_EXECUTION)
		fill_execution(pv, s);
	else if (s->kind == SHARD_PRECOMPILE)
		fill_precompile(pv, s);
	else
		fill_memory(pv, s);
	put_limbs(pv + PV_PREV_INIT_ADDR, s->previous_init_addr, 3);
	put_limbs(pv + PV_LAST_INIT_ADDR, s->ninit ?
	    s->init[s->ninit - 1].addr : s->previous_init_addr, 3);
	put_limbs(pv + PV_PREV_FINALIZE_ADDR, s->previous_finalize_addr, 3);
	put_limbs(pv + PV_LAST_FINALIZE_ADDR, s->nfinalize ?
	    s->finalize[s->nfinalize - 1].addr : s->previous_finalize_addr, 3);
	pv[PV_INIT_COUNT] = kb_from64(s->ninit);
	pv[PV_FINALIZE_COUNT] = kb_from64(s->nfinalize);
	pv[PV_GLOBAL_COUNT] = kb_from64(s->nglobal);
	memcpy(pv + PV_GLOBAL_SUM, sum->x.c, sizeof sum->x.c);
	memcpy(pv + PV_GLOBAL_SUM + 7, sum->y.c, sizeof sum->y.c);
	for (unsigned k = 0; k < 4; k++)
		pv[PV_NONCE + k] = kb_from(nonce[k]);
}
