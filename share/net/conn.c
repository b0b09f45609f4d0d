#include "net/conn.h"

#include <openssl/err.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READS 16	/* of one connection before others have their turn */
#define LINGER_S 5

static const char preface[] = NGHTTP2_CLIENT_MAGIC;

static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\2h2\10http/1.1";
	unsigned char *chosen;

	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in,
	    in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

int
tls_context(SSL_CTX **out, const struct server_tls *t, struct err *e)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	*out = NULL;
	if (!c)
		return err_set(e, EX_OSERR, "out of memory");
	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
	    SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
	if (SSL_CTX_use_certificate_chain_file(c, t->cert) != 1) {
		SSL_CTX_free(c);
		return err_set(e, EX_CONFIG, "no certificate in %s", t->cert);
	}
	if (SSL_CTX_use_PrivateKey_file(c, t->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(c) != 1) {
		SSL_CTX_free(c);
		return err_set(e, EX_CONFIG, "%s is not the key of %s", t->key,
		    t->cert);
	}
	*out = c;
	return 0;
}

static void
conn_free(struct conn *c)
{
	SSL_free(c->ssl);
	if (c->h2)
		nghttp2_session_del(c->h2);
	if (c->in) {
		explicit_bzero(c->in, CONN_IN);
		free(c->in);
	}
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
	if (c->prev)
		c->prev->next = c->next;
	else
		c->s->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
	c->s->n_conns--;
	conn_flush_later(c);	/* which frees it */
}

size_t
conn_room(const struct conn *c)
{
	return sizeof c->out - c->out_len;
}

void
conn_put(struct conn *c, const void *p, size_t n)
{
	must(n <= conn_room(c));
	if (c->out_at == c->out_len)
		c->moved = clock_ms();
	memcpy(c->out + c->out_len, p, n);
	c->out_len += n;
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

/* HTTP/2 by its preface, whatever ALPN said; all else is for the strict parser. */
static int
sniff(struct conn *c)
{
	size_t n = sizeof preface - 1;

	if (c->in_len < n) {
		if (memcmp(c->in, preface, c->in_len) == 0)
			return 0;
		c->proto = PROTO_H1;
		return h1_input(c);
	}
	if (memcmp(c->in, preface, n) != 0) {
		c->proto = PROTO_H1;
		return h1_input(c);
	}
	c->proto = PROTO_H2;
	n = c->in_len;
	c->in_len = 0;
	c->active = clock_ms();
	if (h2_start(c) < 0)
		return -1;
	return h2_input(c, c->in, n);
}

static void
at_end(struct conn *c)
{
	bool whole = c->r ? c->r->body_done : c->out_at < c->out_len;

	c->eof = true;
	/* Somebody may send one request, close their side, and read on. */
	if (c->proto != PROTO_H1 || !whole || c->lingering)
		conn_close(c);
}

static void
conn_read(struct conn *c)
{
	static uint8_t piece[65536];	/* one thread; HTTP/2 keeps no copy */
	int r = 0;

	for (int i = 0; !c->dead && !c->paused && !c->eof && r == 0 &&
	    (i < READS || (c->ssl && SSL_pending(c->ssl))); i++) {
		bool whole = c->proto == PROTO_H2 || c->lingering;
		uint8_t *to = whole ? piece : c->in + c->in_len;
		size_t room = whole ? sizeof piece : CONN_IN - c->in_len;
		ssize_t n;

		must(room > 0);
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
		} else if (c->proto == PROTO_H2) {
			r = h2_input(c, piece, n);
			explicit_bzero(piece, n);
		} else {
			c->in_len += n;
			r = c->proto == PROTO_H1 ? h1_input(c) : sniff(c);
		}
	}
	if (r < 0) {
		/* What HTTP/2 has to say about the error still goes out. */
		c->closing = true;
		c->paused = true;
	}
}

void
conn_resume(struct conn *c)
{
	c->paused = false;
	if (h1_input(c) < 0)
		c->closing = true;
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
	c->paused = false;
	c->moved = clock_ms();
}

static void
conn_flush(struct conn *c)
{
	if (c->proto == PROTO_TLS || c->lingering)
		return;
	for (;;) {
		ssize_t n;

		if (c->proto == PROTO_H2 && h2_output(c) < 0) {
			conn_close(c);
			return;
		}
		if (c->proto == PROTO_H1 && !c->closing)
			h1_output(c);
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
		c->out_at += n;
		if (c->out_at == c->out_len || c->out_at > sizeof c->out / 2) {
			c->out_len -= c->out_at;
			memmove(c->out, c->out + c->out_at, c->out_len);
			c->out_at = 0;
		}
	}
	if (c->out_at == c->out_len) {
		if (c->eof && !c->open)
			c->closing = true;
		if (c->closing || (c->h2 && !nghttp2_session_want_read(c->h2) &&
		    !nghttp2_session_want_write(c->h2)))
			finish(c);
	}
	if (!c->dead)
		wait_for(c);
}

