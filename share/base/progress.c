#include "base/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define EVERY_MS 100

static bool on, shown;
static long long last_ms;

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
progress_start(void)
{
	on = isatty(STDERR_FILENO);
	last_ms = now_ms() - EVERY_MS;
}

void
progress(const char *fmt, ...)
{
	char line[256];
	struct winsize w;
	long long now;
	va_list ap;
	int n;

	if (!on || (now = now_ms()) - last_ms < EVERY_MS)
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
