#ifndef WIRE_PACK_H
#define WIRE_PACK_H
/*
 * An artifact as the SDK uploads it: one zstd frame of level 3, written by the
 * streaming interface, which puts no content size into its header
 * (sp1-network(7), Packing).
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Parts one after the other, in memory to be freed with free(). */
struct pack_part {
	const void *p;
	size_t n;
};
/* Packs n parts.  EX_OSERR. */
CHECKED int pack_zstd(uint8_t **out, size_t *out_len,
    const struct pack_part *parts, size_t n, struct err *e);

#endif
