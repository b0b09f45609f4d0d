#ifndef TEST_LIB_STARK_VECTORS_H
#define TEST_LIB_STARK_VECTORS_H
/*
 * Stock proofs and keys, where they are at hand: ../shared/vectors/own, or in
 * the environment a proof (SP1_TEST_PROOF) with its raw key (SP1_TEST_VK).
 */
#include <time.h>

#include "base/io.h"
#include "base/hex.h"
#include "proof/container.h"
#include "stark/setup.h"
#include "test/lib/tap.h"

#define STOCK_PROOFS "../shared/vectors/own/proof"
#define STOCK_RECURSION "../shared/vectors/proof"
#define STOCK_KEYS "../shared/vectors/own/vk.tsv"
#define PROOF_CAP ((size_t)1 << 28)

struct test_proof {
	struct vk vk;
	struct core_proof p;
	struct arena arena;
	uint8_t *bytes;
	size_t len;
};

/* CHECK_LONG=1: more of everything. */
tap_unused size_t
times(size_t n, size_t longer)
{
	const char *s = getenv("CHECK_LONG");

	return s != NULL && strcmp(s, "1") == 0 ? longer : n;
}

tap_unused double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

tap_unused int
have_stock(void)
{
	FILE *f = fopen(STOCK_KEYS, "r");

	if (f == NULL)
		return 0;
	fclose(f);
	return 1;
}

/* The key of a guest, from the table's fourth column. */
tap_unused int
stock_vk(struct vk *vk, const char *guest)
{
	uint8_t *table, raw[VK_BYTES];
	struct err e;
	char want[32], *line;
	size_t n;
	int r = -1;

	if (read_file(STOCK_KEYS, PROOF_CAP, &table, &n, &e))
		return -1;
	snprintf(want, sizeof want, "\n%s\t", guest);
	line = strstr((char *)table, want);
	if (line != NULL) {
		line++;
		for (int i = 0; i < 3; i++)
			line = strchr(line, '\t') + 1;
		line[strcspn(line, "\n")] = '\0';
		if (hex_decode(raw, sizeof raw, line) == 0)
			r = vk_decode(vk, raw, sizeof raw, &e);
	}
	free(table);
	return r;
}

tap_unused int
test_proof_read(struct test_proof *t, const char *path, struct err *e)
{
	if (read_file(path, PROOF_CAP, &t->bytes, &t->len, e))
		return -1;
	arena_init(&t->arena, core_proof_ceiling(t->len));
	return core_proof_read(&t->p, &t->arena, t->bytes, t->len, e);
}

tap_unused int
stock_proof(struct test_proof *t, const char *name, const char *guest,
    struct err *e)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s.core.bin", STOCK_PROOFS, name);
	if (stock_vk(&t->vk, guest))
		return err_set(e, EX_NOINPUT, "no key of %s", guest);
	return test_proof_read(t, path, e);
}

tap_unused void
test_proof_free(struct test_proof *t)
{
	arena_free(&t->arena);
	free(t->bytes);
}

#endif
