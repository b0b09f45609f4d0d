#include "base/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

#define EVERY_MS 100

static bool on, shown;
static int64_t last_ms;

void
progress_start(void)
{
	on = isatty(STDERR_FILENO);
	last_ms = clock_ms() - EVERY_MS;
}

void
progress(const char *fmt, ...)
{
	char line[256];
	struct winsize w;
	int64_t now;
	va_list ap;
	int n;

	if (!on || (now = clock_ms()) - last_ms < EVERY_MS)
		return;
	last_ms = now;
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	/* A line that wraps could not be taken back. */
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1 &&
	    (size_t)w.ws_col < sizeof(line))
		line[w.ws_col - 1] = '\0';
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
	shown = true;
}

void
progress_clear(void)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
