#ifndef BASE_AVAIL_H
#define BASE_AVAIL_H
/*
 * Memory that this process could still take.
 */
#include <stddef.h>

/*
 * Bytes: what the kernel calls available, or less where a control group allows less:
 * that of /proc/self/cgroup, or any above it, of version 2 or 1 (memory.max,
 * memory.limit_in_bytes, less what is used, pages of files that can be dropped apart).
 * 0: it cannot be told.
 */
size_t memory_available(void);

/* The same with this before every path ("/proc/meminfo", mount points), for tests. */
size_t memory_available_under(const char *root);

#endif
