/*
 * Keys of programs against the stock ones: test/vectors/recursion-keys.tsv has name,
 * the key's digest, and where ../shared's vk_map.bin has it.
 * One of each kind, but with CHECK_LONG=1: programs.t has the text of every program, of
 * which the key is made as for any other.
 *
 *	keys.t -k PROGRAM	prints one, and whether it is allowed
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "air/air.h"
#include "recursion/setup.h"
#include "stark/setup.h"
#include "test/lib/recursion_build.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/recursion-keys.tsv"
#define MAP "../shared/vectors/proof/vk_map.bin"

/* Entries of vk_map.bin: eight words of a digest, then its index. */
static struct { const uint8_t *v; size_t n; } map;

static void
open_map(void)
{
	int fd = open(MAP, O_RDONLY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		tap_skip("no %s", MAP);
		return;
	}
	map.v = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	map.n = ((size_t)st.st_size - 8) / 40;
	close(fd);
}

static bool
allowed(const uint32_t word[8])
{
	for (size_t i = 0; i < map.n; i++)
		if (memcmp(map.v + 8 + 40 * i, word, 32) == 0)
			return true;
	return false;
}

static int
key_of(uint32_t word[8], const char *name)
{
	bool shrink = strcmp(name, "shrink") == 0;
	uint32_t rows[SHAPE_COMPRESS_CHIPS];
	struct proving_key k;
	struct row_index x;
	struct program p;
	struct err e;
	digest d;

	if (recursion_build(&p, name))
		return -1;
	shape_compress_rows(rows);
	must(row_index_make(&x, &p, &e) == 0);
	if (program_setup(&k, &p, &x, air_machine_compress(),
	    shrink ? &stark_shrink : &stark_compress, shrink ? NULL : rows,
	    &e)) {
		diag("%s: %s", name, e.msg);
		row_index_free(&x);
		program_free(&p);
		return -1;
	}
	d = vk_digest(&k.vk);
	for (int i = 0; i < 8; i++)
		word[i] = kb_to(d.c[i]);
	setup_free(&k);
	row_index_free(&x);
	program_free(&p);
	return 0;
}

static void
key(const char *line)
{
	char name[64], got[128] = "", want[128];
	uint32_t word[8];

	if (sscanf(line, "%63[^\t]\t%127[^\n]", name, want) != 2 ||
	    key_of(word, name)) {
		ok(0, "%s", line);
		return;
	}
	for (int i = 0; i < 8; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s%u",
		    i ? " " : "", word[i]);
	is_str(got, want, "%s", name);
	if (map.n > 0)
		ok(allowed(word), "%s is one of the keys allowed", name);
}

static bool
first_of_kind(const char *line)
{
	static const char *const name[] = {
		"deferred\t", "compose 2\t", "shrink\t", "normalize 0 1 1\t"
	};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		if (strncmp(line, name[i], strlen(name[i])) == 0)
			return true;
	return false;
}

static int
print(const char *name)
{
	uint32_t word[8];

	if (key_of(word, name))
		return 1;
	printf("%s\t", name);
	for (int i = 0; i < 8; i++)
		printf("%s%u", i ? " " : "", word[i]);
	printf("%s\n", allowed(word) ? "" : "\tunknown");
	return 0;
}

int
main(int argc, char **argv)
{
	const char *s = getenv("CHECK_LONG");
	bool all = s && strcmp(s, "1") == 0;
	int n = 0;
	FILE *f = fopen(VECTORS, "r");
	char line[256];

	open_map();
	if (argc == 3 && strcmp(argv[1], "-k") == 0)
		return print(argv[2]);
	ok(f != NULL, "%s", VECTORS);
	while (f && fgets(line, sizeof line, f))
		if (all || first_of_kind(line)) {
			key(line);
			n++;
		}
	ok(n >= 4, "%d keys", n);
	return done_testing();
}
