#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"

#define LINE 2048

static const char *const names[] = { "error", "warn", "info", "debug" };
static enum log_level least = LEVEL_INFO;

int
log_level_of(const char *name)
{
	for (int i = 0; i <= LEVEL_DEBUG; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

void
log_set(enum log_level level)
{
	least = level;
}

/* The date of a day since 1970: gmtime_r(3) would look for a time zone's file, which a
 * sandbox may not have.  In years that begin in March a day of the year tells its month,
 * of 30.6 days: (153 m + 2) / 5. */
static void
date_of(uint64_t days, unsigned *y, unsigned *m, unsigned *d)
{
	uint64_t z = days + 719468, era = z / 146097, doe = z % 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t mp = (5 * doy + 2) / 153;

	*d = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*m = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*y = (unsigned)(yoe + era * 400 + (*m <= 2));
}

static size_t
begin(char *out, enum log_level level, const char *event)
{
	uint64_t ms = clock_unix_ms(), s = ms / 1000;
	unsigned y, m, d, t = (unsigned)(s % 86400);

	date_of(s / 86400, &y, &m, &d);
	return (size_t)snprintf(out, LINE, "time=%04u-%02u-%02uT%02u:%02u:%02u.%03uZ "
	    "level=%s prog=%s event=%s", y, m, d, t / 3600, t / 60 % 60, t % 60,
	    (unsigned)(ms % 1000), names[level], progname, event);
}

/* What would end the line, or begin a value of its own. */
static void
clean(char *from, bool in_marks)
{
	for (; *from; from++)
		if ((unsigned char)*from < 0x20 || *from == 0x7f)
			*from = ' ';
		else if (in_marks && *from == '"')
			*from = '\'';
}

/* In one piece: other threads, and children, write here too. */
static void
say(char *line, size_t n)
{
	if (n > LINE - 2)
		n = LINE - 2;
	line[n++] = '\n';
	(void)!write(2, line, n);
}

static size_t
pairs(char *line, size_t n, const char *fmt, va_list ap)
{
	int k;

	if (n + 2 >= LINE)
		return n;
	line[n] = ' ';
	k = vsnprintf(line + n + 1, LINE - n - 1, fmt, ap);
	clean(line + n, false);
	return k < 0 ? n : strlen(line);
}

void
log_event(enum log_level level, const char *event, const char *fmt, ...)
{
	char line[LINE];
	size_t n;
	va_list ap;

	if (level > least)
		return;
	n = begin(line, level, event);
	va_start(ap, fmt);
	n = pairs(line, n, fmt, ap);
	va_end(ap);
	say(line, n);
}

/* The text, and the line's end. */
static void
finish(char *line, size_t n, const char *text)
{
	size_t at = n;

	snprintf(line + n, LINE - n, " msg=\"%.*s", LINE / 2, text);
	if (strlen(line + at) > 6)
		clean(line + at + 6, true);
	n = strlen(line);
	if (n > LINE - 3)
		n = LINE - 3;
	line[n++] = '"';
	say(line, n);
}

void
log_say(enum log_level level, const char *event, const char *text)
{
	char line[LINE];

	if (level <= least)
		finish(line, begin(line, level, event), text);
}

void
log_text(enum log_level level, const char *event, const char *text,
    const char *fmt, ...)
{
	char line[LINE];
	size_t n;
	va_list ap;

	if (level > least)
		return;
	n = begin(line, level, event);
	va_start(ap, fmt);
	n = pairs(line, n, fmt, ap);
	va_end(ap);
	finish(line, n, text);
}

bool
log_may(struct log_rate *r, unsigned burst, uint64_t *missed)
{
	int64_t now = clock_ms();

	r->left += r->at ? (double)(now - r->at) * burst / 60000 : burst;
	r->at = now;
	if (r->left > burst)
		r->left = burst;
	if (r->left < 1) {
		r->held++;
		return false;
	}
	r->left--;
	*missed = r->held;
	r->held = 0;
	return true;
}
