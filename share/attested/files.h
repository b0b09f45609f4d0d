#ifndef ATTESTED_FILES_H
#define ATTESTED_FILES_H
/* Files that evidence is judged by. */
#include "attest/bytes.h"
#include "base/err.h"

#define POLICY_MAX ((size_t)4 << 20)
#define ROOT_MAX 65536		/* of certificates */

/* All of a file, to be freed with free(); path NULL: none, and *b stays.  Fails as read_file(). */
CHECKED int attested_read(struct bytes *b, const char *path, size_t cap, struct err *e);

#endif
