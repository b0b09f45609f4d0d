/* What dstack's agent and the kernel say of quotes, and which statements were given out. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyd/quoter.h"
#include "keyd/source.h"
#include "test/lib/tap.h"

#define OK "HTTP/1.1 200 OK\r\n"

/* The body of an answer, or "more", "none". */
static const char *
body(const char *text, bool end)
{
	static char copy[512];
	int status = 0;
	long n;

	snprintf(copy, sizeof copy, "%s", text);
	n = agent_answer(copy, strlen(copy), end, &status);
	if (n <= 0)
		return n == 0 ? "more" : "none";
	memmove(copy, strstr(copy, "\r\n\r\n") + 4, (size_t)n);
	copy[n] = '\0';
	return copy;
}

static void
answers(void)
{
	is_str(body(OK "content-length: 2\r\n\r\n{}", false), "{}", "a length");
	is_str(body(OK "Content-Length:2\r\n\r\n{}more", false), "{}", "and more");
	is_str(body(OK "Content-Length: 3\r\n\r\n{}", false), "more", "not all yet");
	is_str(body(OK "Content-Length: 3\r\n\r\n{}", true), "none", "and no more");
	is_str(body(OK "\r\n{}", true), "{}", "up to the end");
	is_str(body(OK "\r\n{}", false), "more", "which is not there");
	is_str(body(OK "\r\n", true), "none", "nothing");
	is_str(body(OK, true), "none", "half a head");
	is_str(body(OK, false), "more", "which may go on");
	is_str(body(OK "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
	    true), "{}", "chunks");
	is_str(body(OK "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n", true),
	    "none", "without the last");
	is_str(body(OK "Transfer-Encoding: chunked\r\n\r\nx\r\n{\r\n", true), "none",
	    "of no length");
	is_str(body(OK "Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n{\r\n", true),
	    "none", "of too great a length");
	is_str(body(OK "Content-Length: 99999999999\r\n\r\n{}", false), "none",
	    "too long");
	is_str(body("SSH-2.0\r\n\r\n{}", true), "none", "another protocol");
}

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	must(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void
kernel(void)
{
	char folder[] = "/tmp/tsm.XXXXXX", path[64], got[65] = "";
	uint8_t data[64];
	struct quoted q = { 0 };
	struct err e;
	int fd;

	must(mkdtemp(folder));
	memset(data, 'd', sizeof data);
	write_file(folder, "provider", "sev_guest\n");
	ok(tsm_read(folder, data, &q, &e) < 0 && e.status == EX_UNAVAILABLE,
	    "another provider's reports are no quotes");
	write_file(folder, "provider", "tdx_guest\n");
	ok(tsm_read(folder, data, &q, &e) < 0 && e.status == EX_TEMPFAIL,
	    "no inblob: %s", e.msg);
	write_file(folder, "inblob", "");
	write_file(folder, "generation", "1\n");
	ok(tsm_read(folder, data, &q, &e) < 0 && !q.quote, "no outblob: %s", e.msg);
	write_file(folder, "outblob", "\4quote");
	ok(tsm_read(folder, data, &q, &e) == 0, "a quote");
	is_str(q.quote, "0471756f7465", "in hexadecimal");
	snprintf(path, sizeof path, "%s/inblob", folder);
	fd = open(path, O_RDONLY);
	ok(read(fd, got, 64) == 64 && memcmp(got, data, 64) == 0,
	    "over what was asked");
	close(fd);
	quoted_free(&q);
	for (const char *const *n = (const char *const[]){ "provider", "inblob",
	    "generation", "outblob", NULL }; *n; n++) {
		snprintf(path, sizeof path, "%s/%s", folder, *n);
		unlink(path);
	}
	rmdir(folder);
}

static void
given_out(void)
{
	uint8_t first[32] = { 1 }, h[32] = { 2 };
	unsigned keys = 0;

	ok(!issued_has(first, &keys), "none was given out");
	issued_add(first, 7);
	for (uint32_t i = 1; i < ISSUED; i++) {
		memcpy(h + 4, &i, 4);
		issued_add(h, 8);
	}
	ok(issued_has(h, &keys) && keys == 8 && issued_has(first, &keys) &&
	    keys == 7, "all of them are known, with their keys");
	h[31] = 1;
	ok(!issued_has(h, &keys), "no other");
	issued_add(h, 9);
	ok(!issued_has(first, &keys) && issued_has(h, &keys),
	    "the oldest makes room");
}

static void
nothing(void)
{
	struct quoter_options o = { "/none", "/none", "/none" };
	struct quoter q;
	struct err e;

	ok(quoter_start(&q, &o, &e) == 0 && q.fd < 0, "nothing attests here");
	ok(quoter_ask(&q, "{}", 2, 0, &e) < 0 && e.status == EX_UNAVAILABLE, "%s",
	    e.msg);
}

int
main(void)
{
	answers();
	kernel();
	given_out();
	nothing();
	return done_testing();
}
