#ifndef BN254_FQ_H
#define BN254_FQ_H
/*
 * The field that BN254's curve is over.  In memory as bn254/fr.h has scalars;
 * as bytes big-endian and canonical, as gnark writes it.
 */
#include "base/err.h"
#include "bn254/mont4.h"

typedef struct { struct mont4 m; } fq;

/* check: q = 21888242871839275222246405745257275088696311157297823662689037894645226208583 */
static const struct mont4_modulus fq_modulus = {
	{0x3c208c16d87cfd47u, 0x97816a916871ca8du,
	 0xb85045b68181585du, 0x30644e72e131a029u},
	0x87d20782e4866389u,
	{{0xd35d438dc58f0d9du, 0x0a78eb28f5c70b3du,
	  0x666ea36f7879462cu, 0x0e0a77c19a07df2fu}},
	{{0xf32cfc5b538afa89u, 0xb5e71911d44501fbu,
	  0x47ab1eff0a417ff6u, 0x06d89f71cab8351fu}}
};

#define FQ_ZERO ((fq){{{0}}})

/* 1 */
static inline fq
fq_one(void)
{
	return (fq){fq_modulus.one};
}

/* a + b */
static inline fq
fq_add(fq a, fq b)
{
	return (fq){mont4_add(&fq_modulus, a.m, b.m)};
}

/* a - b */
static inline fq
fq_sub(fq a, fq b)
{
	return (fq){mont4_sub(&fq_modulus, a.m, b.m)};
}

/* 2 a */
static inline fq
fq_double(fq a)
{
	return fq_add(a, a);
}

/* -a */
static inline fq
fq_neg(fq a)
{
	return fq_sub(FQ_ZERO, a);
}

/* a b */
static inline fq
fq_mul(fq a, fq b)
{
	return (fq){mont4_mul(&fq_modulus, a.m, b.m)};
}

/* a b + c d, by one reduction. */
static inline fq
fq_dot(fq a, fq b, fq c, fq d)
{
	return (fq){mont4_dot(&fq_modulus, a.m, b.m, true, c.m, d.m)};
}

/* a a */
static inline fq
fq_square(fq a)
{
	return fq_mul(a, a);
}

/* a = b */
static inline bool
fq_eq(fq a, fq b)
{
	return mont4_eq(a.m, b.m);
}

/* a = 0 */
static inline bool
fq_is_zero(fq a)
{
	return fq_eq(a, FQ_ZERO);
}

/* The number x. */
static inline fq
fq_from_u64(uint64_t x)
{
	return (fq){mont4_from(&fq_modulus, (uint64_t[4]){x, 0, 0, 0})};
}

/* a / 2 */
fq fq_halve(fq a);
/* 1 / a; 0 gives 0. */
fq fq_inv(fq a);
/* Either root; -1: no square, and *r is as it was. */
CHECKED int fq_sqrt(fq *r, fq a);
/* a, canonical, is above (q - 1) / 2. */
CHECKED bool fq_is_large(fq a);

/* Canonical bytes, big-endian; -1: not below q, and *a is as it was. */
CHECKED int fq_from_be(fq *a, const uint8_t in[32]);
/* The same, back. */
void fq_to_be(uint8_t out[32], fq a);

#endif
