#ifndef KEYD_SOCKET_H
#define KEYD_SOCKET_H
/*
 * The end of the unix socket that tee-keyd answers on.  A daemon that may open no files any
 * more cannot remove it: another process does, when the daemon has ended.
 */

/* Removes the socket, if it is still ours, when the process has ended, however it did: a child
 * of it waits for that.  Call it before there are keys: the child has no more than a copy of
 * what there is.  Where there can be no child, nobody removes it. */
void socket_watch(const char *path);

#endif
