#include <math.h>

#include "base/json.h"
#include "base/utf8.h"
#include "test/lib/tap.h"

static struct jw j;
static char *text;
static size_t size;

static void
start(void)
{
	jw_start(&j, open_memstream(&text, &size));
}

static void
finish(const char *want, const char *what)
{
	int r = jw_finish(&j, "it", NULL);

	fclose(j.f);
	ok(r == 0, "%s is written", what);
	is_str(text, want, "%s", what);
	free(text);
}

static void
str(const char *in, size_t n, const char *want, const char *what)
{
	start();
	jw_strn(&j, NULL, in, n);
	finish(want, what);
}
#define STR(lit, want, what) str(lit, sizeof(lit) - 1, want "\n", what)

int
main(void)
{
	struct err e;

	start();
	jw_object(&j, NULL);
	jw_str(&j, "s", "x");
	jw_array(&j, "a");
	jw_u64(&j, NULL, UINT64_MAX);
	jw_i64(&j, NULL, INT64_MIN);
	jw_object(&j, NULL);
	jw_end(&j);
	jw_array(&j, NULL);
	jw_end(&j);
	jw_end(&j);
	jw_big(&j, "exact", (uint64_t)1 << 53);
	jw_big(&j, "big", ((uint64_t)1 << 53) + 1);
	jw_bool(&j, "t", true);
	jw_bool(&j, "f", false);
	jw_null(&j, "n");
	jw_hex(&j, "h", "\x00\xab", 2);
	jw_hex(&j, "e", NULL, 0);
	jw_double(&j, "d", 0.1);
	jw_double(&j, "big_d", 1e300);
	jw_double(&j, "whole", 3);
	jw_end(&j);
	finish("{\"s\":\"x\",\"a\":[18446744073709551615,"
	    "-9223372036854775808,{},[]],\"exact\":9007199254740992,"
	    "\"big\":\"9007199254740993\",\"t\":true,\"f\":false,\"n\":null,"
	    "\"h\":\"0x00ab\",\"e\":\"0x\",\"d\":0.1,\"big_d\":1e+300,"
	    "\"whole\":3}\n", "one of everything");

	STR("a\"\\\n\t\r\b\x7f", "\"a\\\"\\\\\\n\\t\\u000d\\u0008\\u007f\"",
	    "what must be escaped");
	STR("a\0b", "\"a\\u0000b\"", "a NUL");
	STR("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"", "UTF-8");
	STR("\xc3(\xff\xed\xa0\x80", "\"\\ufffd(\\ufffd\\ufffd\\ufffd\\ufffd\"",
	    "what is not UTF-8");

	ok(utf8_valid((const uint8_t *)"\xf4\x8f\xbf\xbf", 4), "U+10FFFF");
	ok(!utf8_valid((const uint8_t *)"\xf4\x90\x80\x80", 4), "above");
	ok(!utf8_valid((const uint8_t *)"\xc0\x80", 2), "overlong, 2 bytes");
	ok(!utf8_valid((const uint8_t *)"\xe0\x9f\xbf", 3), "3 bytes");
	ok(!utf8_valid((const uint8_t *)"\xf0\x8f\xbf\xbf", 4), "4 bytes");
	ok(!utf8_valid((const uint8_t *)"\xe2\x82", 2), "cut short");

	start();
	jw_double(&j, NULL, NAN);
	ok(jw_finish(&j, "it", NULL) < 0, "no number");
	fclose(j.f);
	free(text);

	jw_start(&j, fopen("/dev/full", "w"));
	jw_str(&j, NULL, "x");
	ok(jw_finish(&j, "it", &e) < 0 && e.status == EX_IOERR, "full disk");
	is_str(e.msg, "cannot write it: No space left on device",
	    "has its message");
	fclose(j.f);
	return done_testing();
}
