#ifndef RPC_CLIENT_H
#define RPC_CLIENT_H
/* Inside the client: rpc.c has a server's life; transfer.c what the transfers of grpc.c and
 * http.c share. */
#include "base/err.h"

#include <curl/curl.h>

#include "rpc/rpc.h"
#include "rpc/shown.h"

struct rpc {
	CURL *grpc, *http;	/* two handles: their options differ in much */
	char *base;		/* URL for curl, without a slash at the end */
	char *shown;		/* as it was given */
	char *socket;		/* path of a unix socket, or NULL */
	bool tls;
	const char *proxy, *proxy_from;	/* of the last transfer: rpc_through() */
	struct rpc_options o;
	char pin[64];		/* as curl takes it; "" for none */
	struct curl_slist *grpc_headers, *no_headers;
	char error[CURL_ERROR_SIZE];
	uint8_t *reply;
	size_t reply_len, reply_room;
	bool reply_long;	/* more came than may */
	int grpc_status;	/* -1: none seen */
	char grpc_text[512];
	int64_t until;		/* clock_ms() when all calls end; 0: never */
	int64_t after_ms;	/* what the last answer's Retry-After asks; 0 without */
	unsigned seed;		/* of the jitter */
};

/* What the environment says; NULL for nothing, and for an empty text. */
const char *rpc_env(const char *name);
/* A handle with what both kinds have. */
CURL *rpc_handle(struct rpc *r);
/* Sends a handle's next transfer to the URL the way that the environment says: direct, or
 * through a proxy. */
void rpc_through(struct rpc *r, CURL *c, const char *url);
#define SHOWN_PLACE (SHOWN_URL + 120)
/* For messages: the URL as people may see it, and the proxy on the way.  Gives out. */
const char *rpc_place(const struct rpc *r, char out[static SHOWN_PLACE],
    const char *url);
/* err_set() for the curl code of the handle's last transfer, to the URL: EX_TEMPFAIL where
 * it may pass; EX_CONFIG where a proxy does not let it through. */
CHECKED int rpc_curl_error(struct rpc *r, CURL *c, CURLcode code,
    const char *url, struct err *e);
/* Is it a refusal that S3, and what stands before it, ask to try again after? */
bool rpc_http_passes(long http);
/* Keeps what the answer that the handle had last asks in Retry-After. */
void rpc_retry_after(struct rpc *r, CURL *c);
/* Milliseconds that a transfer may take that may take `most`, 0 for any time: 0 only then,
 * with no rpc_until().  -1 and EX_TEMPFAIL when the time is up. */
CHECKED long rpc_left(struct rpc *r, long most, struct err *e);
/* Sleeps as long as it is this try's turn, and the last answer asks; false when that is
 * past the time that there is. */
bool rpc_sleep(struct rpc *r, struct rpc_backoff *b);
/* Keeps what came in r->reply, up to cap. */
size_t rpc_collect(struct rpc *r, const void *p, size_t n, size_t cap);

#endif
