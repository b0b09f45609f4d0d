#ifndef TEST_LIB_TAP_H
#define TEST_LIB_TAP_H
/*
 * The Test Anything Protocol for unit tests.  A test ends with
 * `return done_testing();`, which is 0 when every ok() held; plan(n) before the
 * first test makes a test that ends early a failure too.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	int planned, run, failed;
} tap;

#define tap_unused __attribute__((unused)) static

/* Each of these gives back whether the test held. */
#define ok(cond, ...) \
	tap_ok(!!(cond), #cond, __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, ...) \
	tap_is_int((long long)(got), (long long)(want), __FILE__, __LINE__, \
	    __VA_ARGS__)
#define is_str(got, want, ...) \
	tap_is_str(got, want, __FILE__, __LINE__, __VA_ARGS__)
/* len bytes against lowercase hexadecimal, without a prefix. */
#define is_hex(got, len, want, ...) \
	tap_is_hex(got, len, want, __FILE__, __LINE__, __VA_ARGS__)

tap_unused void
diag(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

tap_unused void
plan(int n)
{
	tap.planned = n;
	printf("1..%d\n", n);
}

tap_unused int
tap_result(int good, const char *fmt, va_list ap)
{
	printf("%sok %d - ", good ? "" : "not ", ++tap.run);
	vprintf(fmt, ap);
	putchar('\n');
	fflush(stdout);
	tap.failed += !good;
	return good;
}

__attribute__((format(printf, 5, 6))) tap_unused int
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

__attribute__((format(printf, 5, 6))) tap_unused int
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

__attribute__((format(printf, 5, 6))) tap_unused int
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

__attribute__((format(printf, 6, 7))) tap_unused int
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

/* Leaves the whole test out, with the reason. */
__attribute__((format(printf, 1, 2), noreturn)) tap_unused void
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

/* Leaves one test out, with the reason. */
__attribute__((format(printf, 1, 2))) tap_unused void
tap_skip(const char *fmt, ...)
{
	va_list ap;

	printf("ok %d # SKIP ", ++tap.run);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

tap_unused int
done_testing(void)
{
	if (tap.planned == 0)
		printf("1..%d\n", tap.run);
	else if (tap.run != tap.planned)
		diag("planned %d tests, ran %d", tap.planned, tap.run);
	return tap.failed != 0 || tap.run == 0 ||
	    (tap.planned != 0 && tap.run != tap.planned);
}

#endif
