#ifndef RPC_CLI_H
#define RPC_CLI_H
/*
 * What the client programs share: the options that name a server, and the calls
 * that more than one of them makes.
 *
 * A URL not given by -u is the record's, then SP1_RPC_URL.
 */
#include "base/err.h"
#include "rpc/rpc.h"

struct rpc_cli {
	const char *url, *ca, *token_file, *cert, *key;
	int verbose;
	const char *record;	/* of sp1-attest */
	const uint8_t *pin;	/* rpc_cli_pin()'s; NULL: any key will do */
	uint8_t tls_key[32];
	struct channel *channel;	/* as in rpc_options; no redirect is followed then */
};

/* Rows for a table of struct arg_opt, about a struct rpc_cli. */
#define RPC_CLI_URL(c) \
	{ 'u', "url", "URL", "the network, or the proxy before it", \
	    .value = &(c).url }
#define RPC_CLI_RECORD(c) \
	{ 0, "record", "FILE", "sp1-attest's: no server but the attested one", \
	    .value = &(c).record }
#define RPC_CLI_REST(c) \
	{ 0, "ca", "FILE", "certificate authorities besides the system's", \
	    .value = &(c).ca }, \
	{ 0, "token", "FILE", "a file with the bearer token", \
	    .value = &(c).token_file }, \
	{ 0, "client-cert", "FILE", "a client certificate (PEM)", \
	    .value = &(c).cert }, \
	{ 0, "client-key", "FILE", "its key (PEM)", .value = &(c).key }, \
	{ 'v', "verbose", NULL, "say what is done, and what is tried again", \
	    .flag = &(c).verbose }

struct record;
/* The TLS key that the server of the record at hand must have, which may be NULL: as the
 * record says (tls_key), or the one of --record, which the record then has too.  EX_NOPERM:
 * they differ, or that one's evidence is not valid. */
CHECKED int rpc_cli_pin(struct rpc_cli *c, struct record *rec, struct err *e);

/* record_url: from the record at hand, or NULL.  EX_USAGE without any. */
CHECKED struct rpc *rpc_cli_open(const struct rpc_cli *c,
    const char *record_url, struct err *e);

/* CreateArtifact with the signature that names its owner, then PUT.  *uri is to be
 * freed, and *url too, where the upload went; url may be NULL.  A URL that the
 * store does not take any more (401, 403) is asked for anew, once. */
CHECKED int rpc_upload(struct rpc *r, const uint8_t sig[static 65], int type,
    const struct rpc_bytes *bytes, char **uri, char **url, struct err *e);

/* GetNonce. */
CHECKED int rpc_nonce(struct rpc *r, const uint8_t address[static 20],
    uint64_t *nonce, struct err *e);

/* Messages by their tables; what the reply points into lives until the next call,
 * lists in the arena. */
struct arena;
struct pb_message;
CHECKED int rpc_pb(struct rpc *r, const char *method,
    const struct pb_message *in, const void *request,
    const struct pb_message *out, void *answer, struct arena *a,
    struct rpc_reply *reply, struct err *e);

#endif
