#include "proofs/compressed.h"

#include <string.h>

#include "proof/carried.h"
#include "proofs/budget.h"
#include "proofs/tree.h"

/* Bytes of proofs that a short run has at a time, for a plan before there are any. */
#define FIRST_PROOFS ((size_t)16 << 20)

struct leaves {
	struct tree tree;
	const struct vk *vk;
	/* The proofs that the input carries, and the digest of all of them. */
	struct { struct recursion_proof *v; size_t n; } deferred;
	struct arena carried;		/* their arrays */
	digest deferred_digest;
	struct node *found;		/* the shard's, which was kept */
	struct arena shard;		/* of the shard's own proof */
};

/* ---- shards of the run ---- */

static bool
is_whole(const struct leaves *l, const struct core_made *m)
{
	return m->place.made == 0 && m->left == 0 && l->deferred.n == 0;
}

/* Precompiles stand before the deferred proofs. */
static void
normalize_witness(struct normalize_witness *in, const struct leaves *l,
    const struct core_made *m)
{
	*in = (struct normalize_witness){.vk = l->vk,
	    .vk_root = recursion_vk_root(), .is_complete = is_whole(l, m)};
	if (m->place.rank != RANK_PRECOMPILE) {
		in->ndeferred = (uint32_t)l->deferred.n;
		in->reconstruct_digest = l->deferred_digest;
	}
}

static void
identify_leaf(struct node *n, const struct normalize_witness *in,
    const struct core_made *m)
{
	struct {
		struct kept_id id;
		uint32_t digest[8], ndeferred, is_complete;
	} of = {.ndeferred = in->ndeferred, .is_complete = in->is_complete};

	if (m->id)
		of.id = *m->id;
	for (int i = 0; i < 8; i++)
		of.digest[i] = in->reconstruct_digest.c[i].v;
	kept_identify_node(&n->id, "normalize", &of, sizeof of);
}

/* A shard's node that was kept makes its proof needless. */
static int
have_leaf(void *ctx, const struct core_made *m, struct err *e)
{
	struct leaves *l = ctx;
	struct normalize_witness in;
	struct node *n;
	int got;

	if (!l->tree.o->kept)
		return 0;
	n = tree_node(e);
	if (!n)
		return -1;
	normalize_witness(&in, l, m);
	identify_leaf(n, &in, m);
	got = tree_take_kept(&l->tree, n, e);
	if (got == 1)
		l->found = n;
	else
		tree_node_free(&l->tree, n);
	return got;
}

static int
normalize(struct leaves *l, struct node *n, const struct shard_proof *proof,
    const struct core_made *m, struct err *e)
{
	const struct node_shape s = node_shape_of(proof);
	struct normalize_witness in;
	struct witness w = {0, 0, NULL};
	int bad;

	normalize_witness(&in, l, m);
	in.proof = proof;
	identify_leaf(n, &in, m);
	witness_normalize(&w, &in);
	bad = tree_prove_anew(&l->tree, n, &s, &w, e);
	witness_free(&w);
	return bad ? tree_our_fault(e, "normalize") : 0;
}

static int
take_shard(void *ctx, const struct shard_proof *proof,
    const struct core_made *m, struct err *e)
{
	struct leaves *l = ctx;
	struct node *n = l->found;

	tree_tell_leaf(&l->tree, "normalize");
	l->found = NULL;
	if (n) {
		l->tree.prover.on_phase(&l->tree, "kept", 0);
	} else {
		n = tree_node(e);
		if (!n)
			return -1;
		if (normalize(l, n, proof, m, e) < 0) {
			tree_node_free(&l->tree, n);
			return -1;
		}
	}
	arena_free(&l->shard);
	return tree_add(&l->tree, m->place.rank, n, e);
}

/* ---- proofs that the run has verified ---- */

static int
read_carried(struct leaves *l, const struct record_reader *r, struct err *e)
{
	size_t n = r->nproofs;

	l->deferred.v = arena_alloc(&l->carried, n, sizeof *l->deferred.v);
	if (n > 0 && !l->deferred.v)
		return err_set(e, EX_OSERR, "no memory for carried proofs");
	for (size_t i = 0; i < n; i++) {
		struct recursion_proof *p = &l->deferred.v[i];

		if (recursion_proof_read(p, &l->carried, r->proof[i].bytes,
		    r->proof[i].n, e) < 0)
			return -1;
		if (p->shard.public_values.n != STARK_PUBLIC_VALUES)
			return err_set(e, EX_DATAERR, "carried proof %zu: %zu "
			    "public values", i, p->shard.public_values.n);
		carried_chain(&l->deferred_digest, p);
	}
	l->deferred.n = n;
	l->tree.later = n;
	l->tree.bytes += l->carried.used;
	return 0;
}

