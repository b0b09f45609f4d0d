#include "wire/grpc.h"

#include <string.h>
#include <sysexits.h>

/* retried: by the SDK.  passes: whatever the SDK does.  undecided: see grpc.h. */
static const struct {
	const char *name;
	int exit;
	bool retried, passes, undecided;
} statuses[GRPC_STATUSES] = {
	[GRPC_OK] = { "OK", EX_OK, false, false, false },
	[GRPC_CANCELLED] = { "Cancelled", EX_TEMPFAIL, true, true, true },
	[GRPC_UNKNOWN] = { "Unknown", EX_PROTOCOL, false, false, true },
	[GRPC_INVALID_ARGUMENT] = { "InvalidArgument", EX_DATAERR, false, false,
	    false },
	[GRPC_DEADLINE_EXCEEDED] = { "DeadlineExceeded", EX_TEMPFAIL, true, true,
	    true },
	[GRPC_NOT_FOUND] = { "NotFound", EX_NOINPUT, false, false, false },
	[GRPC_ALREADY_EXISTS] = { "AlreadyExists", EX_DATAERR, false, false,
	    false },
	[GRPC_PERMISSION_DENIED] = { "PermissionDenied", EX_NOPERM, false, false,
	    false },
	[GRPC_RESOURCE_EXHAUSTED] = { "ResourceExhausted", EX_TEMPFAIL, false,
	    true, false },
	[GRPC_FAILED_PRECONDITION] = { "FailedPrecondition", EX_DATAERR, false,
	    false, false },
	[GRPC_ABORTED] = { "Aborted", EX_TEMPFAIL, true, true, false },
	[GRPC_OUT_OF_RANGE] = { "OutOfRange", EX_DATAERR, false, false, false },
	[GRPC_UNIMPLEMENTED] = { "Unimplemented", EX_PROTOCOL, false, false,
	    false },
	[GRPC_INTERNAL] = { "Internal", EX_PROTOCOL, true, true, true },
	[GRPC_UNAVAILABLE] = { "Unavailable", EX_TEMPFAIL, true, true, true },
	[GRPC_DATA_LOSS] = { "DataLoss", EX_PROTOCOL, false, false, true },
	[GRPC_UNAUTHENTICATED] = { "Unauthenticated", EX_NOPERM, false, false,
	    false },
};

static bool
known(int status)
{
	return status >= 0 && status < GRPC_STATUSES;
}

const char *
grpc_name(int status)
{
	return known(status) ? statuses[status].name : "unknown status";
}

int
grpc_exit(int status)
{
	return known(status) ? statuses[status].exit : EX_PROTOCOL;
}

bool
grpc_retried(int status, const char *text)
{
	return known(status) && (statuses[status].retried ||
	    (status == GRPC_UNKNOWN && text &&
	    strcasestr(text, "service was not ready")));
}

bool
grpc_passes(int status)
{
	return status == GRPC_NONE || (known(status) && statuses[status].passes);
}

bool
grpc_undecided(int status)
{
	return status == GRPC_NONE ||
	    (known(status) && statuses[status].undecided);
}

int
grpc_from_http(long http)
{
	switch (http) {
	case 400:
		return GRPC_INTERNAL;
	case 401:
		return GRPC_UNAUTHENTICATED;
	case 403:
		return GRPC_PERMISSION_DENIED;
	case 404:
		return GRPC_UNIMPLEMENTED;
	case 429:
	case 502:
	case 503:
	case 504:
		return GRPC_UNAVAILABLE;
	}
	return GRPC_UNKNOWN;
}
