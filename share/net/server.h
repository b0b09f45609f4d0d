#ifndef NET_SERVER_H
#define NET_SERVER_H
/*
 * A server for gRPC (unary) and plain HTTP on the same port: HTTP/2 by ALPN or by
 * prior knowledge, and a strict HTTP/1.1 for artifacts (sp1-network(7),
 * Transport; sp1-network(7), Artifact store).  One thread; net/limits.h says
 * what a peer may ask.
 *
 *	static void
 *	on_request(struct request *r, void *arg)
 *	{
 *		if (strcmp(r->path, "/network.ProverNetwork/GetNonce") == 0)
 *			answer_grpc(r, GRPC_OK, NULL, message, length);
 *		else
 *			answer_grpc(r, GRPC_UNIMPLEMENTED, "no such call", NULL, 0);
 *	}
 *	...
 *	struct loop *l = loop_new(&e);
 *	struct server *s = server_new(l, &(struct server_ops){
 *	    .on_request = on_request }, arg);
 *	server_listen(s, "127.0.0.1:0", &(struct server_tls){ "cert.pem",
 *	    "key.pem" }, 0, &e);
 *	loop_on_signal(l, (void (*)(void *))server_stop, s);
 *	loop_run(l, &e);
 *
 * The life of a request:
 *   1. on_head() is called when its head is there.  It may say what becomes of the
 *	body (request_memory, request_sink) or answer at once.  Without it, a gRPC
 *	message goes to memory up to NET_MESSAGE; other requests may have no body.
 *   2. either on_request() is called with the whole body, or on_abort(): the peer went,
 *	was too slow or sent too much (it has its answer then); r dies with that.
 *   3. after on_request(), or if on_head() wants to answer: exactly one answer_*().  It may
 *	come at any later time, from the loop's thread (other threads: loop_post);
 *	until then r stays valid even if the peer has gone (request_alive()).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/limits.h"
#include "net/loop.h"
#include "wire/grpc.h"

struct request {
	const char *method, *path, *host;	/* path with its query */
	const char *peer;		/* address and port, for the log */
	bool grpc;			/* content-type application/grpc */
	int tag;			/* of the listener */
	uint64_t content_length;	/* UINT64_MAX: not said */
	const uint8_t *body;		/* gRPC: the message, without its frame */
	size_t body_len;
	void *user;			/* the handler's own */
};

/* Of a peer, as limits see it; all zero: a unix socket's. */
struct address {
	uint8_t b[16];
};
/* Of a random seed, nobody can choose addresses that have the same. */
uint32_t address_hash(const struct address *a, uint64_t seed);

struct server_ops {
	void (*on_head)(struct request *r, void *arg);	/* may be NULL */
	void (*on_request)(struct request *r, void *arg);
	void (*on_abort)(struct request *r, void *arg);	/* may be NULL */
	/* An address wants more "connections" or "requests" than it may have; told
	 * once in NET_TELL_S; may be NULL. */
	void (*on_greedy)(const char *peer, const char *what, void *arg);
	/* All connections, or all the process's descriptors, are in use, and peer wants
	 * one: the one that was idle longest makes room, or, where none is idle, peer
	 * is sent away or waits.  Told once in NET_TELL_S; may be NULL. */
	void (*on_full)(const char *peer, const char *what, void *arg);
	/* The peer has gone before its request was answered: the answer is still due,
	 * and need not be worked for.  Nothing may be answered inside; may be NULL. */
	void (*on_gone)(struct request *r, void *arg);
};

struct server_tls {
	const char *cert, *key;		/* PEM: chain, private key */
};

struct server;

/* ops is copied; NULL when memory is out. */
struct server *server_new(struct loop *l, const struct server_ops *ops,
    void *arg);

/* where: HOST:PORT, [V6]:PORT (port 0: any), or unix:PATH (mode 0600, and what is
 * there as a socket is replaced).  tls NULL: in the clear.  tag: for the requests
 * that come this way. */
CHECKED int server_listen(struct server *s, const char *where,
    const struct server_tls *tls, int tag, struct err *e);
/* Port of the i-th listener. */
int server_port(const struct server *s, int i);
/* Whether a place to listen, as above, is this machine's own alone. */
bool server_loopback(const char *where);
/* How clients reach the first listener, without a slash at its end: the URL given, or,
 * where that is NULL, made of `where` and the port that it got.  -1: longer than cap. */
