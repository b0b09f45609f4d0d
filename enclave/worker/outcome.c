/* How a job ends, as it is found out. */
#include "worker/worker.h"

#include <stdarg.h>
#include <stdio.h>

int
outcome_fail(struct outcome *o, int error, const char *cause, const char *fmt,
    ...)
{
	va_list ap;

	o->end = END_FAILED;
	o->error = error;
	snprintf(o->cause, sizeof o->cause, "%s", cause);
	va_start(ap, fmt);
	vsnprintf(o->detail, sizeof o->detail, fmt, ap);
	va_end(ap);
	return -1;
}

int
outcome_later(struct outcome *o, const char *fmt, ...)
{
	va_list ap;

	o->end = END_LATER;
	va_start(ap, fmt);
	vsnprintf(o->detail, sizeof o->detail, fmt, ap);
	va_end(ap);
	return -1;
}

int
outcome_memory(struct outcome *o)
{
	o->starved = true;
	return outcome_later(o, "no memory for the input");
}
