/*
 * Compressed proofs into one: compose, and shrink and wrap of the root (stock:
 * crates/recursion/circuit/src/machine/{compress,vkey_proof,root}.rs).
 */
#include "recursion/programs.h"

#include <string.h>

#include "base/err.h"
#include "recursion/public_values.h"
#include "recursion/setup.h"

#define MAX_LOG_SHARDS 24

struct vk_and_proof { struct vk_var vk; struct proof_var proof; };

/* What a program that verifies compressed proofs reads, in this order. */
struct compress_input {
	unsigned n;
	struct vk_and_proof *proof;
	felt is_complete;
	struct vk_tree_var tree;
};

static void
read_input(struct circuit *c, struct compress_input *in,
    const struct proof_shape *s, unsigned n)
{
	in->n = n;
	in->proof = circuit_alloc(c, n, sizeof *in->proof);
	for (unsigned i = 0; i < n; i++) {
		input_vk(c, &in->proof[i].vk);
		input_proof(c, &in->proof[i].proof, s);
	}
	in->is_complete = hint_felt(c);
	input_vk_tree(c, &in->tree, n);
}

static void
verify_shards(struct circuit *c, const struct compress_input *in)
{
	for (unsigned i = 0; i < in->n; i++) {
		struct challenger_var t;

		challenger_var_init(c, &t);
		observe_vk(c, &t, &in->proof[i].vk);
		shard_verify(c, &t, &in->proof[i].vk, &in->proof[i].proof);
	}
}

/* What one proof ends with, the next begins with; or all have the same. */
static const struct chain { unsigned from, to, n; } chains[] = {
	{RPV_PREV_COMMITTED, RPV_COMMITTED, 32},
	{RPV_PREV_DEFERRED, RPV_DEFERRED, 8},
	{RPV_PREV_DEFERRED_PROOF, RPV_DEFERRED_PROOF, 1},
	{RPV_PC_START, RPV_NEXT_PC, 3},
	{RPV_INITIAL_TIMESTAMP, RPV_LAST_TIMESTAMP, 4},
	{RPV_PREV_INIT_ADDR, RPV_LAST_INIT_ADDR, 3},
	{RPV_PREV_FINALIZE_ADDR, RPV_LAST_FINALIZE_ADDR, 3},
	{RPV_PREV_INIT_PAGE, RPV_LAST_INIT_PAGE, 3},
	{RPV_PREV_FINALIZE_PAGE, RPV_LAST_FINALIZE_PAGE, 3},
	{RPV_START_RECONSTRUCT, RPV_END_RECONSTRUCT, 8},
	{RPV_PREV_EXIT_CODE, RPV_EXIT_CODE, 1},
	{RPV_PREV_COMMIT_SYSCALL, RPV_COMMIT_SYSCALL, 1},
	{RPV_PREV_COMMIT_DEFERRED, RPV_COMMIT_DEFERRED, 1},
	{RPV_VK_DIGEST, RPV_VK_DIGEST, 8},
	{RPV_NONCE, RPV_NONCE, 4}
};
#define NCHAINS (sizeof chains / sizeof *chains)

struct totals { felt contains_first, nshards; };

static void
add_flags(struct circuit *c, const felt *pv, struct totals *sum)
{
	fexpr first = f_var(pv[RPV_CONTAINS_FIRST]);

	range_check(c, pv[RPV_NUM_SHARDS], MAX_LOG_SHARDS);
	f_assert_eq(c, f_mul(c, first, f_sub(c, first, f_k(1))), f_k(0));
	sum->nshards = f_eval(c, f_add(c, f_var(sum->nshards),
	    f_var(pv[RPV_NUM_SHARDS])));
	sum->contains_first = f_eval(c, f_add(c, f_var(sum->contains_first),
	    first));
}

/* out: the first proof's beginnings, then the last one's ends. */
static void
follow_chains(struct circuit *c, const felt *pv, bool first, felt *out)
{
	for (size_t i = 0; i < NCHAINS; i++) {
		const struct chain *k = &chains[i];
		felt *last = out + k->to;

		if (first) {
			memcpy(out + k->from, pv + k->from, k->n * sizeof *pv);
			memcpy(last, pv + k->from, k->n * sizeof *pv);
		}
	}
	for (size_t i = 0; i < NCHAINS; i++) {
		const struct chain *k = &chains[i];

		for (unsigned j = 0; j < k->n; j++)
			f_assert_eq(c, f_var(out[k->to + j]),
			    f_var(pv[k->from + j]));
		if (k->to != k->from)
			memcpy(out + k->to, pv + k->to, k->n * sizeof *pv);
	}
}

