#ifndef KEYD_SOURCE_H
#define KEYD_SOURCE_H
/*
 * Where an enclave has its quotes from: dstack's guest agent on a unix socket (the agent
 * of today, and the one of 0.3 and 0.4), or the kernel's configfs-tsm.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct quoted {
	char *quote;		/* hexadecimal, owned */
	char *event_log;	/* JSON, owned; NULL: the source has none */
};

/* What a source tells of the enclave once, for as long as it runs. */
struct beside {
	char *compose;		/* app-compose.json as measured, owned; NULL: not told */
	char *gpus;		/* evidence of the GPUs, JSON, owned; NULL: not told */
};

struct source {
	const char *name;	/* for messages */
	/* Its quote over 64 bytes; EX_TEMPFAIL, EX_PROTOCOL. */
	int (*quote)(const char *path, const uint8_t data[static 64],
	    struct quoted *out, struct err *e);
	/* NULL: it tells nothing.  What it does not answer is left NULL. */
	void (*beside)(const char *path, struct beside *out);
	/* Whether it is here. */
	bool (*here)(const char *path);
	const char *sandbox;	/* what it needs */
};

extern const struct source source_dstack, source_tappd;	/* agent.c */
extern const struct source source_tsm;			/* tsm.c */

/* Frees the texts, and clears it. */
void quoted_free(struct quoted *q);

/* Of tsm.c, for a folder that is there already, as the kernel's mkdir makes it. */
CHECKED int tsm_read(const char *folder, const uint8_t data[static 64],
    struct quoted *out, struct err *e);

/* agent.c: the body of an HTTP/1.1 answer, in place: its length, 0 while more must come
 * (never at the `end` of the stream), -1 where it is none.  *status: HTTP's. */
CHECKED long agent_answer(char *in, size_t n, bool end, int *status);

#endif
