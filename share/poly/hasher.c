#include "poly/hasher.h"

#include <string.h>

#include "poly/bn254_hash.h"
#include "poly/challenger.h"

static void
duplex_kb(struct challenger *c)
{
	memcpy(c->state, c->in, c->nin * sizeof c->in[0]);
	poseidon2(c->state);
	memcpy(c->out, c->state, sizeof c->out);
}

static size_t
elements_kb(kb out[8], const digest *d)
{
	memcpy(out, d->c, sizeof d->c);
	return 8;
}

/* Inputs overwrite a scalar for each eight of them, outputs are two scalars'
 * limbs. */
static void
duplex_bn254(struct challenger *c)
{
	for (unsigned i = 0; i < c->nin; i += 8)
		c->scalar[i / 8] = bn254_pack(&c->in[i],
		    c->nin - i < 8 ? c->nin - i : 8);
	bn254_poseidon2(c->scalar);
	bn254_split(c->out, c->scalar[0]);
	bn254_split(c->out + 4, c->scalar[1]);
}

static size_t
elements_bn254(kb out[8], const digest *d)
{
	bn254_split(out, bn254_from_digest(d));
	return 4;
}

const struct hasher hasher_kb = {
	hash_kb, hash_compress, hash_rows, hash_layer, 8, duplex_kb,
	elements_kb
};

const struct hasher hasher_bn254 = {
	bn254_hash, bn254_compress, bn254_hash_rows, bn254_hash_layer, 16,
	duplex_bn254, elements_bn254
};

digest
hasher_tensor_commitment(const struct hasher *h, const digest *root,
    unsigned log_height, size_t width)
{
	kb shape[2] = {kb_from(log_height), kb_from64(width)};
	digest d = h->hash(shape, 2);

	return h->compress(root, &d);
}
