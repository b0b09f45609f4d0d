#ifndef BASE_LOG_H
#define BASE_LOG_H
/*
 * Logs of daemons, on standard error: one line an event, in pairs,
 *
 *	time=2026-12-01T02:03:04.567Z level=info prog=tee-proxy event=uploaded id=...
 *
 * A value with blanks is in quotation marks; no value has a line's end, or a mark of its
 * own.  Nothing of an input belongs there.
 */
#include <stdbool.h>
#include <stdint.h>

enum log_level { LEVEL_ERROR, LEVEL_WARN, LEVEL_INFO, LEVEL_DEBUG };
#define LOG_LEVELS "error warn info debug"	/* their names, for options */

/* The level of that name; -1: it is none. */
int log_level_of(const char *name);
/* What is less important than this is not said from now on; LEVEL_INFO without. */
void log_set(enum log_level least);

/* One event.  fmt gives its pairs. */
void log_event(enum log_level level, const char *event, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* One with a text for people alone, as msg="...". */
void log_say(enum log_level level, const char *event, const char *text);
/* One with both. */
void log_text(enum log_level level, const char *event, const char *text,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* What was said of late; all zeros at first. */
struct log_rate {
	int64_t at;		/* clock_ms() when the count was right */
	double left;
	uint64_t held;
};
/* At most `burst` events at once, and then `burst` a minute: true where one more may be
 * said.  *missed: those that were not, since the last that was. */
bool log_may(struct log_rate *r, unsigned burst, uint64_t *missed);

#endif
