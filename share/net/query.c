#include "net/server.h"

#include <string.h>

bool
query_value(const char *path, const char *name, char *out, size_t size)
{
	const char *q = strchr(path, '?');
	size_t n = strlen(name), k;

	while (q) {
		q++;
		if (strncmp(q, name, n) == 0 && q[n] == '=') {
			q += n + 1;
			k = strcspn(q, "&");
			if (k >= size)
				return false;
			memcpy(out, q, k);
			out[k] = 0;
			return true;
		}
		q = strchr(q, '&');
	}
	return false;
}
