#ifndef WIRE_GRPC_H
#define WIRE_GRPC_H
/* gRPC's status codes (grpc/doc/statuscodes.md): numbers, names, and what becomes of a
 * call that ends with one. */
#include <stdbool.h>

enum grpc_status {
	GRPC_OK, GRPC_CANCELLED, GRPC_UNKNOWN, GRPC_INVALID_ARGUMENT,
	GRPC_DEADLINE_EXCEEDED, GRPC_NOT_FOUND, GRPC_ALREADY_EXISTS,
	GRPC_PERMISSION_DENIED, GRPC_RESOURCE_EXHAUSTED,
	GRPC_FAILED_PRECONDITION, GRPC_ABORTED, GRPC_OUT_OF_RANGE,
	GRPC_UNIMPLEMENTED, GRPC_INTERNAL, GRPC_UNAVAILABLE, GRPC_DATA_LOSS,
	GRPC_UNAUTHENTICATED,
};
#define GRPC_STATUSES 17	/* they count from 0 */
#define GRPC_NONE (-1)		/* in place of a status: no answer came */

/* "NotFound"; "unknown status" for a number that is none. */
const char *grpc_name(int status);

/* The exit status (sysexits.h) of a program whose call ends so: 75 it may pass, 77 no
 * permission, 65 the request is at fault, 76 the peer is. */
int grpc_exit(int status);

/* Does the SDK send the same call again (sp1-network(7), Retries)?  UNKNOWN it does with one text
 * alone, in letters of either case: text is the grpc-message, NULL for none. */
bool grpc_retried(int status, const char *text);

/* Whether the same call may end otherwise another time: what is retried, a limit that
 * others reach too, or no answer at all. */
bool grpc_passes(int status);

/* Whether the server may have done what it was asked, though the call failed: it fell
 * over, or its answer was lost on the way. */
bool grpc_undecided(int status);

/* The status of an HTTP answer without a grpc-status (sp1-network(7), Transport). */
int grpc_from_http(long http);

#endif
