#ifndef CLIENT_STATUS_H
#define CLIENT_STATUS_H
/*
 * How a proof request stands, as the network says it (sp1-network(7), Statuses): as a state,
 * as fields of its record, and waited for.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "rpc/rpc.h"
#include "wire/record.h"

enum status_state {
	STATUS_OPEN,
	STATUS_FULFILLED,
	STATUS_FAILED,
	STATUS_LATE,		/* its deadline has passed */
	/* A number that the protocol has got since: neither a failure nor a reason to
	 * wait, as who asks again then may pay twice. */
	STATUS_UNKNOWN,
};

/* Asks once.  The record gets fulfillment_status and execution_status, as names or, where
 * the protocol has grown, numbers; deadline; and where they are told proof_uri,
 * fulfill_tx_hash, public_values_hash.  -1 as rpc_call(); EX_PROTOCOL too: fulfilled, and no
 * place of the proof is told. */
CHECKED int status_ask(struct rpc *r, struct record *rec,
    const uint8_t id[static 32], enum status_state *state, struct err *e);

/* Where the network has the proof now, *uri to be freed; NULL: it does not tell. */
CHECKED int status_proof_uri(struct rpc *r, const uint8_t id[static 32],
    char **uri, struct err *e);

/* For how long is asked, for one record after the other. */
struct status_wait {
	int64_t until;		/* of clock_ms(); 0: for ever */
	int64_t interval;	/* between two questions, ms */
	bool away;		/* a server did not answer in time; set here */
};
/* Asks until the request has ended, or the time is up, and tells how far it is
 * (base/progress.h).  No question goes on past the time, but each record's first has a
 * second all the same, while the servers answer: of many records the last may have its
 * proof.  -1 as status_ask(): the record is as the last answer left it. */
CHECKED int status_wait(struct rpc *r, struct record *rec,
    const uint8_t id[static 32], struct status_wait *w,
    enum status_state *state, struct err *e);

#endif
