#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Whether p holds well-formed UTF-8: no overlong form, no surrogate, nothing
 * above U+10FFFF (Unicode, table 3-7). */
CHECKED bool utf8_valid(const uint8_t *p, size_t n);

#endif
