#ifndef TEST_LIB_SPLITMIX_H
#define TEST_LIB_SPLITMIX_H
/* SplitMix64 (Steele, Lea, Flood 2014), so that what tests choose at random is the same
 * in each run. */
#include <stdint.h>

/* The next number of a seed. */
static inline uint64_t
splitmix64(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Number n, from 0, of those of seed 0. */
static inline uint64_t
splitmix64_at(uint64_t n)
{
	uint64_t seed = n * 0x9e3779b97f4a7c15;

	return splitmix64(&seed);
}

#endif
