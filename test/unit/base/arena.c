#include <stdint.h>

#include "base/arena.h"
#include "test/lib/tap.h"

static int
zero(const unsigned char *p, size_t n)
{
	while (n > 0 && *p == 0)
		p++, n--;
	return n == 0;
}

int
main(void)
{
	struct arena a;
	unsigned char *p, *q;
	int i, good = 1;

	arena_init(&a, 0);
	for (i = 1; i < 2000 && good; i++) {
		p = arena_alloc(&a, (size_t)i, 3);
		good = p != NULL && (uintptr_t)p % 64 == 0 &&
		    zero(p, (size_t)i * 3);
		if (good)
			memset(p, 0xff, (size_t)i * 3);
	}
	ok(good, "pieces of many sizes are zeroed and aligned");
	p = arena_alloc(&a, 5 << 20, 1);
	q = arena_alloc(&a, 8, 8);
	ok(p != NULL && q != NULL && zero(p, 5 << 20),
	    "a piece larger than a block");
	ok(arena_alloc(&a, SIZE_MAX / 2, 3) == NULL, "n * size overflows");
	ok(arena_alloc(&a, SIZE_MAX, 1) == NULL, "rounding overflows");
	ok(arena_alloc(&a, 0, 8) != NULL, "nothing is something");
	arena_free(&a);
	ok(a.used == 0 && arena_alloc(&a, 1, 1) != NULL,
	    "usable after it is freed");
	arena_free(&a);

	arena_init(&a, 4096);
	ok(arena_alloc(&a, 4096, 1) != NULL, "up to the ceiling");
	ok(arena_alloc(&a, 1, 1) == NULL, "and no further");
	arena_free(&a);
	ok(arena_alloc(&a, 4097, 1) == NULL, "not in one piece either");
	arena_free(&a);
	return done_testing();
}
