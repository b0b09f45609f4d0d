#ifndef WORKER_ASK_H
#define WORKER_ASK_H
/*
 * A program beside this one that is asked one thing about a job: it is given files of
 * memory, and ends with an answer.
 */
#include <stdbool.h>
#include <stdint.h>

#include "worker/child.h"

struct worker;
struct job;
struct outcome;

struct ask {
	int in;			/* its standard input; -1: nothing */
	int file;		/* its descriptor 4; -1: none */
	uint64_t max_s;		/* seconds; 0: any time */
	const char *too_slow;	/* the detail of one that takes longer */
	/* What it writes to its standard output, up to .max, to be freed; .max 0: nobody
	 * wants that. */
	struct buffer answer;
	/* What it writes to its descriptor 3, up to so much, in a file of memory that can
	 * be changed no more; -1: nobody wants it, or there is none.  The caller's to
	 * close. */
	size_t max_made;
	int made;
	int status;		/* how it exited */
};

/* Runs argv[0] until it has ended by itself: 0.  -1, and *o says why not: the job is to end,
 * or it took too long, or a signal ended it. */
CHECKED int ask(struct ask *a, struct worker *w, const struct job *j,
    char *const argv[], struct outcome *o);

#endif
