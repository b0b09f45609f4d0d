/* What is shown of URLs and refusals has no secret and no control character in it. */
#include "rpc/shown.h"

#include <string.h>

#include "test/lib/tap.h"

static void
url(const char *in, const char *want)
{
	char out[SHOWN_URL];

	is_str(shown_url(out, sizeof out, in), want, "%.60s", want);
}

static void
text(const char *in, const char *want)
{
	char out[SHOWN_TEXT];

	is_str(shown_text(out, sizeof out, (const uint8_t *)in, strlen(in)), want,
	    "%.60s", want);
}

static void
urls(void)
{
	char longest[400] = "https://h/", out[40];

	url("https://h:1/a/b", "https://h:1/a/b");
	url("https://h/a?token=SECRET", "https://h/a");
	url("https://h?token=SECRET", "https://h");
	url("https://h/a#SECRET", "https://h/a");
	url("https://me:SECRET@h/a@b?c", "https://h/a@b");
	url("http://SEC@RET@[::1]:2/", "http://[::1]:2/");
	url("/a?token=SECRET", "/a");
	url("https://h/\x1b[31m", "https://h/?[31m");
	memset(longest + 10, 'x', 300);
	shown_url(out, sizeof out, longest);
	ok(strlen(out) == 39 && strcmp(out + 36, "...") == 0, "a long one");
}

static void
texts(void)
{
	char big[1000], out[SHOWN_TEXT];

	text("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code>"
	    "<Message>Request has expired</Message><Expires>x</Expires></Error>",
	    "AccessDenied: Request has expired");
	text("<Error><Code>SlowDown</Code></Error>", "SlowDown");
	text("<Error><Message>no\r\n\tmore</Message></Error>", "no more");
	text("<Code>cut", "<Code>cut");
	text("first\r\nsecond\x1b[31m\x7f third\n", "first second [31m third");
	text("Cannot GET /p?X-Amz-Signature=SECRET", "Cannot GET /p?");
	text("<a href=\"/p?a=1&amp;token=SECRET\">here</a>, why? so",
	    "<a href=\"/p?\">here</a>, why? so");
	text("<Code>A</Code><Message>/p?token=SECRET now</Message>",
	    "A: /p? now");
	text("caf\xc3\xa9", "caf??");
	is_str(shown_text(out, sizeof out, NULL, 0), "", "nothing");
	memset(big, 'x', sizeof big);
	shown_text(out, sizeof out, (const uint8_t *)big, sizeof big);
	is_int(strlen(out), SHOWN_TEXT - 1, "a long one is cut");
}

int
main(void)
{
	urls();
	texts();
	return done_testing();
}
