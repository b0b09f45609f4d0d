#ifndef WIRE_ERROR_TRACE_H
#define WIRE_ERROR_TRACE_H
/*
 * error_trace version 1 (sp1-network(7)): why a request failed, as JSON, from whoever ran
 * it.  Another's words: none of it is trusted, all of it is bounded.
 */
#include <jansson.h>
#include <stddef.h>

#include "base/err.h"

#define ERROR_TRACE_WIRE ((size_t)64 << 10)	/* bytes of a message's field */
#define ERROR_TRACE_ALL ((size_t)32 << 10)	/* bytes of what is kept */

/* The trace in n bytes of JSON, to be released with json_decref(): the fields of version 1
 * alone, each of its type and within its length (what is longer is cut, or left out where
 * it is no text); then stack_trace, stderr_excerpt, details and panic left out, in this
 * order, until the whole has ERROR_TRACE_ALL bytes.  A source or kind that is none of
 * them is
 * "unknown".  NULL and EX_DATAERR: longer than ERROR_TRACE_WIRE, no JSON object, another
 * version, no message. */
CHECKED json_t *error_trace_read(const void *p, size_t n, struct err *e);

#endif
