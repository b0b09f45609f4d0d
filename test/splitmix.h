#ifndef TEST_SPLITMIX_H
#define TEST_SPLITMIX_H
/* SplitMix64 (Steele, Lea, Flood 2014): the next number of a seed, so that what tests
 * choose at random is the same in each run. */
#include <stdint.h>

static inline uint64_t
splitmix64(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

#endif
