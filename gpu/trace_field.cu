/* Rows of the precompiles of curves, fields and 256-bit integers. */
/* Not inlined: a row calls field operations by the dozen. */
#define DEVICE inline __noinline__ __host__ __device__
#include "gpu/rows.h"
#include "air/chips/precompile_curve.h"
#include "air/chips/precompile_ed.h"
#include "air/chips/precompile_field.h"
#include "air/chips/precompile_uint256.h"
#include "prover/trace/field_op.h"
#include "prover/trace/precompile.h"
#include "prover/trace/row_of.h"

#include "air/chips/field_params.c"
#include "field/kb.c"
#include "prover/trace/adapter.c"
#include "prover/trace/ops.c"
#include "prover/trace/precompile.c"
#include "prover/trace/bignum.c"
#include "prover/trace/field_op.c"
#include "prover/trace/precompile_curve.c"
#undef LIMBS
#include "prover/trace/precompile_field.c"
#include "prover/trace/precompile_ed.c"
#include "prover/trace/precompile_uint256.c"

#define TRACE_FIELD ROW_OF_CALL
#include "prover/trace/chips.def"

#define TRACE_FIELD ROWS
#include "prover/trace/chips.def"
