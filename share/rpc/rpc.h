#ifndef RPC_RPC_H
#define RPC_RPC_H
/*
 * A client of gRPC (unary) and of artifact HTTP, over libcurl.  One struct rpc
 * is one server: it keeps its connections open between calls.  It belongs to one
 * thread at a time; different ones are independent.
 *
 * Times and retries are the SDK's (sp1-network(7), Transport; sp1-network(7),
 * Retries).  Proxies are those that the environment names (rpc/proxy.h).
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct channel;			/* base/channel.h */

struct rpc_options {
	/* PEM: certificate authorities besides the system's; NULL: SSL_CERT_FILE, where
	 * the environment has it.  Its SSL_CERT_DIR is a folder of more. */
	const char *ca_file;
	/* On gRPC only, as the SDK has it: a bearer token; client certificate and
	 * its key (PEM).  NULL without. */
	const char *bearer, *cert, *key;
	int timeout_s;		/* of a call; 0: 60 */
	int retry_s;		/* to keep trying what may pass; 0: 120, -1: not */
	size_t max_reply;	/* a message's bytes; 0: 4 MiB */
	bool verbose;		/* say on stderr what is tried again */
	/* Artifacts: go where 307 and 308 send, to any host; never from https:// to
	 * http://.  Not for who may fetch from some hosts alone. */
	bool follow;
	/* NULL, or SHA-256 of the SubjectPublicKeyInfo that this server's certificate must
	 * have, 32 bytes, besides being trusted: else EX_NOPERM, and nothing is sent.  Of
	 * artifacts, for those whose URL is this server's: rpc_own(). */
	const uint8_t *pin;
	/* NULL, or where to write what names the TLS connection over which the answer of
	 * the last rpc_get() came. */
	struct channel *channel;
	/* NULL, or: while it is not 0, calls end soon, with EX_TEMPFAIL. */
	const volatile sig_atomic_t *stop;
};

struct rpc;

/* url: https://HOST[:PORT][/PREFIX], http:// (HTTP/2 by prior knowledge) or
 * unix:PATH.  o is copied, the strings in it are not.  EX_USAGE: a bad URL.
 * Nothing is connected yet. */
CHECKED struct rpc *rpc_new(const char *url, const struct rpc_options *o,
    struct err *e);
/* Closes its connections.  NULL is allowed. */
void rpc_free(struct rpc *r);
/* At a daemon's start: EX_CONFIG where the file of authorities, ca_file or SSL_CERT_FILE, has
 * no certificate; where none is named and the system has none either, so that no https://
 * server can be trusted, the log has a warning. */
CHECKED int rpc_trust(const struct rpc *r, struct err *e);
/* Whether an absolute URL, or a path, is this server's. */
bool rpc_own(const struct rpc *r, const char *url);
/* The URL as it was given. */
const char *rpc_url(const struct rpc *r);

/* Each call, with its further tries and the waits between them, ends by this time of
 * clock_ms(), with EX_TEMPFAIL; 0: as the options say, which is how it begins.  A
 * look-up of
 * a name may go on in a thread of its own. */
void rpc_until(struct rpc *r, int64_t until);

struct rpc_reply {
	int status;		/* enum grpc_status; GRPC_NONE: no answer came */
	char text[512];		/* grpc-message, decoded */
	const uint8_t *p;	/* the message; until the next call */
	size_t n;
};

/* Calls method ("/network.ProverNetwork/GetNonce").  0 for status 0; else -1 and
 * e, with the exit status of the code; EX_TEMPFAIL when the server is not reached,
 * EX_PROTOCOL when it does not speak gRPC.  What may pass is tried again. */
CHECKED int rpc_call(struct rpc *r, const char *method, const void *message,
    size_t n, struct rpc_reply *reply, struct err *e);

/* The same once, with further request header lines ("authorization: ..."), NULL
 * at the end; may be NULL. */
CHECKED int rpc_call_once(struct rpc *r, const char *method,
    const void *message, size_t n, const char *const *headers,
    struct rpc_reply *reply, struct err *e);

/* For calls that need more than the same bytes again (a new nonce): waits and
 * gives true while what `reply` says may pass and there is time.  Begin with
 * zeros. */
struct rpc_backoff {
	int64_t until;		/* of loop time, ms */
	double delay;		/* seconds */
};
CHECKED bool rpc_try_again(struct rpc *r, struct rpc_backoff *b,
    const struct rpc_reply *reply, const struct err *e);

/*
 * Artifact HTTP: absolute URLs, or a path on this server when it begins with a
 * slash.  No bearer token, no client certificate; redirects as rpc_options.follow says,
 * five at most.
 * *status gets the HTTP status, 0 if there was none; may be NULL.
 * No message shows a URL's query.
 */

/* PUT; tried again when the connection fails, and for 408, 429, 500, 502, 503 and 504,
 * not before Retry-After.  -1 for any status but 2xx: 404 and 410 EX_NOINPUT, other 4xx
 * EX_DATAERR, 408, 429 and 5xx EX_TEMPFAIL, 3xx EX_PROTOCOL. */
CHECKED int rpc_put(struct rpc *r, const char *url, const void *p, size_t n,
    int *status, struct err *e);

/* What is put: n bytes in memory, or, where p is NULL, of a file from a place on, which is
 * read as it goes, and again with each try. */
struct rpc_bytes {
	const void *p;
	uint64_t n;
	int fd;
	off_t from;
};
/* PUT of that; EX_IOERR, too, when the file cannot be read. */
CHECKED int rpc_put_bytes(struct rpc *r, const char *url,
    const struct rpc_bytes *bytes, int *status, struct err *e);

/* GET, in memory to be freed with free(); at most cap bytes (else EX_DATAERR).
 * Tried again like PUT, with its errors, but for 401 and 403: EX_NOINPUT. */
CHECKED int rpc_get(struct rpc *r, const char *url, size_t cap, uint8_t **out,
    size_t *n, int *status, struct err *e);

/* A header of what the last of these got, until the next one; NULL: it has none. */
const char *rpc_header(struct rpc *r, const char *name);

#endif
