#ifndef DEVNET_DEVNET_H
#define DEVNET_DEVNET_H
/*
 * A Prover Network and artifact store of its own (sp1-network(7); base
 * variant).  Messages in, messages out; serve.c puts it behind a server.
 *
 * Each call is one transaction: a call that is refused leaves no trace, its nonce
 * included.
 */
#include "base/arena.h"
#include "base/err.h"
#include "devnet/db.h"
#include "net/server.h"
#include "wire/network.h"

#define DEVNET_URL 256
#define DEVNET_CALL ((size_t)1 << 29)	/* bytes of a message: a FulfillProof */
#define DEVNET_CHECKS 16		/* under way at the same time */

struct devnet {
	struct store *store;
	char url[DEVNET_URL];		/* without a slash at its end */
	bool has_fulfiller;
	uint8_t fulfiller[20];		/* gets every request */
	size_t max_artifact;		/* bytes of an upload, and unpacked */
	struct loop *loop;		/* of the server */
	int checks;			/* threads that will post to it */
};

/* Clears *d, and opens or makes its database; url and the rest is the caller's to set. */
CHECKED int devnet_open(struct devnet *d, const char *db, struct err *e);
/* Closes the database. */
void devnet_close(struct devnet *d);

/* What takes a second: a proof, a program's key.  run() puts status and text where they
 * are not GRPC_OK and "", and frees `what`. */
struct devnet_check {
	void (*run)(struct devnet_check *k);
	void *what;
	bool done;
	int status;
	char text[300];
};

/* One call of the network, and its answer. */
struct devnet_call {
	struct devnet *d;
	struct arena arena;		/* of all that the answer points to */
	struct pb_bytes in;
	struct devnet_check *later;	/* NULL: checks are done at once.  Else the call
					 * ends where it comes to one, as if refused,
					 * and is to be made again when that is done */
	uint64_t now;			/* unix time */
	int status;			/* enum grpc_status */
	char text[256];			/* why not */
	struct pb_bytes out;
};
/* c->in is set; afterwards devnet_call_end(). */
void devnet_call(struct devnet *d, struct devnet_call *c, const char *path);
/* Frees what the answer points to. */
void devnet_call_end(struct devnet_call *c);

/*
 * Artifacts over HTTP: paths /artifacts/TYPE/ID, ?token=TOKEN for an upload.  All
 * give an HTTP status.
 */
int devnet_may_put(struct devnet *d, const char *path);
/* Takes an upload's bytes. */
int devnet_put(struct devnet *d, const char *path, const uint8_t *p, size_t n);
/* 200: *out is to be freed. */
int devnet_get(struct devnet *d, const char *path, uint8_t **out, size_t *n);

/* Answers requests of a server with the devnet that is its arg. */
extern const struct server_ops devnet_ops;

/* ---- between the files of the devnet ---- */

/* Refuses; gives -1. */
int devnet_refuse(struct devnet_call *c, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The store failed. */
int devnet_broken(struct devnet_call *c, const struct err *e);
/* Decodes into *v, refusing what is malformed; -1. */
int devnet_decode(struct devnet_call *c, const struct pb_message *m, void *v,
    struct pb_bytes in);
/* Encodes *v as the answer; -1: refused, for want of memory. */
int devnet_encode(struct devnet_call *c, const struct pb_message *m,
    const void *v);

/* Checks, or leaves it for later, or has the verdict; what: from malloc(), NULL when
 * there was no memory, or when devnet_checked(). */
int devnet_check(struct devnet_call *c, void (*run)(struct devnet_check *k),
    void *what);
/* Has the check that the call comes to been done? */
bool devnet_checked(const struct devnet_call *c);

/*
 * A signed request: its body into *body, whose first member is the nonce, and its
 * signer.  Refused unless the format is binary, the body is in the form that is
 * signed over, and the nonce is the signer's next one, which is then taken.
 */
int devnet_signed(struct devnet_call *c, const struct pb_message *m,
    void *body, struct pb_bytes *raw, uint8_t signer[static 20]);

/* A transaction's name, for the answers that have one. */
void devnet_tx(uint8_t out[static 32], const char *what,
    const uint8_t signer[static 20], struct pb_bytes body);
/* The answer of a call that gives a transaction's name alone; -1. */
int devnet_done(struct devnet_call *c, const char *what,
    const uint8_t signer[static 20], struct pb_bytes body);

/* An upload's bytes, by the id at the end of its uri: 1 found, 0 not, -1.  Free
 * *out. */
int devnet_artifact(struct devnet_call *c, struct pb_bytes uri, int type,
    uint8_t **out, size_t *n);
/* Keeps a proof; its id. */
int devnet_keep_proof(struct devnet_call *c, char id[static 36],
    const uint8_t owner[static 20], struct pb_bytes proof);

/* The calls, by their names in the protocol (wire/network.h): each decodes c->in, and
 * answers or refuses; -1 when it refused.  GetNonce. */
int devnet_get_nonce(struct devnet_call *c);
/* GetBalance. */
int devnet_balance(struct devnet_call *c);
/* CreateArtifact. */
int devnet_create_artifact(struct devnet_call *c);
/* GetProgram. */
int devnet_get_program(struct devnet_call *c);
/* CreateProgram. */
int devnet_create_program(struct devnet_call *c);
/* RequestProof. */
int devnet_request_proof(struct devnet_call *c);
/* GetProofRequestStatus. */
int devnet_status(struct devnet_call *c);
/* GetProofRequestDetails. */
int devnet_details(struct devnet_call *c);
/* GetFilteredProofRequests. */
int devnet_filtered(struct devnet_call *c);
/* FulfillProof. */
int devnet_fulfill(struct devnet_call *c);
/* FailFulfillment. */
int devnet_fail(struct devnet_call *c);
/* ExecuteProof. */
int devnet_execute(struct devnet_call *c);
/* FailExecution. */
int devnet_fail_execution(struct devnet_call *c);

#endif
