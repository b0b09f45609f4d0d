/* Which version a container is of, from its end alone: that form is as old as SP1. */
#include <string.h>

#include "proof/container.h"

#define LONGEST 32		/* "v4.0.0-rc.3" */

/* A version that ends where p does: a count of 8 bytes, 'v', digits and points. */
static size_t
version_before(const char **version, const uint8_t *in, size_t len)
{
	for (size_t n = 2; n <= LONGEST && n + 8 <= len; n++) {
		const uint8_t *p = in + len - n;
		static const uint8_t none[7];

		if (p[-8] != n || memcmp(p - 7, none, sizeof none) != 0)
			continue;
		if (p[0] != 'v' || p[1] < '0' || p[1] > '9')
			continue;
		for (size_t i = 0; i < n; i++)
			if (p[i] <= ' ' || p[i] > '~')
				return 0;
		*version = (const char *)p;
		return n;
	}
	return 0;
}

/* With its Option of a TEE proof, none or one; as the network stores it. */
size_t
proof_version(const char **version, const uint8_t *in, size_t len)
{
	static const uint8_t high[4];
	size_t n = 0;

	if (len > 0 && in[len - 1] == 0)
		n = version_before(version, in, len - 1);
	if (n == 0)
		n = version_before(version, in, len);
	/* A TEE proof has at most some thousand bytes. */
	for (size_t tee = 0; n == 0 && tee < 1u << 16 && tee + 9 <= len; tee++) {
		const uint8_t *p = in + len - tee - 9;
		size_t count = p[1] | (size_t)p[2] << 8 | (size_t)p[3] << 16 |
		    (size_t)p[4] << 24;

		if (p[0] == 1 && count == tee && memcmp(p + 5, high, 4) == 0)
			n = version_before(version, in, len - tee - 9);
	}
	return n;
}
