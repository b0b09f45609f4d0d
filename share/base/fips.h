#ifndef BASE_FIPS_H
#define BASE_FIPS_H
/*
 * What several hashes, chips and the guest machine's precompiles take from
 * FIPS 180-4 (SHA-256) and FIPS 202 (Keccak).
 */
#include <stdint.h>

#include "base/kernel.h"

TABLE_DECLARE(uint32_t sha_round_constant[64])		/* 4.2.2 */
TABLE_DECLARE(uint64_t keccak_round_constant[24])	/* 3.2.5 */
TABLE_DECLARE(uint8_t keccak_rotation[5][5])	/* 3.2.2: lane (x, y)'s is [x][y] */

/* Keccak-f[1600]; lane (x, y) is s[x + 5 y]. */
void keccak_f(uint64_t s[25]);

#endif
