#ifndef PROOF_READ_H
#define PROOF_READ_H
/*
 * Inside the readers: a cursor over bincode, with a sticky error.  After the first
 * fault every read yields zeros and empty arrays, and the caller looks once, in
 * read_end().  A count is believed only as far as the bytes that are left could hold
 * that many of the smallest item, so memory stays within PROOF_ARENA_FACTOR of the
 * input.
 */
#include <stdbool.h>

#include "base/err.h"
#include "proof/container.h"

struct cursor {
	const uint8_t *p, *start, *end;
	struct arena *arena;
	struct err *err;
	bool bn254;		/* digests are scalars: u64 32, 32 bytes */
	bool bad;
};

/* Fewest bytes that one of each takes: counts are 8, an Option is 1. */
enum {
	MIN_VEC = 8, MIN_KB = 4, MIN_EF = 16, MIN_DIGEST = 32,
	MIN_TENSOR = 16,
	MIN_SUMCHECK = 8 + 16 + 8 + 16,
	MIN_GKR_ROUND = 4 * 16 + MIN_SUMCHECK,
	MIN_CHIP_OPENINGS = 8 + MIN_TENSOR + 1,
	MIN_OPENED_CHIP = 4 * 8,
	MIN_OPENING = MIN_TENSOR + 32 + 8 + 8 + MIN_TENSOR,
	MIN_SHARD = 8 + 32 + 2 * MIN_TENSOR + 3 * 8 + 4 + MIN_SUMCHECK + 8 +
	    4 * 8 + 16 + 4 + 4 + 8 + 2 * MIN_SUMCHECK + 2 * 8 + 16 + 2 * 8
};

/* A cursor over len bytes.  Arrays are allotted in a, which may be NULL if none
 * is read; e is set by the first fault. */
CHECKED struct cursor read_begin(struct arena *a, const uint8_t *in, size_t len,
    struct err *e);
CHECKED int read_end(struct cursor *c);		/* -1: a fault, or bytes are left */

/* Sets the error, EX_DATAERR with the place and `what`, unless there was one;
 * then nothing is left to read. */
void read_fail(struct cursor *c, const char *what);
/* Bytes not yet read; 0 after a fault. */
size_t read_left(const struct cursor *c);
/* A little-endian number of 1 to 8 bytes. */
uint64_t read_uint(struct cursor *c, unsigned bytes);
/* The same of 8 bytes, as counts and lengths are. */
uint64_t read_u64(struct cursor *c);
/* A number of items that take min_item bytes or more; a fault when the rest
 * cannot hold them. */
size_t read_count(struct cursor *c, size_t min_item);
/* Memory of the arena for n items of size bytes; NULL: n is 0, or a fault
 * (EX_OSERR: the arena refuses). */
void *read_space(struct cursor *c, size_t n, size_t size);
/* The byte before an Option: true where a value follows; other than 0 and 1 is
 * a fault. */
CHECKED bool read_option(struct cursor *c);
/* A count, and as many bytes, copied into the arena. */
struct byte_vec read_bytes(struct cursor *c);

/* n elements to v; none are read after a fault. */
void read_kbs(struct cursor *c, kb *v, size_t n);
/* An element, 4 bytes; not below p is a fault. */
kb read_kb(struct cursor *c);
/* Four elements, lowest coefficient first. */
ef read_ef(struct cursor *c);
/* Eight elements, or a BN254 scalar where c->bn254. */
any_digest read_digest(struct cursor *c);
/* A count, and as many elements. */
struct kb_vec read_kb_vec(struct cursor *c);
/* A count, and as many extension elements. */
struct ef_vec read_ef_vec(struct cursor *c);
/* A count, and as many digests. */
struct digest_vec read_digest_vec(struct cursor *c);
/* A tensor's dimensions: at most three, whose product fits 64 bits. */
struct dims read_dims(struct cursor *c);

/* A verifying key: bytes 0 to 103 of its file, or 112 where c->bn254. */
void read_vk(struct cursor *c, struct vk *vk);
/* A shard's proof (sp1-proof(7), Shard bytes). */
void read_shard(struct cursor *c, struct shard_proof *p);
/* SP1RecursionProof: its program's key, its shard, the key's place and path. */
void read_recursion(struct cursor *c, struct recursion_proof *p);
/* What a container ends with (sp1-proof(7), Containers).  Without the Option of a TEE's
 * bytes it is the network's form. */
void read_tail(struct cursor *c, struct proof_tail *t);

#endif
