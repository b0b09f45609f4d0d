/*
 * Constraints and interactions of a shard's public values.  The lookups that they
 * make are counted in Byte and Range like any chip's, in every kind of shard.
 */
#include "air/core/public_values.h"

#include "air/core/chips.h"
#include "air/op/check.h"
#include "field/septic.h"

static void
all_zero_when(struct air *a, expr c, const expr *x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		air_zero_when(a, c, x[i]);
}

static void
all_equal_when(struct air *a, expr c, const expr *x, const expr *y,
    unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		air_equal_when(a, c, x[i], y[i]);
}

/* equal = (x is y), inverse its witness. */
static void
is_equal(struct air *a, expr x, expr y, expr equal, expr inverse)
{
	air_bool(a, equal);
	air_equal(a, x_mul(x_sub(x, y), inverse), x_rsubk(1, equal));
	air_zero(a, x_mul(x_sub(x, y), equal));
}

static void
lookup_u8(struct air *a, expr x, expr y)
{
	air_range_u8(a, (expr[]){x, y}, 2, x_one(a));
}

static void
timestamp_limbs(struct air *a, const expr t[4])
{
	air_range_bits(a, t[0], 16, x_one(a));
	air_range_bits(a, x_mulk(x_subk(t[3], 1), INV_8), 13, x_one(a));
}

static void
state(struct air *a, const struct public_values_x *p)
{
	const expr *t0 = p->initial_timestamp, *t1 = p->last_timestamp;
	expr high0 = x_add(t0[1], x_mulk(t0[0], 1 << 8));
	expr low0 = x_add(t0[3], x_mulk(t0[2], 1 << 16));
	expr high1 = x_add(t1[1], x_mulk(t1[0], 1 << 8));
	expr low1 = x_add(t1[3], x_mulk(t1[2], 1 << 16));
	expr one = x_one(a), e = p->is_execution_shard;

	timestamp_limbs(a, t0);
	timestamp_limbs(a, t1);
	lookup_u8(a, t0[1], t0[2]);
	lookup_u8(a, t1[1], t1[2]);
	for (int i = 0; i < 3; i++) {
		air_range_bits(a, p->pc_start[i], 16, one);
		air_range_bits(a, p->next_pc[i], 16, one);
	}
	air_send(a, AIR_STATE, one, (expr[]){
		high0, low0, p->pc_start[0], p->pc_start[1], p->pc_start[2]
	}, 5);
	air_receive(a, AIR_STATE, one, (expr[]){
		high1, low1, p->next_pc[0], p->next_pc[1], p->next_pc[2]
	}, 5);

	air_bool(a, e);
	air_equal_unless(a, e, low0, low1);
	air_equal_unless(a, e, high0, high1);
	all_equal_when(a, x_not(e), p->pc_start, p->next_pc, 3);
	is_equal(a, high1, high0, p->is_timestamp_high_eq,
	    p->inv_timestamp_high);
	is_equal(a, low1, low0, p->is_timestamp_low_eq, p->inv_timestamp_low);
	air_equal(a, x_rsubk(1, e),
	    x_mul(p->is_timestamp_high_eq, p->is_timestamp_low_eq));
	/* Both parts have 24 bits, so the sum is 1 only at the clock's start. */
	air_equal_when(a, e, x_mul(x_subk(x_add(high1, low1), 1),
	    p->last_timestamp_inv), one);
}

static void
first_execution_shard(struct air *a,
    const struct public_values_x *p)
{
	expr f = p->is_first_execution_shard, zero = x_zero(a);

	air_bool(a, f);
	all_equal_when(a, f, p->initial_timestamp,
	    (expr[]){zero, zero, zero, x_one(a)}, 4);
	air_one_when(a, f, p->is_execution_shard);
	all_zero_when(a, f, p->prev_committed_value_digest[0].byte, 32);
	all_zero_when(a, f, p->prev_deferred_proofs_digest, 8);
	air_zero_when(a, f, p->prev_exit_code);
	all_zero_when(a, f, p->previous_init_addr, 3);
	all_zero_when(a, f, p->previous_finalize_addr, 3);
	all_zero_when(a, f, p->previous_init_page_idx, 3);
	all_zero_when(a, f, p->previous_finalize_page_idx, 3);
	air_zero_when(a, f, p->prev_commit_syscall);
	air_zero_when(a, f, p->prev_commit_deferred_syscall);
}

/* A digest that the guest gives once: it changes in the shard of the calls, not
 * outside execution shards, never again once it is not 0 or the flag is set.  Words of
 * so many elements each have a condition of their own. */
