/* What time ends: connections and requests.  No turn of the loop looks at all of them. */
#include "net/conn.h"

#define LINGER_S 5
#define PIECE 200	/* connections that a turn looks at */

/* A body that has stopped, or trickles. */
static bool
too_slow(const struct req *r, int64_t now)
{
	int64_t age = now - r->began;

	if (r->body_done || r->paused || (r->answered && !r->held))
		return false;
	return now - r->moved > NET_STALL_S * 1000 ||
	    (age > NET_RATE_S * 1000 &&
	    r->got + r->waste < (uint64_t)age / 1000 * NET_RATE);
}

/* Seconds that a connection may be without a request. */
static int
idle_limit(const struct conn *c)
{
	const struct server *s = c->s;

	return !c->local && s->n_conns > s->max_conns - s->max_conns / 4 ?
	    NET_IDLE_FULL_S : NET_IDLE_S;
}

static void
sweep(struct conn *c, int64_t now)
{
	struct req *r, *next;

	if (c->lingering) {
		if (now - c->moved > LINGER_S * 1000)
			conn_close(c);
		return;
	}
	if ((c->proto == &proto_sniff && now - c->opened > NET_HELLO_S * 1000) ||
	    (c->head_began && now - c->head_began > NET_HEAD_S * 1000) ||
	    (!c->open && now - c->active > idle_limit(c) * 1000) ||
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

bool
conns_sweep(struct server *s)
{
	int64_t now = clock_ms();
	struct conn *c;

	if (!s->swept)
		s->swept = s->conns;
	for (int n = PIECE; n > 0 && (c = s->swept); n--) {
		s->swept = c->next;
		sweep(c, now);
	}
	return s->swept != NULL;
}
