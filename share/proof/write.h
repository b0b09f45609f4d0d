#ifndef PROOF_WRITE_H
#define PROOF_WRITE_H
/* Inside the writers: one walk serves both to count the bytes and to write them. */
#include <stdbool.h>

#include "proof/container.h"

struct sink {
	uint8_t *p;		/* NULL: only count */
	size_t n;
	bool bn254;		/* digests are scalars: u64 32, 32 bytes */
};

/* The low `bytes` bytes of v, lowest first. */
void write_uint(struct sink *s, uint64_t v, unsigned bytes);
/* Eight of them, as counts and lengths are. */
void write_u64(struct sink *s, uint64_t v);
/* The count n, then v[0 .. n). */
void write_bytes(struct sink *s, const void *v, size_t n);
/* What a container ends with, in the form it was read in. */
void write_tail(struct sink *s, const struct proof_tail *t);

#endif
