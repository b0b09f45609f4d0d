#include "attest/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *what;
} checks[] = {
#define CHECK(name, what) { #name, what },
#include "attest/checks.def"
#undef CHECK
};

const char *
attest_check_name(enum attest_check c)
{
	return checks[c].name;
}

const char *
attest_check_what(enum attest_check c)
{
	return checks[c].what;
}

const char *
attest_result_name(enum attest_result r)
{
	static const char *const name[] = { "none", "pass", "fail", "skipped" };

	return name[r];
}

/* Details quote strangers' bytes, and go to terminals. */
static void
make_printable(char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			*s = '?';
}

static void
set(struct attest_checks *k, enum attest_check c, enum attest_result r,
    const char *fmt, va_list ap)
{
	if (k->of[c].result != ATTEST_NONE &&
	    !(k->of[c].result == ATTEST_PASS && r == ATTEST_FAIL))
		return;
	k->of[c].result = r;
	vsnprintf(k->of[c].detail, sizeof k->of[c].detail, fmt, ap);
	make_printable(k->of[c].detail);
}

void
check_pass(struct attest_checks *k, enum attest_check c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(k, c, ATTEST_PASS, fmt, ap);
	va_end(ap);
}

void
check_fail(struct attest_checks *k, enum attest_check c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(k, c, ATTEST_FAIL, fmt, ap);
	va_end(ap);
}

void
check_skip(struct attest_checks *k, enum attest_check c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(k, c, ATTEST_SKIP, fmt, ap);
	va_end(ap);
}

void
check_error(struct attest_checks *k, enum attest_check c, const struct err *e)
{
	check_fail(k, c, "%s", e->msg);
	if (e->status == EX_DATAERR)
		k->malformed = true;
}

void
check_result(struct attest_checks *k, enum attest_check c, int r,
    const struct err *e)
{
	if (r == 0)
		check_pass(k, c, "%s", "");
	else
		check_error(k, c, e);
}

void
warning(struct attest_warnings *w, const char *fmt, ...)
{
	char text[sizeof w->of[0]];
	va_list ap;

	if (w == NULL || w->n == sizeof w->of / sizeof *w->of)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	make_printable(text);
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->of[i], text) == 0)
			return;
	strcpy(w->of[w->n++], text);
}

bool
check_passed(const struct attest_checks *k, enum attest_check c)
{
	return k->of[c].result == ATTEST_PASS;
}

bool
check_needs(struct attest_checks *k, const enum attest_check *c,
    const enum attest_check *then)
{
	for (; *c != ATTEST_CHECKS && check_passed(k, *c); c++)
		;
	if (*c == ATTEST_CHECKS)
		return true;
	for (; *then != ATTEST_CHECKS; then++)
		check_skip(k, *then, "needs %s", checks[*c].name);
	return false;
}

enum attest_check
check_first_failed(const struct attest_checks *k)
{
	enum attest_check c = 0;

	while (c < ATTEST_CHECKS && k->of[c].result != ATTEST_FAIL)
		c++;
	return c;
}
