/* Any bytes as a guest's input: what is taken is written back the same. */
#include <stdlib.h>
#include <string.h>

#include "wire/stdin.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct sp1_stdin s;
	struct arena a;
	struct err e = { 0 };
	uint8_t *out;

	arena_init(&a, 2 * len + 64);
	if (stdin_parse(&s, &a, in, len, &e) < 0)
		must(e.status == EX_DATAERR);
	else {
		must(stdin_size(&s) == len);
		out = malloc(len);
		must(out != NULL);
		stdin_write(out, &s);
		must(memcmp(out, in, len) == 0);
		free(out);
	}
	arena_free(&a);
	return 0;
}
