#ifndef TEST_LIB_ALTERED_H
#define TEST_LIB_ALTERED_H
/*
 * Altered copies of a core or compressed proof, as bytes, from its bytes: of every field,
 * every length, the order and number of shards and chips, what the container says, bits
 * of the encoding, elements not below p.
 *
 *	altered_read(&arena, &bytes, &err);
 *	altered_walk();
 *	alter_as(seed, n);	// altered_out: copy n of the seed; altered_what: how
 */
#include "proof/container.h"
#include "test/lib/places.h"

/* The proof that was read; the copy at hand, and how it was altered. */
extern struct altered_proof {
	enum proof_mode mode;
	struct core_proof core;
	struct compressed_proof compressed;
	struct byte_vec *public_values, *version;
	struct shard_proof *shard;
	size_t nshards;
} altered_proof;
extern struct byte_vec altered_out;
extern char altered_what[200];

/* The proof's bytes into altered_out, which is allocated anew: free it at the end. */
void altered_encode(void);

/* 0; or -1: it is malformed.  The proof's parts are the arena's. */
CHECKED int altered_read(struct arena *a, const struct byte_vec *in, struct err *e);

/* Finds its places: once it was read. */
void altered_walk(void);

/* Makes copy n of a seed, the same whatever was made before; the proof is as it was. */
void alter_as(uint64_t with, uint64_t n);

#endif
