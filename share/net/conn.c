#include "net/conn.h"

#include <openssl/err.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS 16	/* of one connection before others have their turn */
#define PIECE 16384	/* read at a time: TLS has no more in a record */

static void
free_in(struct conn *c)
{
	if (c->in)
		explicit_bzero(c->in, CONN_IN);
	free(c->in);
	c->in = NULL;
}

/* Most connections have nothing in it; false: no memory. */
static bool
need_in(struct conn *c)
{
	if (!c->in)
		c->in = malloc(CONN_IN);
	return c->in != NULL;
}

static void
conn_free(struct conn *c)
{
	SSL_CTX_free(c->tls);
	SSL_free(c->ssl);
	if (c->proto && c->proto->free)
		c->proto->free(c);
	free_in(c);
	if (c->out)
		explicit_bzero(c->out, c->out_len);
	free(c->out);
	free(c);
}

void
conn_close(struct conn *c)
{
	if (c->dead)
		return;
	c->dead = true;
	while (c->open)
		req_detach(c->open);
	c->r = NULL;
	loop_unwatch(c->s->loop, &c->w);
	close(c->w.fd);
	conns_drop(c);
	peer_leave(c->s, c->of);
	c->of = NULL;
	conn_flush_later(c);	/* which frees it */
}

/* As read(2): 0 at the end, -1 with errno EAGAIN or another. */
static ssize_t
get(struct conn *c, void *p, size_t n)
{
	ssize_t k;
	int r;

	if (!c->ssl) {
		do
			k = recv(c->w.fd, p, n, 0);
		while (k < 0 && errno == EINTR);
		return k;
	}
	ERR_clear_error();
	r = SSL_read(c->ssl, p, n > 1 << 20 ? 1 << 20 : (int)n);
	if (r > 0)
		return r;
	switch (SSL_get_error(c->ssl, r)) {
	case SSL_ERROR_WANT_READ:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_WANT_WRITE:
		c->ssl_wants_write = true;
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		errno = ECONNRESET;
		return -1;
	}
}

static ssize_t
put(struct conn *c, const void *p, size_t n)
{
	ssize_t k;
	int r;

	if (!c->ssl) {
		do
			k = send(c->w.fd, p, n, MSG_NOSIGNAL);
		while (k < 0 && errno == EINTR);
		return k;
	}
	ERR_clear_error();
	r = SSL_write(c->ssl, p, (int)n);
	if (r > 0)
		return r;
	r = SSL_get_error(c->ssl, r);
	errno = r == SSL_ERROR_WANT_WRITE || r == SSL_ERROR_WANT_READ ? EAGAIN :
	    ECONNRESET;
	return -1;
}

static void
at_end(struct conn *c)
{
	bool whole = c->r ? c->r->body_done : c->out_at < c->out_len;

	c->eof = true;
	/* Somebody may send one request, close their side, and read on. */
	if (!c->proto->half_close || !whole || c->lingering)
		conn_close(c);
}

/* Counts the time since its last call in this turn; has its address had enough? */
static bool
is_served(struct conn *c)
{
	return peer_serve(c->s, c->of ? c->of : &c->s->local);
}

static bool
was_served(const struct conn *c)
{
	return peer_served(c->s, c->of ? c->of : &c->s->local);
}

/* Gives HTTP/2 what has come, by slices; what its address has no time for is in c->in then,
 * for a turn to come.  p may be c->in. */
static int
slices(struct conn *c, const uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t k = n < NET_SLICE ? n : NET_SLICE;
		int r = c->proto->input(c, p, k);

		if (r < 0)
			return r;
		p += k;
		n -= k;
		if (n && is_served(c)) {
			if (!need_in(c))
				return -1;
			memmove(c->in, p, n);
			c->in_len = n;
			c->waits = true;
			return 0;
		}
	}
	return 0;
}

/* What is in c->in. */
static int
take(struct conn *c)
{
	size_t n = c->in_len;
	int r;

	if (c->proto->gathers) {
		r = c->proto->input(c, c->in, n);
		if (c->proto->gathers || r < 0)	/* still */
			return r;
	}
	c->in_len = 0;
	r = slices(c, c->in, n);
	explicit_bzero(c->in + c->in_len, n - c->in_len);
	return r;
}

static void
conn_read(struct conn *c)
{
	static uint8_t piece[PIECE];	/* one thread; HTTP/2 keeps no copy */
	int r = 0;

	for (int i = 0; !c->dead && !c->paused && !c->waits && !c->eof && r == 0 &&
	    ((i < READS && !is_served(c)) ||
	    (c->ssl && SSL_pending(c->ssl))); i++) {
		bool gathers = c->proto->gathers && !c->lingering;
		size_t room = gathers ? CONN_IN - c->in_len : sizeof piece;
		uint8_t *to = piece;
		ssize_t n;

		must(room > 0);
		if (gathers && !need_in(c)) {
			conn_close(c);
			break;
		}
		if (gathers)
			to = c->in + c->in_len;
		n = get(c, to, room);
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			conn_close(c);
			break;
		}
		if (n == 0) {
			at_end(c);
			break;
		}
		if (c->lingering) {
			c->discarded += n;
			if (c->discarded > NET_DISCARD)
				conn_close(c);
		} else if (gathers) {
			c->in_len += n;
			r = take(c);
		} else {
			r = slices(c, piece, n);
			explicit_bzero(piece, n);
		}
	}
	if (r < 0) {
		/* What HTTP/2 has to say about the error still goes out. */
		c->closing = true;
		c->paused = true;
	}
}

/* What waits in c->in comes first. */
static void
resume(struct conn *c)
{
	c->paused = c->waits = false;
	if (!need_in(c) || take(c) < 0)
		c->closing = c->paused = true;
	else if (!c->paused)
		conn_read(c);
}

