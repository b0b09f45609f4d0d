#ifndef BN254_FR_H
#define BN254_FR_H
/*
 * The scalar field of BN254, whose elements the last recursion stage hashes and SNARKs
 * take as public inputs.  Montgomery form in memory, as kb is; outside a program
 * canonical: 32 bytes, little-endian in proofs of that stage, big-endian in gnark's.
 */
#include "base/err.h"
#include "bn254/mont4.h"

typedef struct { struct mont4 m; } bn254_fr;

/* check: p = 21888242871839275222246405745257275088548364400416034343698204186575808495617 */
static const struct mont4_modulus bn254_fr_modulus = {
	{0x43e1f593f0000001u, 0x2833e84879b97091u,
	 0xb85045b68181585du, 0x30644e72e131a029u},
	0xc2e1f593efffffffu,
	{{0xac96341c4ffffffbu, 0x36fc76959f60cd29u,
	  0x666ea36f7879462eu, 0x0e0a77c19a07df2fu}},
	{{0x1bb8e645ae216da7u, 0x53fe3ab1e35c59e3u,
	  0x8c49833d53bb8085u, 0x0216d0b17f4e44a5u}}
};

#define BN254_FR_ZERO ((bn254_fr){{{0}}})

/* 1 */
static inline bn254_fr
bn254_fr_one(void)
{
	return (bn254_fr){bn254_fr_modulus.one};
}

/* a + b */
static inline bn254_fr
bn254_fr_add(bn254_fr a, bn254_fr b)
{
	return (bn254_fr){mont4_add(&bn254_fr_modulus, a.m, b.m)};
}

/* a - b */
static inline bn254_fr
bn254_fr_sub(bn254_fr a, bn254_fr b)
{
	return (bn254_fr){mont4_sub(&bn254_fr_modulus, a.m, b.m)};
}

/* -a */
static inline bn254_fr
bn254_fr_neg(bn254_fr a)
{
	return bn254_fr_sub(BN254_FR_ZERO, a);
}

/* a b */
static inline bn254_fr
bn254_fr_mul(bn254_fr a, bn254_fr b)
{
	return (bn254_fr){mont4_mul(&bn254_fr_modulus, a.m, b.m)};
}

/* a a */
static inline bn254_fr
bn254_fr_square(bn254_fr a)
{
	return bn254_fr_mul(a, a);
}

/* a = b */
static inline bool
bn254_fr_eq(bn254_fr a, bn254_fr b)
{
	return mont4_eq(a.m, b.m);
}

/* a = 0 */
static inline bool
bn254_fr_is_zero(bn254_fr a)
{
	return bn254_fr_eq(a, BN254_FR_ZERO);
}

/* Canonical limbs, low first; they must be below p. */
static inline bn254_fr
bn254_fr_from_limbs(const uint64_t x[4])
{
	return (bn254_fr){mont4_from(&bn254_fr_modulus, x)};
}

/* The same, back: they are below p. */
static inline void
bn254_fr_to_limbs(uint64_t x[4], bn254_fr a)
{
	mont4_to(&bn254_fr_modulus, x, a.m);
}

/* The number x. */
static inline bn254_fr
bn254_fr_from_u64(uint64_t x)
{
	const uint64_t limb[4] = {x};

	return bn254_fr_from_limbs(limb);
}

/* a^e, e little-endian limbs. */
bn254_fr bn254_fr_pow(bn254_fr a, const uint64_t e[4]);
/* 1 / a; 0 gives 0. */
bn254_fr bn254_fr_inv(bn254_fr a);

/* Canonical bytes, little-endian; -1: not below p, and *a is as it was. */
CHECKED int bn254_fr_from_le(bn254_fr *a, const uint8_t in[32]);
/* The same, big-endian. */
CHECKED int bn254_fr_from_be(bn254_fr *a, const uint8_t in[32]);
/* To canonical bytes, little-endian. */
void bn254_fr_to_le(uint8_t out[32], bn254_fr a);
/* The same, big-endian. */
void bn254_fr_to_be(uint8_t out[32], bn254_fr a);

#endif
