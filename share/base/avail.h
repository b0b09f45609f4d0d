#ifndef BASE_AVAIL_H
#define BASE_AVAIL_H
/*
 * Memory that this process could still take: what the kernel calls available, or less
 * where its control group allows less (version 2, at the usual place).
 */
#include <stddef.h>

size_t memory_available(void);	/* bytes; 0: it cannot be told */

#endif
