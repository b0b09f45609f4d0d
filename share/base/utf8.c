#include "base/utf8.h"

bool
utf8_valid(const uint8_t *p, size_t n)
{
	size_t i = 0, more;
	uint8_t c, low, high;

	while (i < n) {
		c = p[i++];
		if (c < 0x80)
			continue;
		/* The bounds of the second byte exclude overlong forms,
		 * surrogates and what is above U+10FFFF. */
		low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
		high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
		more = c < 0xc2 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 :
		    c < 0xf5 ? 3 : 0;
		if (more == 0 || more > n - i)
			return false;
		if (p[i] < low || p[i] > high)
			return false;
		for (i++; --more > 0; i++)
			if ((p[i] & 0xc0) != 0x80)
				return false;
	}
	return true;
}
