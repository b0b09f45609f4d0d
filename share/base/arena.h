#ifndef BASE_ARENA_H
#define BASE_ARENA_H
/*
 * Memory that is given back all at once.  An arena grows in blocks up to its
 * ceiling; what it hands out is zeroed and aligned to 64 bytes.
 */
#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *head;
	size_t used, ceiling;	/* bytes; ceiling 0: none */
};

/* Empty; ceiling: see above.  Takes no memory yet. */
void arena_init(struct arena *a, size_t ceiling);
/* NULL when n * size overflows, the ceiling would be passed, or memory is out. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
void arena_free(struct arena *a);	/* and ready for use again */

#endif
