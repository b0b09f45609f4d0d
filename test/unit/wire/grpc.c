/* gRPC's statuses: what becomes of a call that ends with one. */
#include "wire/grpc.h"

#include <stdint.h>
#include <sysexits.h>

#include "test/lib/tap.h"

/* Bit i for status i, and bit 31 for GRPC_NONE. */
static uint32_t
those(bool (*is)(int status))
{
	uint32_t bits = is(GRPC_NONE) ? 1u << 31 : 0;

	for (int i = 0; i < 31; i++)
		if (is(i))
			bits |= 1u << i;
	return bits;
}

static bool
retried(int status)
{
	return grpc_retried(status, NULL);
}

int
main(void)
{
	is_str(grpc_name(5), "NotFound", "5 is NotFound");
	is_str(grpc_name(16), "Unauthenticated", "the last is 16");
	is_str(grpc_name(17), "unknown status", "17 is none");
	is_str(grpc_name(-1), "unknown status", "nor is -1");
	is_int(grpc_exit(GRPC_OK), 0, "OK ends well");
	is_int(grpc_exit(GRPC_PERMISSION_DENIED), EX_NOPERM, "no permission");
	is_int(grpc_exit(99), EX_PROTOCOL, "no such status");
	is_int(those(retried), 1 << 1 | 1 << 4 | 1 << 10 | 1 << 13 | 1 << 14,
	    "the SDK retries Cancelled, DeadlineExceeded, Aborted, Internal, "
	    "Unavailable");
	ok(grpc_retried(GRPC_UNKNOWN, "Service was not ready: transport error"),
	    "and Unknown of one text, as tower says it");
	ok(grpc_retried(GRPC_UNKNOWN, "the service was not ready yet") &&
	    !grpc_retried(GRPC_UNKNOWN, "no"), "and Unknown of one text");
	is_int(those(grpc_passes), 1u << 31 | 1 << 1 | 1 << 4 | 1 << 8 |
	    1 << 10 | 1 << 13 | 1 << 14, "these pass, ResourceExhausted and "
	    "no answer too");
	is_int(those(grpc_undecided), 1u << 31 | 1 << 1 | 1 << 2 | 1 << 4 |
	    1 << 13 | 1 << 14 | 1 << 15, "after these it may be done");
	is_int(grpc_from_http(400), GRPC_INTERNAL, "HTTP 400");
	is_int(grpc_from_http(404), GRPC_UNIMPLEMENTED, "HTTP 404");
	is_int(grpc_from_http(503), GRPC_UNAVAILABLE, "HTTP 503");
	is_int(grpc_from_http(500), GRPC_UNKNOWN, "HTTP 500");
	is_int(grpc_from_http(200), GRPC_UNKNOWN, "HTTP 200");
	return done_testing();
}
