#ifndef BASE_SYNCS_H
#define BASE_SYNCS_H
/*
 * How long a thread waits for the disk.  A file of a few bytes can stand behind gigabytes
 * that others write to the same disk, for minutes, and whoever has his answer after it
 * blames the program: so it is counted, and told.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "base/log.h"

#define SYNCS_SLOW_MS 1000	/* what takes so long is told */

/* The waits of one thread; all zeros at first, but its name.  Every thread may read the
 * atomic ones. */
struct syncs {
	const char *of;		/* what it brings to the disk: a word for the log */
	_Atomic uint64_t n, ms;	/* waits that have ended, and their time */
	_Atomic int64_t began;	/* clock_ms() of the one that lasts; 0: there is none */
	struct log_rate log;
};

/* A wait begins. */
void syncs_begin(struct syncs *s);
/* It has ended.  A slow one is logged as the event slow_disk, with its seconds, six a minute
 * at most.  errno stays as it is. */
void syncs_end(struct syncs *s);
/* The seconds that one lasts by now; 0: there is none. */
double syncs_now(const struct syncs *s);

#endif