/* Their number and digest go into the node of every shard. */
static int
on_begin(void *ctx, struct record_reader *r, struct err *e)
{
	if (record_take_proofs(r, e) < 0)
		return -1;
	return read_carried(ctx, r, e);
}

/* What the guest verified must be these: the root says so, much later. */
static int
on_end(void *ctx, const struct rec_shard *last, struct err *e)
{
	const struct leaves *l = ctx;

	for (int i = 0; i < 8; i++)
		if (kb_to(l->deferred_digest.c[i]) != last->deferred_digest[i])
			return err_set(e, EX_DATAERR, "the guest did not verify "
			    "the proofs of its input, all and in their order: "
			    "such a run has no compressed proof");
	return 0;
}

static int
prove_deferred(struct leaves *l, const struct deferred_witness *in,
    struct err *e)
{
	const struct node_shape s = {.kind = NODE_DEFERRED};
	digest root = recursion_vk_root();
	struct witness w = {0, 0, NULL};
	struct node *n = tree_node(e);
	int bad;

	if (!n)
		return -1;
	tree_tell_leaf(&l->tree, "deferred");
	witness_deferred(&w, in, &root);
	kept_identify_node(&n->id, "deferred", w.v, w.n * sizeof *w.v);
	bad = tree_prove(&l->tree, n, &s, &w, e);
	witness_free(&w);
	if (!bad)
		return tree_add(&l->tree, RANK_DEFERRED, n, e);
	tree_node_free(&l->tree, n);
	return err_prefix(e, "deferred proof %u", in->index);
}

/* nonce: the run's. */
static int
prove_all_deferred(struct leaves *l, const kb nonce[4], struct err *e)
{
	struct deferred_witness in = {.vk_digest = vk_digest(l->vk)};

	memcpy(in.pc_start, l->vk->pc_start, sizeof in.pc_start);
	memcpy(in.nonce, nonce, sizeof in.nonce);
	for (; in.index < l->deferred.n; in.index++) {
		in.proof = &l->deferred.v[in.index];
		if (prove_deferred(l, &in, e) < 0)
			return -1;
		carried_chain(&in.start_digest, in.proof);
	}
	return 0;
}

static void
leaves_free(struct leaves *l)
{
	tree_node_free(&l->tree, l->found);
	tree_free(&l->tree);
	arena_free(&l->carried);
	arena_free(&l->shard);
}

/* What comes after all shards.  Deferred proofs' nodes have the nonce of the shards'. */
static int
finish(struct leaves *l, struct recursion_proof *out, struct arena *a,
    struct err *e)
{
	if (l->deferred.n > 0 && prove_all_deferred(l,
	    tree_any(&l->tree)->shard.public_values.v + RPV_NONCE, e) < 0)
		return -1;
	return tree_root(&l->tree, out, a, e);
}

/* All shards, then what is made of them; plan: what nodes take. */
static int
prove_all(struct leaves *l, struct compressed_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, struct budget_then *plan, struct err *e)
{
	const struct core_sink sink = {.ctx = l, .arena = &l->shard,
	    .have = have_leaf, .take = take_shard, .begin = on_begin,
	    .end = on_end, .then = plan, .more = &l->tree.bytes,
	    .reducible = true};
	const struct core_options o = tree_shard_options(&l->tree);
	struct budget b = {.most = o.memory, .key = key, .then = plan,
	    .proofs = FIRST_PROOFS};

	if (tree_open(&l->tree, e) < 0 || budget_node(&b, e) < 0 ||
	    prove_shards(&sink, &out->tail, a, key, program, fd, magic, &o,
	    e) < 0)
		return -1;
	b.proofs = l->tree.bytes;
	if (budget_node(&b, e) < 0)
		return -1;
	return finish(l, &out->proof, a, e);
}

int
prove_compressed(struct compressed_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, const struct core_options *o, struct err *e)
{
	struct leaves l = {.vk = &key->vk};
	struct budget_then plan = {.prover = &l.tree.prover,
	    .own = NODE_PROGRAM_MAX};
	struct node_layout layout;
	int bad;

	memset(out, 0, sizeof *out);
	if (node_layout_make(&layout, e) < 0)
		return -1;
	plan.key = &layout.key;
	plan.shape = &layout.trace;
	tree_init(&l.tree, o);
	arena_init(&l.carried, 0);
	arena_init(&l.shard, 0);
	bad = prove_all(&l, out, a, key, program, fd, magic, &plan, e);
	leaves_free(&l);
	node_layout_free(&layout);
	return bad;
}
