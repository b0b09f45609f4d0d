#include "store/id.h"

#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/hex.h"

/* Crockford's alphabet, as TypeID has it: no i, l, o, u. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const char prefix[] = "artifact_";

void
id_random(void *out, size_t n)
{
	uint8_t *p = out;

	while (n) {
		ssize_t k = getrandom(p, n, 0);

		must(k > 0);
		p += k;
		n -= (size_t)k;
	}
}

void
id_artifact(char out[static ID_ARTIFACT])
{
	unsigned __int128 x = 0;
	uint64_t ms = clock_unix_ms();
	uint8_t u[16];
	char *end;

	id_random(u, sizeof u);
	for (int i = 0; i < 6; i++)
		u[i] = (uint8_t)(ms >> (40 - 8 * i));
	u[6] = 0x70 | (u[6] & 0x0f);	/* version 7 */
	u[8] = 0x80 | (u[8] & 0x3f);	/* variant 10 */
	for (int i = 0; i < 16; i++)
		x = x << 8 | u[i];
	memcpy(out, prefix, sizeof prefix - 1);
	end = out + ID_ARTIFACT - 1;
	*end = 0;
	for (int i = 0; i < 26; i++, x >>= 5)
		*--end = alphabet[x & 31];
}

bool
id_is_artifact(const char *text)
{
	size_t n = sizeof prefix - 1;

	return strlen(text) == ID_ARTIFACT - 1 &&
	    memcmp(text, prefix, n) == 0 &&
	    strspn(text + n, alphabet) == 26;
}

void
id_token(char out[static ID_TOKEN])
{
	uint8_t r[32];

	id_random(r, sizeof r);
	hex_encode(out, r, sizeof r);
}

bool
id_token_equal(const char *a, const char *b)
{
	size_t n = strlen(a);
	unsigned char differ = 0;

	if (n != strlen(b) || n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}
