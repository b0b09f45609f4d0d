/* System calls that are the first to touch their words.  SHA-256 of an item, each
 * block's schedule in fresh memory of which only the first 16 words are stored;
 * then the other calls that write where nothing was, and some that read there.
 * Commits the digest, and a checksum of the others' outputs (u64). */
#include "sp1.h"

#define HEAP 0x80000000ul	/* beyond the image: no word of it has a value */

static u64 *heap = (u64 *)HEAP, sum;

static u64 *
fresh(u64 words)
{
	u64 *p = heap;

	heap += words;
	return p;
}

static void
fold(const u64 *p, u64 words)
{
	for (u64 i = 0; i < words; i++)
		sum = (sum << 7 | sum >> 57) ^ p[i] * 0x9e3779b97f4a7c15;
}

/* Byte i of the padded message. */
static u8
padded(const u8 *p, u64 len, u64 blocks, u64 i)
{
	u64 end = 64 * blocks - 1 - i;

	if (i < len)
		return p[i];
	if (i == len)
		return 0x80;
	return end < 8 ? len * 8 >> 8 * end : 0;
}

static void
sha256(const u8 *p, u64 len)
{
	u64 h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	u64 blocks = (len + 9 + 63) / 64;
	u8 digest[32];

	for (u64 k = 0; k < blocks; k++) {
		u64 *w = fresh(64);

		for (u64 i = 0; i < 64; i += 4) {
			u64 word = 0;

			for (u64 j = 0; j < 4; j++)
				word = word << 8 | padded(p, len, blocks,
				    64 * k + i + j);
			w[i / 4] = word;
		}
		syscall_sha256_extend(w);
		syscall_sha256_compress(w, h);
	}
	for (u64 i = 0; i < 32; i++)
		digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
	commit(digest, sizeof digest);
}

/* The others: those that read find zeros. */
static void
others(void)
{
	static const u64 two[12] = { 2 };
	u64 *w, *h, *p;

	w = fresh(64);
	h = fresh(8);
	syscall_sha256_extend(w);
	syscall_sha256_compress(w, h);
	fold(h, 8);
	p = fresh(25);
	syscall_keccak_permute(p);
	fold(p, 25);
	p = fresh(8);
	ecall(POSEIDON2, (u64)p, 0, 0);
	fold(p, 8);
	/* x is written, y read */
	p = fresh(8);
	p[4] = 1;
	ecall(ED_DECOMPRESS, (u64)p, 0, 0);
	fold(p, 8);
	/* y and m too are untouched */
	p = fresh(12);
	ecall(UINT256_MUL, (u64)p, (u64)(p + 4), 0);
	fold(p, 4);
	p = fresh(6);
	ecall(BLS12381_FP_SUB, (u64)p, (u64)two, 0);
	fold(p, 6);
	p = fresh(8);
	ecall(BN254_FP2_ADD, (u64)p, (u64)two, 0);
	fold(p, 8);
	/* both results written, c untouched */
	p = fresh(12);
	ecall5(UINT256_MUL_CARRY, (u64)two, (u64)two, (u64)p, (u64)(p + 4),
	    (u64)(p + 8));
	fold(p, 12);
}

int
main(void)
{
	u64 len;
	u8 *p = read_item(&len);

	sha256(p, len);
	others();
	commit_u64(sum);
	return 0;
}
