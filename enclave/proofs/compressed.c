#include "proofs/compressed.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proof/carried.h"
#include "proofs/budget.h"
#include "proofs/kept.h"
#include "recursion/node.h"

/* Proofs of one rank that wait are composed when there are so many: one is left of them.
 * The more, the seldomer a program is made again. */
#define BATCH (1 + 8 * (NODE_ARITY - 1))

/* Bytes of proofs that a short run has at a time, for a plan before there are any. */
#define FIRST_PROOFS ((size_t)16 << 20)

struct node {
	struct recursion_proof proof;
	struct arena arena;		/* of the proof */
	struct kept_id id;
	bool done;
};

/* Neighbours, in order. */
struct row { size_t n; struct node *v[RANKS * BATCH]; };

struct tree {
	struct prover prover;
	const struct core_options *o;
	const struct vk *vk;
	/* The proofs that the input carries, and the digest of all of them. */
	struct { struct recursion_proof *v; size_t n; } deferred;
	struct arena carried;		/* their arrays */
	digest deferred_digest;
	struct vk_tree keys;
	struct node_program program;	/* the last one made */
	bool have_program;
	struct row rank[RANKS];
	struct node *found;		/* the shard's, which was kept */
	struct arena shard;		/* of the shard's own proof */
	size_t nleaves, ncomposed;
	size_t all_leaves;		/* SHARDS_UNKNOWN: not known yet */
	size_t shards_left;		/* after the one at hand */
	size_t bytes;			/* of the nodes' proofs */
};

/* ---- progress ---- */

/* Nodes that compose n leaves into one: each makes one of four, the last of what is
 * left. */
static size_t
composes(size_t n)
{
	return n < 2 ? 0 : (n - 1 + NODE_ARITY - 2) / (NODE_ARITY - 1);
}

/* What is to be made when so many leaves and so many composed nodes are there. */
static size_t
left_after(const struct tree *t, size_t leaves, size_t composed)
{
	if (t->all_leaves == SHARDS_UNKNOWN)
		return SHARDS_UNKNOWN;
	return t->shards_left + t->all_leaves - leaves +
	    composes(t->all_leaves) - composed;
}

/* A shard of the run is at work. */
static void
on_shard(void *ctx, const struct core_shard *s)
{
	struct tree *t = ctx;
	struct core_shard told = *s;

	t->shards_left = s->left;
	if (s->left != SHARDS_UNKNOWN)
		t->all_leaves = t->nleaves + 1 + s->left + t->deferred.n;
	told.left = left_after(t, t->nleaves, t->ncomposed);
	if (t->o->on_shard)
		t->o->on_shard(t->o->ctx, &told);
}

static void
on_note(void *ctx, const char *text)
{
	const struct tree *t = ctx;

	if (t->o->on_note)
		t->o->on_note(t->o->ctx, text);
}

static void
on_phase(void *ctx, const char *name, double seconds)
{
	const struct tree *t = ctx;

	if (t->o->on_phase)
		t->o->on_phase(t->o->ctx, name, seconds);
}

/* A node is at work; left: after it. */
static void
tell_node(struct tree *t, const char *what, size_t left)
{
	const struct core_shard told = {
		.what = what, .recursion = true, .left = left
	};

	if (t->o->on_shard)
		t->o->on_shard(t->o->ctx, &told);
}

/* ---- a node ---- */

static struct node *
new_node(struct err *e)
{
	struct node *n = calloc(1, sizeof *n);

	if (!n)
		err_set(e, EX_OSERR, "no memory for a proof");
	else
		arena_init(&n->arena, 0);
	return n;
}

static void
free_node(struct tree *t, struct node *n)
{
	if (!n)
		return;
	if (n->done)
		t->bytes -= n->arena.used;
	arena_free(&n->arena);
	free(n);
}

/* Its proof is there, and counts. */
static void
node_done(struct tree *t, struct node *n)
{
	n->done = true;
	t->bytes += n->arena.used;
}

static int
need_program(struct tree *t, const struct node_shape *s, struct err *e)
{
	if (t->have_program && node_shape_equal(&t->program.shape, s))
		return 0;
	if (t->have_program)
		node_program_free(&t->program);
	t->have_program = node_program_make(&t->program, s, &t->keys,
	    &t->prover, e) == 0;
	return t->have_program ? 0 : -1;
}

/* Of all nodes, in the order of their making. */
static size_t
number_of(const struct tree *t)
{
	return t->nleaves + t->ncomposed;
}

