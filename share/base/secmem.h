#ifndef BASE_SECMEM_H
#define BASE_SECMEM_H
/*
 * Memory for what must not leave the process: locked (never swapped), left out
 * of core dumps, wiped before it is given back.  It grows without leaving a copy,
 * and may move.  A page is there, and locked, once something is written to it, so that much
 * of it is had at once, and given back, in little time.
 *
 * Locking is bounded by RLIMIT_MEMLOCK.  Where it fails the memory is used all
 * the same and `locked` is false, which the program must say; after
 * secmem_strict() it is an error.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct secmem {
	uint8_t *p;
	size_t n;		/* bytes in use: the owner's business */
	size_t cap;
	bool locked;
};

/* Memory that cannot be locked is an error from now on. */
void secmem_strict(void);
/* Room for cap bytes; what is there stays.  A struct of zeros is empty. */
CHECKED int secmem_need(struct secmem *m, size_t cap, struct err *e);
/* All that fd gives, after what is there; more than max in all: EX_DATAERR. */
CHECKED int secmem_read(struct secmem *m, int fd, size_t max, const char *name,
    struct err *e);
/* What fd gives, after what is there, up to max in all.  1: there may be more; 0: that was
 * its end. */
CHECKED int secmem_some(struct secmem *m, int fd, size_t max, const char *name,
    struct err *e);
/* Wipes it and gives it back; *m is empty then. */
void secmem_free(struct secmem *m);
/* The same for at most n bytes of its end, for who has no time for all; true: *m is empty. */
bool secmem_give(struct secmem *m, size_t n);
/* For daemons with --allow-unlocked: locked memory; where there is none, they end, or
 * say, that being allowed, that `what` may be swapped to disk. */
void secmem_daemon(struct secmem *m, size_t cap, bool allowed, const char *what);

/* At the start of one: where RLIMIT_MEMLOCK is less than need, which `what` asks for, and
 * holds for this process, the same. */
void secmem_enough(size_t need, bool allowed, const char *what);

/* Whatever the compiler thinks of it. */
void wipe(void *p, size_t n);

/* No core dumps, no ptrace by others, from here on. */
CHECKED int no_dumps(struct err *e);

#endif
