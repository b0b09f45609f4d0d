#include "air/core/precompile_curve.h"

#include <string.h>

#include "rows/field_op.h"
#include "rows/precompile.h"

#define JOIN(name, limbs) name##_##limbs
#define NAME(name, limbs) JOIN(name, limbs)
#define N(name) NAME(name, LIMBS)

/* Of a word that is 1, in a padding row (sp1-proof(7), Padding rows). */
STATIC_TABLE struct rec_access padding_access = {0, 1, 0, 1, 1};

#define LIMBS 32
#include "rows/precompile_curve.inc"
#undef LIMBS
#define LIMBS 48
#include "rows/precompile_curve.inc"

#define CURVE(name, field, limbs) \
DEVICE void \
trace_##name##AddAssign(kb *row, const struct precompile_event *e, \
    unsigned step) \
{ \
	add_row_##limbs((struct curve_add_##limbs *)row, &field_##field, e); \
} \
\
DEVICE void \
pad_##name##AddAssign(const struct shard_events *s, size_t i, kb *row) \
{ \
	add_pad_##limbs((struct curve_add_##limbs *)row, &field_##field); \
} \
\
DEVICE void \
trace_##name##DoubleAssign(kb *row, const struct precompile_event *e, \
    unsigned step) \
{ \
	double_row_##limbs((struct curve_double_##limbs *)row, \
	    &field_##field, e); \
} \
\
DEVICE void \
pad_##name##DoubleAssign(const struct shard_events *s, size_t i, kb *row) \
{ \
	double_pad_##limbs((struct curve_double_##limbs *)row, &field_##field); \
}

CURVE(Secp256k1, secp256k1, 32)
CURVE(Secp256r1, secp256r1, 32)
CURVE(Bn254, bn254, 32)
CURVE(Bls12381, bls12381, 48)
