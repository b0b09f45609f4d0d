#include "test/lib/tap.h"
#include "wire/stdin.h"

static struct err e;
static struct sp1_stdin s;

#define ITEMS "\2\0\0\0\0\0\0\0" "\4\0\0\0\0\0\0\0" "\xe8\3\0\0" \
	"\0\0\0\0\0\0\0\0"
#define PTR "\0\0\0\0\0\0\0\0"
#define NONE "\0\0\0\0\0\0\0\0"

static int
parse(struct arena *a, const char *in, size_t n)
{
	memset(&e, 0, sizeof(e));
	arena_init(a, 2 * n + 64);
	return stdin_parse(&s, a, (const uint8_t *)in, n, &e);
}

static void
accepted(const char *in, size_t n, const char *what)
{
	struct arena a;
	uint8_t *out = malloc(n);

	if (ok(parse(&a, in, n) == 0, "accepts %s", what) &&
	    is_int(stdin_size(&s), n, "same size")) {
		stdin_write(out, &s);
		ok(memcmp(out, in, n) == 0, "same bytes");
	}
	free(out);
	arena_free(&a);
}
#define ACCEPTED(lit, what) accepted(lit, sizeof(lit) - 1, what)

static void
refused(const char *in, size_t n, const char *why)
{
	struct arena a;

	ok(parse(&a, in, n) < 0 && e.status == EX_DATAERR && s.n == 0,
	    "refuses %s", why);
	diag("%s", e.msg);
	arena_free(&a);
}
#define REFUSED(lit, why) refused(lit, sizeof(lit) - 1, why)

int
main(void)
{
	static const char good[] = ITEMS PTR NONE;
	size_t i;

	ACCEPTED(NONE PTR NONE, "an empty one");
	ACCEPTED(ITEMS PTR NONE, "two items");
	is_int(s.n, 2, "are two");
	ACCEPTED(ITEMS "\7\0\0\0\0\0\0\1" NONE, "another ptr");
	ACCEPTED(ITEMS PTR "\1\0\0\0\0\0\0\0" "opaque", "a proof");
	for (i = 0; i < sizeof(good) - 1; i++)
		refused(good, i, "one cut short");
	REFUSED(ITEMS PTR NONE "x", "a byte too many");
	REFUSED("\xff\xff\xff\xff\xff\xff\xff\xff" PTR NONE, "a huge count");
	REFUSED("\1\0\0\0\0\0\0\0" "\xff\xff\xff\xff\xff\xff\xff\xff" PTR NONE,
	    "a huge item");
	REFUSED(ITEMS PTR "\7\0\0\0\0\0\0\0" "opaque", "too many proofs");
	return done_testing();
}
