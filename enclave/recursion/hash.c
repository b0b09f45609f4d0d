#include "recursion/gadgets.h"

#include <string.h>

static void
zeros(struct circuit *c, felt s[16])
{
	for (int i = 0; i < 16; i++)
		s[i] = f_eval(c, f_k(0));
}

struct digest_var
hash_var(struct circuit *c, const felt *in, size_t n)
{
	struct digest_var d;
	felt s[16];

	zeros(c, s);
	while (n > 0) {
		size_t k = n < 8 ? n : 8;

		memcpy(s, in, k * sizeof *in);
		permute(c, s, s);
		in += k;
		n -= k;
	}
	memcpy(d.c, s, sizeof d.c);
	return d;
}

/* The zero that would fill the state up is written all the same. */
struct digest_var
compress_var(struct circuit *c, const struct digest_var *left,
    const struct digest_var *right)
{
	struct digest_var d;
	felt s[16];

	f_eval(c, f_k(0));
	memcpy(s, left->c, sizeof left->c);
	memcpy(s + 8, right->c, sizeof right->c);
	permute(c, s, s);
	memcpy(d.c, s, sizeof d.c);
	return d;
}

void
digest_assert(struct circuit *c, const char *at, const struct digest_var *a,
    const struct digest_var *b)
{
	for (int i = 0; i < 8; i++)
		f_assert_eq_at(c, at, f_var(a->c[i]), f_var(b->c[i]));
}

void
merkle_verify(struct circuit *c, const struct digest_var *path,
    const felt *index, unsigned height, const struct digest_var *leaf,
    const struct digest_var *root)
{
	struct digest_var node = *leaf;

	for (unsigned i = 0; i < height; i++) {
		struct digest_var pair[2];

		for (int k = 0; k < 8; k++) {
			felt out[2], in[2] = {node.c[k], path[i].c[k]};

			select_pair(c, out, index[i], in);
			pair[0].c[k] = out[0];
			pair[1].c[k] = out[1];
		}
		node = compress_var(c, &pair[0], &pair[1]);
	}
	digest_assert_eq(c, &node, root);
}
