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

void write_uint(struct sink *s, uint64_t v, unsigned bytes);
void write_u64(struct sink *s, uint64_t v);
void write_bytes(struct sink *s, const void *v, size_t n);
void write_tail(struct sink *s, const struct proof_tail *t);

#endif
