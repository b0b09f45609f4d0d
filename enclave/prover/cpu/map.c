/*
 * Where the backend's large data lies: traces, counts, a session's arrays.
 */
#include "prover/cpu/cpu.h"

#include <sys/mman.h>

void *
cpu_map(size_t size, bool huge)
{
	void *v = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (v == MAP_FAILED)
		return NULL;
	if (huge)
		madvise(v, size, MADV_HUGEPAGE);
	return v;
}

void
cpu_unmap(void *p, size_t size)
{
	if (p)
		munmap(p, size);
}
