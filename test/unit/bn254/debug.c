/* Limbs are below the modulus: asserted in a debug build. */
#include "bn254/fr.h"
#include "test/lib/aborts.h"

static volatile uint64_t sink;

static bn254_fr
modulus(void)
{
	bn254_fr p;

	memcpy(&p, bn254_fr_modulus.p, sizeof p);
	return p;
}

static void
sum(void)
{
	sink = bn254_fr_add(modulus(), bn254_fr_one()).m.v[0];
}

static void
difference(void)
{
	sink = bn254_fr_neg(modulus()).m.v[0];
}

static void
product(void)
{
	sink = bn254_fr_mul(bn254_fr_one(), modulus()).m.v[0];
}

static void
limbs(void)
{
	sink = bn254_fr_from_limbs(bn254_fr_modulus.p).m.v[0];
}

static void
twice(void)
{
	struct mont4 most = {{-1ull, -1ull, -1ull, -1ull}};

	sink = mont4_once(&bn254_fr_modulus, most).v[0];
}

int
main(void)
{
	asserted(sum, "a summand is below p");
	asserted(difference, "what is subtracted is below p");
	asserted(product, "a factor is below p");
	asserted(limbs, "canonical limbs are below p");
	asserted(twice, "what p is taken from once is below 2p");
	return done_testing();
}
