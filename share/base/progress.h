#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H
/*
 * One line that changes, on a terminal's standard error; nothing elsewhere.
 * What die() and complain() say goes to a line of its own.  Called from one
 * thread at a time.
 */
#include <stdbool.h>

/* Without this call progress() does nothing. */
void progress_start(void);
/* Shown at most ten times a second. */
void progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Takes the line away. */
void progress_clear(void);

#endif
