/* What is to be sent on a connection. */
#include "net/conn.h"

#include <string.h>

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

void
conn_flush_later(struct conn *c)
{
	if (c->later)
		return;
	c->later = true;
	loop_defer(c->s->loop, &c->flush, c->on_flush, c);
}
