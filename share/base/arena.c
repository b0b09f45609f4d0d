#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGN 64
#define BLOCK_MIN ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t size, used;	/* both include this header, padded to ALIGN */
};

#ifdef __SANITIZE_ADDRESS__
/* One block an allocation, so that the sanitizer sees what runs over. */
static struct arena_block *
block_new(size_t need)
{
	struct arena_block *b = aligned_alloc(ALIGN, need);

	if (b == NULL)
		return NULL;
	memset(b, 0, need);
	b->size = need;
	return b;
}

static void
block_free(struct arena_block *b)
{
	free(b);
}
#else
/* Fresh pages are zero and cost nothing until they are touched. */
static struct arena_block *
block_new(size_t need)
{
	size_t size = need < BLOCK_MIN ? BLOCK_MIN : need;
	struct arena_block *b = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (b == MAP_FAILED)
		return NULL;
	b->size = size;
	return b;
}

static void
block_free(struct arena_block *b)
{
	munmap(b, b->size);
}
#endif

void
arena_init(struct arena *a, size_t ceiling)
{
	a->head = NULL;
	a->used = 0;
	a->ceiling = ceiling;
}

void *
arena_alloc(struct arena *a, size_t n, size_t size)
{
	struct arena_block *b = a->head;
	size_t want;
	void *p;

	if (__builtin_mul_overflow(n, size, &want) ||
	    want > SIZE_MAX / 2 - 2 * ALIGN)
		return NULL;
	want = want == 0 ? ALIGN : (want + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (a->ceiling != 0 &&
	    (a->used > a->ceiling || want > a->ceiling - a->used))
		return NULL;
	if (b == NULL || want > b->size - b->used) {
		b = block_new(want + ALIGN);
		if (b == NULL)
			return NULL;
		b->used = ALIGN;
		/* A block made for one large piece has no room left: keep
		 * filling the one before it. */
		if (a->head != NULL && b->size == want + ALIGN) {
			b->next = a->head->next;
			a->head->next = b;
		} else {
			b->next = a->head;
			a->head = b;
		}
	}
	p = (char *)b + b->used;
	b->used += want;
	a->used += want;
	return p;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		block_free(b);
	}
	a->head = NULL;
	a->used = 0;
}
