#ifndef STORE_LATER_H
#define STORE_LATER_H
/*
 * Inside: the thread that brings commits to the disk, for a program that does not wait for
 * that itself (store_later()).
 *
 * The program's connection never syncs: a commit is in the log, and survives the program's
 * end, as soon as it returns; the machine's end when the thread has synced the log behind it.
 * The thread copies the log into the database through a connection of its own, which syncs
 * as the database's format asks.  The log may be begun anew only when all of it has been
 * copied, and then with nothing of the old one in it, since the program does not sync its
 * head: so a third connection, which does nothing but read, holds it in place, and the
 * program cuts it to nothing in a moment without commits.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/syncs.h"

struct later {
	sqlite3 *db;			/* the program's connection */
	sqlite3 *copier, *holder;
	int log;			/* the log's descriptor */
	void (*on_disk)(int error, void *arg);
	void *arg;
	pthread_t thread;
	struct syncs syncs;		/* its waits */
	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t some;
	uint64_t commits, on_the_disk;	/* their numbers, counted from 1 */
	uint64_t tried, copied;		/* the commits behind which all was to be copied, and
					 * is */
	int pages;			/* of the log */
	bool copying, stop;
};

/* Begins, for the open database at path.  NULL: EX_OSERR, EX_CANTCREAT, EX_IOERR. */
CHECKED struct later *later_start(sqlite3 *db, const char *path,
    void (*on_disk)(int error, void *arg), void *arg, struct err *e);
/* All is on the disk, and in the database; l is freed.  After the program's connection has
 * been closed. */
void later_stop(struct later *l);
/* Cuts the log, where this is a moment to do it. */
void later_tend(struct later *l);

#endif
