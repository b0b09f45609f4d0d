#include "recursion/vk_tree.h"

#include <string.h>

#include "stark/recursion_keys.h"

/* Digests in ascending order, canonical words, little-endian: those of vk_map.bin of the
 * crate sp1-prover 6.10.0 (MIT or Apache-2.0), whose indices are their order. */
extern const uint8_t recursion_vks[], recursion_vks_end[];
__asm__(".section .rodata\n.balign 4\nrecursion_vks:\n"
    ".incbin \"share/data/recursion_vks.bin\"\nrecursion_vks_end:\n.previous\n");

#define LEAVES ((size_t)1 << RECURSION_VK_HEIGHT)
#define PIECE ((size_t)1 << 12)	/* leaves hashed at a time */
#define WORDS 8

static uint32_t
word(size_t key, unsigned i)
{
	const uint8_t *b = recursion_vks + 4 * (WORDS * key + i);

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	    (uint32_t)b[3] << 24;
}

/* A key's leaf, and the reverse. */
static size_t
reversed(size_t i)
{
	size_t r = 0;

	for (unsigned k = 0; k < RECURSION_VK_HEIGHT; k++)
		r = r << 1 | (i >> k & 1);
	return r;
}

/* Leaves [first, first + n): zeros where there is no key. */
static void
leaves(any_digest *out, size_t first, size_t n)
{
	memset(out, 0, n * sizeof *out);
	for (size_t i = 0; i < n; i++) {
		size_t key = reversed(first + i);

		for (unsigned k = 0; key < RECURSION_VK_COUNT && k < WORDS; k++)
			out[i].kb.c[k] = kb_from(word(key, k));
	}
}

int
vk_tree_open(struct vk_tree *t, struct err *e)
{
	digest root = recursion_vk_root();
	any_digest piece[PIECE];

	must((uintptr_t)recursion_vks_end - (uintptr_t)recursion_vks ==
	    4 * WORDS * RECURSION_VK_COUNT);
	if (merkle_begin(&t->tree, &hasher_kb, WORDS, RECURSION_VK_HEIGHT) < 0)
		return err_set(e, EX_OSERR, "no memory for the recursion keys");
	for (size_t i = 0; i < LEAVES; i += PIECE) {
		leaves(piece, i, PIECE);
		merkle_add(&t->tree, piece, i, PIECE);
	}
	merkle_end(&t->tree);
	if (digest_eq(&merkle_root(&t->tree)->kb, &root))
		return 0;
	vk_tree_free(t);
	return err_set(e, EX_SOFTWARE, "the recursion keys are damaged: their "
	    "root is not the one that verifiers have");
}

void
vk_tree_free(struct vk_tree *t)
{
	merkle_free(&t->tree);
}

static int
compare(const digest *d, size_t key)
{
	for (unsigned i = 0; i < WORDS; i++) {
		uint32_t x = kb_to(d->c[i]), y = word(key, i);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int
vk_tree_place(const struct vk_tree *t, const struct vk *vk, uint64_t *index,
    any_digest *path, struct err *e)
{
	any_digest near[1 << MERKLE_KEPT];
	size_t low = 0, high = RECURSION_VK_COUNT, leaf;
	digest d = vk_digest(vk);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&d, middle) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == RECURSION_VK_COUNT || compare(&d, low) != 0)
		return err_set(e, EX_SOFTWARE, "the recursion program's key is "
		    "not one of those allowed");
	*index = low;
	leaf = reversed(low);
	leaves(near, leaf & ~(((size_t)1 << MERKLE_KEPT) - 1),
	    (size_t)1 << MERKLE_KEPT);
	merkle_path_near(&t->tree, leaf, near, path);
	return 0;
}
