#ifndef BN254_CURVE_H
#define BN254_CURVE_H
/*
 * BN254: G1 on y^2 = x^3 + 3 over Fq, all of whose points count; G2 the subgroup of
 * order r on its twist y^2 = x^3 + 3 / xi over Fq2.  Bytes are gnark's: coordinates
 * big-endian, of Fq2 the coefficient of u first.  What is read is canonical, on the curve
 * and in the subgroup, or refused with a reason that `what` begins.
 */
#include <stddef.h>

#include "base/err.h"
#include "bn254/fr.h"
#include "bn254/tower.h"

struct g1 { fq x, y; bool infinity; };
struct g2 { fq2 x, y; bool infinity; };

enum { G1_RAW = 64, G2_RAW = 128, G1_PACKED = 32, G2_PACKED = 64 };

/* (1, 2) */
struct g1 g1_generator(void);
/* EIP-197's. */
struct g2 g2_generator(void);

/* x and y, in proofs (EX_NO); infinity, which gnark writes as zeros, is none that a
 * sound proof has. */
CHECKED int g1_read(struct g1 *p, const uint8_t in[G1_RAW], const char *what,
    struct err *e);
/* The same of G2. */
CHECKED int g2_read(struct g2 *p, const uint8_t in[G2_RAW], const char *what,
    struct err *e);
/* x with two flag bits, in keys (EX_DATAERR): 10 the smaller y, 11 the larger; no key
 * needs infinity (01). */
CHECKED int g1_unpack(struct g1 *p, const uint8_t in[G1_PACKED],
    const char *what, struct err *e);
/* The same of G2. */
CHECKED int g2_unpack(struct g2 *p, const uint8_t in[G2_PACKED],
    const char *what, struct err *e);
/* Inside the two: x without the flag; 1 the larger y, 0 the smaller, -1 neither. */
CHECKED int point_flag(uint8_t x[32], const uint8_t in[32]);
/* As g1_read() has it; infinity as zeros. */
void g1_write(uint8_t out[G1_RAW], const struct g1 *p);
/* The same of G2. */
void g2_write(uint8_t out[G2_RAW], const struct g2 *p);

/* Infinity is on it. */
CHECKED bool g1_on_curve(const struct g1 *p);
/* On the twist; infinity is. */
CHECKED bool g2_on_curve(const struct g2 *p);
/* Of a point on the twist: its order is r, or it is infinity. */
CHECKED bool g2_in_subgroup(const struct g2 *p);
/* The same point. */
CHECKED bool g1_eq(const struct g1 *p, const struct g1 *q);

/* -p */
struct g1 g1_neg(struct g1 p);
/* -p */
struct g2 g2_neg(struct g2 p);
/* The q-power, on the twist. */
struct g2 g2_frobenius(const struct g2 *p);

#define G1_TERMS 16
/* k[0] p[0] + ... + k[n-1] p[n-1], n <= G1_TERMS, which must() asserts.  In variable
 * time: of public points and scalars alone. */
struct g1 g1_sum(const struct g1 *p, const bn254_fr *k, size_t n);
/* k p, k little-endian limbs, of any point of the twist. */
struct g2 g2_mul(const struct g2 *p, const uint64_t k[4]);

#endif
