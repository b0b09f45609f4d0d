#ifndef NET_CONN_H
#define NET_CONN_H
/*
 * Inside the server: connections and the requests on them.  server.c accepts, conn.c
 * moves bytes, sniff.c finds the protocol out, h1.c and h2.c speak it, request.c keeps
 * heads, bodies and answers, out.c what is to be sent, peers.c what one address may.
 * None of them calls one that stands before it, but peers.c req_call(); conn.c and request.c
 * reach the protocol through its table.
 */
#include "base/err.h"

#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include "net/server.h"

struct field {
	char *name, *value;
};

enum body_to { BODY_NONE, BODY_MEMORY, BODY_SINK };

/* A request and its answer.  pub is what handlers see; it comes first. */
struct req {
	struct request pub;
	struct server *s;
	struct conn *c;			/* NULL: the peer has gone */
	struct req *prev, *next;	/* of the connection's open ones, or orphans */
	char *method, *path, *host;
	bool plain;			/* HTTP/2: its scheme is http */
	char peer[64];
	struct address address;
	struct peer *of;		/* whose it counts as; NULL: nobody's, or not any more */

	struct field fields[NET_HEADERS];
	int n_fields;
	size_t head_bytes;

	enum body_to to;
	uint64_t cap, got;		/* got: body bytes that have come */
	uint8_t *mem;
	size_t mem_room;
	int (*on_piece)(struct request *r, const void *p, size_t n, void *arg);
	void *piece_arg;
	int64_t began, moved;		/* clock_ms(), without pauses */
	int64_t paused;			/* since when; 0: it is not */

	/* head_seen: on_head() was called.  called: on_request() was.  answered: an answer
	 * is there.  kept_back: it may not leave yet; ready: it is there then.  A req is
	 * freed when the connection has let go of it (c NULL) and nobody may still
	 * answer. */
	bool head_seen, called, answered, kept_back, ready, body_done, refused;
	struct loop_task end;		/* which frees it */
	struct req *later;		/* of its address, to be called in a turn to come */
	bool waits;			/* is among them */

	int status;
	const char *type;
	uint8_t *out;			/* or fd, when that is not -1 */
	void (*release)(void *body);
	int fd;
	uint64_t out_len, out_at;
	int grpc_status;		/* -1: no gRPC answer */
	const char *grpc_text;		/* percent-encoded; NULL: none */
	char *own_text;			/* where that is to be freed */

	/* h2: an answer that came before the end of the body waits for that
	 * (libcurl 7.88 hangs or fails otherwise); waste counts what is thrown
	 * away meanwhile. */
	int32_t stream;
	bool held;
	uint64_t waste;
	size_t owed;			/* what came in a pause, of the stream's window */
	/* h1 */
	bool close_after, head_only, head_sent;
};

/* A protocol: what differs between HTTP/1.1 and HTTP/2.  Functions that are NULL do
 * nothing; what gives int gives -1 when the connection is to be closed. */
struct proto {
	bool grpc;		/* carries gRPC */
	bool gathers;		/* its input is kept in c->in until it is used */
	bool half_close;	/* a peer may close its side and read on */
	/* n bytes have come; where it gathers, they are all of c->in. */
	int (*input)(struct conn *c, const uint8_t *p, size_t n);
	/* r has its answer: now, or once its body is there, it may go out. */
	void (*answer)(struct req *r);
	/* More of r's body may come again. */
	void (*resume)(struct req *r);
	/* Fills c->out with what is next; 1: input() may go on. */
	int (*output)(struct conn *c);
	/* The server stops; NULL: the connection is closed unless a request is open. */
	void (*stop)(struct conn *c);
	/* Will neither side say anything more? */
	bool (*over)(struct conn *c);
	/* Its part of c is freed. */
	void (*free)(struct conn *c);
};
extern const struct proto proto_sniff, proto_h1, proto_h2;

