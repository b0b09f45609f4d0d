/*
 * Somebody who keeps a proxy as busy as he can, from one address or more, with little work
 * of his own: what he says is made ready before.  Ends at SIGTERM, and tells on standard
 * error what he got done.
 *
 *	proxy_hostile WAY HOST:PORT [NAME=VALUE...]
 *
 *	idle		opens connections and says nothing more
 *	handshake	connects, agrees on TLS, and goes, over and over
 *	reset		passed calls over HTTP/2, each reset at once
 *	status		passed calls over HTTP/2
 *	replay		CreateArtifact, always the same signature
 *	fresh		CreateArtifact, of one owner after the other
 *	health		GET /health over HTTP/1.1, the next after each answer
 *	pipelined	the same, without waiting
 *	put		bodies to the places in file=
 *
 *	tls=1		0: in the clear
 *	conns=20	connections
 *	depth=10	calls under way on each
 *	from=127.0.0.2	the first address; of=1 addresses follow one another
 *	rate=0		calls a second, each connection in its turn; 0: as many as can be
 *	opening=0	new connections a second; 0: all at once
 *	file=		lines /PATH?QUERY for put
 *	head=		a file: the first bytes of a body of size= bytes; the rest is zeros
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "crypto/eth.h"
#include "wire/network.h"

#define ROOM 65536	/* to be sent on a connection */
#define OWNERS 2000

enum way { IDLE, HANDSHAKE, RESET, STATUS, REPLAY, FRESH, HEALTH, PIPELINED, PUT, WAYS };
static const char *const ways[WAYS] = { "idle", "handshake", "reset", "status", "replay",
	"fresh", "health", "pipelined", "put" };

struct conn {
	int fd, nth;		/* its place, which its address follows from */
	SSL *ssl;
	bool up;		/* connected, and TLS agreed on */
	uint8_t out[ROOM];
	size_t n, at;
	uint64_t body;		/* of a PUT, to be sent behind it */
	uint32_t stream;
	int under_way;
	uint8_t frame[9];	/* HTTP/2: the head of one, and what is left of it */
	size_t frame_n, frame_left;
	int matched;		/* HTTP/1.1: of "HTTP/1.1 " */
};

static enum way way;
static struct sockaddr_in to;
static uint32_t from = 0x7f000002;
static char authority[64], *paths[1000];
static int tls = 1, n_conns = 20, depth = 10, n_from = 1, n_paths, next_path;
static double rate, opening, began;
static uint64_t size, calls, answers, sent, connections, closed;
static uint8_t *head, (*owners)[ETH_SIG];
static size_t head_n;
static SSL_CTX *ctx;
static int ep;
static volatile sig_atomic_t over;
static uint8_t zeros[ROOM];

static void
on_term(int sig)
{
	over = 1;
}

static bool
is_h2(void)
{
	return way >= RESET && way <= FRESH;
}

static void
add(struct conn *c, const void *p, size_t n)
{
	must(n <= ROOM - c->n);
	memcpy(c->out + c->n, p, n);
	c->n += n;
}

static void
add_frame(struct conn *c, int type, int flags, uint32_t stream, const void *p, size_t n)
{
	uint8_t h[9] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n, (uint8_t)type,
		(uint8_t)flags, (uint8_t)(stream >> 24), (uint8_t)(stream >> 16),
		(uint8_t)(stream >> 8), (uint8_t)stream };

	add(c, h, sizeof h);
	add(c, p, n);
}

/* A literal that is not indexed, of a name in the static table. */
static size_t
literal(uint8_t *out, const char *name, size_t n, const char *value)
{
	size_t k = strlen(value);

	memcpy(out, name, n);
	out[n] = (uint8_t)k;	/* < 127: one byte */
	memcpy(out + n + 1, value, k);
	return n + 1 + k;
}

