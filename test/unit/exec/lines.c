/* What a guest printed, as it is shown. */
#include "exec/exec.h"

#include "test/lib/tap.h"

static void
shown(bool raw, int fd, const char *text, size_t n, const char *want)
{
	char *got = NULL;
	size_t size;
	FILE *f = open_memstream(&got, &size);

	exec_line(f, raw, fd, text, n);
	fclose(f);
	is_str(got, want, "of %zu bytes, %s", n, raw ? "raw" : "tame");
	free(got);
}
#define SHOWN(raw, fd, text, want) \
	shown(raw, fd, text, sizeof(text) - 1, want)

int
main(void)
{
	SHOWN(false, 1, "", "stdout: \n");
	SHOWN(false, 2, "a\tb", "stderr: a\tb\n");
	/* Whole characters, of each length. */
	SHOWN(false, 1, "h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "stdout: h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n");
	/* What is none: a byte each, and what follows is shown. */
	SHOWN(false, 1, "\xff" "a", "stdout: \xef\xbf\xbd" "a\n");
	SHOWN(false, 1, "\xe2\x82", "stdout: \xef\xbf\xbd\xef\xbf\xbd\n");
	SHOWN(false, 1, "\xed\xa0\x80",
	    "stdout: \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n");
	/* A terminal obeys these. */
	SHOWN(false, 1, "\33[2J\r\0x", "stdout: \\x1b[2J\\x0d\\x00x\n");
	SHOWN(true, 2, "\33[2J\r", "stderr: \33[2J\r\n");
	return done_testing();
}
