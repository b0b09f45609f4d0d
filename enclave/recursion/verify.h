#ifndef RECURSION_VERIFY_H
#define RECURSION_VERIFY_H
/*
 * One shard's verification as a circuit, phase by phase: the twin of stark/check.h,
 * file by file, in the stock's order of operations (wrap.md 7.4).
 */
#include "air/air.h"
#include "recursion/proof_var.h"

/* The challenger has observed the key, shard_verify() does the rest.  Returns
 * nothing: what does not hold fails when the program runs. */
void observe_vk(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk);
void shard_verify(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk, const struct proof_var *p);

/* ---- phases ---- */

void sumcheck_verify(struct circuit *c, struct challenger_var *t,
    const struct sumcheck_var *s);
void gkr_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p);
void zerocheck_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p);
/* The prefix sum before each column, as read from the bits. */
felt *jagged_verify(struct circuit *c, struct challenger_var *t,
    const struct vk_var *vk, const struct proof_var *p);
void basefold_verify(struct circuit *c, struct challenger_var *t,
    const struct proof_var *p);

/* ---- chips, from what they record (air/record.h) ---- */

struct fingerprint_var { eexpr alpha, *beta; };
struct fraction_var { eexpr numerator, denominator; };

/* Of every interaction of a chip, sends first; columns NULL: all are the constant 0. */
struct replay;
struct replay *replay_new(struct circuit *c, const struct air_chip *chip);
void replay_free(struct replay *r);
/* Interaction i's multiplicity and fingerprint. */
struct fraction_var replay_interaction(struct circuit *c,
    const struct replay *r, unsigned i, const struct fingerprint_var *f,
    const struct chip_var *columns);
bool replay_is_send(const struct replay *r, unsigned i);
/* All constraints, folded by Horner. */
ext replay_constraints(struct circuit *c, const struct replay *r,
    const struct chip_var *columns, const felt *public_values, ext alpha);
/* The public values' constraints hold; the sum of their interactions' fractions. */
eexpr replay_public_values(struct circuit *c, const struct air_machine *m,
    const struct fingerprint_var *f, ext alpha, const felt *public_values);

#endif