/* 1: n is what was kept of it. */
static int
take_kept(struct tree *t, struct node *n, struct err *e)
{
	struct err why;
	int got;

	if (!t->o->kept)
		return 0;
	got = kept_get_node(t->o->kept, &n->proof, &n->arena, number_of(t),
	    &n->id, &why, e);
	if (got == 1)
		node_done(t, n);
	if (got == 0 && why.msg[0]) {
		err_prefix(&why, "proving node %zu again", number_of(t));
		on_note(t, why.msg);
	}
	return got;
}

/* Proves n, whose id is filled. */
static int
prove_anew(struct tree *t, struct node *n, const struct node_shape *s,
    const struct witness *w, struct err *e)
{
	if (need_program(t, s, e) < 0 || node_prove(&n->proof, &n->arena,
	    &t->prover, &t->program, w, t->o->debug, e) < 0)
		return -1;
	node_done(t, n);
	return t->o->kept ? kept_put_node(t->o->kept, &n->proof, number_of(t),
	    &n->id, e) : 0;
}

/* The same, unless it was kept. */
static int
prove_node(struct tree *t, struct node *n, const struct node_shape *s,
    const struct witness *w, struct err *e)
{
	double begin = clock_s();
	int got = take_kept(t, n, e);

	if (got < 0)
		return -1;
	if (got == 0)
		return prove_anew(t, n, s, w, e);
	on_phase(t, "kept", clock_s() - begin);
	return 0;
}

/* Its own proofs do not fail its own programs. */
static int
our_fault(struct err *e, const char *what)
{
	if (e->status == EX_NO)
		e->status = EX_SOFTWARE;
	return err_prefix(e, "%s", what);
}

/* ---- composing ---- */

/* What a node is made of: these, as they were. */
static void
identify(struct node *n, struct node *const *from, size_t k, bool complete)
{
	struct { struct kept_id id[NODE_ARITY]; uint8_t n, complete; } of;

	memset(&of, 0, sizeof of);
	for (size_t i = 0; i < k; i++)
		of.id[i] = from[i]->id;
	of.n = (uint8_t)k;
	of.complete = complete;
	kept_identify_node(&n->id, "compose", &of, sizeof of);
}

static int
prove_composed(struct tree *t, struct node *n, struct node *const *from,
    size_t k, bool complete, struct err *e)
{
	const struct node_shape s = {.kind = NODE_COMPOSE, .arity = (unsigned)k};
	const struct recursion_proof *proof[NODE_ARITY];
	digest root = recursion_vk_root();
	struct witness w = {0, 0, NULL};
	int bad;

	identify(n, from, k, complete);
	for (size_t i = 0; i < k; i++)
		proof[i] = &from[i]->proof;
	witness_compress(&w, proof, s.arity, complete, &root);
	bad = prove_node(t, n, &s, &w, e);
	witness_free(&w);
	return bad ? our_fault(e, "compose") : 0;
}

/* The first k of a row into one, in their place. */
static int
compose(struct tree *t, struct row *r, size_t k, bool complete, struct err *e)
{
	struct node *n = new_node(e);

	if (!n)
		return -1;
	tell_node(t, "compose", left_after(t, t->nleaves, t->ncomposed + 1));
	if (prove_composed(t, n, r->v, k, complete, e) < 0) {
		free_node(t, n);
		return -1;
	}
	t->ncomposed++;
	for (size_t i = 0; i < k; i++)
		free_node(t, r->v[i]);
	memmove(r->v + 1, r->v + k, (r->n - k) * sizeof *r->v);
	r->v[0] = n;
	r->n -= k - 1;
	return 0;
}

/* Behind those of its rank.  One that ends the tree is never composed alone. */
static int
add_leaf(struct tree *t, enum shard_rank rank, struct node *n, struct err *e)
{
	struct row *r = &t->rank[rank];

	t->nleaves++;
	if (r->n == BATCH)
		while (r->n > 1)
			if (compose(t, r, NODE_ARITY, false, e) < 0) {
				free_node(t, n);
				return -1;
			}
	r->v[r->n++] = n;
	return 0;
}

/* ---- leaves: shards of the run ---- */

static bool
is_whole(const struct tree *t, const struct core_made *m)
{
	return m->place.made == 0 && m->left == 0 && t->deferred.n == 0;
}

