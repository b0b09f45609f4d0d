#include "base/fips.h"

#include <string.h>

static uint64_t
rotl(uint64_t x, unsigned n)
{
	return n ? x << n | x >> (64 - n) : x;
}

void
keccak_f(uint64_t s[25])
{
	static const uint8_t rotation[24] = {	/* along the pi lane walk */
		1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43,
		62, 18, 39, 61, 20, 44,
	};
	static const uint8_t lane[24] = {
		10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2,
		20, 14, 22, 9, 6, 1,
	};

	for (int round = 0; round < 24; round++) {
		uint64_t c[5], t;

		for (int x = 0; x < 5; x++)
			c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
		for (int i = 0; i < 25; i++)
			s[i] ^= c[(i + 4) % 5] ^ rotl(c[(i + 1) % 5], 1);
		t = s[1];
		for (int i = 0; i < 24; i++) {
			uint64_t next = s[lane[i]];

			s[lane[i]] = rotl(t, rotation[i]);
			t = next;
		}
		for (int y = 0; y < 25; y += 5) {
			memcpy(c, s + y, sizeof c);
			for (int x = 0; x < 5; x++)
				s[y + x] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
		}
		s[0] ^= keccak_round_constant[round];
	}
}
