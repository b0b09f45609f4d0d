/* What is to be sent on a connection. */
#include "net/conn.h"

#include <stdlib.h>
#include <string.h>

size_t
conn_room(struct conn *c)
{
	if (!c->out && !(c->out = malloc(NET_OUT))) {
		c->closing = true;
		return 0;
	}
	return NET_OUT - c->out_len;
}

uint8_t *
conn_end(struct conn *c)
{
	return c->out + c->out_len;
}

void
conn_took(struct conn *c, size_t n)
{
	must(n <= conn_room(c));
	if (c->out_at == c->out_len)
		c->moved = clock_ms();
	c->out_len += n;
}

void
conn_put(struct conn *c, const void *p, size_t n)
{
	must(n <= conn_room(c));
	memcpy(conn_end(c), p, n);
	conn_took(c, n);
}

void
conn_sent(struct conn *c, size_t n)
{
	/* A worker's input goes this way. */
	explicit_bzero(c->out + c->out_at, n);
	c->out_at += n;
	if (c->out_at == c->out_len || c->out_at > NET_OUT / 2) {
		size_t left = c->out_len - c->out_at;

		memmove(c->out, c->out + c->out_at, left);
		explicit_bzero(c->out + left, c->out_len - left);
		c->out_len = left;
		c->out_at = 0;
	}
}

void
conn_rest(struct conn *c)
{
	if (c->open || c->out_at < c->out_len)
		return;
	free(c->out);
	c->out = NULL;
	c->out_at = c->out_len = 0;
}

void
conn_flush_later(struct conn *c)
{
	if (c->later)
		return;
	c->later = true;
	loop_defer(c->s->loop, &c->flush, c->on_flush, c);
}
