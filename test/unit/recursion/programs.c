/*
 * The programs of the recursion tree against the stock ones, instruction for
 * instruction: test/vectors/recursion.tsv has name, instructions, memory, SHA-256 of
 * their text, the name in ../shared of the stock's hashes of each 65,536 lines.
 *
 * For developers, PROGRAM as in that file:
 *	programs.t -p PROGRAM FROM TO        prints instructions, each with its number
 *	programs.t -b PROGRAM                length, memory, hashes of blocks
 *	programs.t -d PROGRAM FILE           the first that differs in FILE (-: standard
 *	                                     input), which has lines as -p prints them: of
 *	                                     another program, or the stock's, from
 *	                                     ../shared/stock's recursion.  0: none does,
 *	                                     1: one does
 */
#include "recursion/circuit.h"
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

/* Where the source asserts next, after instruction k: near it the two part. */
static const char *
next_assertion(const struct program *p, size_t k)
{
	for (size_t i = 0; i < p->nassertions; i++)
		if (p->nconstants + p->assertion[i].instr >= k)
			return p->assertion[i].at;
	return "nowhere";
}

/* Lines "NUMBER TEXT" of another program, each the next one's, from any number on: tells
 * the first that differs to out.  0: none does, 1: one does, 2: there is no line. */
static int
differ(FILE *out, const struct program *p, FILE *f)
{
	struct text t = {NULL, 0, 0};
	char *line = NULL, *want;
	size_t cap = 0, k = 0, n = 0;
	int r = 0;

	while (r == 0 && getline(&line, &cap, f) > 0) {
		const char *got = "nothing\n";

		k = strtoul(line, &want, 10);
		if (want == line || *want++ != ' ') {
			r = 2;
			break;
		}
		if (k < program_length(p))
			got = text_line(&t, p, k);
		if (strcmp(want, got) == 0) {
			n++;
			continue;
		}
		fprintf(out, "%zu, before what is asserted at %s\ntheirs: %sours:   %s",
		    k, next_assertion(p, k), want, got);
		r = 1;
	}
	if (r == 0 && n > 0)
		fprintf(out, "%zu lines are equal, to %zu of our %zu\n", n, k + 1,
		    program_length(p));
	free(line);
	free(t.s);
	return r == 0 && n == 0 ? 2 : r;
}

static int
differ_file(const struct program *p, const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	int r;

	if (f == NULL) {
		perror(path);
		return 2;
	}
	r = differ(stdout, p, f);
	if (r == 2)
		fprintf(stderr, "%s: no lines \"NUMBER INSTRUCTION\"\n", path);
	fclose(f);
	return r;
}

/* ---- differ() ---- */

static void
a_program(struct program *p, bool other)
{
	struct circuit c;
	felt x, y;

	program_init(p);
	circuit_init(&c, p, false);
	x = hint_felt(&c);
	y = hint_felt(&c);
	x = f_eval(&c, f_add(&c, f_var(x), f_k(5)));
	x = f_eval(&c, other ? f_sub(&c, f_var(y), f_var(x)) :
	    f_sub(&c, f_var(x), f_var(y)));
	f_assert_eq(&c, f_var(x), f_var(y));
	circuit_free(&c);
}

/* What differ() tells of a program, to whose lines from some on the other's are `from`. */
static int
told(char got[512], const struct program *p, const struct program *other,
    size_t from, const char *more)
{
	FILE *in = tmpfile(), *out = fmemopen(got, 512, "w");
	struct text t = {NULL, 0, 0};
	int r;

	must(in && out);
	for (; from < program_length(other); from++)
		fprintf(in, "%zu %s", from, text_line(&t, other, from));
	fputs(more, in);
	rewind(in);
	r = differ(out, p, in);
	fclose(in);
	fclose(out);
	free(t.s);
	return r;
}

static void
test_differ(void)
{
	static const char where[] = "6, before what is asserted at "
	    "test/unit/recursion/programs.c:";
	struct program p, other;
	char got[512];

	a_program(&p, false);
	a_program(&other, true);
	is_int(told(got, &p, &p, 0, ""), 0, "equal");
	is_int(told(got, &p, &p, 3, ""), 0, "equal from the fourth on");
	is_int(told(got, &p, &other, 0, ""), 1, "two that differ");
	ok(strncmp(got, where, sizeof where - 1) == 0 &&
	    strstr(got, "\ntheirs: BaseAlu SubF 6*1 1,4\n"
	    "ours:   BaseAlu SubF 6*1 4,1\n"), "where, and how");
	is_int(told(got, &p, &p, 0, "99 Hint [7*0]\n"), 1, "one that we lack");
	ok(strstr(got, "ours:   nothing\n") != NULL, "which is told");
	is_int(told(got, &p, &p, program_length(&p), ""), 2, "no line");
	is_int(told(got, &p, &p, 0, "{}\n"), 2, "what is no line");
	program_free(&p);
	program_free(&other);
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
		return recursion_build(&p, argv[2]) ? 2 : differ_file(&p, argv[3]);
	test_differ();
	f = fopen(VECTORS, "r");
	ok(f != NULL, "%s", VECTORS);
	while (f && fgets(line, sizeof line, f))
		against_vectors(line);
	return done_testing();
}
