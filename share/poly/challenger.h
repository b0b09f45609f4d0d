#ifndef POLY_CHALLENGER_H
#define POLY_CHALLENGER_H
/* The duplex sponge of the transcript (sp1-proof(7), Sponge). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "field/ef.h"
#include "poly/hasher.h"

struct challenger {
	const struct hasher *hasher;
	union sponge state;
	kb in[16], out[SPONGE_OUT];	/* hasher->rate of in */
	unsigned nin, nout;
};

/* A fresh sponge over h's permutation, which must outlive it (sp1-proof(7), Sponge). */
void challenger_init(struct challenger *c, const struct hasher *h);
/* Absorbs an element; the permutation runs when the rate is full.  Challenges not yet
 * sampled are dropped. */
void challenger_observe(struct challenger *c, kb x);
/* Absorbs a number below p, which is made an element. */
void challenger_observe_u32(struct challenger *c, uint32_t canonical);
/* Absorbs v[0 .. n), in order. */
void challenger_observe_many(struct challenger *c, const kb *v, size_t n);
/* Absorbs a digest: 8 elements, or what the hasher splits a BN254 scalar into. */
void challenger_observe_digest(struct challenger *c,
    const any_digest *d);
/* Absorbs an extension element: its 4 coefficients, lowest first. */
void challenger_observe_ef(struct challenger *c, ef x);
/* Absorbs v[0 .. n), without their number. */
void challenger_observe_efs(struct challenger *c, const ef *v, size_t n);
/* A challenge.  It runs the permutation if something was absorbed or nothing is
 * left. */
kb challenger_sample(struct challenger *c);
/* Four challenges as coefficients, lowest first. */
ef challenger_sample_ef(struct challenger *c);
/* The low n bits of a challenge's canonical form; n <= 31. */
uint32_t challenger_sample_bits(struct challenger *c, unsigned n);

/* Observes the witness and tells whether the next `bits` bits are zero. */
CHECKED bool challenger_check_pow(struct challenger *c, unsigned bits,
    kb witness);
/* The smallest canonical witness that fits (searched in parallel), observed; and
 * the bits sampled, as the check does.  bits <= 30. */
kb challenger_grind(struct challenger *c, unsigned bits);

#endif
