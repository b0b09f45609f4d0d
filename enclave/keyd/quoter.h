#ifndef KEYD_QUOTER_H
#define KEYD_QUOTER_H
/*
 * A process of its own that has quotes made: it talks to dstack's agent or to the kernel,
 * and reads what they say, without a key in its memory.  tee-keyd, which has the keys,
 * gives it statements that it composed itself, so that whoever asks for evidence has no
 * word in what is attested but the three values of struct keyd_ask.
 *
 *	quoter_start(&q, &options, &e);		before keys are made
 *	...
 *	issued_add(hash, keys);
 *	quoter_ask(&q, text, n, peer, &e);	which answers the peer
 */
#include "crypto/statement.h"

struct quoter_options {
	const char *dstack, *tappd;	/* sockets */
	const char *tsm;		/* folder of configfs-tsm's reports */
};

struct quoter {
	int fd;				/* to the process; -1: nothing attests here */
	const char *source;		/* its name, for the log */
	struct statement_hash compose, gpu;	/* of what it serves beside quotes */
};

/* Finds the first source that is here, and starts the process; where there is none, fd is
 * -1.  EX_OSERR, and what the source says. */
CHECKED int quoter_start(struct quoter *q, const struct quoter_options *o,
    struct err *e);
/* Has the process make evidence over a statement's text, and send it to the peer, as
 * crypto/keyd.h has it.  The descriptor stays the caller's.  EX_UNAVAILABLE: there is
 * none; EX_TEMPFAIL: too many wait. */
CHECKED int quoter_ask(const struct quoter *q, const char *text, size_t n, int peer,
    struct err *e);

/* Statements that were given out, by SHA-256: the last ISSUED of them. */
#define ISSUED 65536
/* Adds one, which names the keys of this number; the oldest makes room. */
void issued_add(const uint8_t hash[static 32], unsigned keys);
/* Whether it was given out, and is not forgotten; then *keys is the number. */
bool issued_has(const uint8_t hash[static 32], unsigned *keys);

#endif
