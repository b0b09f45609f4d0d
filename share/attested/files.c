#include "attested/files.h"

#include "base/io.h"

int
attested_read(struct bytes *b, const char *path, size_t cap, struct err *e)
{
	uint8_t *p;

	if (path == NULL)
		return 0;
	if (read_file(path, cap, &p, &b->n, e) < 0)
		return -1;
	b->p = p;
	return 0;
}
