#ifndef RECURSION_GADGETS_H
#define RECURSION_GADGETS_H
/*
 * What verifiers are made of: bits, sponge, Merkle paths, points (sp1-proof(7),
 * Recursion verifiers).
 */
#include "recursion/circuit.h"

#define FELT_BITS 31

/* ---- bits ---- */

/* The low n bits of x, low first, each a bit; all 31: of the canonical x. */
void num_to_bits(struct circuit *c, felt *bits, unsigned n, felt x);
/* The sum of bits[i] 2^i, mod p.  That they are bits is not checked. */
felt bits_to_num(struct circuit *c, const felt *bits, unsigned n);
/* x < 2^n */
void range_check(struct circuit *c, felt x, unsigned n);
/* g^e, e having these bits, the highest first. */
felt exp_reverse_bits(struct circuit *c, felt g, const felt *bits, unsigned n);
/* a, b, or b, a if bit is 1. */
void select_felts(struct circuit *c, felt out[2], felt bit, felt a, felt b);
/* The same of extension elements. */
void select_exts(struct circuit *c, ext out[2], felt bit, ext a, ext b);

/* ---- hashes ---- */

struct digest_var { felt c[8]; };

/* The hash of n felts (sp1-proof(7), Hashes). */
struct digest_var hash_var(struct circuit *c, const felt *in, size_t n);
/* The hash of two nodes, 16 felts (sp1-proof(7), Hashes). */
struct digest_var compress_var(struct circuit *c, const struct digest_var *left,
    const struct digest_var *right);
#define digest_assert_eq(c, a, b) digest_assert((c), AIR_HERE, (a), (b))
/* That the 8 felts of a and b are equal, as stated at `at`. */
void digest_assert(struct circuit *c, const char *at, const struct digest_var *a,
    const struct digest_var *b);
/* That leaf is where index (low bit first) says, under root. */
void merkle_verify(struct circuit *c, const struct digest_var *path,
    const felt *index, unsigned height, const struct digest_var *leaf,
    const struct digest_var *root);

/* ---- the transcript ---- */

struct challenger_var {
	felt state[16], in[8], out[8];
	unsigned nin, nout;
};

/* A sponge of zeros (sp1-proof(7), Sponge). */
void challenger_var_init(struct circuit *c, struct challenger_var *t);
/* Absorbs a felt; the eighth permutes. */
void observe_felt(struct circuit *c, struct challenger_var *t, felt x);
/* Absorbs x[0 .. n), without their number. */
void observe_felts(struct circuit *c, struct challenger_var *t, const felt *x,
    size_t n);
/* Absorbs 8 felts. */
void observe_digest(struct circuit *c, struct challenger_var *t,
    const struct digest_var *d);
/* Absorbs the constant n, which becomes a variable. */
void observe_number(struct circuit *c, struct challenger_var *t, uint32_t n);
/* Absorbs the 4 coefficients, lowest first. */
void observe_ext(struct circuit *c, struct challenger_var *t, ext x);
/* Their number, then each. */
void observe_exts(struct circuit *c, struct challenger_var *t, const ext *x,
    size_t n);
/* Four challenges as coefficients, lowest first. */
ext sample_ext(struct circuit *c, struct challenger_var *t);
/* All bits of one challenge's canonical form, low first; checked. */
void sample_bits(struct circuit *c, struct challenger_var *t, felt bits[FELT_BITS]);
/* That the witness makes so many bits zero. */
void check_witness(struct circuit *c, struct challenger_var *t, unsigned nbits,
    felt witness);

/* ---- multilinear polynomials ---- */

/* eq(point, -) on the 2^n corners, the first coordinate the highest bit. */
eexpr *eq_table(struct circuit *c, const eexpr *point, unsigned n);
/* eq(x, y) of two points of n coordinates: the product of 1 - x - y + 2xy. */
eexpr eq_eval(struct circuit *c, const eexpr *x, const eexpr *y, unsigned n);
/* 1 at rows from threshold on, at a point; both high bit first. */
eexpr geq_eval(struct circuit *c, const eexpr *threshold, const eexpr *point,
    unsigned n);
/* The values of the first nvalues corners, at a point of n coordinates. */
ext mle_eval(struct circuit *c, const ext *value, size_t nvalues,
    const ext *point, unsigned n);
/* n variables as expressions; the array is the circuit's. */
eexpr *symbolic(struct circuit *c, const ext *x, size_t n);

/* ---- the global digest's curve ---- */

/* The sum of n digests, n > 0, less septic_start n - 1 times: each digest begins with it.
 * Each addition is hinted and checked, from septic_sum_start on, which is taken off at
 * the end (sp1-proof(7), Septic curve). */
struct curve_var curve_sum(struct circuit *c, const struct curve_var *digest,
    unsigned n);
/* The digest of nothing, as variables. */
struct curve_var curve_zero(struct circuit *c);

#endif
