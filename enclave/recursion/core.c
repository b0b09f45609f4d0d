/*
 * A core shard's proof into the shape that all compressed proofs have (stock:
 * crates/recursion/circuit/src/machine/core.rs).
 */
#include "recursion/programs.h"

#include <string.h>

#include "field/septic.h"
#include "recursion/public_values.h"

/* What the program reads, in this order. */
struct normalize_input {
	struct vk_var vk;
	struct proof_var proof;
	felt reconstruct_digest[8], is_complete;
	struct digest_var vk_root;
	felt ndeferred;
};

static void
read_input(struct circuit *c, struct normalize_input *in,
    const struct proof_shape *s)
{
	input_vk(c, &in->vk);
	input_proof(c, &in->proof, s);
	input_felts(c, in->reconstruct_digest, 8);
	in->is_complete = hint_felt(c);
	in->vk_root = input_digest(c);
	in->ndeferred = hint_felt(c);
}

/* In the run's first shard the program counter is the key's, and the sum of the memory
 * image is added; in others, the digest of nothing. */
static void
first_shard_sum(struct circuit *c, const struct normalize_input *in,
    struct curve_var *sum)
{
	const felt *pv = in->proof.public_values;
	fexpr first = f_var(pv[PV_IS_FIRST]), one;

	for (int i = 0; i < 3; i++)
		f_assert_eq(c, f_mul(c, first,
		    f_sub(c, f_var(pv[PV_PC_START + i]),
		    f_var(in->vk.pc_start[i]))), f_k(0));
	one = f_var(f_eval(c, f_k(1)));
	for (int i = 0; i < 14; i++) {
		felt x = i < 7 ? in->vk.sum_x[i] : in->vk.sum_y[i - 7];
		kb none = i < 7 ? septic_start.x.c[i] : septic_start.y.c[i - 7];

		*(i < 7 ? &sum->x[i] : &sum->y[i - 7]) = f_eval(c, f_add(c,
		    f_mul(c, first, f_var(x)),
		    f_mul(c, f_sub(c, one, first), f_kb(none))));
	}
}

/* Where a core shard's values go; these two lists have the rest apart. */
static const struct { unsigned to, from, n; } moved[] = {
	{RPV_PREV_COMMITTED, PV_PREV_COMMITTED, 32},
	{RPV_COMMITTED, PV_COMMITTED, 32},
	{RPV_PREV_DEFERRED, PV_PREV_DEFERRED, 8},
	{RPV_DEFERRED, PV_DEFERRED, 8},
	{RPV_PC_START, PV_PC_START, 3}, {RPV_NEXT_PC, PV_NEXT_PC, 3},
	{RPV_INITIAL_TIMESTAMP, PV_INITIAL_TIMESTAMP, 4},
	{RPV_LAST_TIMESTAMP, PV_LAST_TIMESTAMP, 4},
	{RPV_PREV_INIT_ADDR, PV_PREV_INIT_ADDR, 3},
	{RPV_LAST_INIT_ADDR, PV_LAST_INIT_ADDR, 3},
	{RPV_PREV_FINALIZE_ADDR, PV_PREV_FINALIZE_ADDR, 3},
	{RPV_LAST_FINALIZE_ADDR, PV_LAST_FINALIZE_ADDR, 3},
	/* Four page indices follow each other in both. */
	{RPV_PREV_INIT_PAGE, PV_PAGE_INDEX, 12},
	{RPV_CONTAINS_FIRST, PV_IS_FIRST, 1},
	{RPV_PREV_EXIT_CODE, PV_PREV_EXIT_CODE, 1},
	{RPV_EXIT_CODE, PV_EXIT_CODE, 1},
	{RPV_PREV_COMMIT_SYSCALL, PV_PREV_COMMIT_SYSCALL, 1},
	{RPV_COMMIT_SYSCALL, PV_COMMIT_SYSCALL, 1},
	{RPV_PREV_COMMIT_DEFERRED, PV_PREV_COMMIT_DEFERRED, 1},
	{RPV_COMMIT_DEFERRED, PV_COMMIT_DEFERRED, 1},
	{RPV_NONCE, PV_NONCE, 4}
};

static void
set_values(struct circuit *c, const struct normalize_input *in,
    const struct curve_var *sum, felt out[STARK_PUBLIC_VALUES])
{
	struct digest_var key = vk_digest_var(c, &in->vk);
	felt zero = f_eval(c, f_k(0));

	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		out[i] = zero;
	for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
		memcpy(out + moved[i].to,
		    in->proof.public_values + moved[i].from,
		    moved[i].n * sizeof *out);
	out[RPV_PREV_DEFERRED_PROOF] = in->ndeferred;
	out[RPV_DEFERRED_PROOF] = in->ndeferred;
	memcpy(out + RPV_START_RECONSTRUCT, in->reconstruct_digest,
	    8 * sizeof *out);
	memcpy(out + RPV_END_RECONSTRUCT, in->reconstruct_digest,
	    8 * sizeof *out);
	memcpy(out + RPV_VK_DIGEST, key.c, 8 * sizeof *out);
	memcpy(out + RPV_VK_ROOT, in->vk_root.c, 8 * sizeof *out);
	memcpy(out + RPV_GLOBAL_SUM, sum->x, sizeof sum->x);
	memcpy(out + RPV_GLOBAL_SUM + 7, sum->y, sizeof sum->y);
	out[RPV_NUM_SHARDS] = f_eval(c, f_k(1));
	out[RPV_IS_COMPLETE] = in->is_complete;
}

static void
verify_core(struct circuit *c, const struct normalize_input *in)
{
	const felt *pv = in->proof.public_values;
	struct curve_var sums[2], sum;
	felt out[STARK_PUBLIC_VALUES];
	struct challenger_var t;
	struct digest_var d;

	first_shard_sum(c, in, &sums[0]);
	challenger_var_init(c, &t);
	observe_vk(c, &t, &in->vk);
	shard_verify(c, &t, &in->vk, &in->proof);
	f_assert_eq(c, f_var(pv[PV_UNTRUSTED]), f_var(in->vk.untrusted));
	memcpy(sums[1].x, pv + PV_GLOBAL_SUM, sizeof sums[1].x);
	memcpy(sums[1].y, pv + PV_GLOBAL_SUM + 7, sizeof sums[1].y);
	sum = curve_sum(c, sums, 2);
	set_values(c, in, &sum, out);
	d = pv_digest(c, out);
	memcpy(out + RPV_DIGEST, d.c, sizeof d.c);
	pv_assert_complete(c, out, in->is_complete);
	commit(c, out);
}

void
program_normalize(struct program *p, const struct air_cluster *cluster,
    unsigned prep_multiple, unsigned main_multiple)
{
	struct proof_shape s = {
		.params = &stark_core, .machine = air_machine_riscv(),
		.nchips = cluster->nchips, .chip = cluster->chip,
		.multiple = {prep_multiple, main_multiple},
		/* A stacked column is shorter than a column of padding. */
		.padding = {1, 1}
	};
	struct normalize_input in;
	struct circuit c;

	program_init(p);
	circuit_init(&c, p, false);
	proof_shape_finish(&c, &s);
	read_input(&c, &in, &s);
	verify_core(&c, &in);
	circuit_free(&c);
}
