#include "test/lib/stark_vectors.h"

#include <unistd.h>

size_t
times(size_t n, size_t longer)
{
	const char *s = getenv("CHECK_LONG");

	return s != NULL && strcmp(s, "1") == 0 ? longer : n;
}

double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int
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

int
test_proof_read(struct test_proof *t, const char *path, struct err *e)
{
	if (read_file(path, PROOF_CAP, &t->bytes, &t->len, e))
		return -1;
	arena_init(&t->arena, core_proof_ceiling(t->len));
	return core_proof_read(&t->p, &t->arena, t->bytes, t->len, e);
}

const char *
stock_path(char path[STOCK_PATH], const char *name)
{
	const char *build = getenv("B");

	snprintf(path, STOCK_PATH, "%s/proofs/%s.bin", build ? build : "build", name);
	if (access(path, R_OK) == 0)
		return path;
	snprintf(path, STOCK_PATH, STOCK_PROOFS "/%s.bin", name);
	return access(path, R_OK) == 0 ? path : NULL;
}

const char *
stock_path_or_skip(char path[STOCK_PATH], const char *name)
{
	const char *found = stock_path(path, name);

	if (found == NULL)
		tap_skip("no %s", path);
	return found;
}

int
stock_proof(struct test_proof *t, const char *name, const char *guest,
    struct err *e)
{
	char path[STOCK_PATH], core[100];

	snprintf(core, sizeof core, "%s.core", name);
	if (stock_vk(&t->vk, guest))
		return err_set(e, EX_NOINPUT, "no key of %s", guest);
	if (stock_path(path, core) == NULL)
		return err_set(e, EX_NOINPUT, "no proof %s", core);
	return test_proof_read(t, path, e);
}

void
test_proof_free(struct test_proof *t)
{
	arena_free(&t->arena);
	free(t->bytes);
}

void
test_compressed_read(struct test_compressed *t, const char *name)
{
	char path[STOCK_PATH];
	struct err e;

	if (stock_path(path, name) == NULL) {
		diag("no %s", path);
		abort();
	}
	if (read_file(path, PROOF_CAP, &t->bytes, &t->len, &e))
		die_err(&e);
	arena_init(&t->arena, core_proof_ceiling(t->len));
	if (compressed_proof_read(&t->p, &t->arena, t->bytes, t->len, &e))
		die_err(&e);
}

void
test_compressed_free(struct test_compressed *t)
{
	arena_free(&t->arena);
	free(t->bytes);
}
