/* Rows of Global, and of the precompiles that hash; Global's points and sums. */
#include "gpu/rows.h"
#include "air/chips/global.h"
#define export export_		/* a column */
#include "air/chips/keccak.h"
#undef export
#include "air/chips/precompile_poseidon2.h"
#include "air/chips/sha_compress.h"
#include "air/chips/sha_extend.h"
#include "base/fips.h"
#include "poly/lift.h"
#include "prover/trace/calls.h"
#include "prover/trace/global.h"
#include "prover/trace/ops.h"
#include "prover/trace/row_of.h"
#include "prover/trace/rows.h"

#include "base/fips_tables.c"
#include "field/kb.c"
#undef BLOCK
#include "field/septic.c"
#undef M
#include "poly/poseidon2_rc.c"
#include "poly/poseidon2.c"
#include "poly/lift.c"
#include "prover/trace/adapter.c"
#include "prover/trace/ops.c"
#include "prover/trace/poseidon2.c"
#include "prover/trace/precompile.c"
#include "prover/trace/global.c"
#include "prover/trace/keccak.c"
#include "prover/trace/precompile_poseidon2.c"
#include "prover/trace/sha.c"

#define TRACE_HASH ROW_OF_CALL
#include "prover/trace/chips.def"

#define TRACE_GLOBAL ROWS
#define TRACE_HASH ROWS
#include "prover/trace/chips.def"

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
