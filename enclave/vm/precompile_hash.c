/* SHA-256, Keccak-f[1600] and Poseidon2 on guest memory (executor.md 2). */
#include <string.h>

#include "field/kb.h"
#include "poly/hash.h"
#include "vm/precompile.h"

static const uint32_t sha_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t
ror(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint64_t
rol64(uint64_t x, int n)
{
	return n ? x << n | x >> (64 - n) : x;
}

static int
zero_argument(struct vm *m, const struct call *c, uint64_t a1)
{
	if (a1 == 0)
		return 0;
	return vm_fail(m, VM_InvalidSyscallUsage,
	    "%s: the second argument must be 0", c->name);
}

HANDLER(pre_sha_extend)
{
	if (zero_argument(m, c, a1))
		return -1;
	for (unsigned i = 16; i < 64; i++) {
		unsigned t = i - 15;	/* clk + 1, + 2, ... (2) */
		uint64_t at = a0 + 8 * i, w15, w2, w16, w7, sum;

		if (pre_read(m, &w15, at - 8 * 15, 1, t) ||
		    pre_read(m, &w2, at - 8 * 2, 1, t) ||
		    pre_read(m, &w16, at - 8 * 16, 1, t) ||
		    pre_read(m, &w7, at - 8 * 7, 1, t))
			return -1;
		sum = (ror((uint32_t)w2, 17) ^ ror((uint32_t)w2, 19) ^
		    (uint32_t)w2 >> 10) + (uint32_t)w16 + (uint32_t)w7;
		sum += ror((uint32_t)w15, 7) ^ ror((uint32_t)w15, 18) ^
		    (uint32_t)w15 >> 3;
		sum = (uint32_t)sum;
		if (pre_write(m, &sum, at, 1, t))
			return -1;
	}
	return 0;
}

HANDLER(pre_sha_compress)
{
	uint64_t w[64], h[8];
	uint32_t s[8];

	if (pre_read(m, h, a1, 8, 0) || pre_read(m, w, a0, 64, 1))
		return -1;
	for (int i = 0; i < 8; i++)
		s[i] = (uint32_t)h[i];
	for (int i = 0; i < 64; i++) {
		uint32_t s1 = ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25);
		uint32_t ch = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t t1 = s[7] + s1 + ch + sha_k[i] + (uint32_t)w[i];
		uint32_t s0 = ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22);
		uint32_t maj = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);

		memmove(s + 1, s, 7 * sizeof *s);
		s[4] += t1;
		s[0] = t1 + s0 + maj;
	}
	for (int i = 0; i < 8; i++)
		h[i] = (uint32_t)h[i] + s[i], h[i] = (uint32_t)h[i];
	return pre_write(m, h, a1, 8, 2);
}

static void
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
	uint8_t lfsr = 1;

	for (int round = 0; round < 24; round++) {
		uint64_t c[5], t = s[1];

		for (int x = 0; x < 5; x++)
			c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
		for (int i = 0; i < 25; i++)
			s[i] ^= c[(i + 4) % 5] ^ rol64(c[(i + 1) % 5], 1);
		t = s[1];
		for (int i = 0; i < 24; i++) {
			uint64_t next = s[lane[i]];

			s[lane[i]] = rol64(t, rotation[i]);
			t = next;
		}
		for (int y = 0; y < 25; y += 5) {
			memcpy(c, s + y, sizeof c);
			for (int x = 0; x < 5; x++)
				s[y + x] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
		}
		/* the round constant's bits 2^j - 1 from FIPS 202's LFSR */
		for (int j = 0; j < 7; j++) {
			if (lfsr & 1)
				s[0] ^= 1ull << ((1 << j) - 1);
			lfsr = (uint8_t)(lfsr << 1 ^ (lfsr >> 7) * 0x71);
		}
	}
}

HANDLER(pre_keccak)
{
	uint64_t s[25];

	if (zero_argument(m, c, a1) || pre_read(m, s, a0, 25, 0))
		return -1;
	keccak_f(s);
	return pre_write(m, s, a0, 25, 1);
}

HANDLER(pre_poseidon2)
{
	uint64_t w[8];
	kb s[16];

	if (zero_argument(m, c, a1) || pre_peek(m, w, a0, 8))
		return -1;
	for (int i = 0; i < 16; i++) {
		uint32_t v = (uint32_t)(w[i / 2] >> 32 * (i % 2));

		if (v >= KB_P)
			return vm_fail(m, VM_InvalidSyscallUsage,
			    "%s: an element is not below p", c->name);
		s[i] = kb_from(v);
	}
	poseidon2(s);
	for (int i = 0; i < 8; i++)
		w[i] = kb_to(s[2 * i]) | (uint64_t)kb_to(s[2 * i + 1]) << 32;
	return pre_write(m, w, a0, 8, 0);
}
