/* The connections of a server, in the order in which they were last used. */
#include "net/conn.h"

#define LOOKS 1000	/* for an idle one */

void
conns_add(struct conn *c)
{
	struct server *s = c->s;

	c->prev = s->last;
	*(c->prev ? &c->prev->next : &s->conns) = c;
	s->last = c;
	++*(c->local ? &s->n_local : &s->n_conns);
}

void
conns_drop(struct conn *c)
{
	struct server *s = c->s;

	if (s->swept == c)
		s->swept = c->next;
	*(c->prev ? &c->prev->next : &s->conns) = c->next;
	*(c->next ? &c->next->prev : &s->last) = c->prev;
	--*(c->local ? &s->n_local : &s->n_conns);
}

static void
to_end(struct conn *c)
{
	if (!c->next)
		return;
	conns_drop(c);
	c->next = NULL;
	conns_add(c);
}

void
conn_used(struct conn *c)
{
	c->active = clock_ms();
	to_end(c);
}

struct conn *
conns_idle(struct server *s)
{
	struct conn *c;

	/* One that is at work is not looked at again until all others were. */
	for (int n = LOOKS; n > 0 && (c = s->conns); n--) {
		if (!c->local && !c->open && !c->waits && c->out_at == c->out_len)
			return c;
		to_end(c);
	}
	return NULL;
}
