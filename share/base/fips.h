#ifndef BASE_FIPS_H
#define BASE_FIPS_H
/*
 * What several hashes, chips and the guest machine's precompiles take from
 * FIPS 180-4 (SHA-256) and FIPS 202 (Keccak).
 */
#include <stdint.h>

extern const uint32_t sha_round_constant[64];		/* 4.2.2 */
extern const uint64_t keccak_round_constant[24];	/* 3.2.5 */

/* Keccak-f[1600]; lane (x, y) is s[x + 5 y]. */
void keccak_f(uint64_t s[static 25]);

#endif
