#include "net/conn.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/dial.h"

#define BACKLOG 128
#define ACCEPTS 4	/* in a turn of the loop */
#define SWEEPS_MS 1000	/* between two sweeps, */
#define STOPPING_MS 50	/* once the server is to stop; */
#define PIECES_MS 5	/* between two pieces of one */

static void
listen_again(struct server *s)
{
	for (int i = 0; i < s->n_listeners; i++)
		if (s->listeners[i]->waits) {
			s->listeners[i]->waits = false;
			loop_rewatch(s->loop, &s->listeners[i]->w, EPOLLIN);
		}
}

static void
on_sweep(void *arg)
{
	struct server *s = arg;
	bool more = conns_sweep(s);

	if (!more)
		listen_again(s);
	if (s->stopping && (!s->conns || clock_ms() >= s->stop_at))
		loop_stop(s->loop);
	loop_timer(s->loop, &s->sweep, more ? PIECES_MS :
	    s->stopping ? STOPPING_MS : SWEEPS_MS, on_sweep, s);
}

struct server *
server_new(struct loop *l, const struct server_ops *ops, void *arg)
{
	struct server *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->loop = l;
	s->ops = *ops;
	s->arg = arg;
	s->peer_conns = s->peer_requests = INT_MAX;
	s->max_conns = NET_CONNECTIONS;
	/* Without one, chains are as long as somebody likes: no more is lost. */
	(void)!getrandom(&s->peer_seed, sizeof s->peer_seed, GRND_NONBLOCK);
	loop_timer(l, &s->sweep, SWEEPS_MS, on_sweep, s);
	return s;
}

void
server_limits(struct server *s, int connections, int requests, int total)
{
	if (total)
		s->max_conns = total;
	s->peer_conns = connections;
	s->peer_requests = requests;
}

/* accept4(2) has failed.  Who waits cannot be let in without a descriptor: that of the
 * connection that was idle longest, in the next turn.  Where none is, who waits would wake the
 * loop at each turn: until the sweep, nobody is listened to. */
static void
no_descriptors(struct listener *l)
{
	if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS &&
	    errno != ENOMEM)
		return;
	peer_full(l->s, "a peer", "descriptors");
	if (conn_make_room(l->s))
		return;
	l->waits = true;
	loop_rewatch(l->s->loop, &l->w, 0);
}

static void
on_accept(struct watch *w, uint32_t events)
{
	struct listener *l = (struct listener *)w;

	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage a = { 0 };
		struct address address;
		socklen_t len = sizeof a;
		char peer[64];
		int one = 1, fd;

		fd = accept4(w->fd, (struct sockaddr *)&a, &len,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0) {
			no_descriptors(l);
			return;
		}
		if (a.ss_family == AF_INET || a.ss_family == AF_INET6) {
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
			    sizeof one);
			setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one,
			    sizeof one);
		}
		peer_name(peer, sizeof peer, &a);
		address = peer_address(&a);
		conn_accept(l, fd, peer, &address);
	}
}

/* HOST:PORT or [V6]:PORT, apart. */
static int
split(const char *where, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(where, ':'), *from = where;
	size_t n;

	if (!colon)
		return -1;
	n = colon - where;
	if (n >= 2 && where[0] == '[' && where[n - 1] == ']') {
		from++;
		n -= 2;
	}
	if (n == 0 || n >= size)
		return -1;
	memcpy(host, from, n);
	host[n] = '\0';
	*port = colon + 1;
	return 0;
}

static int
listen_tcp(const char *where, int *port, struct err *e)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *list;
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	char host[256];
	const char *service;
	int one = 1, fd, r;

	if (split(where, host, sizeof host, &service) < 0)
		return err_set(e, EX_USAGE, "cannot listen at %s: want HOST:PORT",
		    where);
	r = getaddrinfo(host, service, &hints, &list);
	if (r != 0)
		return err_set(e, EX_USAGE, "cannot listen at %s: %s", where,
		    gai_strerror(r));
	fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (fd < 0 || bind(fd, list->ai_addr, list->ai_addrlen) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) < 0 ||
	    listen(fd, BACKLOG) < 0) {
		err_set(e, EX_UNAVAILABLE, "cannot listen at %s:", where);
		if (fd >= 0)
			close(fd);
		freeaddrinfo(list);
		return -1;
	}
	freeaddrinfo(list);
	*port = ntohs(a.ss_family == AF_INET ?
	    ((struct sockaddr_in *)&a)->sin_port :
	    ((struct sockaddr_in6 *)&a)->sin6_port);
	return fd;
}

static void
listener_free(struct listener *l)
{
	SSL_CTX_free(l->tls);
	if (l->path)
		unlink(l->path);
	free(l->path);
	free(l);
}

