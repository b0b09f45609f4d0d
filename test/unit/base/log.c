/* Lines of logs: their form, whatever is in them, and how many there may be. */
#include "base/log.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "test/lib/tap.h"

static char said[8192];
static int old;
static FILE *log_file;

static void
start(void)
{
	log_file = tmpfile();
	must(log_file);
	old = dup(2);
	dup2(fileno(log_file), 2);
}

/* What was said since start(). */
static const char *
stop(void)
{
	ssize_t n;

	dup2(old, 2);
	close(old);
	n = pread(fileno(log_file), said, sizeof said - 1, 0);
	said[n > 0 ? n : 0] = 0;
	fclose(log_file);
	return said;
}

/* Its time is now, to the second, and is taken away. */
static const char *
without_time(const char *line)
{
	time_t now = time(NULL), was = now - 1;
	char a[64], b[64];

	strftime(a, sizeof a, "time=%Y-%m-%dT%H:%M:%S.", gmtime(&now));
	strftime(b, sizeof b, "time=%Y-%m-%dT%H:%M:%S.", gmtime(&was));
	if (strncmp(line, a, strlen(a)) != 0 && strncmp(line, b, strlen(b)) != 0)
		return line;
	return line + strlen(a) + 5;
}

static void
lines(void)
{
	char big[5000];

	progname = "p";
	start();
	log_event(LEVEL_INFO, "ready", "url=%s n=%d", "http://a", 7);
	is_str(without_time(stop()), "level=info prog=p event=ready url=http://a "
	    "n=7\n", "pairs");
	start();
	log_text(LEVEL_WARN, "odd", "a \"b\"\nc\x7f", "x=%s", "1\r2");
	is_str(without_time(stop()), "level=warn prog=p event=odd x=1 2 "
	    "msg=\"a 'b' c \"\n", "what would be a line, or a mark, is none");
	start();
	log_say(LEVEL_ERROR, "no", "why");
	is_str(without_time(stop()), "level=error prog=p event=no msg=\"why\"\n",
	    "a text alone");
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = 0;
	start();
	log_text(LEVEL_ERROR, "big", big, "a=%s", big);
	log_event(LEVEL_ERROR, "next", "a=%s", big);
	stop();
	ok(strlen(said) < 4200 && said[strlen(said) - 1] == '\n' &&
	    strchr(said, '\n') != said + strlen(said) - 1,
	    "what is long is cut, and the next has its line");
	start();
	log_event(LEVEL_DEBUG, "d", "a=%d", 1);
	log_set(LEVEL_ERROR);
	log_event(LEVEL_WARN, "w", "a=%d", 1);
	log_event(LEVEL_ERROR, "e", "a=%d", 1);
	is_str(without_time(stop()), "level=error prog=p event=e a=1\n",
	    "by level");
}

static void
rates(void)
{
	struct log_rate r = { 0 };
	uint64_t missed = 9;
	int n = 0;

	for (int i = 0; i < 100; i++)
		n += log_may(&r, 10, &missed);
	is_int(n, 10, "ten at once");
	is_int((int)missed, 0, "none missed before");
	r.at -= 12000;		/* twelve seconds later: two more */
	ok(log_may(&r, 10, &missed) && missed == 90, "ninety missed");
	ok(log_may(&r, 10, &missed) && missed == 0 && !log_may(&r, 10, &missed),
	    "two in twelve seconds, of ten a minute");
}

int
main(void)
{
	is_int(log_level_of("warn"), LEVEL_WARN, "a name");
	is_int(log_level_of("loud"), -1, "none");
	lines();
	rates();
	return done_testing();
}
