#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"

const char *progname = "sp1";

static void
format(char *out, size_t size, const char *fmt, va_list ap)
{
	int saved = errno;
	int n = vsnprintf(out, size, fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;

	if (len > 0 && fmt[strlen(fmt) - 1] == ':')
		snprintf(out + len, size - len, " %s", strerror(saved));
}

int
err_set(struct err *e, int status, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL)
		return -1;
	va_start(ap, fmt);
	format(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	e->status = status;
	return -1;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	va_list ap;
	size_t len;

	if (e == NULL)
		return -1;
	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	format(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	len = strlen(e->msg);
	snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", old);
	return -1;
}

static void
say(const char *msg)
{
	progress_clear();
	fprintf(stderr, "%s: %s\n", progname, msg);
}

void
die(int status, const char *fmt, ...)
{
	char msg[1024];
	va_list ap;

	va_start(ap, fmt);
	format(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	say(msg);
	exit(status);
}

void
die_err(const struct err *e)
{
	say(e->msg);
	exit(e->status);
}

void
complain(const char *fmt, ...)
{
	char msg[1024];
	va_list ap;

	va_start(ap, fmt);
	format(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	say(msg);
}

void
must_failed(const char *cond, const char *file, int line)
{
	fprintf(stderr, "%s: %s:%d: must hold: %s\n", progname, file, line,
	    cond);
	abort();
}
