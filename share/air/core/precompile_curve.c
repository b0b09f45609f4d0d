#include "air/core/chips.h"
#include "air/op/check.h"

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

/* The calls' codes: sp1-machine(7), System calls. */
#define CURVE(name, curve, limbs, add_id, double_id) \
void \
chip_##name##AddAssign(struct air *a, const void *main, const void *prep) \
{ \
	curve_add_##limbs(a, &field_##curve, add_id, main); \
} \
\
void \
chip_##name##DoubleAssign(struct air *a, const void *main, const void *prep) \
{ \
	curve_double_##limbs(a, &field_##curve, double_id, main); \
}

CURVE(Secp256k1, secp256k1, 32, 0x0a, 0x0b)
CURVE(Bn254, bn254, 32, 0x0e, 0x0f)
CURVE(Bls12381, bls12381, 48, 0x1e, 0x1f)
CURVE(Secp256r1, secp256r1, 32, 0x2c, 0x2d)