int
server_listen(struct server *s, const char *where, const struct server_tls *tls,
    int tag, struct err *e)
{
	bool local = strncmp(where, "unix:", 5) == 0;
	struct listener *l;
	int fd;

	if (s->n_listeners == LISTENERS)
		return err_set(e, EX_SOFTWARE, "too many listeners");
	l = calloc(1, sizeof *l);
	if (!l)
		return err_set(e, EX_OSERR, "out of memory");
	l->s = s;
	l->tag = tag;
	if (tls && tls_context(&l->tls, tls, e) < 0) {
		free(l);
		return -1;
	}
	if (tls)
		l->ends = tls_end(l->tls);
	fd = local ? dial_listen(where + 5, BACKLOG, e) :
	    listen_tcp(where, &l->port, e);
	if (fd < 0) {
		listener_free(l);
		return -1;
	}
	if (local)
		l->path = strdup(where + 5);
	l->w = (struct watch){ fd, EPOLLIN, on_accept };
	if (loop_watch(s->loop, &l->w, e) < 0) {
		close(fd);
		listener_free(l);
		return -1;
	}
	s->listeners[s->n_listeners++] = l;
	return 0;
}

int
server_retls(struct server *s, int i, const struct server_tls *tls, struct err *e)
{
	struct listener *l = s->listeners[i];
	SSL_CTX *fresh;

	must(i < s->n_listeners);
	if (tls_context(&fresh, tls, e) < 0)
		return -1;
	/* Connections that are there hold the old one. */
	SSL_CTX_free(l->tls);
	l->tls = fresh;
	l->ends = tls_end(fresh);
	return 0;
}

uint64_t
server_cert_end(const struct server *s, int i)
{
	return i < s->n_listeners ? s->listeners[i]->ends : 0;
}

struct server_counts
server_counts(const struct server *s)
{
	return (struct server_counts){
		.conns = s->n_conns, .max_conns = s->max_conns,
		.local = s->n_local, .refused_conns = s->refused_conns,
		.refused_requests = s->refused_requests,
		.buffered = s->buffered,
	};
}

int
server_port(const struct server *s, int i)
{
	return i < s->n_listeners ? s->listeners[i]->port : -1;
}

bool
server_loopback(const char *where)
{
	const char *colon = strrchr(where, ':');
	size_t n = colon ? (size_t)(colon - where) : 0;

	return (n == 9 && memcmp(where, "localhost", 9) == 0) ||
	    (n == 5 && memcmp(where, "[::1]", 5) == 0) ||
	    (n > 4 && memcmp(where, "127.", 4) == 0);
}

int
server_url(char *out, size_t cap, const struct server *s, const char *given,
    const char *where)
{
	const struct listener *l = s->listeners[0];
	const char *colon = strrchr(where, ':');
	int k;

	if (given) {
		k = snprintf(out, cap, "%s", given);
		while (k > 0 && (size_t)k < cap && out[k - 1] == '/')
			out[--k] = 0;
	} else {
		k = snprintf(out, cap, "http%s://%.*s:%d", l->tls ? "s" : "",
		    colon ? (int)(colon - where) : 0, where, l->port);
	}
	return k < 0 || (size_t)k >= cap ? -1 : 0;
}

static void
on_listener_free(void *arg)
{
	listener_free(arg);
}

static void
stop_listening(struct server *s)
{
	for (int i = 0; i < s->n_listeners; i++) {
		struct listener *l = s->listeners[i];

		loop_unwatch(s->loop, &l->w);
		close(l->w.fd);
		loop_defer(s->loop, &l->end, on_listener_free, l);
	}
	s->n_listeners = 0;
}

void
server_stop(struct server *s)
{
	struct conn *c, *next;

	if (s->stopping)
		return;
	s->stopping = true;
	s->stop_at = clock_ms() + NET_GRACE_S * 1000;
	stop_listening(s);
	for (c = s->conns; c; c = next) {
		next = c->next;
		if (c->proto->stop)
			c->proto->stop(c);
		else if (!c->open)
			conn_close(c);
	}
	loop_cancel(s->loop, &s->sweep);
	loop_timer(s->loop, &s->sweep, 0, on_sweep, s);
}

bool
server_stopping(const struct server *s)
{
	return s->stopping;
}

static void
on_free(void *arg)
{
	peers_free(arg);
	free(arg);
}

void
server_free(struct server *s)
{
	if (!s)
		return;
	loop_cancel(s->loop, &s->sweep);
	stop_listening(s);
	while (s->conns)
		conn_close(s->conns);
	/* Behind the requests and connections, whose ends still count in it. */
	loop_defer(s->loop, &s->end, on_free, s);
}
