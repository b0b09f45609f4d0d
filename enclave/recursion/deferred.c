/*
 * Proofs that the run's program has verified: each is checked, and its program and
 * values are added to the digest that the run must end with (stock:
 * crates/recursion/circuit/src/machine/deferred.rs).
 */
#include "recursion/programs.h"

#include <string.h>

#include "recursion/public_values.h"

/* What the program reads, in this order. */
struct deferred_input {
	struct vk_var vk;
	struct proof_var proof;
	struct vk_tree_var tree;
	felt start_digest[8], vk_digest[8], end_pc[3], nonce[4], index;
};

static void
read_input(struct circuit *c, struct deferred_input *in,
    const struct proof_shape *s)
{
	input_vk(c, &in->vk);
	input_proof(c, &in->proof, s);
	input_vk_tree(c, &in->tree, 1);
	input_felts(c, in->start_digest, 8);
	input_felts(c, in->vk_digest, 8);
	input_felts(c, in->end_pc, 3);
	input_felts(c, in->nonce, 4);
	in->index = hint_felt(c);
}

/* The proof is of a whole run that ended well, under the same tree of keys. */
static void
verify_run(struct circuit *c, const struct deferred_input *in)
{
	const felt *pv = in->proof.public_values;
	struct challenger_var t;

	challenger_var_init(c, &t);
	observe_vk(c, &t, &in->vk);
	shard_verify(c, &t, &in->vk, &in->proof);
	for (int i = 0; i < 8; i++)
		f_assert_eq(c, f_var(pv[RPV_VK_ROOT + i]),
		    f_var(in->tree.root.c[i]));
	pv_assert_digest(c, pv);
	f_assert_eq(c, f_var(pv[RPV_IS_COMPLETE]), f_k(1));
	f_assert_eq(c, f_var(pv[RPV_EXIT_CODE]), f_k(0));
}

/* hash(digest so far, the program's digest, its committed values) */
static struct digest_var
extend_digest(struct circuit *c, const struct deferred_input *in)
{
	const felt *pv = in->proof.public_values;
	felt v[48];

	memcpy(v, in->start_digest, 8 * sizeof *v);
	memcpy(v + 8, &pv[RPV_VK_DIGEST], 8 * sizeof *v);
	memcpy(v + 16, &pv[RPV_COMMITTED], 32 * sizeof *v);
	return hash_var(c, v, 48);
}

/* Nothing but the digest moves: deferred proofs come before the run. */
static void
set_values(struct circuit *c, const struct deferred_input *in,
    const struct digest_var *digest_to, felt out[STARK_PUBLIC_VALUES])
{
	felt zero = f_eval(c, f_k(0)), one = f_eval(c, f_k(1));
	struct curve_var sum;

	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		out[i] = zero;
	memcpy(out + RPV_START_RECONSTRUCT, in->start_digest, 8 * sizeof *out);
	memcpy(out + RPV_END_RECONSTRUCT, digest_to->c, 8 * sizeof *out);
	memcpy(out + RPV_PC_START, in->end_pc, 3 * sizeof *out);
	memcpy(out + RPV_NEXT_PC, in->end_pc, 3 * sizeof *out);
	out[RPV_INITIAL_TIMESTAMP + 3] = out[RPV_LAST_TIMESTAMP + 3] = one;
	memcpy(out + RPV_VK_DIGEST, in->vk_digest, 8 * sizeof *out);
	memcpy(out + RPV_NONCE, in->nonce, 4 * sizeof *out);
	out[RPV_PREV_DEFERRED_PROOF] = in->index;
	out[RPV_DEFERRED_PROOF] = f_eval(c, f_add(c, f_var(in->index), f_k(1)));
	sum = curve_zero(c);
	memcpy(out + RPV_GLOBAL_SUM, sum.x, sizeof sum.x);
	memcpy(out + RPV_GLOBAL_SUM + 7, sum.y, sizeof sum.y);
	memcpy(out + RPV_VK_ROOT, in->tree.root.c, 8 * sizeof *out);
}

void
program_deferred(struct program *p)
{
	struct proof_shape s = shape_compress();
	felt out[STARK_PUBLIC_VALUES];
	struct digest_var key, d;
	struct deferred_input in;
	struct circuit c;

	program_init(p);
	circuit_init(&c, p, false);
	proof_shape_finish(&c, &s);
	read_input(&c, &in, &s);
	key = vk_digest_var(&c, &in.vk);
	verify_vk_tree(&c, &in.tree, &key, 1);
	verify_run(&c, &in);
	d = extend_digest(&c, &in);
	set_values(&c, &in, &d, out);
	d = pv_digest(&c, out);
	memcpy(out + RPV_DIGEST, d.c, sizeof d.c);
	pv_assert_complete(&c, out, out[RPV_IS_COMPLETE]);
	commit(&c, out);
	circuit_free(&c);
}
