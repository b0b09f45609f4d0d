#ifndef POLY_POSEIDON2_SCALED_H
#define POLY_POSEIDON2_SCALED_H
/* The constants that poseidon2_permute.h needs, Montgomery form; made once, before
 * simd() gives out a table that uses them. */
#include <stdint.h>

struct poseidon2_scaled {
	int32_t external[8][16];	/* less p; the last four scaled */
	int32_t internal[20];		/* mu_r rc; the first less p */
	int32_t inverse_square[20];	/* mu_r^-2 */
	int32_t unscale;		/* mu_20^-81 */
};

extern struct poseidon2_scaled poseidon2_scaled;
/* Makes it: once, before all else. */
void poseidon2_scaled_init(void);

#endif
