#ifndef BASE_ERR_H
#define BASE_ERR_H
/*
 * Errors, in four tiers that are never mixed:
 *
 *   program    die(EX_x, "cannot open %s:", path)   prints "prog: ..." and exits
 *   library    return err_set(e, EX_x, "...")       -1; never prints, never exits
 *   emitter    a sticky flag, one check at *_finish()
 *   invariant  must(cond)                           our own bug: aborts, also in release
 *
 * A format that ends in ':' has strerror(errno) appended.  Statuses are those of
 * <sysexits.h>, so that a program can die(e.status, "%s", e.msg); status 1 means "the
 * answer is no" (an invalid proof, a guest that failed).  Messages are lower
 * case, name the object and have no full stop.
 */
#include <sysexits.h>

#define EX_NO 1	/* a well-formed "no" */

/* On every function that takes a struct err, or gives a verdict: its result must be
 * looked at.  ignore() where none is wanted: it says that this was meant. */
#define CHECKED __attribute__((warn_unused_result))
#define ignore(x) ((void)!(x))

struct err {
	int status;	/* EX_*, or EX_NO */
	char msg[240];
};

/* Fills *e (which may be NULL) and returns -1, so that a library can
 * `return err_set(...)`. */
int err_set(struct err *e, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "PREFIX: " before the message that *e holds; returns -1. */
int err_prefix(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The program's name, set by args_parse() (or by main); "sp1" before that. */
extern const char *progname;

/* Says "PROGRAM: ..." on standard error, and ends the program with the status. */
_Noreturn void die(int status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with an error's status and message. */
_Noreturn void die_err(const struct err *e);
/* Says "PROGRAM: ..." on standard error. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define must(cond) \
	((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))
/* Of must(): says what failed and where, and aborts. */
_Noreturn void must_failed(const char *cond, const char *file, int line);

#endif
