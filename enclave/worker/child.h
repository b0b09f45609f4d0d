#ifndef WORKER_CHILD_H
#define WORKER_CHILD_H
/* Programs that the worker runs: they end with it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define CHILD_FILE "/proc/self/fd/4"	/* child_start()'s file, as the program opens it */

/* n bytes in a file of memory, to be read from its begin; -1: there is none to be had. */
CHECKED int child_file(const void *p, size_t n);
/* Nobody can change the file any more.  -1: it cannot be done. */
CHECKED int child_seal(int fd);
/* Starts argv[0], looked for on PATH: in, out and err become its descriptors 0, 1 and 2,
 * third 3 and file 4 (-1: it has none), and it has no others.  It can make no socket, from
 * its first instruction on: neither tee-keyd nor the network is there for it.  -1: it
 * cannot. */
CHECKED pid_t child_start(int in, int out, int err, int third, int file,
    char *const argv[]);
/* As waitpid(2) of one that has not ended: *pid is 0 then. */
void child_reap(pid_t *pid, int *status, int options);
/* Ends it at once. */
void child_kill(pid_t *pid, int *status);
/* Closes a descriptor, which is -1 then. */
void child_shut(int *fd);

/* What comes out of one. */
struct buffer {
	uint8_t *p;
	size_t n, room, max;
	bool over;		/* more came than max, or there is no memory */
};
/* Reads what is there; false at the end. */
bool buffer_drain(struct buffer *b, int fd);

#endif
