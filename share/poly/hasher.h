#ifndef POLY_HASHER_H
#define POLY_HASHER_H
/*
 * The hash that a proof is made with: KoalaBear's Poseidon2 (poly/hash.h), or in the last
 * recursion stage BN254's (poly/bn254_hash.h).  Trees, commitments and the transcript take
 * it as a parameter.
 *
 * Both are a sponge whose inputs overwrite its state (sp1-proof(7), Hashes): what
 * is not overwritten stays.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bn254/fr.h"
#include "poly/hash.h"

/* A digest of either hash.  Which of the two it is, is not in it: who has it knows the
 * hasher. */
typedef union {
	digest kb;
	bn254_fr bn254;
} any_digest;

/* The sponge's state; zeros to begin with. */
union sponge {
	kb kb[16];
	bn254_fr bn254[3];
};

/* Elements of the transcript that a permutation puts out. */
#define SPONGE_OUT 8

struct hasher {
	unsigned rate;		/* elements that a permutation takes, at most */
	/* Writes in[0 .. n), n <= rate, over the state, and permutes it. */
	void (*permute)(union sponge *s, const kb *in, size_t n);
	/* What a sponge that has taken all its input gives: as a digest, and as the
	 * transcript's challenges. */
	any_digest (*squeeze)(const union sponge *s);
	void (*challenges)(kb out[SPONGE_OUT], const union sponge *s);
	/* A digest as the transcript takes it: how many elements of out. */
	size_t (*elements)(kb out[8], const any_digest *d);
	/* Of two nodes, the one above. */
	any_digest (*compress)(const any_digest *left, const any_digest *right);
	/* Bit i, i < 16: in[0 .. n) and then from + i (canonical), n < rate, make a sponge
	 * whose last challenge, canonical, has no bit of mask.  from + i >= p: bit
	 * clear. */
	uint32_t (*grind16)(const union sponge *s, const kb *in, size_t n,
	    uint32_t from, uint32_t mask);

	/*
	 * Many at a time, in the calling thread.
	 *
	 * absorb: out[i], i < n, = hash of entry begin + i of each of the columns; these
	 * may come some at a time: in[i] is what is kept of the sponge until then (NULL:
	 * nothing yet) and becomes out[i], a digest the last time.  All but the last time
	 * width is a multiple of 16, and the last time, unless it is the only one, more
	 * than
	 * 8: so much may be forgotten of the state.  out may be in.
	 */
	void (*absorb)(any_digest *out, const any_digest *in,
	    const kb *const *column, size_t width, size_t begin, size_t n,
	    bool last);
	/* out[i] = hash of row[i * width .. (i + 1) * width), i < n */
	void (*rows)(any_digest *out, const kb *row, size_t width, size_t n);
	/* out[i] = compress(in[2i], in[2i + 1]), i < n; out may be in */
	void (*layer)(any_digest *out, const any_digest *in, size_t n);
};

extern const struct hasher hasher_kb, hasher_bn254;

/* The digest of v[0 .. n); n = 0: zero. */
any_digest hasher_hash(const struct hasher *h, const kb *v, size_t n);
/* As h->layer, on the pool's threads. */
void hasher_layer(const struct hasher *h, any_digest *out,
    const any_digest *in, size_t n);

/* They are the same; both of one hash. */
static inline bool
any_digest_eq(const any_digest *a, const any_digest *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

#endif
