#include "base/blake3.h"

#include <string.h>

#define CHUNK 1024
#define BLOCK 64
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

static const uint32_t iv[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
};

static uint32_t
rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void
mix(uint32_t *s, int a, int b, int c, int d, uint32_t x, uint32_t y)
{
	s[a] += s[b] + x;
	s[d] = rotr(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotr(s[b] ^ s[c], 12);
	s[a] += s[b] + y;
	s[d] = rotr(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotr(s[b] ^ s[c], 7);
}

/* cv becomes the chaining value after one block of `len` bytes. */
static void
compress(uint32_t cv[static 8], const uint8_t *block, size_t len,
    uint64_t counter, uint32_t flags)
{
	static const uint8_t order[16] = {
		2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8
	};
	uint8_t padded[BLOCK] = {0};
	uint32_t m[16], t[16], s[16];

	if (len > 0)
		memcpy(padded, block, len);
	for (int i = 0; i < 16; i++)
		m[i] = padded[4 * i] | (uint32_t)padded[4 * i + 1] << 8 |
		    (uint32_t)padded[4 * i + 2] << 16 |
		    (uint32_t)padded[4 * i + 3] << 24;
	memcpy(s, cv, 32);
	memcpy(s + 8, iv, 16);
	s[12] = (uint32_t)counter;
	s[13] = (uint32_t)(counter >> 32);
	s[14] = (uint32_t)len;
	s[15] = flags;
	for (int round = 0; round < 7; round++) {
		for (int i = 0; i < 4; i++)
			mix(s, i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1]);
		for (int i = 0; i < 4; i++)
			mix(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
			    12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i]);
		for (int i = 0; i < 16; i++)
			t[i] = m[order[i]];
		memcpy(m, t, sizeof m);
	}
	for (int i = 0; i < 8; i++)
		cv[i] = s[i] ^ s[i + 8];
}

static void
chunk(uint32_t cv[static 8], const uint8_t *in, size_t len, uint64_t counter,
    uint32_t root)
{
	uint32_t flags = CHUNK_START;

	memcpy(cv, iv, sizeof iv);
	for (; len > BLOCK; in += BLOCK, len -= BLOCK, flags = 0)
		compress(cv, in, BLOCK, counter, flags);
	compress(cv, in, len, counter, flags | CHUNK_END | root);
}

/* The left subtree is the largest full one that leaves something to the
 * right. */
static void
subtree(uint32_t cv[static 8], const uint8_t *in, size_t len, uint64_t counter,
    uint32_t root)
{
	uint32_t child[16];
	uint8_t block[BLOCK];
	size_t left = CHUNK;

	if (len <= CHUNK) {
		chunk(cv, in, len, counter, root);
		return;
	}
	while (left < len - left)
		left *= 2;
	subtree(child, in, left, counter, 0);
	subtree(child + 8, in + left, len - left, counter + left / CHUNK, 0);
	for (int i = 0; i < BLOCK; i++)
		block[i] = (uint8_t)(child[i / 4] >> 8 * (i % 4));
	memcpy(cv, iv, sizeof iv);
	compress(cv, block, BLOCK, 0, PARENT | root);
}

void
blake3(uint8_t out[static 32], const uint8_t *in, size_t len)
{
	uint32_t cv[8];

	subtree(cv, in, len, 0, ROOT);
	for (int i = 0; i < 32; i++)
		out[i] = (uint8_t)(cv[i / 4] >> 8 * (i % 4));
}
