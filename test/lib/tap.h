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

#ifdef __cplusplus
extern "C" {
#endif

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

/*
 * Many that are one test: note() each; all_held() is the test, of one at least.  Where
 * it fails, the first that did not hold is named, with its text.
 *
 *	struct many m = {0};
 *	note(&m, refused(i), "copy %zu", i);
 *	all_held(&m, "copies are refused");
 */
struct many {
	size_t n, failed;
	char first[200];
};

/* Gives back whether it held. */
__attribute__((format(printf, 3, 4))) int
note(struct many *m, int held, const char *fmt, ...);
#define all_held(m, ...) tap_all_held(m, __FILE__, __LINE__, __VA_ARGS__)

/* A line for who reads: no test. */
__attribute__((format(printf, 1, 2))) void diag(const char *fmt, ...);

/* How many tests there will be. */
void plan(int n);

/* Leaves the whole test out, with the reason. */
__attribute__((format(printf, 1, 2), noreturn)) void
tap_skip_all(const char *fmt, ...);

/* Leaves one test out, with the reason. */
__attribute__((format(printf, 1, 2))) void tap_skip(const char *fmt, ...);

/* The process' exit status. */
int done_testing(void);

/* Behind the macros. */
__attribute__((format(printf, 5, 6))) int
tap_ok(int good, const char *cond, const char *file, int line,
    const char *fmt, ...);
__attribute__((format(printf, 5, 6))) int
tap_is_int(long long got, long long want, const char *file, int line,
    const char *fmt, ...);
__attribute__((format(printf, 5, 6))) int
tap_is_str(const char *got, const char *want, const char *file, int line,
    const char *fmt, ...);
__attribute__((format(printf, 6, 7))) int
tap_is_hex(const void *got, size_t len, const char *want, const char *file,
    int line, const char *fmt, ...);
__attribute__((format(printf, 4, 5))) int
tap_all_held(const struct many *m, const char *file, int line,
    const char *fmt, ...);

#ifdef __cplusplus
}
#endif

#endif
