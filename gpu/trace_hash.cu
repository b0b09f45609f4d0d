/* Rows of Global, and of the precompiles that hash; Global's points and sums. */
#include "gpu/rows.h"
#include "air/core/global.h"
#define export export_		/* a column */
#include "air/core/keccak.h"
#undef export
#include "air/core/precompile_poseidon2.h"
#include "air/core/sha_compress.h"
#include "air/core/sha_extend.h"
#include "base/fips.h"
#include "poly/lift.h"
#include "rows/calls.h"
#include "rows/global.h"
#include "rows/ops.h"
#include "rows/row_of.h"
#include "rows/rows.h"

#include "base/fips_tables.c"
#include "field/kb.c"
#undef BLOCK
#include "field/septic.c"
#undef M
#include "poly/poseidon2_rc.c"
#include "poly/poseidon2.c"
#include "poly/lift.c"
#include "rows/adapter.c"
#include "rows/ops.c"
#include "rows/poseidon2.c"
#include "rows/precompile.c"
#include "rows/global.c"
#include "rows/keccak.c"
#include "rows/precompile_poseidon2.c"
#include "rows/sha.c"

#define CHIP_HASH ROW_OF_CALL
#include "run/chips.def"

#define CHIP_GLOBAL ROWS
#define CHIP_HASH ROWS
#include "run/chips.def"

GPU_KERNEL
gpu_lift(struct global_event *g, uint32_t *failed, size_t n)
{
	EACH(i, n)
		if (lift_at(&g[i]) < 0)
			*failed = 1;
}

GPU_ROW_KERNEL
gpu_sum_chunks(GPU_CONST struct global_sums w, int keep,
    struct global_scratch *scratch, uint32_t *failed, size_t n)
{
	EACH(k, n)
		if (sum_chunks_at(&w, k, keep, &scratch[GPU_INDEX]) < 0)
			*failed = 1;
}
