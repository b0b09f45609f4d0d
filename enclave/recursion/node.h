#ifndef RECURSION_NODE_H
#define RECURSION_NODE_H
/*
 * A node of the recursion tree: a program that verifies proofs is run over them, and its
 * run is proved, in the one shape that all such proofs have.  So a node's proof is again
 * what a program verifies (sp1-proof(7), Recursion programs).
 */
#include "prover/prover.h"
#include "recursion/programs.h"
#include "recursion/rows.h"
#include "recursion/vk_tree.h"
#include "recursion/witness.h"
#include "stark/recursion_keys.h"

enum node_kind { NODE_NORMALIZE, NODE_COMPOSE, NODE_DEFERRED };

/* What a program is made from; others than the kind's are zeros. */
struct node_shape {
	enum node_kind kind;
	const struct air_cluster *cluster;	/* NODE_NORMALIZE: chips of the core */
	unsigned prep_multiple, main_multiple;	/* shard, its stacked columns */
	unsigned arity;				/* NODE_COMPOSE: 1 to NODE_ARITY */
};
#define NODE_ARITY 4

/* What the program of a core shard's proof is made from.  The proof's chips must be those
 * of a cluster. */
struct node_shape node_shape_of(const struct shard_proof *p);
/* Whether one program is of both. */
bool node_shape_equal(const struct node_shape *a, const struct node_shape *b);

/* A program, ready to be run and proved any number of times. */
struct node_program {
	struct node_shape shape;
	struct program program;
	struct row_index index;
	struct proving_key key;
	uint64_t vk_index;
	any_digest vk_path[RECURSION_VK_HEIGHT];
};

/* Makes it, to be freed by node_program_free(): on the prover's backend, and
 * prover->on_phase is told of "program" and "key".  -1: EX_SOFTWARE, no program of that
 * shape is allowed; EX_OSERR, no memory. */
CHECKED int node_program_make(struct node_program *n, const struct node_shape *s,
    const struct vk_tree *t, const struct prover *prover, struct err *e);
/* Frees it, not *n; also one that is all zeros. */
void node_program_free(struct node_program *n);

/*
 * Runs the program over w and proves it: *out, its arrays from a.  prover is of the
 * compress machine; its on_phase is told of "execute", "trace" and those of prove_shard().
 * debug: not NULL, every row and message is checked first.  -1: EX_NO, a check of the
 * program does not hold; else as program_run(), trace_make() and prove_shard().
 */
CHECKED int node_prove(struct recursion_proof *out, struct arena *a,
    const struct prover *prover, const struct node_program *n,
    const struct witness *w, FILE *debug, struct err *e);

/* What all nodes have in common, for who plans their memory: a key of the same layout,
 * without cells, and the shape of the trace. */
struct node_layout { struct proving_key key; struct trace_shape trace; };
/* Makes it, to be freed by node_layout_free().  -1: EX_OSERR. */
CHECKED int node_layout_make(struct node_layout *l, struct err *e);
/* Frees the two's arrays, and clears *l. */
void node_layout_free(struct node_layout *l);
/* Bytes that a program takes beside its key, at most. */
#define NODE_PROGRAM_MAX ((size_t)200 << 20)

#endif