struct conn {
	struct watch w;			/* first */
	struct server *s;
	struct conn *prev, *next;
	SSL_CTX *tls;			/* until ssl is made of it */
	SSL *ssl;
	int tag;
	bool local;			/* of a unix socket */
	char peer[64];
	struct address address;
	struct peer *of;		/* NULL: of a unix socket */
	const struct proto *proto;
	void (*on_flush)(void *c);	/* conn.c's, for out.c */
	struct loop_task flush;
	/* handshake: TLS is not agreed on yet.  closing: once c->out is empty.
	 * lingering: what still comes is thrown away, lest the kernel reset the answer.
	 * paused: h1, nothing is read.  waits: what is in c->in is for a turn to come.
	 * later: a deferred flush (or the end, when dead) is due. */
	bool handshake, ssl_wants_write, closing, lingering, dead, paused, waits, eof, later;
	uint8_t *in;			/* what is not yet used, CONN_IN of room; or NULL */
	size_t in_len;
	uint8_t *out;			/* NET_OUT, while there is anything to be sent: */
	size_t out_at, out_len;		/* from here to there */
	int64_t opened, active, moved;	/* moved: output last moved */
	struct req *open;		/* requests that it carries */
	int n_open;

	nghttp2_session *h2;		/* h2.c's */
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
	uint64_t ends;			/* its certificate, unix time */
	int tag, port;
	bool waits;			/* for descriptors: the sweep wakes it */
	char *path;			/* of a unix socket */
	struct loop_task end;
};

/* What an address has; there while it has anything. */
struct peer {
	struct peer *next;
	struct address address;
	int conns, requests;		/* requests: until they are answered */
	uint64_t turn;			/* of the loop, when it was served last, */
	int64_t served_us;		/* and how long in that */
	struct req *later, **later_end;	/* requests to be called in a turn to come */
	struct peer *next_later;	/* of those that have any */
};

#define LISTENERS 8
#define PEERS 1024	/* chains of them */

struct server {
	struct loop *loop;
	struct server_ops ops;
	void *arg;
	struct listener *listeners[LISTENERS];
	int n_listeners;
	struct conn *conns, *last;	/* by when they were used */
	struct conn *swept;		/* the next to be looked at; NULL: all were */
	int n_conns, n_local;		/* of addresses, of unix sockets */
	int max_conns;
	int peer_conns, peer_requests;	/* what one address may have */
	struct peer *peers[PEERS];
	uint64_t peer_seed;		/* lest somebody choose addresses of one chain */
	struct req *orphans;		/* their peers have gone, their answers are due */
	int64_t serving_us;		/* since when, of the loop's time */
	struct peer local;		/* what unix sockets have of it */
	struct peer *later, **later_end;	/* that have requests to be called */
	int n_later;
	struct loop_task calls;		/* calls_due: will */
	int64_t told, told_full;	/* of one that wanted more, last */
	uint64_t refused_conns, refused_requests;
	size_t buffered;		/* of bodies in memory */
	bool stopping, calls_due;
	int64_t stop_at;
	struct loop_task sweep, end;
};

/* ---- conn.c ---- */
#define CONN_IN (NET_HEAD + 4096)	/* room of conn.in */
/* Takes fd over; closes it where there are too many, or memory is out. */
void conn_accept(struct listener *l, int fd, const char *peer,
    const struct address *address);
/* At once; c is freed at the end of this turn of the loop. */
void conn_close(struct conn *c);
/* Closes the connection of an address that has been idle longest; false: none is, or all
 * that it looked at were at work. */
bool conn_make_room(struct server *s);

/* ---- conns.c ---- */
/* Puts it among the server's, as the last one used, and counts it. */
void conns_add(struct conn *c);
/* Takes it from there. */
void conns_drop(struct conn *c);
/* A request has begun on it. */
void conn_used(struct conn *c);
/* An address's that is idle, of these the one that was used longest ago; NULL: none, among
 * the first thousand. */
struct conn *conns_idle(struct server *s);

/* ---- sweep.c ---- */
/* Closes connections, or refuses their requests, where a limit of time is over: of some, to
 * be called until it is false. */
bool conns_sweep(struct server *s);

/* ---- tls.c ---- */
/* EX_CONFIG: the files are not a certificate and its key; EX_OSERR. */
CHECKED int tls_context(SSL_CTX **out, const struct server_tls *t,
    struct err *e);
