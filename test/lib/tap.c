#include "test/lib/tap.h"

static struct {
	int planned, run, failed;
} tap;

void
diag(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void
plan(int n)
{
	tap.planned = n;
	printf("1..%d\n", n);
}

static int
tap_result(int good, const char *fmt, va_list ap)
{
	printf("%sok %d - ", good ? "" : "not ", ++tap.run);
	vprintf(fmt, ap);
	putchar('\n');
	fflush(stdout);
	tap.failed += !good;
	return good;
}

int
tap_ok(int good, const char *cond, const char *file, int line,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (!good)
		diag("%s:%d: %s", file, line, cond);
	return good;
}

int
tap_is_int(long long got, long long want, const char *file, int line,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_result(got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		diag("%s:%d: got %lld, expected %lld", file, line, got, want);
	return got == want;
}

int
tap_is_str(const char *got, const char *want, const char *file, int line,
    const char *fmt, ...)
{
	int good = got != NULL && strcmp(got, want) == 0;
	va_list ap;

	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (!good)
		diag("%s:%d: got '%s', expected '%s'", file, line,
		    got ? got : "(null)", want);
	return good;
}

int
tap_is_hex(const void *got, size_t len, const char *want, const char *file,
    int line, const char *fmt, ...)
{
	char *hex = (char *)malloc(2 * len + 1);
	size_t i;
	va_list ap;
	int good;

	if (hex == NULL)
		abort();
	hex[0] = '\0';
	for (i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", ((const unsigned char *)got)[i]);
	good = strcmp(hex, want) == 0;
	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (!good)
		diag("%s:%d: got %s, expected %s", file, line, hex, want);
	free(hex);
	return good;
}

int
note(struct many *m, int held, const char *fmt, ...)
{
	va_list ap;

	m->n++;
	if (held || m->failed++ > 0)
		return held;
	va_start(ap, fmt);
	vsnprintf(m->first, sizeof m->first, fmt, ap);
	va_end(ap);
	return 0;
}

int
tap_all_held(const struct many *m, const char *file, int line,
    const char *fmt, ...)
{
	int good = m->n > 0 && m->failed == 0;
	va_list ap;

	va_start(ap, fmt);
	tap_result(good, fmt, ap);
	va_end(ap);
	if (!good)
		diag("%s:%d: %zu of %zu did not hold; the first: %s", file, line,
		    m->failed, m->n, m->n > 0 ? m->first : "none was tried");
	return good;
}

void
tap_skip_all(const char *fmt, ...)
{
	va_list ap;

	fputs("1..0 # SKIP ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	exit(0);
}

void
tap_skip(const char *fmt, ...)
{
	va_list ap;

	printf("ok %d # SKIP ", ++tap.run);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

int
done_testing(void)
{
	if (tap.planned == 0)
		printf("1..%d\n", tap.run);
	else if (tap.run != tap.planned)
		diag("planned %d tests, ran %d", tap.planned, tap.run);
	return tap.failed != 0 || tap.run == 0 ||
	    (tap.planned != 0 && tap.run != tap.planned);
}
