#ifndef BASE_HEX_H
#define BASE_HEX_H
/* Hexadecimal: written in lower case, read in either, with or without 0x. */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Writes 2 * n characters and a NUL. */
void hex_encode(char *out, const void *p, size_t n);
/* The number of bytes that text stands for; -1 when it is not hexadecimal or
 * has an odd number of digits. */
long hex_length(const char *text);
/* Exactly n bytes, else -1, and out is as it was. */
CHECKED int hex_decode(uint8_t *out, size_t n, const char *text);

#endif