static void
add_call(struct conn *c)
{
	uint8_t block[400], body[200] = { 0 };
	size_t n = 0, k;

	block[n++] = 0x83;			/* :method POST */
	block[n++] = tls ? 0x87 : 0x86;		/* :scheme */
	n += literal(block + n, "\x04", 1, way >= REPLAY ? NET_CREATE_ARTIFACT : NET_STATUS);
	n += literal(block + n, "\x01", 1, authority);
	n += literal(block + n, "\x0f\x10", 2, "application/grpc");
	n += literal(block + n, "\x00\x02te", 4, "trailers");
	if (way >= REPLAY) {
		const uint8_t *sig = owners[way == FRESH ? calls % OWNERS : 0];

		k = 5 + 2 + ETH_SIG + 2;
		body[5] = 0x0a;
		body[6] = ETH_SIG;
		memcpy(body + 7, sig, ETH_SIG);
		body[7 + ETH_SIG] = 0x10;
		body[8 + ETH_SIG] = NET_ARTIFACT_STDIN;
	} else {
		k = 5 + 2 + 32;
		body[5] = 0x0a;
		body[6] = 32;
	}
	body[4] = (uint8_t)(k - 5);
	add_frame(c, 1, 4, c->stream, block, n);	/* END_HEADERS */
	add_frame(c, 0, 1, c->stream, body, k);		/* END_STREAM */
	if (way == RESET)
		add_frame(c, 3, 0, c->stream, "\0\0\0\x8", 4);	/* CANCEL */
	else
		c->under_way++;
	c->stream += 2;
	calls++;
}

static void
add_get(struct conn *c)
{
	char text[200];

	add(c, text, (size_t)snprintf(text, sizeof text,
	    "GET /health HTTP/1.1\r\nHost: %s\r\n\r\n", authority));
	c->under_way++;
	calls++;
}

static void
add_put(struct conn *c)
{
	char text[1000];

	add(c, text, (size_t)snprintf(text, sizeof text,
	    "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %llu\r\n\r\n",
	    paths[next_path++ % n_paths], authority, (unsigned long long)size));
	add(c, head, head_n);
	c->body = size - head_n;
	c->under_way++;
	calls++;
}

static bool
may_call(void)
{
	return !rate || (double)calls < (clock_s() - began) * rate;
}

static void
fill(struct conn *c)
{
	if (c->at == c->n)
		c->at = c->n = 0;
	if (c->n && way != PIPELINED)
		return;
	if (c->at > 0) {
		memmove(c->out, c->out + c->at, c->n - c->at);
		c->n -= c->at;
		c->at = 0;
	}
	while (ROOM - c->n > 1000 && may_call() && (is_h2() ?
	    c->under_way < depth && !(way == RESET && c->n > 16000) :
	    way == PIPELINED ? c->under_way < 1000 : way == HEALTH && !c->under_way))
		if (is_h2())
			add_call(c);
		else
			add_get(c);
	if (way == PUT && !c->under_way)
		add_put(c);
}

static void start(struct conn *c);

static void
again(struct conn *c)
{
	SSL_free(c->ssl);
	close(c->fd);
	closed++;
	start(c);
}

/* What is there now: as read(2) and write(2). */
static ssize_t
get(struct conn *c, void *p, size_t n)
{
	int r;

	if (!c->ssl)
		return recv(c->fd, p, n, 0);
	r = SSL_read(c->ssl, p, (int)n);
	if (r > 0)
		return r;
	r = SSL_get_error(c->ssl, r);
	errno = EAGAIN;
	return r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE ? -1 : 0;
}

static ssize_t
put(struct conn *c, const void *p, size_t n)
{
	int r;

	if (!c->ssl)
		return send(c->fd, p, n, MSG_NOSIGNAL);
	r = SSL_write(c->ssl, p, (int)n);
	if (r > 0)
		return r;
	r = SSL_get_error(c->ssl, r);
	errno = r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
	return -1;
}

static void
on_answer(struct conn *c)
{
	answers++;
	c->under_way--;
}

