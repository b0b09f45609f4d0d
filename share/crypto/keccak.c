#include "crypto/keccak.h"

#include <string.h>

#include "base/fips.h"

#define RATE 136	/* 1600 - 2 * 256 bits */

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
			keccak_f(k->state);
			k->fill = 0;
		}
	}
}

void
keccak_final(uint8_t out[static 32], struct keccak *k)
{
	absorb_byte(k, k->fill, 0x01);
	absorb_byte(k, RATE - 1, 0x80);
	keccak_f(k->state);
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
