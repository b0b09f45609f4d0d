#ifndef ATTESTED_TUNNEL_H
#define ATTESTED_TUNNEL_H
/*
 * A verified tunnel: what connects to a local port is forwarded, byte for byte, into TLS
 * to an enclave whose evidence holds, so that a program that knows nothing of attestation
 * talks to that enclave alone.
 *
 * The evidence is judged before the port opens, and again when its statement nears its
 * end or the server shows another key; while it does not hold, nothing is forwarded.
 * Every connection to the enclave must have the attested TLS key before a byte goes out.
 */
#include "attested/attested.h"

struct tunnel_options {
	const char *host, *port;	/* of the enclave; the URL of cli is theirs */
	uint16_t listen;		/* on 127.0.0.1; 0: any */
	const struct rpc_cli *cli;
	const struct attested_options *attested;
};

/* Serves until a signal ends the process.  -1: the evidence does not hold at the start, as
 * attested_now() has it, or EX_NO where TLS ends before the enclave; EX_CANTCREAT. */
CHECKED int tunnel_run(const struct tunnel_options *o, struct err *e);

#endif