/* Counts the ends of streams. */
static void
frames(struct conn *c, const uint8_t *p, size_t n)
{
	while (n) {
		size_t k = c->frame_left < n ? c->frame_left : n;

		if (k) {
			c->frame_left -= k;
			p += k;
			n -= k;
			continue;
		}
		c->frame[c->frame_n++] = *p++;
		n--;
		if (c->frame_n < 9)
			continue;
		c->frame_n = 0;
		c->frame_left = (size_t)c->frame[0] << 16 | c->frame[1] << 8 | c->frame[2];
		if (c->frame[3] == 3 || (c->frame[3] <= 1 && c->frame[4] & 1))
			on_answer(c);
	}
}

static void
lines(struct conn *c, const uint8_t *p, size_t n)
{
	static const char what[] = "HTTP/1.1 ";

	for (; n; p++, n--) {
		c->matched = *p == what[c->matched] ? c->matched + 1 : *p == 'H';
		if (!what[c->matched]) {
			c->matched = 0;
			on_answer(c);
		}
	}
}

/* 0: it has ended. */
static int
take_in(struct conn *c)
{
	static uint8_t in[ROOM];
	ssize_t n;

	while ((n = get(c, in, sizeof in)) > 0)
		if (is_h2())
			frames(c, in, (size_t)n);
		else
			lines(c, in, (size_t)n);
	if (n == 0 || errno != EAGAIN)
		return 0;
	/* An answer before a body's end is a refusal. */
	return !(way == PUT && !c->under_way && c->body);
}

static int
send_out(struct conn *c)
{
	ssize_t n;

	for (;;) {
		const uint8_t *p = c->out + c->at;
		size_t k;

		fill(c);
		p = c->out + c->at;
		k = c->n - c->at;
		if (!k && c->body) {
			p = zeros;
			k = c->body < ROOM ? c->body : ROOM;
		}
		if (!k)
			return 1;
		n = put(c, p, k);
		if (n < 0)
			return errno == EAGAIN;
		sent += (uint64_t)n;
		if (p == zeros)
			c->body -= (uint64_t)n;
		else
			c->at += (size_t)n;
	}
}

static void
watch(struct conn *c, int op, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = c };

	must(epoll_ctl(ep, op, c->fd, &ev) == 0);
}

static void
start(struct conn *c)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(from + (uint32_t)(c->nth % n_from)) };
	int one = 1;

	*c = (struct conn){ .nth = c->nth, .stream = 1 };
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	must(c->fd >= 0);
	setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	/* It leaves nothing behind. */
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 },
	    sizeof(struct linger));
	must(bind(c->fd, (struct sockaddr *)&a, sizeof a) == 0);
	if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
		die(EX_OSERR, "cannot connect:");
	if (tls) {
		c->ssl = SSL_new(ctx);
		must(c->ssl && SSL_set_fd(c->ssl, c->fd));
		SSL_set_connect_state(c->ssl);
	}
	connections++;
	watch(c, EPOLL_CTL_ADD, EPOLLOUT | EPOLLIN | EPOLLET);
}

