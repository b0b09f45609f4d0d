#include "prover/witness/plan.h"

#define MEMORY_CELLS 271	/* a MemoryGlobal row and a Global row: 30 + 241 */
#define MAX_ROWS (1u << 22)

static uint64_t trunc32(uint64_t x)
{
	return x & ~(uint64_t)31;
}

bool plan_packs(uint64_t element_threshold, size_t ninit, size_t nfinalize)
{
	uint64_t limit = 2 * trunc32(3 * element_threshold / MEMORY_CELLS / 40);

	return ninit <= limit && nfinalize <= limit;
}

size_t plan_memory_capacity(uint64_t element_threshold, uint32_t ninstructions)
{
	/* Program, Byte and Range, preprocessed and main. */
	uint64_t fixed = ((uint64_t)ninstructions + 31) / 32 * 32 * 17 +
	    65536 * 13 + 131072 * 3;
	uint64_t available = element_threshold > fixed ?
	    element_threshold - fixed : 0;
	uint64_t rows = available / MEMORY_CELLS;
	uint64_t half = trunc32((rows < MAX_ROWS ? rows : MAX_ROWS) / 2);

	return 2 * (half ? half : 32);
}
