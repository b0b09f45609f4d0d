/*
 * The tree of the keys that are allowed: its root, the place of a stock proof's key, a key
 * that is not in it.
 */
#include "recursion/vk_tree.h"
#include "stark/recursion_keys.h"
#include "test/lib/stark_vectors.h"

static void
places(const struct vk_tree *t)
{
	any_digest path[RECURSION_VK_HEIGHT];
	struct compressed_proof c;
	uint64_t index = 0;
	struct arena a;
	uint8_t *bytes;
	struct err e;
	size_t n;

	if (read_file(STOCK_PROOFS "/fib-20.compressed.bin", PROOF_CAP, &bytes,
	    &n, &e)) {
		diag("skipped: no stock proof");
		return;
	}
	arena_init(&a, 0);
	must(compressed_proof_read(&c, &a, bytes, n, &e) == 0);
	ok(vk_tree_place(t, &c.proof.vk, &index, path, &e) == 0, "a key's place");
	is_int(index, c.proof.vk_index, "its index, as the stock has it");
	ok(c.proof.vk_path.n == RECURSION_VK_HEIGHT && memcmp(path,
	    c.proof.vk_path.v, sizeof path) == 0, "its path, as the stock has it");
	arena_free(&a);
	free(bytes);
}

static void
unknown(const struct vk_tree *t)
{
	any_digest path[RECURSION_VK_HEIGHT];
	struct vk none = {.pc_start = {KB_ONE}};
	uint64_t index;
	struct err e;

	ok(vk_tree_place(t, &none, &index, path, &e) < 0 &&
	    e.status == EX_SOFTWARE, "another: %s", e.msg);
}

int
main(void)
{
	struct vk_tree t;
	struct err e;

	if (ok(vk_tree_open(&t, &e) == 0, "the root is the verifiers'")) {
		places(&t);
		unknown(&t);
		vk_tree_free(&t);
	} else {
		diag("%s", e.msg);
	}
	return done_testing();
}