/* 0: it has ended. */
static int
agree(struct conn *c)
{
	int r = c->ssl ? SSL_do_handshake(c->ssl) : 1;

	if (r != 1) {
		r = SSL_get_error(c->ssl, r);
		return r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE;
	}
	c->up = true;
	if (way == HANDSHAKE)
		return 0;
	if (is_h2() || way == IDLE) {
		add(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
		add_frame(c, 4, 0, 0, "", 0);
		add_frame(c, 4, 1, 0, "", 0);
		/* All that may ever come. */
		add_frame(c, 8, 0, 0, "\x7f\xff\0\0", 4);
	}
	return 1;
}

static void
on_event(struct conn *c, uint32_t events)
{
	if ((events & (EPOLLERR | EPOLLHUP)) || (!c->up && !agree(c)) ||
	    (c->up && (!take_in(c) || !send_out(c))))
		again(c);
}

static void
load_paths(const char *path)
{
	char line[1000];
	FILE *f = fopen(path, "r");

	must(f != NULL);
	while (n_paths < 1000 && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = 0;
		paths[n_paths++] = strdup(line);
	}
	fclose(f);
}

static void
option(char *text)
{
	char *v = strchr(text, '=');
	struct err e;

	if (!v)
		die(EX_USAGE, "%s is not NAME=VALUE", text);
	*v++ = 0;
	if (strcmp(text, "tls") == 0)
		tls = atoi(v);
	else if (strcmp(text, "conns") == 0)
		n_conns = atoi(v);
	else if (strcmp(text, "depth") == 0)
		depth = atoi(v);
	else if (strcmp(text, "from") == 0)
		from = ntohl(inet_addr(v));
	else if (strcmp(text, "of") == 0)
		n_from = atoi(v);
	else if (strcmp(text, "rate") == 0)
		rate = atof(v);
	else if (strcmp(text, "opening") == 0)
		opening = atof(v);
	else if (strcmp(text, "size") == 0)
		size = strtoull(v, NULL, 10);
	else if (strcmp(text, "file") == 0)
		load_paths(v);
	else if (strcmp(text, "head") == 0) {
		if (read_file(v, ROOM - 1000, &head, &head_n, &e) < 0)
			die_err(&e);
	} else
		die(EX_USAGE, "no option %s", text);
}

static void
sign(void)
{
	struct eth_key k;
	struct err e;
	int n = way == FRESH ? OWNERS : 1;

	owners = calloc((size_t)n, sizeof *owners);
	must(owners != NULL);
	for (int i = 0; i < n; i++)
		if (eth_key_generate(&k, &e) < 0 ||
		    eth_sign_artifact(owners[i], &k, &e) < 0)
			die_err(&e);
}

int
main(int argc, char **argv)
{
	struct epoll_event ev[256];
	struct conn *c;
	struct rusage used;
	char *colon;
	double s;
	int n, opened = 0, turn = 0;

	if (argc < 3 || !(colon = strrchr(argv[2], ':')))
		die(EX_USAGE, "proxy_hostile WAY HOST:PORT [NAME=VALUE...]");
	while (way < WAYS && strcmp(argv[1], ways[way]) != 0)
		way++;
	if (way == WAYS)
		die(EX_USAGE, "no way %s", argv[1]);
	snprintf(authority, sizeof authority, "%s", argv[2]);
	*colon = 0;
	to = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(colon + 1)),
		.sin_addr.s_addr = inet_addr(argv[2]) };
	for (int i = 3; i < argc; i++)
		option(argv[i]);
	if (way == REPLAY || way == FRESH)
		sign();
	must(way != PUT || (n_paths && size > head_n));
	signal(SIGTERM, on_term);
	signal(SIGPIPE, SIG_IGN);
	ctx = SSL_CTX_new(TLS_client_method());
	must(ctx != NULL);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	ep = epoll_create1(0);
	c = calloc((size_t)n_conns, sizeof *c);
	must(ep >= 0 && c);
	began = clock_s();
	while (!over) {
		while (opened < n_conns && (!opening ||
		    opened < (clock_s() - began) * opening)) {
			c[opened].nth = opened;
			start(&c[opened++]);
		}
		n = epoll_wait(ep, ev, 256, rate || opening ? 2 : 100);
		for (int i = 0; i < n; i++)
			on_event(ev[i].data.ptr, ev[i].events);
		for (int i = 0; rate && i < opened && may_call(); i++) {
			struct conn *next = &c[turn++ % opened];

			if (next->up && !send_out(next))
				again(next);
		}
	}
	s = clock_s() - began;
	getrusage(RUSAGE_SELF, &used);
	fprintf(stderr, "%s: a second: %.0f calls, %.0f answers, %.0f kB, %.0f connections; "
	    "%llu closed; %.0f %% of a processor\n", ways[way], calls / s, answers / s,
	    sent / s / 1e3, connections / s, (unsigned long long)closed,
	    100 * (used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec +
	    used.ru_stime.tv_usec) / 1e6) / s);
	return 0;
}
