#ifndef PROXY_TURNS_H
#define PROXY_TURNS_H
/*
 * Work of many addresses for one thread, in turns: however much one address has waiting,
 * another's next is a turn away.  Addresses are in lines by a hash that nobody can guess;
 * each line gives one work a turn, in the order in which its works came.  No locks.
 */
#include <stddef.h>
#include <stdint.h>

#include "net/server.h"

#define TURNS_LINES 64

/* What is to be done; embedded in what it is about, which run() frees. */
struct work {
	struct work *next;
	void (*run)(struct work *w);
};

struct turns_line { struct work *first, **last; };

struct turns {
	struct turns_line urgent, line[TURNS_LINES];
	unsigned at;		/* whose turn it is */
	uint64_t seed;
};

/* No work waits. */
void turns_init(struct turns *t);
/* Which line is an address's; NULL: one for all that has none. */
unsigned turns_line(const struct turns *t, const struct address *a);
/* Behind what waits in that line. */
void turns_add(struct turns *t, unsigned line, struct work *w);
/* Before all lines, behind what is urgent too. */
void turns_urgent(struct turns *t, struct work *w);
/* Takes the next; NULL: none waits. */
struct work *turns_next(struct turns *t);

#endif
