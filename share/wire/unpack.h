#ifndef WIRE_UNPACK_H
#define WIRE_UNPACK_H
/*
 * Artifacts as clients upload them: bincode, inside one zstd frame since SDK 6.0,
 * bare before (sp1-network(7), Packing).
 */
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secmem.h"

/* Do the bytes begin as a zstd frame does? */
bool unpack_is_zstd(const uint8_t *in, size_t n);
/* What is inside, at most max bytes, to *out (n set), in memory for secrets; all
 * that zstd held on the way is wiped.  EX_DATAERR: malformed, or too long. */
CHECKED int unpack_artifact(struct secmem *out, const uint8_t *in, size_t n,
    size_t max, struct err *e);
/* The same of a program, which is a Vec<u8> in there: *elf, *len bytes, points into *m. */
CHECKED int unpack_program(struct secmem *m, const uint8_t **elf, size_t *len,
    const uint8_t *in, size_t n, size_t max, struct err *e);

#endif
