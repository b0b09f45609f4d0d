#ifndef PROOFS_TREE_H
#define PROOFS_TREE_H
/*
 * The recursion tree above a run's leaves: nodes of one rank wait beside each other, and
 * neighbours are composed, four at a time, until one is left (sp1-proof(7), Recursion
 * tree).  Which are composed depends on their number and order alone.
 */
#include "proofs/core.h"
#include "proofs/kept.h"
#include "recursion/node.h"

/* Proofs of one rank that wait are composed when there are so many: one is left of them.
 * The more, the seldomer a program is made again. */
#define TREE_BATCH (1 + 8 * (NODE_ARITY - 1))

struct node {
	struct recursion_proof proof;
	struct arena arena;		/* of the proof */
	struct kept_id id;		/* what it is made of: to be filled before it
					 * is proved */
	bool done;
};

/* Neighbours, in order. */
struct tree_row { size_t n; struct node *v[RANKS * TREE_BATCH]; };

struct tree {
	struct prover prover;
	const struct core_options *o;
	struct vk_tree keys;
	struct node_program program;	/* the last one made */
	bool have_program;
	struct tree_row rank[RANKS];
	size_t nleaves, ncomposed;
	size_t all_leaves;		/* SHARDS_UNKNOWN: not known yet */
	size_t shards_left;		/* after the one at hand */
	size_t later;			/* leaves that come after all shards */
	size_t bytes;			/* of the nodes' proofs */
};

/* o: is kept, not copied.  The keys come with tree_open(). */
void tree_init(struct tree *t, const struct core_options *o);
/* -1: EX_OSERR, EX_SOFTWARE, as vk_tree_open(). */
CHECKED int tree_open(struct tree *t, struct err *e);
/* Frees what is there, not *t. */
void tree_free(struct tree *t);

/* A copy of the tree's options for prove_shards(): who asked to be told is told of shards
 * with what the whole tree has left. */
struct core_options tree_shard_options(struct tree *t);
/* Tells that a leaf is at work, which is the next one. */
void tree_tell_leaf(struct tree *t, const char *what);

/* An empty node, the caller's until tree_add().  NULL: no memory. */
CHECKED struct node *tree_node(struct err *e);
/* NULL: nothing. */
void tree_node_free(struct tree *t, struct node *n);

/* 1: n is what was kept of the next node.  0: it is not kept; -1: no memory. */
CHECKED int tree_take_kept(struct tree *t, struct node *n, struct err *e);
/* Proves n and keeps it.  -1: as node_prove(), kept_put_node(). */
CHECKED int tree_prove_anew(struct tree *t, struct node *n,
    const struct node_shape *s, const struct witness *w, struct err *e);
/* The same, unless it was kept. */
CHECKED int tree_prove(struct tree *t, struct node *n,
    const struct node_shape *s, const struct witness *w, struct err *e);
/* For a node that we made of our own proofs: they do not fail our own programs, so that
 * EX_NO becomes EX_SOFTWARE.  Returns -1. */
CHECKED int tree_our_fault(struct err *e, const char *what);

/* A leaf behind those of its rank, n the tree's now, also at -1.  Where too many wait some
 * are composed: -1 as tree_prove().  One that may end the tree is never composed alone. */
CHECKED int tree_add(struct tree *t, enum shard_rank rank, struct node *n,
    struct err *e);
/* Any proof of a leaf; there must be one. */
const struct recursion_proof *tree_any(const struct tree *t);
/* Composes all that is there, ranks in their order, until one is left: *out is a copy of
 * it, its arrays from a.  -1: as tree_prove(). */
CHECKED int tree_root(struct tree *t, struct recursion_proof *out,
    struct arena *a, struct err *e);

#endif
