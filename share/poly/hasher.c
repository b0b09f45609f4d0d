#include "poly/hasher.h"

#include "base/par.h"

/* Equal digests have equal bytes, and an array of one kind is one of the other. */
_Static_assert(sizeof(any_digest) == sizeof(digest) &&
    sizeof(any_digest) == sizeof(bn254_fr), "no digest has bytes to spare");

any_digest
hasher_hash(const struct hasher *h, const kb *v, size_t n)
{
	union sponge s = {{{0}}};

	while (n > 0) {
		size_t m = n < h->rate ? n : h->rate;

		h->permute(&s, v, m);
		v += m;
		n -= m;
	}
	return h->squeeze(&s);
}

struct layer {
	const struct hasher *h;
	any_digest *out;
	const any_digest *in;
};

static void
layer_piece(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct layer *l = ctx;

	l->h->layer(l->out + begin, l->in + 2 * begin, end - begin);
}

void
hasher_layer(const struct hasher *h, any_digest *out, const any_digest *in,
    size_t n)
{
	struct layer l = {h, out, in};

	if (n <= 256)
		h->layer(out, in, n);
	else
		par_for(n, 1024, layer_piece, &l);
}