static void
flush_now(void *arg)
{
	struct conn *c = arg;

	c->later = false;
	if (c->dead)
		conn_free(c);
	else
		conn_flush(c);
}

void
conn_flush_later(struct conn *c)
{
	if (c->later)
		return;
	c->later = true;
	loop_defer(c->s->loop, flush_now, c);
}

static void
handshake(struct conn *c)
{
	int r;

	ERR_clear_error();
	r = SSL_accept(c->ssl);
	if (r == 1) {
		c->proto = PROTO_SNIFF;
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
conn_event(struct watch *w, uint32_t events)
{
	struct conn *c = (struct conn *)w;

	if (events & EPOLLERR) {
		conn_close(c);
		return;
	}
	if (c->proto == PROTO_TLS)
		handshake(c);
	if (c->dead || c->proto == PROTO_TLS)
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

static bool
same(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

void
conn_count(const struct server *s, const struct address *a, int *conns,
    int *requests)
{
	*conns = *requests = 0;
	for (const struct conn *c = s->conns; c; c = c->next)
		if (same(&c->address, a)) {
			++*conns;
			*requests += c->n_open;
		}
}

void
conn_tell(struct server *s, const char *peer, const char *what)
{
	int64_t now = clock_ms();

	if (!s->ops.greedy || (s->told && now - s->told < NET_TELL_S * 1000))
		return;
	s->told = now;
	s->ops.greedy(peer, what, s->arg);
}

/* Whether the address has all the connections that it may. */
static bool
crowded(struct server *s, const struct address *a, const char *peer)
{
	static const struct address local;
	int conns, requests;

	if (same(a, &local))
		return false;
	conn_count(s, a, &conns, &requests);
	if (conns < s->peer_conns)
		return false;
	conn_tell(s, peer, "connections");
	return true;
}

void
conn_accept(struct listener *l, int fd, const char *peer,
    const struct address *address)
{
	struct server *s = l->s;
	struct conn *c;
	struct err e;

	if (s->n_conns >= NET_CONNECTIONS || s->stopping ||
	    crowded(s, address, peer)) {
		close(fd);
		return;
	}
	c = calloc(1, sizeof *c);
	if (c)
		c->in = malloc(CONN_IN);
	if (c && l->tls)
		c->ssl = SSL_new(l->tls);
	if (!c || !c->in || (l->tls && (!c->ssl || !SSL_set_fd(c->ssl, fd)))) {
		if (c)
			conn_free(c);
		close(fd);
		return;
	}
	c->s = s;
	c->tag = l->tag;
	snprintf(c->peer, sizeof c->peer, "%s", peer);
	c->address = *address;
	c->proto = l->tls ? PROTO_TLS : PROTO_SNIFF;
	c->opened = c->active = c->moved = clock_ms();
	c->w = (struct watch){ fd, EPOLLIN, conn_event };
	if (loop_watch(s->loop, &c->w, &e) < 0) {
		conn_free(c);
		close(fd);
		return;
	}
	c->next = s->conns;
	if (c->next)
		c->next->prev = c;
	s->conns = c;
	s->n_conns++;
}

/* A body that has stopped, or trickles. */
static bool
too_slow(const struct req *r, int64_t now)
{
	int64_t age = now - r->began;

	if (r->body_done || (r->answered && !r->held))
		return false;
	return now - r->moved > NET_STALL_S * 1000 ||
	    (age > NET_RATE_S * 1000 &&
	    r->got + r->waste < (uint64_t)age / 1000 * NET_RATE);
}

void
conn_sweep(struct conn *c, int64_t now)
{
	struct req *r, *next;

	if (c->lingering) {
		if (now - c->moved > LINGER_S * 1000)
			conn_close(c);
		return;
	}
	if ((c->proto <= PROTO_SNIFF && now - c->opened > NET_HELLO_S * 1000) ||
	    (c->proto == PROTO_H1 && c->head_began &&
	    now - c->head_began > NET_HEAD_S * 1000) ||
	    (!c->open && now - c->active > NET_IDLE_S * 1000) ||
	    (c->out_at < c->out_len && now - c->moved > NET_STALL_S * 1000)) {
		conn_close(c);
		return;
	}
	for (r = c->open; r && !c->dead; r = next) {
		next = r->next;
		if (!r->head_seen && now - r->began > NET_HEAD_S * 1000) {
			conn_close(c);
			return;
		}
		if ((r->answered && now - r->moved > NET_STALL_S * 1000) ||
		    (r->held && too_slow(r, now))) {
			conn_close(c);	/* a closed flow-control window */
			return;
		}
		if (r->head_seen && !r->answered && too_slow(r, now))
			req_refuse(r, 408, GRPC_DEADLINE_EXCEEDED, "too slow");
	}
}
