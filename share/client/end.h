#ifndef CLIENT_END_H
#define CLIENT_END_H
/*
 * How a request ended, for people, from its record.
 */
#include "base/err.h"
#include "client/status.h"
#include "wire/record.h"

#define END_WORDS 1024	/* room for it, with the NUL */

/* How the request ended, or how far it is, with what its record tells; cause: the field
 * of that which says best why it failed, or NULL.  The exit status; 0: fulfilled, and out is
 * empty. */
int end_words(char out[static END_WORDS], const struct record *rec,
    enum status_state state, const char *cause);
/* Why a record has no proof_uri: -1, with EX_NO, its request ended without a proof, or
 * EX_DATAERR, it is not known to have ended. */
CHECKED int end_no_proof(const struct record *rec, struct err *e);

#endif
