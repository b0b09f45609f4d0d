#ifndef RECURSION_VERIFY_H
#define RECURSION_VERIFY_H
/*
 * One shard's verification as a circuit, phase by phase: the twin of stark/check.h,
 * file by file, in the stock's order of operations (sp1-proof(7), Recursion verifiers).
 */
#include "air/air.h"
#include "recursion/proof_var.h"

/* What does not hold fails when the program runs; nothing is returned. */

/* The key is observed first, and six zeros behind it. */
void observe_vk(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk);
/* The rest: all phases and the layout (sp1-proof(7), A SHARD'S PROOF). */
void shard_verify(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk, const struct proof_var *p);

/* ---- phases ---- */

/* Each polynomial against the claim before it, the point, the last value. */
void sumcheck_verify(struct circuit *c, struct challenger_var *t,
    const struct sumcheck_var *s);
/* The interactions cancel, down to columns at gkr.point (sp1-proof(7), LogUp-GKR). */
void gkr_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p);
/* Constraints hold, and columns are what gkr.chip says (sp1-proof(7), Zerocheck). */
void zerocheck_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p);
/* The prefix sum before each column, as read from the bits. */
felt *jagged_verify(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk, const struct proof_var *p);
/* The dense vector's value at the jagged sumcheck's point (sp1-proof(7), BaseFold). */
void basefold_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p);

/* ---- chips, from what they record (air/record.h) ---- */

struct fingerprint_var { eexpr alpha, *beta; };
struct fraction_var { eexpr numerator, denominator; };

/* A chip's interactions and constraints on symbolic values; interactions are numbered
 * sends first. */
struct replay;
/* Records the chip once more; *chip must stay.  Free it with replay_free(). */
struct replay *replay_new(struct circuit *c, const struct air_chip *chip);
/* Frees r and what it recorded. */
void replay_free(struct replay *r);
/* Interaction i's multiplicity and fingerprint; columns NULL: all are the constant 0. */
struct fraction_var replay_interaction(struct circuit *c,
    const struct replay *r, unsigned i, const struct fingerprint_var *f,
    const struct chip_var *columns);
/* Whether interaction i is a send; else it is a receive. */
bool replay_is_send(const struct replay *r, unsigned i);
/* All constraints, folded by Horner. */
ext replay_constraints(struct circuit *c, const struct replay *r,
    const struct chip_var *columns, const felt *public_values, ext alpha);
/* The public values' constraints hold; the sum of their interactions' fractions. */
eexpr replay_public_values(struct circuit *c, const struct air_machine *m,
    const struct fingerprint_var *f, ext alpha, const felt *public_values);

#endif