static void
digest_chain(struct air *a, expr e, expr prev_flag, expr flag,
    const expr *prev, const expr *next, unsigned n, unsigned word)
{
	air_bool(a, prev_flag);
	air_bool(a, flag);
	air_one_when(a, prev_flag, flag);
	air_equal_unless(a, e, prev_flag, flag);
	for (unsigned i = 0; i < n; i += word)
		all_equal_when(a, x_not(e), prev + i, next + i, word);
	for (unsigned i = 0; i < n; i++)
		all_equal_when(a, prev[i], prev, next, n);
	all_equal_when(a, prev_flag, prev, next, n);
}

static void
committed_digest(struct air *a, const struct public_values_x *p)
{
	for (int i = 0; i < 8; i++) {
		const expr *prev = p->prev_committed_value_digest[i].byte;
		const expr *next = p->committed_value_digest[i].byte;

		lookup_u8(a, prev[0], prev[1]);
		lookup_u8(a, prev[2], prev[3]);
		lookup_u8(a, next[0], next[1]);
		lookup_u8(a, next[2], next[3]);
	}
	digest_chain(a, p->is_execution_shard, p->prev_commit_syscall,
	    p->commit_syscall, p->prev_committed_value_digest[0].byte,
	    p->committed_value_digest[0].byte, 32, 4);
}

static void
global_sum(struct air *a, const struct public_values_x *p)
{
	expr first[15] = {x_zero(a)}, last[15] = {p->global_count};

	for (int i = 0; i < 7; i++) {
		first[1 + i] = x_kb(a, septic_start.x.c[i]);
		first[8 + i] = x_kb(a, septic_start.y.c[i]);
		last[1 + i] = p->global_sum_x[i];
		last[8 + i] = p->global_sum_y[i];
	}
	air_send(a, AIR_GLOBAL_ACCUMULATION, x_one(a), first, 15);
	air_receive(a, AIR_GLOBAL_ACCUMULATION, x_one(a), last, 15);
}

/* The ends of a chain of ascending addresses, mult times. */
static void
address_chain(struct air *a, enum air_kind kind,
    const expr prev[3], const expr last[3], expr count, expr mult)
{
	air_send(a, kind, mult, (expr[]){
		x_zero(a), prev[0], prev[1], prev[2], x_one(a)
	}, 5);
	air_receive(a, kind, mult, (expr[]){
		count, last[0], last[1], last[2], x_one(a)
	}, 5);
}

static void
memory_chain(struct air *a, enum air_kind kind,
    const expr prev[3], const expr last[3], expr count)
{
	for (int i = 0; i < 3; i++) {
		air_range_bits(a, prev[i], 16, x_one(a));
		air_range_bits(a, last[i], 16, x_one(a));
	}
	address_chain(a, kind, prev, last, count, x_one(a));
}

void
public_values_eval(struct air *a)
{
	struct public_values_x v, *p = &v;
	expr untrusted;

	public_values_load(a, p);
	for (int i = 0; i < 4; i++)
		air_zero(a, p->empty[i]);
	state(a, p);
	first_execution_shard(a, p);
	air_zero(a, x_mul(p->prev_exit_code,
	    x_sub(p->exit_code, p->prev_exit_code)));
	air_equal_unless(a, p->is_execution_shard, p->prev_exit_code,
	    p->exit_code);
	committed_digest(a, p);
	digest_chain(a, p->is_execution_shard, p->prev_commit_deferred_syscall,
	    p->commit_deferred_syscall, p->prev_deferred_proofs_digest,
	    p->deferred_proofs_digest, 8, 8);
	global_sum(a, p);
	memory_chain(a, AIR_MEMORY_GLOBAL_INIT, p->previous_init_addr,
	    p->last_init_addr, p->global_init_count);
	memory_chain(a, AIR_MEMORY_GLOBAL_FINALIZE, p->previous_finalize_addr,
	    p->last_finalize_addr, p->global_finalize_count);

	/* Page protection, which this build never has: multiplicity 0. */
	untrusted = p->is_untrusted_programs_enabled;
	air_bool(a, untrusted);
	address_chain(a, AIR_PAGE_PROT_GLOBAL_INIT, p->previous_init_page_idx,
	    p->last_init_page_idx, p->global_page_prot_init_count, untrusted);
	air_bool(a, untrusted);
	address_chain(a, AIR_PAGE_PROT_GLOBAL_FINALIZE,
	    p->previous_finalize_page_idx, p->last_finalize_page_idx,
	    p->global_page_prot_finalize_count, untrusted);
}
