#ifndef ATTESTED_APART_H
#define ATTESTED_APART_H
/* What strangers wrote, looked at where it can do no harm. */
#include <stddef.h>

#include "base/err.h"

#define APART_MAX 4096		/* bytes of an answer */

/* After openssl_start(): look(out, given, e), in a process that has no more than its memory, so
 * that whoever wrote what it reads can at worst have a wrong answer believed.  The n bytes of
 * *out come back, at most APART_MAX, without pointers; what it allocates does not.  Fails as
 * look() does; EX_SOFTWARE: that process failed; EX_OSERR: it cannot be started. */
CHECKED int apart(int (*look)(void *out, const void *given, struct err *e), void *out,
    size_t n, const void *given, struct err *e);

#endif
