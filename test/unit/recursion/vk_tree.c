/*
 * The tree of the keys that are allowed: its root, the place of a proof's key (and of a
 * stock proof's), a key that is not in it.
 */
#include "recursion/vk_tree.h"
#include "stark/recursion_keys.h"
#include "test/lib/stark_vectors.h"

static void
places(const struct vk_tree *t, const char *name)
{
	any_digest path[RECURSION_VK_HEIGHT];
	struct test_compressed c;
	uint64_t index = 0;
	struct err e;

	test_compressed_read(&c, name);
	ok(vk_tree_place(t, &c.p.proof.vk, &index, path, &e) == 0, "%s: its key's "
	    "place", name);
	is_int(index, c.p.proof.vk_index, "%s: its index", name);
	ok(c.p.proof.vk_path.n == RECURSION_VK_HEIGHT && memcmp(path,
	    c.p.proof.vk_path.v, sizeof path) == 0, "%s: its path", name);
	test_compressed_free(&c);
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
	char path[STOCK_PATH];
	struct vk_tree t;
	struct err e;

	if (ok(vk_tree_open(&t, &e) == 0, "the root is the verifiers'")) {
		places(&t, MADE_COMPRESSED);
		if (stock_path(path, "fib-20.compressed"))
			places(&t, "fib-20.compressed");
		unknown(&t);
		vk_tree_free(&t);
	} else {
		diag("%s", e.msg);
	}
	return done_testing();
}
