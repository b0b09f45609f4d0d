#ifndef NET_CONN_H
#define NET_CONN_H
/*
 * Inside the server: connections and the requests on them.  server.c accepts,
 * conn.c moves bytes, h1.c and h2.c speak, request.c keeps heads, bodies and
 * answers.
 */
#include "base/err.h"
#include "net/server.h"

#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

struct field {
	char *name, *value;
};

enum body_to { BODY_NONE, BODY_MEMORY, BODY_SINK };

/* A request and its answer.  pub is what handlers see; it comes first. */
struct req {
	struct request pub;
	struct server *s;
	struct conn *c;			/* NULL: the peer has gone */
	struct req *prev, *next;	/* of the connection's open ones */
	char *method, *path, *host, *peer;
	struct address address;

	struct field fields[NET_HEADERS];
	int n_fields;
	size_t head_bytes;

	enum body_to to;
	uint64_t cap, got;		/* got: body bytes that have come */
	uint8_t *mem;
	size_t mem_room;
	int (*sink)(struct request *r, const void *p, size_t n, void *arg);
	void *sink_arg;
	int64_t began, moved;		/* clock_ms() */

	/* head_seen: head() was called.  called: call() was.  answered: an answer
	 * is there.  A req is freed when the connection has let go of it (c NULL)
	 * and nobody may still answer. */
	bool head_seen, called, answered, body_done, refused;

	int status;
	const char *type;
	uint8_t *out;			/* or fd, when that is not -1 */
	void (*release)(void *body);
	int fd;
	uint64_t out_len, out_at;
	int grpc_status;		/* -1: no gRPC answer */
	char *grpc_text;		/* percent-encoded */

	/* h2: an answer that came before the end of the body waits for that
	 * (libcurl 7.88 hangs or fails otherwise); waste counts what is thrown
	 * away meanwhile. */
	int32_t stream;
	bool held;
	uint64_t waste;
	/* h1 */
	bool close_after, head_only, head_sent;
};

enum proto { PROTO_TLS, PROTO_SNIFF, PROTO_H1, PROTO_H2 };

struct conn {
	struct watch w;			/* first */
	struct server *s;
	struct conn *prev, *next;
	SSL *ssl;
	int tag;
	char peer[64];
	struct address address;
	enum proto proto;
	/* closing: once c->out is empty.  lingering: what still comes is thrown
	 * away, lest the kernel reset the answer.  paused: h1, nothing is read.
	 * later: a deferred flush (or the end, when dead) is due. */
	bool ssl_wants_write, closing, lingering, dead, paused, eof, later;
	uint8_t *in;			/* SNIFF, H1: what is not yet used */
	size_t in_len;
	uint8_t out[NET_OUT];		/* from out_at to out_len: to be sent */
	size_t out_at, out_len;
	int64_t opened, active, moved;	/* moved: output last moved */
	struct req *open;		/* requests that it carries */
	int n_open;

	nghttp2_session *h2;
	int resets;
	uint64_t discarded;		/* while lingering */

	struct req *r;			/* h1: the one at work */
	enum { H1_HEAD, H1_BODY, H1_ANSWER } h1;
	int64_t head_began;
};

struct listener {
	struct watch w;			/* first */
	struct server *s;
	SSL_CTX *tls;
	int tag, port;
	char *path;			/* of a unix socket */
};

#define LISTENERS 8

struct server {
	struct loop *loop;
	struct server_ops ops;
	void *arg;
	struct listener *listeners[LISTENERS];
	int n_listeners;
	struct conn *conns;
	int n_conns;
	int peer_conns, peer_requests;	/* what one address may have */
	int64_t told;			/* of one that wanted more, last */
	size_t buffered;		/* of bodies in memory */
	bool stopping;
	int64_t stop_at;
	uint64_t sweep;			/* the timer */
};

/* conn.c */
#define CONN_IN (NET_HEAD + 4096)	/* room of conn.in */
void conn_accept(struct listener *l, int fd, const char *peer,
    const struct address *address);
/* What the address has open, counted. */
void conn_count(const struct server *s, const struct address *a, int *conns,
    int *requests);
/* Calls greedy(), once in a while. */
void conn_tell(struct server *s, const char *peer, const char *what);
void conn_close(struct conn *c);	/* at once */
/* At the end of this turn of the loop: sends what can be sent, and sets what to
 * wait for. */
void conn_flush_later(struct conn *c);
void conn_resume(struct conn *c);	/* h1: reads again after an answer */
size_t conn_room(const struct conn *c);
void conn_put(struct conn *c, const void *p, size_t n);	/* n <= conn_room() */
void conn_sweep(struct conn *c, int64_t now);
CHECKED int tls_context(SSL_CTX **out, const struct server_tls *t,
    struct err *e);

/* h1.c, h2.c.  Input gives -1 when the connection is to be closed. */
int h1_input(struct conn *c);		/* from c->in */
void h1_answer(struct req *r);
void h1_output(struct conn *c);
int h2_start(struct conn *c);
int h2_input(struct conn *c, const uint8_t *p, size_t n);
void h2_answer(struct req *r);
int h2_output(struct conn *c);
void h2_stop(struct conn *c);

/* request.c */
struct req *req_new(struct conn *c);
/* name in lower case.  -1: too many, or too long. */
int req_field(struct req *r, const char *name, size_t name_len,
    const char *value, size_t value_len);
/* The head is complete: calls head().  After it, and after every other of these,
 * the request may have been answered (r->answered). */
void req_head(struct req *r);
void req_body(struct req *r, const uint8_t *p, size_t n);
void req_end(struct req *r);
/* The server's own refusal: answers, and tells the handler. */
void req_refuse(struct req *r, int status, int grpc, const char *text);
/* The connection lets go of it: r is freed, now or when it is answered. */
void req_detach(struct req *r);
/* Next bytes of the answer's body; -1: the file fails. */
long req_read(struct req *r, uint8_t *p, size_t n);
const char *status_text(int status);

#endif
