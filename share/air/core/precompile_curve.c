#include "air/core/chips.h"
#include "air/op/check.h"
#include "run/call_codes.h"

#define JOIN(name, limbs) name##_##limbs
#define NAME(name, limbs) JOIN(name, limbs)
#define N(name) NAME(name, LIMBS)
#define JOIN_X(name, limbs) name##_##limbs##_x
#define NAME_X(name, limbs) JOIN_X(name, limbs)
#define N_X(name) NAME_X(name, LIMBS)

#define LIMBS 32
#include "air/core/precompile_curve.inc"
#undef LIMBS
#define LIMBS 48
#include "air/core/precompile_curve.inc"

/* call: what its two calls' names begin with. */
#define CURVE(name, curve, limbs, call) \
void \
chip_##name##AddAssign(struct air *a, const void *main, const void *prep) \
{ \
	curve_add_##limbs(a, &field_##curve, CODE_##call##_ADD, main); \
} \
\
void \
chip_##name##DoubleAssign(struct air *a, const void *main, const void *prep) \
{ \
	curve_double_##limbs(a, &field_##curve, CODE_##call##_DOUBLE, main); \
}

CURVE(Secp256k1, secp256k1, 32, SECP256K1)
CURVE(Bn254, bn254, 32, BN254)
CURVE(Bls12381, bls12381, 48, BLS12381)
CURVE(Secp256r1, secp256r1, 32, SECP256R1)
