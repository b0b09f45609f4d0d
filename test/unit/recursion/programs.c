/*
 * The programs of the recursion tree against the stock ones, instruction for
 * instruction: test/vectors/recursion.tsv has name, instructions, memory, SHA-256 of
 * their text, the name in ../shared of the stock's hashes of each 65,536 lines.
 *
 * For developers, PROGRAM as in that file:
 *	programs.t -p PROGRAM FROM TO        prints instructions
 *	programs.t -b PROGRAM                length, memory, hashes of blocks
 *	programs.t -d PROGRAM FILE           the first that differs from FILE's, which
 *	                                     has all lines (../shared/stock: FROM=0)
 */
#include "test/lib/recursion_build.h"
#include "test/lib/recursion_text.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/recursion.tsv"
#define SHARED "../shared/vectors/own/recursion"

static int
print(const struct program *p, size_t from, size_t to)
{
	struct text t = {NULL, 0, 0};

	for (; from < to && from < program_length(p); from++)
		printf("%zu %s", from, text_line(&t, p, from));
	free(t.s);
	return 0;
}

static int
blocks(const struct program *p)
{
	char hex[65];

	printf("%zu %u\n", program_length(p), p->naddrs);
	for (size_t k = 0; k < program_length(p); k += TEXT_BLOCK) {
		text_hash(hex, p, k, TEXT_BLOCK);
		printf("%zu %s\n", k, hex);
	}
	return 0;
}

static int
differ(const struct program *p, FILE *f)
{
	struct text t = {NULL, 0, 0};
	char *line = NULL;
	size_t cap = 0, k = 0;

	for (; getline(&line, &cap, f) > 0; k++) {
		const char *want = strchr(line, ' ');
		const char *got = k < program_length(p) ? text_line(&t, p, k) :
		    "nothing\n";

		if (want == NULL || strcmp(want + 1, got) != 0) {
			printf("%zu\nstock:%sours:  %s", k, want ? want : "\n",
			    got);
			return 1;
		}
	}
	printf("%zu lines are equal; we have %zu\n", k, program_length(p));
	return 0;
}

/* ---- the stock's ---- */

static void
against_shared(const struct program *p, const char *name)
{
	char path[128], hex[65], want[65], line[1024];
	size_t k = 0, wrong = 0;
	FILE *f;

	snprintf(path, sizeof path, SHARED "/%s.jsonl", name);
	f = fopen(path, "r");
	if (f == NULL) {
		tap_skip("no %s", path);
		return;
	}
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "{\"from\":%zu,\"sha256\":\"%64[0-9a-f]",
		    &k, want) != 2)
			continue;
		text_hash(hex, p, k, TEXT_BLOCK);
		if (strcmp(hex, want) != 0 && wrong++ == 0)
			diag("lines from %zu on differ", k);
	}
	fclose(f);
	ok(wrong == 0 && k > 0, "%s: blocks as the stock has them", name);
}

static void
against_vectors(const char *line)
{
	char name[64], want[65], hex[65], shared[64];
	struct program p;
	size_t length, memory;

	if (sscanf(line, "%63[^\t]\t%zu\t%zu\t%64s\t%63s", name, &length,
	    &memory, want, shared) != 5 || recursion_build(&p, name)) {
		ok(0, "%s", line);
		return;
	}
	is_int(program_length(&p), length, "%s: instructions", name);
	is_int(p.naddrs, memory, "%s: memory", name);
	text_hash(hex, &p, 0, program_length(&p));
	is_str(hex, want, "%s: every instruction", name);
	against_shared(&p, shared);
	program_free(&p);
}

int
main(int argc, char **argv)
{
	struct program p;
	char line[256];
	FILE *f;

	if (argc == 5 && strcmp(argv[1], "-p") == 0)
		return recursion_build(&p, argv[2]) || print(&p,
		    strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
	if (argc == 3 && strcmp(argv[1], "-b") == 0)
		return recursion_build(&p, argv[2]) || blocks(&p);
	if (argc == 4 && strcmp(argv[1], "-d") == 0)
		return recursion_build(&p, argv[2]) || differ(&p, fopen(argv[3], "r"));
	f = fopen(VECTORS, "r");
	ok(f != NULL, "%s", VECTORS);
	while (f && fgets(line, sizeof line, f))
		against_vectors(line);
	return done_testing();
}
