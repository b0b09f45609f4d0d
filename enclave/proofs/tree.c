#include "proofs/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proof/container.h"

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
		t->all_leaves = t->nleaves + 1 + s->left + t->later;
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

void
tree_tell_leaf(struct tree *t, const char *what)
{
	tell_node(t, what, left_after(t, t->nleaves + 1, t->ncomposed));
}

struct core_options
tree_shard_options(struct tree *t)
{
	struct core_options o = *t->o;

	o.on_shard = on_shard;
	o.on_note = on_note;
	o.on_phase = on_phase;
	o.ctx = t;
	return o;
}

/* ---- a node ---- */

struct node *
tree_node(struct err *e)
{
	struct node *n = calloc(1, sizeof *n);

	if (!n)
		err_set(e, EX_OSERR, "no memory for a proof");
	else
		arena_init(&n->arena, 0);
	return n;
}

void
tree_node_free(struct tree *t, struct node *n)
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

int
tree_take_kept(struct tree *t, struct node *n, struct err *e)
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

int
tree_prove_anew(struct tree *t, struct node *n, const struct node_shape *s,
    const struct witness *w, struct err *e)
{
	if (need_program(t, s, e) < 0 || node_prove(&n->proof, &n->arena,
	    &t->prover, &t->program, w, t->o->debug, e) < 0)
		return -1;
	node_done(t, n);
	return t->o->kept ? kept_put_node(t->o->kept, &n->proof, number_of(t),
	    &n->id, e) : 0;
}

int
tree_prove(struct tree *t, struct node *n, const struct node_shape *s,
    const struct witness *w, struct err *e)
{
	double begin = clock_s();
	int got = tree_take_kept(t, n, e);

	if (got < 0)
		return -1;
	if (got == 0)
		return tree_prove_anew(t, n, s, w, e);
	on_phase(t, "kept", clock_s() - begin);
	return 0;
}

int
tree_our_fault(struct err *e, const char *what)
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
	bad = tree_prove(t, n, &s, &w, e);
	witness_free(&w);
	return bad ? tree_our_fault(e, "compose") : 0;
}

/* The first k of a row into one, in their place. */
static int
compose(struct tree *t, struct tree_row *r, size_t k, bool complete,
    struct err *e)
{
	struct node *n = tree_node(e);

	if (!n)
		return -1;
	tell_node(t, "compose", left_after(t, t->nleaves, t->ncomposed + 1));
	if (prove_composed(t, n, r->v, k, complete, e) < 0) {
		tree_node_free(t, n);
		return -1;
	}
	t->ncomposed++;
	for (size_t i = 0; i < k; i++)
		tree_node_free(t, r->v[i]);
	memmove(r->v + 1, r->v + k, (r->n - k) * sizeof *r->v);
	r->v[0] = n;
	r->n -= k - 1;
	return 0;
}

int
tree_add(struct tree *t, enum shard_rank rank, struct node *n, struct err *e)
{
	struct tree_row *r = &t->rank[rank];

	t->nleaves++;
	if (r->n == TREE_BATCH)
		while (r->n > 1)
			if (compose(t, r, NODE_ARITY, false, e) < 0) {
				tree_node_free(t, n);
				return -1;
			}
	r->v[r->n++] = n;
	return 0;
}

/* ---- the root ---- */

/* All ranks in the first one's row. */
static void
join(struct tree *t)
{
	struct tree_row *all = &t->rank[0];

	for (int k = 1; k < RANKS; k++) {
		struct tree_row *r = &t->rank[k];

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

const struct recursion_proof *
tree_any(const struct tree *t)
{
	const struct node *any = NULL;

	for (int k = 0; k < RANKS && !any; k++)
		any = t->rank[k].n ? t->rank[k].v[0] : NULL;
	must(any != NULL);	/* a run has a shard */
	return &any->proof;
}

int
tree_root(struct tree *t, struct recursion_proof *out, struct arena *a,
    struct err *e)
{
	struct tree_row *all = &t->rank[0];

	join(t);
	while (all->n > 1) {
		size_t k = all->n < NODE_ARITY ? all->n : NODE_ARITY;

		if (compose(t, all, k, k == all->n, e) < 0)
			return -1;
	}
	return copy_proof(out, a, &all->v[0]->proof, e);
}

/* ---- */

void
tree_init(struct tree *t, const struct core_options *o)
{
	*t = (struct tree){
		.prover = {
			.backend = o->backend, .params = &stark_compress,
			.machine = air_machine_compress(),
			.on_phase = on_phase, .ctx = t
		},
		.o = o, .all_leaves = SHARDS_UNKNOWN
	};
}

int
tree_open(struct tree *t, struct err *e)
{
	return vk_tree_open(&t->keys, e);
}

void
tree_free(struct tree *t)
{
	for (int k = 0; k < RANKS; k++)
		for (size_t i = 0; i < t->rank[k].n; i++)
			tree_node_free(t, t->rank[k].v[i]);
	if (t->have_program)
		node_program_free(&t->program);
	vk_tree_free(&t->keys);
}