static void
set_sum(felt *out, const struct curve_var *sum)
{
	memcpy(out + RPV_GLOBAL_SUM, sum->x, sizeof sum->x);
	memcpy(out + RPV_GLOBAL_SUM + 7, sum->y, sizeof sum->y);
}

static void
aggregate(struct circuit *c, const struct compress_input *in,
    const struct digest_var *root, struct totals sum, felt *out)
{
	struct curve_var *sums = circuit_alloc(c, in->n, sizeof *sums), d;
	fexpr first;

	for (unsigned i = 0; i < in->n; i++) {
		const felt *pv = in->proof[i].proof.public_values;

		pv_assert_digest(c, pv);
		for (int k = 0; k < 8; k++)
			f_assert_eq(c, f_var(root->c[k]),
			    f_var(pv[RPV_VK_ROOT + k]));
		add_flags(c, pv, &sum);
		memcpy(sums[i].x, pv + RPV_GLOBAL_SUM, sizeof sums[i].x);
		memcpy(sums[i].y, pv + RPV_GLOBAL_SUM + 7,
		    sizeof sums[i].y);
		follow_chains(c, pv, i == 0, out);
	}
	range_check(c, sum.nshards, MAX_LOG_SHARDS);
	first = f_var(sum.contains_first);
	f_assert_eq(c, f_mul(c, first, f_sub(c, first, f_k(1))), f_k(0));
	d = curve_sum(c, sums, in->n);
	set_sum(out, &d);
	memcpy(out + RPV_VK_ROOT, root->c, sizeof root->c);
	out[RPV_CONTAINS_FIRST] = sum.contains_first;
	out[RPV_NUM_SHARDS] = sum.nshards;
	out[RPV_IS_COMPLETE] = in->is_complete;
}

static void
verify_compress(struct circuit *c, const struct compress_input *in,
    bool root_digest)
{
	felt out[STARK_PUBLIC_VALUES];
	struct digest_var *key = circuit_alloc(c, in->n, sizeof *key), root, d;
	struct totals sum;

	for (unsigned i = 0; i < in->n; i++)
		key[i] = vk_digest_var(c, &in->proof[i].vk);
	for (int i = 0; i < 8; i++)
		root.c[i] = f_eval(c, f_var(in->tree.root.c[i]));
	verify_vk_tree(c, &in->tree, key, in->n);

	sum.contains_first = f_eval(c, f_k(0));
	sum.nshards = f_eval(c, f_k(0));
	verify_shards(c, in);
	aggregate(c, in, &root, sum, out);
	d = root_digest ? pv_root_digest(c, out) : pv_digest(c, out);
	memcpy(out + RPV_DIGEST, d.c, sizeof d.c);
	pv_assert_complete(c, out, in->is_complete);
	commit(c, out);
}

void
program_compose(struct program *p, unsigned arity)
{
	struct proof_shape s = shape_compress();
	struct compress_input in;
	struct circuit c;

	must(arity > 0);
	program_init(p);
	circuit_init(&c, p, false);
	proof_shape_finish(&c, &s);
	read_input(&c, &in, &s, arity);
	verify_compress(&c, &in, false);
	circuit_free(&c);
}

static void
program_root(struct program *p, struct proof_shape s, bool wrap)
{
	struct compress_input in;
	struct circuit c;

	program_init(p);
	circuit_init(&c, p, wrap);
	proof_shape_finish(&c, &s);
	read_input(&c, &in, &s, 1);
	f_assert_eq(&c, f_var(in.is_complete), f_k(1));
	verify_compress(&c, &in, wrap);
	circuit_free(&c);
}

void
program_shrink(struct program *p)
{
	program_root(p, shape_compress(), false);
}

struct proof_shape
shape_shrink(void)
{
	uint32_t rows[PROGRAM_MAX_CHIPS];
	struct row_index x;
	struct program p;

	program_shrink(&p);
	must(row_index_make(&x, &p, NULL) == 0);
	program_rows(rows, &x, air_machine_compress());
	row_index_free(&x);
	program_free(&p);
	return proof_shape_of(&stark_shrink, rows);
}

void
program_wrap(struct program *p)
{
	program_root(p, shape_shrink(), true);
}
