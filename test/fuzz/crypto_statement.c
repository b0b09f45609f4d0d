/* Any bytes as a statement: what is taken is written back byte for byte. */
#include <string.h>

#include "crypto/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static char text[STATEMENT_MAX];
	struct statement s;
	struct err e;

	if (statement_parse(&s, (const char *)in, len, &e) < 0) {
		must(e.status == EX_DATAERR);
		return 0;
	}
	must(s.nkeys > 0 && s.nkeys <= STATEMENT_KEYS &&
	    statement_write(text, &s) == len && memcmp(text, in, len) == 0);
	return 0;
}
