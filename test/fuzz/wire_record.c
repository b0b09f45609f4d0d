/* Any line as a record: what is taken reads the same once written, and what is
 * set can be got. */
#include <stdlib.h>
#include <string.h>

#include "wire/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static void
get(const struct record *r, const char *key)
{
	uint8_t hash[32], *p;
	const char *s;
	uint64_t x;
	size_t n;
	bool yes;

	if (record_bytes(r, key, &p, &n, NULL) == 0)
		free(p);
	if (record_hex(r, key, hash, sizeof(hash), NULL) == 0)
		must(record_str(r, key, &s, NULL) == 0);
	if (record_u64(r, key, &x, NULL) == 0)
		must(record_bool(r, key, &yes, NULL) < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct record r, again;
	struct err e = { 0 };
	char *first, *second;
	uint8_t back[8];
	uint64_t x;

	if (record_parse(&r, (const char *)in, len, &e) < 0) {
		must(e.status == EX_DATAERR && r.o == NULL);
		return 0;
	}
	get(&r, "vk");
	get(&r, "cycles");
	get(&r, "request_id");
	record_set_u64(&r, "cycles", len + (UINT64_MAX >> (len % 64)) / 2);
	must(record_u64(&r, "cycles", &x, &e) == 0);
	must(x == len + (UINT64_MAX >> (len % 64)) / 2);
	record_set_hex(&r, "vk", &x, 8);
	must(record_hex(&r, "vk", back, 8, &e) == 0);
	must(memcmp(back, &x, 8) == 0);
	first = record_format(&r);
	must(first != NULL && strchr(first, '\n') == NULL);
	must(record_parse(&again, first, strlen(first), &e) == 0);
	second = record_format(&again);
	must(second != NULL && strcmp(first, second) == 0);
	free(first);
	free(second);
	record_free(&r);
	record_free(&again);
	return 0;
}
