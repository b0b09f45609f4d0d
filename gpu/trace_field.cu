/* Rows of the precompiles of curves, fields and 256-bit integers. */
/* Not inlined: a row calls field operations by the dozen. */
#define DEVICE inline __noinline__ __host__ __device__
#include "gpu/rows.h"
#include "air/core/precompile_curve.h"
#include "air/core/precompile_ed.h"
#include "air/core/precompile_field.h"
#include "air/core/precompile_uint256.h"
#include "rows/field_op.h"
#include "rows/precompile.h"
#include "rows/row_of.h"

#include "air/op/field_params.c"
#include "field/kb.c"
#include "rows/adapter.c"
#include "rows/ops.c"
#include "rows/precompile.c"
#include "rows/bignum.c"
#include "rows/field_op.c"
#include "rows/precompile_curve.c"
#undef LIMBS
#include "rows/precompile_field.c"
#include "rows/precompile_ed.c"
#include "rows/precompile_uint256.c"

#define CHIP_FIELD ROW_OF_CALL
#include "run/chips.def"

#define CHIP_FIELD ROWS
#include "run/chips.def"
