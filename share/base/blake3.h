#ifndef BASE_BLAKE3_H
#define BASE_BLAKE3_H
/*
 * BLAKE3 of bytes, plain mode, 32 bytes out: a guest may commit to its public
 * values by this instead of SHA-256 (sp1-proof(7), Public values).
 */
#include <stddef.h>
#include <stdint.h>

/* Writes the 32 bytes of the hash of in[0 .. len), any len (BLAKE3, O'Connor et al.,
 * 2020, section 2). */
void blake3(uint8_t out[static 32], const uint8_t *in, size_t len);

#endif
