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
#include "air/core/precompile_field.inc"
#undef LIMBS
#define LIMBS 48
#include "air/core/precompile_field.inc"

/* call: what the names of its calls begin with.  The code of an addition is followed by
 * those of SUB and MUL. */
#define FIELD(name, field, limbs, call) \
void \
chip_##name##FpOpAssign(struct air *a, const void *main, const void *prep) \
{ \
	fp_op_##limbs(a, &field_##field, CODE_##call##_FP_ADD, main); \
} \
\
void \
chip_##name##Fp2AddSubAssign(struct air *a, const void *main, const void *prep) \
{ \
	fp2_addsub_##limbs(a, &field_##field, CODE_##call##_FP2_ADD, main); \
} \
\
void \
chip_##name##Fp2MulAssign(struct air *a, const void *main, const void *prep) \
{ \
	fp2_mul_##limbs(a, &field_##field, CODE_##call##_FP2_MUL, main); \
}

FIELD(Bls12381, bls12381, 48, BLS12381)
FIELD(Bn254, bn254, 32, BN254)
