#ifndef BASE_DIAL_H
#define BASE_DIAL_H
/*
 * Unix sockets: where one listens, and connections to them, of which no step takes longer
 * than it may.  Times are clock_ms()'s.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Listens at path, for this user alone (mode 0600), in the place of a socket that a run left
 * which was killed.  The descriptor, which does not block, the caller's to close.  EX_USAGE:
 * the path is too long; EX_OSERR; EX_CANTCREAT. */
CHECKED int dial_listen(const char *path, int backlog, struct err *e);
/* A connection to the socket at path, which does not block: the descriptor, the caller's to
 * close.  whom is for the message.  EX_USAGE: the path is too long; EX_OSERR; EX_TEMPFAIL:
 * nobody answers there. */
CHECKED int dial_unix(const char *path, const char *whom, struct err *e);
/* Waits for what poll() calls events; false when the time is up. */
bool dial_ready(int fd, short events, int64_t until);
/* Sends all n bytes; false: the other end is gone, or the time is up. */
CHECKED bool dial_send(int fd, const void *bytes, size_t n, int64_t until);

#endif
