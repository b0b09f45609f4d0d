/* The verifying key as bytes and as hashes. */
#include <string.h>

#include "proof/vk.h"

#define ELEMENTS 26
_Static_assert(VK_BYTES == ELEMENTS * 4, "a word an element");

void
vk_encode(uint8_t out[VK_BYTES], const struct vk *vk)
{
	kb v[ELEMENTS];

	memcpy(v, vk->pc_start, sizeof vk->pc_start);
	memcpy(v + 3, vk->sum_x, sizeof vk->sum_x);
	memcpy(v + 10, vk->sum_y, sizeof vk->sum_y);
	memcpy(v + 17, vk->commit.kb.c, sizeof vk->commit.kb.c);
	v[25] = vk->untrusted;
	for (int i = 0; i < ELEMENTS; i++) {
		uint32_t x = kb_to(v[i]);

		for (int k = 0; k < 4; k++)
			*out++ = (uint8_t)(x >> (8 * k));
	}
}

int
vk_decode(struct vk *vk, const uint8_t *in, size_t len, struct err *e)
{
	kb v[ELEMENTS];

	if (len != VK_BYTES)
		return err_set(e, EX_DATAERR,
		    "a verifying key has %d bytes, not %zu", VK_BYTES, len);
	for (int i = 0; i < ELEMENTS; i++, in += 4) {
		uint32_t x = in[0] | (uint32_t)in[1] << 8 |
		    (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;

		if (x >= KB_P)
			return err_set(e, EX_DATAERR, "verifying key: element "
			    "%d is no canonical field element", i);
		v[i] = kb_from(x);
	}
	memcpy(vk->pc_start, v, sizeof vk->pc_start);
	memcpy(vk->sum_x, v + 3, sizeof vk->sum_x);
	memcpy(vk->sum_y, v + 10, sizeof vk->sum_y);
	memcpy(vk->commit.kb.c, v + 17, sizeof vk->commit.kb.c);
	vk->untrusted = v[25];
	return 0;
}

digest
vk_digest(const struct vk *vk)
{
	kb v[ELEMENTS];

	memcpy(v, vk->commit.kb.c, sizeof vk->commit.kb.c);
	memcpy(v + 8, vk->pc_start, sizeof vk->pc_start);
	memcpy(v + 11, vk->sum_x, sizeof vk->sum_x);
	memcpy(v + 18, vk->sum_y, sizeof vk->sum_y);
	v[25] = vk->untrusted;
	return hash_kb(v, ELEMENTS);
}

/* sp1-proof(7), Containers: the digest's words, each big-endian. */
void
vk_network_hash(uint8_t out[32], const struct vk *vk)
{
	digest d = vk_digest(vk);

	for (int i = 0; i < 8; i++) {
		uint32_t x = kb_to(d.c[i]);

		for (int k = 24; k >= 0; k -= 8)
			*out++ = (uint8_t)(x >> k);
	}
}

/* The words as 31-bit digits of one big-endian number: 248 bits, so that it fits
 * a BN254 scalar. */
static void
pack(uint8_t out[32], const uint32_t word[8])
{
	memset(out, 0, 32);
	for (unsigned bit = 0; bit < 248; bit++)	/* from the low end */
		out[31 - bit / 8] |= (uint8_t)
		    ((word[7 - bit / 31] >> bit % 31 & 1) << bit % 8);
}

void
vk_bytes32(uint8_t out[32], const struct vk *vk)
{
	digest d = vk_digest(vk);
	uint32_t word[8];

	for (int i = 0; i < 8; i++)
		word[i] = kb_to(d.c[i]);
	pack(out, word);
}

int
vk_digest_of(digest *out, const uint8_t bytes32[32], struct err *e)
{
	uint32_t word[8] = {0};

	if (bytes32[0] != 0)
		return err_set(e, EX_DATAERR, "bytes32 is of more than 248 bits");
	for (unsigned bit = 0; bit < 248; bit++)	/* as in pack() */
		word[7 - bit / 31] |= (uint32_t)(bytes32[31 - bit / 8] >>
		    bit % 8 & 1) << bit % 31;
	for (int i = 0; i < 8; i++) {
		if (word[i] >= KB_P)
			return err_set(e, EX_DATAERR, "bytes32: word %d is no "
			    "canonical field element", i);
		out->c[i] = kb_from(word[i]);
	}
	return 0;
}

int
vk_bytes32_of(uint8_t out[32], const uint8_t network_hash[32],
    struct err *e)
{
	const uint8_t *in = network_hash;
	uint32_t word[8];

	for (int i = 0; i < 8; i++, in += 4) {
		word[i] = (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
		    (uint32_t)in[2] << 8 | in[3];
		if (word[i] >= KB_P)
			return err_set(e, EX_DATAERR, "vk_hash: word %d is no "
			    "canonical field element", i);
	}
	pack(out, word);
	return 0;
}
