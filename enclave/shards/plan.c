#include "shards/plan.h"

#define MEMORY_CELLS 271	/* a MemoryGlobal row and a Global row: 30 + 241 */

static uint64_t
trunc32(uint64_t x)
{
	return x & ~(uint64_t)31;
}

bool
plan_packs(uint64_t element_threshold, size_t ninit, size_t nfinalize)
{
	uint64_t limit = 2 * trunc32(3 * element_threshold / MEMORY_CELLS / 40);

	return ninit <= limit && nfinalize <= limit;
}

bool
plan_packs_reducible(uint64_t element_threshold, uint64_t area)
{
	return area <= element_threshold / 3 * 2;
}

/* What is left for a shard's own chips beside Program, Byte and Range,
 * preprocessed and main. */
static uint64_t
available(uint64_t element_threshold, uint32_t ninstructions)
{
	uint64_t fixed = ((uint64_t)ninstructions + 31) / 32 * 32 * 17 +
	    65536 * 13 + 131072 * 3;

	return element_threshold > fixed ? element_threshold - fixed : 0;
}

size_t
plan_memory_capacity(uint64_t element_threshold,
    uint64_t height_threshold, uint32_t ninstructions)
{
	uint64_t rows = available(element_threshold, ninstructions) /
	    MEMORY_CELLS;
	uint64_t half = trunc32((rows < height_threshold ? rows :
	    height_threshold) / 2);

	return 2 * (half ? half : 32);
}

size_t
plan_precompile_capacity(uint64_t element_threshold,
    uint64_t height_threshold, uint32_t ninstructions, uint32_t cost,
    uint32_t height)
{
	uint64_t by_area = trunc32(available(element_threshold,
	    ninstructions) / cost);
	uint64_t by_height = trunc32(height_threshold / height);
	uint64_t n = by_area < by_height ? by_area : by_height;

	return n ? n : 32;
}
