#ifndef CLIENT_CAUSES_H
#define CLIENT_CAUSES_H
/*
 * Why a request ended as it did, from the network and from the enclave.
 */
#include <stdbool.h>
#include <stdint.h>

#include "client/status.h"
#include "rpc/rpc.h"
#include "wire/record.h"

/* Adds to the record of a request that has ended what is told besides its status.  Of one
 * that failed the network's details: cause, execute_fail_cause, cycles, gas_used,
 * error_trace.  Where the record has report_url, for the holder of the upload's token, the
 * enclave's report, which knows more: cause, detail, exit_code, cycles, gas.  What is not to
 * be had leaves the record without; verbose: why is said on standard error.
 *
 * Gives the field that says best why it failed; NULL: none, or it did not. */
const char *causes_note(struct rpc *r, struct record *rec,
    const uint8_t id[static 32], enum status_state state, bool verbose);

#endif
