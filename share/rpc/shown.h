#ifndef RPC_SHOWN_H
#define RPC_SHOWN_H
/*
 * What people may see of a transfer.  A URL's query is a secret (the token of an upload,
 * the signature of a presigned URL), and standard error is what others keep.
 */
#include <stddef.h>
#include <stdint.h>

#define SHOWN_URL 160	/* room for a URL, with the NUL */
#define SHOWN_TEXT 200	/* of what a server says, with the NUL */

/* The URL without user, password, query and fragment, its end as "..." where it is longer
 * than `size` has room for.  Gives out. */
const char *shown_url(char *out, size_t size, const char *url);

/* What a store says to a refusal, on one line: the Code and Message of S3's XML ("SlowDown:
 * Please reduce your request rate."), else all of it; no control characters, nothing of a
 * URL's query that it may repeat, at most size - 1 bytes.  NULL is allowed for none.  Gives
 * out. */
const char *shown_text(char *out, size_t size, const uint8_t *p, size_t n);

#endif
