#include <unistd.h>

#include "test/lib/tap.h"
#include "wire/record.h"

static struct record r;
static struct err e;

static int
parse(const char *s)
{
	memset(&e, 0, sizeof(e));
	return record_parse(&r, s, strlen(s), &e);
}

static void
through(const char *in, const char *want)
{
	char *s;

	if (!ok(parse(in) == 0, "parses %s", in)) {
		diag("%s", e.msg);
		return;
	}
	s = record_format(&r);
	is_str(s, want, "and is written");
	free(s);
	record_free(&r);
}

static void
refused(const char *in, const char *why)
{
	ok(parse(in) < 0 && e.status == EX_DATAERR && r.o == NULL,
	    "refuses %s", why);
	record_free(&r);
}

static void
lines(void)
{
	static char text[] = "{\"a\":1}\n\n  \n{\"b\":2}\nnonsense\n{\"c\":3}";
	FILE *f = fmemopen(text, strlen(text), "r");

	ok(record_next(&r, f, "in", &e) == 1 && record_has(&r, "a"), "a line");
	record_free(&r);
	ok(record_next(&r, f, "in", &e) == 1 && record_has(&r, "b"),
	    "empty lines are passed over");
	record_free(&r);
	is_int(record_next(&r, f, "in", &e), -1, "a bad one");
	ok(strncmp(e.msg, "in: not a record: ", 18) == 0, "named");
	record_free(&r);
	ok(record_next(&r, f, "in", &e) == 1 && record_has(&r, "c"),
	    "no newline at the end");
	record_free(&r);
	is_int(record_next(&r, f, "in", &e), 0, "the end");
	record_free(&r);
	fclose(f);
	f = fopen("/dev/zero", "r");
	is_int(record_next(&r, f, "zeros", &e), -1, "a line without an end");
	is_str(e.msg, "zeros: line too long", "is too long");
	fclose(f);
}

static void
on_record(struct record *rec, void *ctx)
{
	uint64_t x, *sum = ctx;

	if (record_u64(rec, "n", &x, &e) == 0)
		*sum = 10 * *sum + x;
}

/* What record_each() makes of a file that holds text; *sum: of its records. */
static int
each(const char *text, uint64_t *sum)
{
	char path[] = "/tmp/record.XXXXXX";
	int fd = mkstemp(path), k = -2;

	*sum = 0;
	if (fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text))
		k = record_each(path, on_record, sum, &e);
	close(fd);
	unlink(path);
	return k;
}

static void
files(void)
{
	uint64_t sum;

	ok(each("{\"n\":1}\n\n{\"n\":2}\n{\"n\":3}", &sum) == 0 &&
	    sum == 123, "each record of a file, in order");
	ok(each("{\"n\":1}\n[]\n{\"n\":3}\n", &sum) < 0 && sum == 1 &&
	    e.status == EX_DATAERR, "up to a bad line");
	ok(each("\n \n", &sum) < 0 && e.status == EX_DATAERR &&
	    strstr(e.msg, " holds no record"), "a file of none");
	ok(record_each("/nowhere/at all", on_record, &sum, &e) < 0 &&
	    e.status == EX_NOINPUT, "no file");
}

int
main(void)
{
	const char *s = NULL;
	uint64_t u = 0;
	uint8_t b[4], *p = NULL;
	size_t n = 0;
	bool yes = false;
	char *out = NULL;
	FILE *f;

	through("{}", "{}");
	through(" { \"z\" : 1 , \"a\" : [ 1, {\"y\":null,\"b\":true} ] } ",
	    "{\"z\":1,\"a\":[1,{\"y\":null,\"b\":true}]}");
	through("{\"a\":\"\\u00e4\\n\\\"\"}", "{\"a\":\"\xc3\xa4\\n\\\"\"}");
	refused("[]", "an array");
	refused("", "nothing");
	ok(strstr(e.msg, "(column ") != NULL, "and says where");
	refused("{\"a\":1} x", "what follows");
	refused("{\"a\":1,\"a\":2}", "a field given twice");
	refused("{\"a\":\"\xff\"}", "bad UTF-8");
	refused("{\"a\":\"\\u0000\"}", "a NUL");
	refused("{\"a\":18446744073709551616}", "a number too large");

	ok(parse("{\"s\":\"x\",\"n\":7,\"big\":\"18446744073709551615\","
	    "\"neg\":-1,\"odd\":\"0x1\",\"h\":\"0x01fF0203\",\"t\":true}") == 0,
	    "a record");
	ok(record_str(&r, "s", &s, &e) == 0 && strcmp(s, "x") == 0, "string");
	ok(record_u64(&r, "n", &u, &e) == 0 && u == 7, "number");
	ok(record_u64(&r, "big", &u, &e) == 0 && u == UINT64_MAX,
	    "number as string");
	ok(record_bool(&r, "t", &yes, &e) == 0 && yes, "boolean");
	ok(record_hex(&r, "h", b, 4, &e) == 0 &&
	    memcmp(b, "\x01\xff\x02\x03", 4) == 0, "bytes");
	ok(record_bytes(&r, "h", &p, &n, &e) == 0 && n == 4 &&
	    memcmp(p, b, 4) == 0, "bytes, however many");
	free(p);
	ok(record_str(&r, "none", &s, &e) < 0, "absent");
	is_str(e.msg, "the record has no none", "with its message");
	ok(record_str(&r, "n", &s, &e) < 0, "no string");
	is_str(e.msg, "the record's n is not a string", "with its message");
	ok(record_u64(&r, "neg", &u, &e) < 0, "negative");
	ok(record_u64(&r, "h", &u, &e) < 0, "hexadecimal is no number");
	ok(record_hex(&r, "h", b, 3, &e) < 0, "another length");
	is_str(e.msg, "the record's h is not 3 bytes as 0x...",
	    "with its message");
	ok(record_bytes(&r, "odd", &p, &n, &e) < 0, "half a byte");
	ok(record_bool(&r, "n", &yes, &e) < 0, "no boolean");

	record_set_u64(&r, "s", 1);
	record_set_u64(&r, "n", ((uint64_t)1 << 53) + 1);
	record_set_hex(&r, "new", "\xab", 1);
	record_set_hex(&r, "empty", NULL, 0);
	record_set_bool(&r, "no", false);
	record_set_str(&r, "bad", "\xff");
	ok(r.failed && record_format(&r) == NULL,
	    "what cannot be written is noticed");
	r.failed = false;
	record_unset(&r, "big");
	record_unset(&r, "neg");
	record_unset(&r, "odd");
	f = open_memstream(&out, &n);
	is_int(record_write(&r, f, "out", &e), 0, "written");
	fclose(f);
	is_str(out, "{\"s\":1,\"n\":\"9007199254740993\","
	    "\"h\":\"0x01fF0203\",\"t\":true,\"new\":\"0xab\","
	    "\"empty\":\"0x\",\"no\":false}\n", "fields keep their places");
	free(out);
	record_free(&r);
	f = fopen("/dev/full", "w");
	record_init(&r);
	ok(record_write(&r, f, "full", &e) < 0 && e.status == EX_IOERR,
	    "a full disk");
	fclose(f);
	record_free(&r);
	lines();
	files();
	return done_testing();
}
