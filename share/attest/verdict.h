#ifndef ATTEST_VERDICT_H
#define ATTEST_VERDICT_H
/*
 * What became of each check.  A verdict is a yes only if no check failed and the ones
 * that make a quote genuine all passed: what was never looked at is no yes.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum attest_check {
#define CHECK(name, what) CHECK_##name,
#include "attest/checks.def"
#undef CHECK
	ATTEST_CHECKS
};

enum attest_result {
	ATTEST_NONE,	/* not about this evidence: not in the record */
	ATTEST_PASS,
	ATTEST_FAIL,
	ATTEST_SKIP,	/* what it needs failed, or nothing asks for it */
};

struct attest_checks {
	struct {
		enum attest_result result;
		char detail[200];	/* printable; "" for most that pass */
	} of[ATTEST_CHECKS];
	bool malformed;		/* one failed over bytes that are not well-formed */
};

/* What does not make the evidence worse today, and will tomorrow. */
struct attest_warnings {
	size_t n;
	char of[8][200];	/* printable */
};

/* Adds one, printf()'s text, unless it is there already or there is no room.  w may be
 * NULL. */
void warning(struct attest_warnings *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* As in the record: "quote_format", ... */
const char *attest_check_name(enum attest_check c);
/* What holds when it passes, as a sentence without a full stop. */
const char *attest_check_what(enum attest_check c);
/* "none", "pass", "fail", "skipped". */
const char *attest_result_name(enum attest_result r);

/* Sets a pass, if there is no result yet: a check's first result stays, unless it was a
 * pass that now fails.  The text, printf()'s, is kept as its detail, made printable. */
void check_pass(struct attest_checks *k, enum attest_check c, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* Sets a failure, if there is no result yet or it was a pass. */
void check_fail(struct attest_checks *k, enum attest_check c, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* Sets a skip, if there is no result yet. */
void check_skip(struct attest_checks *k, enum attest_check c, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* Fails with *e's text; as malformed where that is EX_DATAERR. */
void check_error(struct attest_checks *k, enum attest_check c,
    const struct err *e);
/* Passes for r 0, else as check_error(). */
void check_result(struct attest_checks *k, enum attest_check c, int r,
    const struct err *e);

/* Whether c has the result pass. */
bool check_passed(const struct attest_checks *k, enum attest_check c);
/* Whether all of c (a list that ends with ATTEST_CHECKS) passed; if not, those of then
 * are skipped with the name of the first that did not. */
bool check_needs(struct attest_checks *k, const enum attest_check *c,
    const enum attest_check *then);
/* The first that failed; ATTEST_CHECKS: none. */
enum attest_check check_first_failed(const struct attest_checks *k);

#endif
