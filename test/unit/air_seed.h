#ifndef TEST_AIR_SEED_H
#define TEST_AIR_SEED_H
/* The seeded rows of the oracles: column c of row r in space k (0 preprocessed,
 * 1 main, 2 public values) is splitmix64(k << 48 | r << 32 | c) mod p. */
#include <stdint.h>

#include "field/kb.h"

static inline uint64_t
splitmix64(uint64_t x)
{
	uint64_t z = (x + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline kb
seeded(uint64_t space, uint64_t row, uint64_t col)
{
	return kb_from64(splitmix64(space << 48 | row << 32 | col));
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
