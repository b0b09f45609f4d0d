#ifndef BASE_CHILD_H
#define BASE_CHILD_H
/*
 * Processes that a program starts: which file, and that none outlives its parent.
 */
#include <sys/types.h>

#include "base/err.h"

/* The path of a program of this name beside the one that runs; where there is none that
 * may be run, the name, which execvp(3) looks for on PATH.  To be freed; NULL: no memory. */
CHECKED char *child_beside(const char *name);

/* fork(2) of a child that SIGKILL ends when its parent ends, however that does.  0 in the
 * child, its number in the parent, -1 with errno.  Where the parent has ended already the
 * child ends with EX_OSERR, without exit()'s handlers. */
CHECKED pid_t child_fork(void);

#endif
