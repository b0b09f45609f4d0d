#ifndef TEST_LIB_AIR_SEED_H
#define TEST_LIB_AIR_SEED_H
/* The seeded rows of the oracles: column c of row r in space k (0 preprocessed,
 * 1 main, 2 public values) is number k << 48 | r << 32 | c of SplitMix64, mod p. */
#include "field/kb.h"
#include "test/lib/splitmix.h"

static inline kb
seeded(uint64_t space, uint64_t row, uint64_t col)
{
	return kb_from64(splitmix64_at(space << 48 | row << 32 | col));
}

static inline uint64_t
fnv1a(uint64_t h, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		h = (h ^ (v >> 8 * i & 255)) * 0x100000001b3u;
	return h;
}
#define FNV1A_START 0xcbf29ce484222325u

#endif
