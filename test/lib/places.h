#ifndef TEST_LIB_PLACES_H
#define TEST_LIB_PLACES_H
/*
 * Altering a proof in memory: every place of a shard's proof by the kind of thing that
 * it is, each altered at random and put back; every array cut short.
 */
#include "proof/proof.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

/* All field elements of one kind, or all numbers, or digests that are scalars. */
struct place {
	const char *kind;
	kb *v;
	uint64_t *u;
	bn254_fr *scalar;
	size_t n;
};

/* Those walked.  A walk goes on where the one before ended: set nplaces to 0 for a new
 * one. */
extern struct place places[];
extern size_t nplaces;
extern int places_scalars;	/* digests are BN254's */
extern uint64_t places_seed;	/* of all that is altered */

/* The next number of places_seed. */
uint64_t places_rnd(void);

/* Adds n numbers, or digests, which stay where they are; none where n is 0. */
void place_numbers(const char *kind, uint64_t *u, size_t n);
void place_digests(const char *kind, any_digest *d, size_t n);

/* Adds everything that is in a shard's proof, or a key. */
void walk_shard(struct shard_proof *p);
void walk_vk(struct vk *vk);

/* The test's: a well-formed no, with a reason? */
typedef int refuses(struct err *e);

/* Alters one of the place's things at random, asks, and puts it back: what refused()
 * said, which gets *e. */
int alter_place(const struct place *p, refuses *refused, struct err *e);

/* For qsort(): places of one kind together. */
int place_by_kind(const void *a, const void *b);

/* Each kind `rounds` times.  The places must have been walked. */
void test_fields(refuses *refused, size_t rounds);

/* n bits of bytes[0..end) turned over: check(), which reads and verifies them, finds them
 * malformed or refuses them, with a reason. */
void test_bits(uint8_t *bytes, size_t end, size_t n, int (*check)(struct err *e));

/* Lengths: each array one shorter; none may be read beyond what it has. */
#define SHORTER(n, what) do { \
	struct err e_; \
	(n)--; \
	ok(refused(&e_), "%s: one fewer: %s", what, e_.msg); \
	(n)++; \
} while (0)

struct length { const char *what; size_t *n; };
#define MAX_LENGTHS 64

/* Of arrays of every kind; how many. */
unsigned place_lengths(struct length to[MAX_LENGTHS], struct shard_proof *p);

/* A test of each array: one shorter, it is refused. */
void shorten_shard(refuses *refused, struct shard_proof *p);

#endif
