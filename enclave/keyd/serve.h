#ifndef KEYD_SERVE_H
#define KEYD_SERVE_H
/*
 * The peers of tee-keyd, and what they are answered (crypto/keyd.h).
 *
 * A body to be signed is not kept: its beginning is checked, and all of it goes through Keccak
 * as it comes.
 */
#include "keyd/keys.h"
#include "keyd/quoter.h"

#define SERVE_PEERS 64		/* at once: others are hung up on */

struct service {
	struct keys *keys;
	const struct quoter *quoter;
	bool verbose;		/* a line in the log for each request */
};

/* Answers whoever connects to the listening socket, and rotates the keys, for ever.  A peer
 * has KEYD_TIMEOUT for a request.  EX_OSERR: it cannot wait, or new keys cannot be made.
 * One service a process. */
CHECKED int serve_run(int fd, const struct service *s, struct err *e);

#endif
