#ifndef TEST_LIB_KERNELS_H
#define TEST_LIB_KERNELS_H
/*
 * For tests of kernels (base/kernel.h): seeded elements, some of them at the edges of the
 * range, and indices in no order.
 */
#include <stdlib.h>

#include "field/ef.h"
#include "test/lib/splitmix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The next number of one seed, the same in each run. */
uint64_t random_u64(void);

/* An element; one in 32 is 0, 1, p - 1 or in the middle. */
kb random_kb(void);

/* Four of these. */
ef random_ef(void);

/* n random elements, which the caller frees. */
kb *random_cells(size_t n);

/* All of 0 .. n - 1, shuffled; the caller frees it. */
size_t *shuffled(size_t n);

#ifdef __cplusplus
}
#endif

/* A loop over them; needs a block of its own. */
#define EACH_SHUFFLED(i, n) \
	size_t *order_ = shuffled(n), k_ = 0; \
	for (size_t i; k_ < (n) ? (i = order_[k_++], 1) : (free(order_), 0);)

#endif
