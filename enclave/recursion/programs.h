#ifndef RECURSION_PROGRAMS_H
#define RECURSION_PROGRAMS_H
/*
 * The programs of the recursion tree (sp1-proof(7), Recursion programs).  A program
 * depends on shapes alone, and its key on the program.  Memory is the caller's to free
 * with program_free().
 */
#include "air/air.h"
#include "recursion/proof_var.h"

/* Height of the tree of keys that are allowed. */
#define PROGRAM_VK_HEIGHT 18

/* The one shape that all proofs of compress have. */
struct proof_shape shape_compress(void);
#define SHAPE_COMPRESS_CHIPS 8
/* Rows of each chip in it, in name order (the stock's compress_shape.json). */
void shape_compress_rows(uint32_t rows[SHAPE_COMPRESS_CHIPS]);
/* A proof over the machine of compress with so many rows of each chip, in name order, whose
 * commitments end at whole stacked columns. */
struct proof_shape proof_shape_of(const struct stark_params *params,
    const uint32_t *rows);
/* The shape of a shrunk proof: what program_shrink() needs, which is made for it. */
struct proof_shape shape_shrink(void);

/* A core shard's proof, of these chips, with so many stacked columns in each round. */
void program_normalize(struct program *p, const struct air_cluster *cluster,
    unsigned prep_multiple, unsigned main_multiple);
/* 1 to 4 compressed proofs into one. */
void program_compose(struct program *p, unsigned arity);
/* One compressed proof that the run's program has verified. */
void program_deferred(struct program *p);
/* The root's proof again, smaller. */
void program_shrink(struct program *p);
/* The shrunk root's proof again, over the machine of wrap. */
void program_wrap(struct program *p);

#endif
