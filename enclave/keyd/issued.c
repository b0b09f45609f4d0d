#include <string.h>

#include "keyd/quoter.h"

/* A quote takes a tenth of a second and more: an hour's flood fits. */
static uint8_t issued[ISSUED][32];
static size_t count;

void
issued_add(const uint8_t hash[static 32])
{
	memcpy(issued[count++ % ISSUED], hash, 32);
}

bool
issued_has(const uint8_t hash[static 32])
{
	size_t n = count < ISSUED ? count : ISSUED;

	for (size_t i = 0; i < n; i++)
		if (memcmp(issued[i], hash, 32) == 0)
			return true;
	return false;
}
