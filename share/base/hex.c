#include "base/hex.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

void
hex_encode(char *out, const void *p, size_t n)
{
	const uint8_t *b = p;
	size_t i;

	for (i = 0; i < n; i++) {
		*out++ = digits[b[i] >> 4];
		*out++ = digits[b[i] & 15];
	}
	*out = '\0';
}

static const char *
skip_0x(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ?
	    text + 2 : text;
}

long
hex_length(const char *text)
{
	size_t n = 0;

	text = skip_0x(text);
	while (isxdigit((unsigned char)text[n]))
		n++;
	return text[n] != '\0' || n % 2 != 0 || n / 2 > LONG_MAX ? -1 :
	    (long)(n / 2);
}

static int
nibble(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

int
hex_decode(uint8_t *out, size_t n, const char *text)
{
	long have = hex_length(text);
	size_t i;

	if (have < 0 || (size_t)have != n)
		return -1;
	text = skip_0x(text);
	for (i = 0; i < n; i++)
		out[i] = (uint8_t)(nibble(text[2 * i]) << 4 |
		    nibble(text[2 * i + 1]));
	return 0;
}