/* Precompiles stand before the deferred proofs. */
static void
normalize_witness(struct normalize_witness *in, const struct tree *t,
    const struct core_made *m)
{
	*in = (struct normalize_witness){.vk = t->vk,
	    .vk_root = recursion_vk_root(), .is_complete = is_whole(t, m)};
	if (m->place.rank != RANK_PRECOMPILE) {
		in->ndeferred = (uint32_t)t->deferred.n;
		in->reconstruct_digest = t->deferred_digest;
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
	struct tree *t = ctx;
	struct normalize_witness in;
	struct node *n;
	int got;

	if (!t->o->kept)
		return 0;
	n = new_node(e);
	if (!n)
		return -1;
	normalize_witness(&in, t, m);
	identify_leaf(n, &in, m);
	got = take_kept(t, n, e);	/* of the number that add_leaf() counts */
	if (got == 1)
		t->found = n;
	else
		free_node(t, n);
	return got;
}

static int
normalize(struct tree *t, struct node *n, const struct shard_proof *proof,
    const struct core_made *m, struct err *e)
{
	const struct node_shape s = node_shape_of(proof);
	struct normalize_witness in;
	struct witness w = {0, 0, NULL};
	int bad;

	normalize_witness(&in, t, m);
	in.proof = proof;
	identify_leaf(n, &in, m);
	witness_normalize(&w, &in);
	bad = prove_anew(t, n, &s, &w, e);
	witness_free(&w);
	return bad ? our_fault(e, "normalize") : 0;
}

static int
take_shard(void *ctx, const struct shard_proof *proof,
    const struct core_made *m, struct err *e)
{
	struct tree *t = ctx;
	struct node *n = t->found;

	tell_node(t, "normalize", left_after(t, t->nleaves + 1, t->ncomposed));
	t->found = NULL;
	if (n) {
		on_phase(t, "kept", 0);
	} else {
		n = new_node(e);
		if (!n)
			return -1;
		if (normalize(t, n, proof, m, e) < 0) {
			free_node(t, n);
			return -1;
		}
	}
	arena_free(&t->shard);
	return add_leaf(t, m->place.rank, n, e);
}

/* ---- leaves: proofs that the run has verified ---- */

static int
read_carried(struct tree *t, const struct record_reader *r, struct err *e)
{
	size_t n = r->nproofs;

	t->deferred.v = arena_alloc(&t->carried, n, sizeof *t->deferred.v);
	if (n > 0 && !t->deferred.v)
		return err_set(e, EX_OSERR, "no memory for carried proofs");
	for (size_t i = 0; i < n; i++) {
		struct recursion_proof *p = &t->deferred.v[i];

		if (recursion_proof_read(p, &t->carried, r->proof[i].bytes,
		    r->proof[i].n, e) < 0)
			return -1;
		if (p->shard.public_values.n != STARK_PUBLIC_VALUES)
			return err_set(e, EX_DATAERR, "carried proof %zu: %zu "
			    "public values", i, p->shard.public_values.n);
		carried_chain(&t->deferred_digest, p);
	}
	t->deferred.n = n;
	t->bytes += t->carried.used;
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
	const struct tree *t = ctx;

	for (int i = 0; i < 8; i++)
		if (kb_to(t->deferred_digest.c[i]) != last->deferred_digest[i])
			return err_set(e, EX_DATAERR, "the guest did not verify "
			    "the proofs of its input, all and in their order: "
			    "such a run has no compressed proof");
	return 0;
}

static int
prove_deferred(struct tree *t, const struct deferred_witness *in, struct err *e)
{
	const struct node_shape s = {.kind = NODE_DEFERRED};
	digest root = recursion_vk_root();
	struct witness w = {0, 0, NULL};
	struct node *n = new_node(e);
	int bad;

	if (!n)
		return -1;
	tell_node(t, "deferred", left_after(t, t->nleaves + 1, t->ncomposed));
	witness_deferred(&w, in, &root);
	kept_identify_node(&n->id, "deferred", w.v, w.n * sizeof *w.v);
	bad = prove_node(t, n, &s, &w, e);
	witness_free(&w);
	if (!bad)
		return add_leaf(t, RANK_DEFERRED, n, e);
	free_node(t, n);
	return err_prefix(e, "deferred proof %u", in->index);
}

/* nonce: the run's. */
static int
prove_all_deferred(struct tree *t, const kb nonce[4], struct err *e)
{
	struct deferred_witness in = {.vk_digest = vk_digest(t->vk)};

	memcpy(in.pc_start, t->vk->pc_start, sizeof in.pc_start);
	memcpy(in.nonce, nonce, sizeof in.nonce);
	for (; in.index < t->deferred.n; in.index++) {
		in.proof = &t->deferred.v[in.index];
		if (prove_deferred(t, &in, e) < 0)
			return -1;
		carried_chain(&in.start_digest, in.proof);
	}
	return 0;
}

/* ---- the root ---- */

/* All ranks in the first one's row. */
static void
join(struct tree *t)
{
	struct row *all = &t->rank[0];

	for (int k = 1; k < RANKS; k++) {
		struct row *r = &t->rank[k];

		memcpy(all->v + all->n, r->v, r->n * sizeof *r->v);
		all->n += r->n;
		r->n = 0;
	}
}

static int
copy_proof(struct recursion_proof *out, struct arena *a,
    const struct recursion_proof *p, struct err *e)
{
	size_t n = recursion_proof_size(p);
	uint8_t *bytes = malloc(n);
	int bad;

	if (!bytes)
		return err_set(e, EX_OSERR, "no memory for the proof");
	recursion_proof_write(bytes, p);
	bad = recursion_proof_read(out, a, bytes, n, e);
	free(bytes);
	return bad;
}

static int
finish(struct tree *t, struct recursion_proof *out, struct arena *a,
    struct err *e)
{
	struct row *all = &t->rank[0];
	const struct node *any = NULL;

	for (int k = 0; k < RANKS && !any; k++)
		any = t->rank[k].n ? t->rank[k].v[0] : NULL;
	must(any != NULL);	/* a run has a shard */
	if (t->deferred.n > 0 && prove_all_deferred(t,
	    any->proof.shard.public_values.v + RPV_NONCE, e) < 0)
		return -1;
	join(t);
	while (all->n > 1) {
		size_t k = all->n < NODE_ARITY ? all->n : NODE_ARITY;

		if (compose(t, all, k, k == all->n, e) < 0)
			return -1;
	}
	return copy_proof(out, a, &all->v[0]->proof, e);
}

static void
tree_free(struct tree *t)
{
	for (int k = 0; k < RANKS; k++)
		for (size_t i = 0; i < t->rank[k].n; i++)
			free_node(t, t->rank[k].v[i]);
	free_node(t, t->found);
	if (t->have_program)
		node_program_free(&t->program);
	vk_tree_free(&t->keys);
	arena_free(&t->carried);
	arena_free(&t->shard);
}

/* All shards, then what is made of them; plan: what nodes take. */
static int
prove_tree(struct tree *t, struct compressed_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, struct budget_then *plan, struct err *e)
{
	const struct core_sink sink = {.ctx = t, .arena = &t->shard,
	    .have = have_leaf, .take = take_shard, .begin = on_begin,
	    .end = on_end, .then = plan, .more = &t->bytes,
	    .reducible = true};
	struct core_options o = *t->o;
	struct budget b = {.most = o.memory, .key = key, .then = plan,
	    .proofs = FIRST_PROOFS};

	o.on_shard = on_shard;
	o.on_note = on_note;
	o.on_phase = on_phase;
	o.ctx = t;
	if (vk_tree_open(&t->keys, e) < 0 || budget_node(&b, e) < 0 ||
	    prove_shards(&sink, &out->tail, a, key, program, fd, magic, &o,
	    e) < 0)
		return -1;
	b.proofs = t->bytes;
	if (budget_node(&b, e) < 0)
		return -1;
	return finish(t, &out->proof, a, e);
}

int
prove_compressed(struct compressed_proof *out, struct arena *a,
    const struct proving_key *key, const struct rv_program *program, int fd,
    const uint64_t *magic, const struct core_options *o, struct err *e)
{
	struct tree t = {
		.prover = {
			.backend = o->backend, .params = &stark_compress,
			.machine = air_machine_compress(),
			.on_phase = on_phase, .ctx = &t
		},
		.o = o, .vk = &key->vk, .all_leaves = SHARDS_UNKNOWN
	};
	struct budget_then plan = {.prover = &t.prover, .own = NODE_PROGRAM_MAX};
	struct node_layout layout;
	int bad;

	memset(out, 0, sizeof *out);
	if (node_layout_make(&layout, e) < 0)
		return -1;
	plan.key = &layout.key;
	plan.shape = &layout.trace;
	arena_init(&t.carried, 0);
	arena_init(&t.shard, 0);
	bad = prove_tree(&t, out, a, key, program, fd, magic, &plan, e);
	tree_free(&t);
	node_layout_free(&layout);
	return bad;
}
