#ifndef KEYD_SOCKET_H
#define KEYD_SOCKET_H
/*
 * The unix socket that tee-keyd answers on, for its owner alone.  A daemon that may open no
 * files any more cannot remove it: another process does, when the daemon has ended.
 */
#include "base/err.h"

/* Listens at the path, in the place of a socket that a run left which was killed.  The
 * descriptor; EX_USAGE: the path is too long; EX_CANTCREAT. */
CHECKED int socket_listen(const char *path, int backlog, struct err *e);
/* Removes the socket, if it is still ours, when the process has ended, however it did: a child
 * of it waits for that.  Call it before there are keys: the child has no more than a copy of
 * what there is.  Where there can be no child, nobody removes it. */
void socket_watch(const char *path);

#endif