/* When its certificate ends, unix time; 0: it does not say. */
uint64_t tls_end(const SSL_CTX *c);

/* ---- h2.c ---- */
/* Makes the session; -1: no memory. */
int h2_start(struct conn *c);

/* ---- out.c ---- */
/* Bytes that conn_put() takes now; 0 also where memory is out, and the connection ends. */
size_t conn_room(struct conn *c);
/* To be sent; n <= conn_room(). */
void conn_put(struct conn *c, const void *p, size_t n);
/* The same without a copy: where the next bytes to be sent are written. */
uint8_t *conn_end(struct conn *c);
/* n bytes were written at conn_end(). */
void conn_took(struct conn *c, size_t n);
/* The first n bytes have been sent: they are wiped. */
void conn_sent(struct conn *c, size_t n);
/* Gives the room back, where no request is open and nothing is to be sent: most connections
 * are idle. */
void conn_rest(struct conn *c);
/* At the end of this turn of the loop, or of the next where its address has had its time:
 * sends what can be sent, and sets what to wait for. */
void conn_flush_later(struct conn *c);

/* ---- peers.c ---- */
struct sockaddr_storage;
/* HOST:PORT, [V6]:PORT or "unix", for the log. */
void peer_name(char *out, size_t size, const struct sockaddr_storage *a);
/* IPv4 as it is mapped into IPv6; of IPv6 the network, since a host has all of its
 * addresses. */
struct address peer_address(const struct sockaddr_storage *a);
/* A connection more of the address, which is no unix socket's; NULL: it has all that it
 * may, which is told, or memory is out. */
struct peer *peer_enter(struct server *s, const struct address *a,
    const char *peer);
/* A connection less; NULL is allowed, here and below. */
void peer_leave(struct server *s, struct peer *p);
/* A request more. */
void peer_asks(struct peer *p);
/* A request less, which may free p. */
void peer_answered(struct server *s, struct peer *p);
/* Calls on_full(), once in a while. */
void peer_full(struct server *s, const char *peer, const char *what);
/* Whether it has more requests under way than it may, which is told. */
bool peer_busy(struct server *s, const struct peer *p, const char *peer);
/* Whether it has had its time in this turn of the loop: others' connections come first. */
bool peer_served(const struct server *s, const struct peer *p);
/* The time that peer_serve() counts begins. */
void peer_begin(struct server *s);
/* It was served since then, or since the last of these; has it had its time?  NULL: not. */
bool peer_serve(struct server *s, struct peer *p);
/* Whether r is to be called in a turn to come: its address has had its time, or has others
 * that wait for that.  Then it will be, by req_call(), unless it is taken back. */
bool peer_puts_off(struct req *r);
/* Takes it back; r->waits. */
void peer_forgets(struct req *r);
/* At the end: those that unanswered requests still count for. */
void peers_free(struct server *s);

/* ---- request.c ---- */
/* A new one on c; NULL: no memory. */
struct req *req_new(struct conn *c);
/* name in lower case.  -1: too many, or too long. */
int req_field(struct req *r, const char *name, size_t name_len,
    const char *value, size_t value_len);
/* The head is complete: calls on_head().  After it, and after every other of these,
 * the request may have been answered (r->answered). */
void req_head(struct req *r);
/* Bytes of its body have come. */
void req_body(struct req *r, const uint8_t *p, size_t n);
/* And no more will: calls on_request(), or has it called in a turn to come. */
void req_end(struct req *r);
/* Calls on_request(). */
void req_call(struct req *r);
/* The server's own refusal: answers, and tells the handler. */
void req_refuse(struct req *r, int status, int grpc, const char *text);
/* The connection lets go of it: r is freed, now or when it is answered. */
void req_detach(struct req *r);
/* Its answer is there: it goes out, unless it is held. */
void req_answered(struct req *r);

/* ---- answer.c ---- */
#define GRPC_FRAME 5	/* of a message: flag, length */
/* Next bytes of the answer's body; -1: the file fails. */
long req_read(struct req *r, uint8_t *p, size_t n);
/* "Not Found" for 404. */
const char *status_text(int status);

#endif