static void
wait_for(struct conn *c)
{
	uint32_t events = 0;

	if (!c->paused && !c->eof)
		events |= EPOLLIN;
	if (c->out_at < c->out_len || c->ssl_wants_write)
		events |= EPOLLOUT;
	loop_rewatch(c->s->loop, &c->w, events);
}

static void
finish(struct conn *c)
{
	if (c->lingering)
		return;
	if (c->eof || c->open) {
		conn_close(c);
		return;
	}
	if (c->ssl)
		SSL_shutdown(c->ssl);	/* close_notify; its answer is not waited for */
	shutdown(c->w.fd, SHUT_WR);
	c->lingering = true;
	c->paused = c->waits = false;
	c->moved = clock_ms();
}

static void
conn_flush(struct conn *c)
{
	if (c->handshake || c->lingering)
		return;
	for (;;) {
		int more = c->proto->output ? c->proto->output(c) : 0;
		ssize_t n;

		if (more < 0) {
			conn_close(c);
			return;
		}
		c->waits |= more;
		if (c->waits && !c->closing && !is_served(c))
			resume(c);
		if (c->dead)
			return;
		if (c->out_at == c->out_len)
			break;
		n = put(c, c->out + c->out_at, c->out_len - c->out_at);
		if (n < 0 && errno != EAGAIN) {
			conn_close(c);
			return;
		}
		if (n < 0)
			break;
		c->moved = clock_ms();
		conn_sent(c, (size_t)n);
		if (is_served(c)) {
			conn_flush_later(c);
			break;
		}
	}
	if (c->waits && !c->closing)
		conn_flush_later(c);
	else if (c->out_at == c->out_len) {
		if (c->eof && !c->open)
			c->closing = true;
		if (c->closing || (c->proto->over && c->proto->over(c)))
			finish(c);
	}
	conn_rest(c);
	if (!c->open && !c->in_len)
		free_in(c);
	if (!c->dead)
		wait_for(c);
}

static void
on_flush(void *arg)
{
	struct conn *c = arg;

	c->later = false;
	if (c->dead) {
		conn_free(c);
		return;
	}
	if (was_served(c)) {
		c->later = true;
		loop_next(c->s->loop, &c->flush, c->on_flush, c);
		return;
	}
	peer_begin(c->s);
	conn_flush(c);
	(void)is_served(c);
}

static void
handshake(struct conn *c)
{
	int r;

	ERR_clear_error();
	if (!c->ssl) {
		c->ssl = SSL_new(c->tls);
		if (!c->ssl || !SSL_set_fd(c->ssl, c->w.fd)) {
			conn_close(c);
			return;
		}
		SSL_CTX_free(c->tls);
		c->tls = NULL;
	}
	r = SSL_accept(c->ssl);
	if (r == 1) {
		c->handshake = false;
		return;
	}
	switch (SSL_get_error(c->ssl, r)) {
	case SSL_ERROR_WANT_READ:
		loop_rewatch(c->s->loop, &c->w, EPOLLIN);
		break;
	case SSL_ERROR_WANT_WRITE:
		loop_rewatch(c->s->loop, &c->w, EPOLLOUT);
		break;
	default:
		conn_close(c);
	}
}

static void
serve(struct conn *c, uint32_t events)
{
	if (events & EPOLLERR) {
		conn_close(c);
		return;
	}
	if (c->handshake)
		handshake(c);
	if (c->dead || c->handshake)
		return;
	c->ssl_wants_write = false;
	if ((events & EPOLLHUP) && (c->paused || c->eof)) {
		conn_close(c);	/* nobody reads the answer */
		return;
	}
	conn_read(c);
	if (!c->dead)
		conn_flush(c);
}

static void
on_event(struct watch *w, uint32_t events)
{
	struct conn *c = (struct conn *)w;

	/* It is ready in the next turn too. */
	if (was_served(c))
		return;
	peer_begin(c->s);
	serve(c, events);
	(void)is_served(c);
}

bool
conn_make_room(struct server *s)
{
	struct conn *c = conns_idle(s);

	if (c)
		conn_close(c);
	return c != NULL;
}

/* Whether another connection may come in, if need be in an idle one's place. */
static bool
has_room(struct listener *l, const char *peer)
{
	struct server *s = l->s;

	if (l->path)
		return s->n_local < NET_CONNECTIONS;
	if (s->n_conns < s->max_conns)
		return true;
	peer_full(s, peer, "connections");
	return conn_make_room(s);
}

void
conn_accept(struct listener *l, int fd, const char *peer,
    const struct address *address)
{
	struct server *s = l->s;
	struct peer *of = NULL;
	struct conn *c = NULL;
	struct err e;

	if (s->stopping || (!l->path && !(of = peer_enter(s, address, peer))))
		goto refused;
	if (!has_room(l, peer))
		goto refused;
	c = calloc(1, sizeof *c);
	if (!c)
		goto refused;
	/* What it costs is its address's, and paid when it says something. */
	if (l->tls && SSL_CTX_up_ref(l->tls))
		c->tls = l->tls;
	c->s = s;
	c->of = of;
	c->tag = l->tag;
	c->local = l->path != NULL;
	snprintf(c->peer, sizeof c->peer, "%s", peer);
	c->address = *address;
	c->proto = &proto_sniff;
	c->handshake = l->tls != NULL;
	c->on_flush = on_flush;
	c->opened = c->active = c->moved = clock_ms();
	c->w = (struct watch){ fd, EPOLLIN, on_event };
	if (loop_watch(s->loop, &c->w, &e) < 0)
		goto refused;
	conns_add(c);
	return;
refused:
	peer_leave(s, of);
	if (c)
		conn_free(c);
	close(fd);
}
