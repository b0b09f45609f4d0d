#include "crypto/keccak.h"

#include <string.h>

#define RATE 136	/* 1600 - 2 * 256 bits */

/* FIPS 202, 3.2.5: the output of a degree-8 LFSR at the positions 2^j - 1. */
static const uint64_t round_constant[24] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a,
	0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	0x8000000080008081, 0x8000000000008009, 0x000000000000008a,
	0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
	0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081,
	0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static uint64_t
rotl(uint64_t x, unsigned n)
{
	return n ? x << n | x >> (64 - n) : x;
}

static void
permute(uint64_t a[static 25])
{
	for (int round = 0; round < 24; round++) {
		uint64_t c[5], b[25];
		unsigned x, y;

		for (x = 0; x < 5; x++)
			c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^
			    a[x + 20];
		for (x = 0; x < 5; x++) {
			uint64_t d = c[(x + 4) % 5] ^ rotl(c[(x + 1) % 5], 1);

			for (y = 0; y < 5; y++)
				a[x + 5 * y] ^= d;
		}
		/* rho and pi together: walk the one orbit of (x, y) ->
		 * (y, 2x + 3y), whose t-th step turns by the triangular number. */
		b[0] = a[0];
		x = 1;
		y = 0;
		for (unsigned t = 0; t < 24; t++) {
			unsigned nx = y, ny = (2 * x + 3 * y) % 5;

			b[nx + 5 * ny] = rotl(a[x + 5 * y],
			    (t + 1) * (t + 2) / 2 % 64);
			x = nx;
			y = ny;
		}
		for (y = 0; y < 25; y += 5)
			for (x = 0; x < 5; x++)
				a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] &
				    b[y + (x + 2) % 5]);
		a[0] ^= round_constant[round];
	}
}

static void
absorb_byte(struct keccak *k, size_t at, uint8_t byte)
{
	k->state[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

void
keccak_init(struct keccak *k)
{
	memset(k, 0, sizeof *k);
}

void
keccak_update(struct keccak *k, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len) {
		if (k->fill % 8 == 0 && len >= 8) {
			uint64_t w = 0;

			for (int i = 0; i < 8; i++)
				w |= (uint64_t)p[i] << (8 * i);
			k->state[k->fill / 8] ^= w;
			k->fill += 8;
			p += 8;
			len -= 8;
		} else {
			absorb_byte(k, k->fill++, *p++);
			len--;
		}
		if (k->fill == RATE) {
			permute(k->state);
			k->fill = 0;
		}
	}
}

void
keccak_final(uint8_t out[static 32], struct keccak *k)
{
	absorb_byte(k, k->fill, 0x01);
	absorb_byte(k, RATE - 1, 0x80);
	permute(k->state);
	for (int i = 0; i < 32; i++)
		out[i] = k->state[i / 8] >> (8 * (i % 8));
	keccak_init(k);
}

void
keccak256(uint8_t out[static 32], const void *data, size_t len)
{
	struct keccak k;

	keccak_init(&k);
	keccak_update(&k, data, len);
	keccak_final(out, &k);
}
