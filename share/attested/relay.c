#include "attested/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

/* One way: what has been read and not yet written. */
struct way {
	uint8_t buf[65536];
	size_t at, n;
	bool ended;		/* no more comes */
	bool closed;		/* and that was passed on */
};

struct both {
	int fd;
	SSL *ssl;
	struct way up, down;	/* to the enclave, from it */
	bool ssl_reads, ssl_writes;	/* what TLS waits for, beside input */
	bool broken;
};

/* What became of an SSL call: bytes, 0 for "later", -1 for the end. */
static long
judge(struct both *b, int r)
{
	if (r > 0)
		return r;
	switch (SSL_get_error(b->ssl, r)) {
	case SSL_ERROR_WANT_READ:
		b->ssl_reads = true;
		return 0;
	case SSL_ERROR_WANT_WRITE:
		b->ssl_writes = true;
		return 0;
	case SSL_ERROR_ZERO_RETURN:
		return -1;
	default:
		b->broken = true;
		return -1;
	}
}

/* The same of a system call. */
static long
judge_fd(struct both *b, ssize_t r)
{
	if (r > 0)
		return (long)r;
	if (r < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (r < 0)
		b->broken = true;
	return -1;
}

static void
took(struct way *w, long r)
{
	w->at = 0;
	w->n = r > 0 ? (size_t)r : 0;
	w->ended |= r < 0;
}

static void
gave(struct way *w, long r)
{
	w->at += r > 0 ? (size_t)r : 0;
}

static bool
empty(const struct way *w)
{
	return w->at == w->n;
}

static void
go_up(struct both *b)
{
	struct way *w = &b->up;

	if (empty(w) && !w->ended)
		took(w, judge_fd(b, recv(b->fd, w->buf, sizeof w->buf, 0)));
	if (!empty(w))
		gave(w, judge(b, SSL_write(b->ssl, w->buf + w->at,
		    (int)(w->n - w->at))));
	if (empty(w) && w->ended && !w->closed && !b->broken) {
		SSL_shutdown(b->ssl);
		w->closed = true;
	}
}

static void
go_down(struct both *b)
{
	struct way *w = &b->down;

	if (empty(w) && !w->ended)
		took(w, judge(b, SSL_read(b->ssl, w->buf, sizeof w->buf)));
	if (!empty(w))
		gave(w, judge_fd(b, send(b->fd, w->buf + w->at, w->n - w->at,
		    MSG_NOSIGNAL)));
	if (empty(w) && w->ended && !w->closed) {
		shutdown(b->fd, SHUT_WR);
		w->closed = true;
	}
}

/* Waits until something can go on. */
static void
wait_for(struct both *b)
{
	struct pollfd p[2] = { { .fd = b->fd }, { .fd = SSL_get_fd(b->ssl) } };

	if (empty(&b->up) && !b->up.ended)
		p[0].events |= POLLIN;
	if (!empty(&b->down))
		p[0].events |= POLLOUT;
	if (b->ssl_reads || (empty(&b->down) && !b->down.ended))
		p[1].events |= POLLIN;
	if (b->ssl_writes || !empty(&b->up))
		p[1].events |= POLLOUT;
	/* What TLS has decrypted already, poll() does not see. */
	if (empty(&b->down) && !b->down.ended && SSL_pending(b->ssl) > 0)
		return;
	/* A side that hung up is not waited for again and again. */
	for (int i = 0; i < 2; i++)
		if (p[i].events == 0)
			p[i].fd = -1;
	poll(p, 2, -1);
}

void
relay(int fd, SSL *ssl)
{
	static struct both b;

	b = (struct both){ .fd = fd, .ssl = ssl };
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(SSL_get_fd(ssl), F_SETFL, O_NONBLOCK);
	SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	for (;;) {
		b.ssl_reads = b.ssl_writes = false;
		go_up(&b);
		go_down(&b);
		if (b.broken || b.down.closed)
			break;
		wait_for(&b);
	}
}
