#include "poly/simd.h"
#include "poly/ntt_lanes.inc"
#include "poly/poseidon2_lanes.inc"

const struct simd_ops simd_avx512 = {
	"avx512", leaves_lanes, absorb_lanes, rows_lanes, layer_lanes,
	grind16_lanes, pass_lanes, block_lanes
};
