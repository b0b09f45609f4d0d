#include "air/core/chips.h"
#include "air/op/check.h"

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

/* fp, fp2: the calls' codes (sp1-machine(7), System calls), those of an
 * addition, then SUB and MUL. */
#define FIELD(name, field, limbs, fp, fp2) \
void \
chip_##name##FpOpAssign(struct air *a, const void *main, const void *prep) \
{ \
	fp_op_##limbs(a, &field_##field, fp, main); \
} \
\
void \
chip_##name##Fp2AddSubAssign(struct air *a, const void *main, const void *prep) \
{ \
	fp2_addsub_##limbs(a, &field_##field, fp2, main); \
} \
\
void \
chip_##name##Fp2MulAssign(struct air *a, const void *main, const void *prep) \
{ \
	fp2_mul_##limbs(a, &field_##field, fp2 + 2, main); \
}

FIELD(Bls12381, bls12381, 48, 0x20, 0x23)
FIELD(Bn254, bn254, 32, 0x26, 0x29)