int server_url(char *out, size_t cap, const struct server *s, const char *given,
    const char *where);

/* What one address may have at a time (an IPv6 network of 64 bits counts as one);
 * without it, any number.  Further connections are closed, further requests get 504
 * or UNAVAILABLE, which the stock SDK tries again after (sp1-network(7), Retries).
 * A request counts until it is answered, whether its peer waits or not.  Unix
 * sockets have no such limit.  total: connections of all addresses; 0:
 * NET_CONNECTIONS. */
void server_limits(struct server *s, int connections, int requests, int total);

struct server_counts {
	int conns, max_conns, local;	/* of addresses; of unix sockets */
	uint64_t refused_conns, refused_requests;
	uint64_t buffered;		/* bytes of bodies in memory */
};
/* What there is of connections, and what was refused for its address's sake. */
struct server_counts server_counts(const struct server *s);

/* The i-th listener's certificate and key are read again, for connections to come.  Where
 * they are not good (EX_CONFIG, EX_OSERR) all is as before. */
CHECKED int server_retls(struct server *s, int i, const struct server_tls *tls,
    struct err *e);
/* When the i-th listener's certificate ends, unix time; 0: it has none. */
uint64_t server_cert_end(const struct server *s, int i);

/* No new requests; stops the loop when those under way are answered, after
 * NET_GRACE_S at the latest. */
void server_stop(struct server *s);
/* Was server_stop() called? */
bool server_stopping(const struct server *s);
/* Closes everything, after loop_run(); loop_free() then finishes it.  No request
 * may be answered afterwards. */
void server_free(struct server *s);

/* An answer that is given to r, whose on_request() was called, does not leave before
 * request_release(); until then r stays valid, and counts as unanswered. */
void request_hold(struct request *r);
/* Ends that. */
void request_release(struct request *r);

/* The value of a header field, name in lower case; NULL without.  A second field
 * of the name is not seen. */
const char *request_header(const struct request *r, const char *name);
/* The value of NAME in a path's query (PATH?NAME=VALUE&...), as it stands there, without
 * %XX undone.  False: there is none, or it does not fit into size bytes with its NUL. */
bool query_value(const char *path, const char *name, char *out, size_t size);
/* Is anybody waiting for the answer? */
bool request_alive(const struct request *r);
/* Where r comes from; still there when the peer has gone. */
const struct address *request_address(const struct request *r);

struct channel;			/* base/channel.h */
/* What names the TLS connection that r came over; .tls false: there is none, or its peer has
 * gone. */
void request_channel(const struct request *r, struct channel *out);

/* Whether r came over TLS with a head that says http: the client speaks to a tunnel of its
 * own machine, whose other end is here. */
bool request_tunnelled(const struct request *r);

/* In on_head(): the body goes to memory, up to cap bytes (a gRPC message's; its frame
 * apart).  It is wiped when r dies. */
void request_memory(struct request *r, size_t cap);
/* In on_head(): it goes to on_piece(), piece by piece, up to cap, which gives 0, or the
 * HTTP status to refuse with (on_abort() is called then).  Not for gRPC. */
void request_sink(struct request *r, uint64_t cap,
    int (*on_piece)(struct request *r, const void *p, size_t n, void *arg),
    void *arg);
/* Before the body's end: its peer is not to send more of it, for now.  What is under way
 * still comes: of HTTP/2 up to NET_WINDOW, of HTTP/1.1 one piece.  Meanwhile the peer cannot
 * be too slow. */
void request_pause(struct request *r);
/* Ends that, if it was. */
void request_resume(struct request *r);

/*
 * The answers; r is gone after any of them.  type NULL: application/octet-stream.  Where
 * memory is out the peer gets 503, or UNAVAILABLE, in place of the answer.
 */

/* The body is copied. */
void answer(struct request *r, int status, const char *type, const void *body,
    size_t len);
/* A line for people, at most 255 bytes. */
void answer_text(struct request *r, int status, const char *text);
/* The body stays where it is; release(body), which may be NULL, is called when it has been
 * sent. */
void answer_owned(struct request *r, int status, const char *type,
    void *body, size_t len, void (*release)(void *body));
/* len bytes of fd from its start; fd is closed. */
void answer_fd(struct request *r, int status, const char *type, int fd,
    uint64_t len);
/* GRPC_OK: the message (which may be empty) and the trailer; else the status and
 * its text. */
void answer_grpc(struct request *r, int status, const char *text,
    const void *message, size_t len);

#endif
