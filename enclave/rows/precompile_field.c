#include "air/core/precompile_field.h"

#include "rows/field_op.h"
#include "rows/precompile.h"

#define JOIN(name, limbs) name##_##limbs
#define NAME(name, limbs) JOIN(name, limbs)
#define N(name) NAME(name, LIMBS)

#define LIMBS 32
#include "rows/precompile_field.inc"
#undef LIMBS
#define LIMBS 48
#include "rows/precompile_field.inc"

/* A field's calls are numbered ADD, SUB, MUL from `first`. */
DEVICE static enum field_operation
operation(const struct precompile_event *e, unsigned first)
{
	unsigned k = (e->head.code & 0xff) - first;

	return k == 0 ? FIELD_ADD : k == 1 ? FIELD_SUB : FIELD_MUL;
}

#define FIELD(name, field, limbs, fp, fp2) \
DEVICE void \
trace_##name##FpOpAssign(kb *row, const struct precompile_event *e, \
    unsigned step) \
{ \
	fp_row_##limbs((struct fp_op_##limbs *)row, &field_##field, e, \
	    operation(e, fp)); \
} \
\
DEVICE void \
pad_##name##FpOpAssign(const struct shard_events *s, size_t i, kb *row) \
{ \
	fp_pad_##limbs((struct fp_op_##limbs *)row, &field_##field); \
} \
\
DEVICE void \
trace_##name##Fp2AddSubAssign(kb *row, const struct precompile_event *e, \
    unsigned step) \
{ \
	addsub_row_##limbs((struct fp2_addsub_##limbs *)row, &field_##field, e, \
	    operation(e, fp2)); \
} \
\
DEVICE void \
pad_##name##Fp2AddSubAssign(const struct shard_events *s, size_t i, kb *row) \
{ \
	addsub_pad_##limbs((struct fp2_addsub_##limbs *)row, &field_##field); \
} \
\
DEVICE void \
trace_##name##Fp2MulAssign(kb *row, const struct precompile_event *e, \
    unsigned step) \
{ \
	fp2_mul_row_##limbs((struct fp2_mul_##limbs *)row, &field_##field, e); \
} \
\
DEVICE void \
pad_##name##Fp2MulAssign(const struct shard_events *s, size_t i, kb *row) \
{ \
	fp2_mul_pad_##limbs((struct fp2_mul_##limbs *)row, &field_##field); \
}

FIELD(Bls12381, bls12381, 48, 0x20, 0x23)
FIELD(Bn254, bn254, 32, 0x26, 0x29)
