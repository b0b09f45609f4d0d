/* A trace of another's, and what is kept of it: within its bound, and itself one. */
#include "wire/error_trace.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct err e;
	json_t *t = error_trace_read(p, n, &e), *again;
	char *text = t ? json_dumps(t, JSON_COMPACT) : NULL;

	if (text) {
		must(strlen(text) <= ERROR_TRACE_ALL);
		again = error_trace_read(text, strlen(text), &e);
		must(again && json_equal(t, again));
		json_decref(again);
	}
	free(text);
	json_decref(t);
	return 0;
}
