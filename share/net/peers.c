/* Peers: their names and addresses, and what one address may have at a time. */
#include "net/conn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
peer_name(char *out, size_t size, const struct sockaddr_storage *a)
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (a->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)a;

		inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
		snprintf(out, size, "%s:%d", host, ntohs(in->sin_port));
	} else if (a->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)a;

		inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
		snprintf(out, size, "[%s]:%d", host, ntohs(in->sin6_port));
	} else {
		snprintf(out, size, "unix");
	}
}

struct address
peer_address(const struct sockaddr_storage *a)
{
	struct address out = { { 0 } };

	if (a->ss_family == AF_INET) {
		out.b[10] = out.b[11] = 0xff;
		memcpy(out.b + 12, &((const struct sockaddr_in *)a)->sin_addr, 4);
	} else if (a->ss_family == AF_INET6) {
		const struct in6_addr *in =
		    &((const struct sockaddr_in6 *)a)->sin6_addr;

		if (IN6_IS_ADDR_V4MAPPED(in))
			memcpy(out.b, in, 16);
		else if (IN6_IS_ADDR_LOOPBACK(in))
			out.b[15] = 1;
		else
			memcpy(out.b, in, 8);
	}
	return out;
}

static bool
same(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

uint32_t
address_hash(const struct address *a, uint64_t seed)
{
	uint64_t x, h = seed;

	for (int i = 0; i < 2; i++) {
		memcpy(&x, a->b + 8 * i, 8);
		h = (h ^ x) * 0x9e3779b97f4a7c15;
		h ^= h >> 29;
	}
	return (uint32_t)(h >> 32);
}

static struct peer **
chain_of(struct server *s, const struct address *a)
{
	return &s->peers[address_hash(a, s->peer_seed) % PEERS];
}

/* Its place, or where its place would be. */
static struct peer **
find(struct server *s, const struct address *a)
{
	struct peer **at = chain_of(s, a);

	while (*at && !same(&(*at)->address, a))
		at = &(*at)->next;
	return at;
}

static void
free_unused(struct server *s, struct peer *p)
{
	struct peer **at;

	if (p->conns || p->requests)
		return;
	at = find(s, &p->address);
	*at = p->next;
	free(p);
}

/* Calls on_greedy(), once in a while. */
static void
tell(struct server *s, const char *peer, const char *what)
{
	int64_t now = clock_ms();

	if (!s->ops.on_greedy || (s->told && now - s->told < NET_TELL_S * 1000))
		return;
	s->told = now;
	s->ops.on_greedy(peer, what, s->arg);
}

void
peer_full(struct server *s, const char *peer, const char *what)
{
	int64_t now = clock_ms();

	if (!s->ops.on_full ||
	    (s->told_full && now - s->told_full < NET_TELL_S * 1000))
		return;
	s->told_full = now;
	s->ops.on_full(peer, what, s->arg);
}

struct peer *
peer_enter(struct server *s, const struct address *a, const char *peer)
{
	struct peer **at = find(s, a), *p = *at;

	if (!p) {
		p = calloc(1, sizeof *p);
		if (!p)
			return NULL;
		p->address = *a;
		*at = p;
	}
	if (p->conns >= s->peer_conns) {
		s->refused_conns++;
		tell(s, peer, "connections");
		free_unused(s, p);
		return NULL;
	}
	p->conns++;
	return p;
}

void
peer_leave(struct server *s, struct peer *p)
{
	if (!p)
		return;
	p->conns--;
	free_unused(s, p);
}

void
peer_asks(struct peer *p)
{
	if (p)
		p->requests++;
}

void
peer_answered(struct server *s, struct peer *p)
{
	if (!p)
		return;
	p->requests--;
	free_unused(s, p);
}

bool
peer_busy(struct server *s, const struct peer *p, const char *peer)
{
	if (!p || p->requests <= s->peer_requests)
		return false;
	s->refused_requests++;
	tell(s, peer, "requests");
	return true;
}

bool
peer_served(const struct server *s, const struct peer *p)
{
	return p && p->turn == loop_turn(s->loop) && p->served_us >= NET_TURN_US;
}

static int64_t
now_us(void)
{
	return (int64_t)(clock_s() * 1e6);
}

void
peer_begin(struct server *s)
{
	s->serving_us = now_us();
}

bool
peer_serve(struct server *s, struct peer *p)
{
	int64_t now;

	if (!p)
		return false;
	now = now_us();
	if (p->turn != loop_turn(s->loop))
		p->served_us = 0;
	p->turn = loop_turn(s->loop);
	p->served_us += now - s->serving_us;
	s->serving_us = now;
	return p->served_us >= NET_TURN_US;
}

static void on_calls(void *arg);

/* p, which is not among them, has requests to be called. */
static void
line_up(struct server *s, struct peer *p)
{
	p->next_later = NULL;
	*(s->later ? s->later_end : &s->later) = p;
	s->later_end = &p->next_later;
	s->n_later++;
	if (s->calls_due)
		return;
	s->calls_due = true;
	loop_next(s->loop, &s->calls, on_calls, s);
}

/* Calls what p has put off, while it has time. */
static void
call(struct server *s, struct peer *p)
{
	while (p->later && !peer_served(s, p)) {
		struct req *r = p->later;

		p->later = r->later;
		r->waits = false;
		peer_begin(s);
		/* r's connection, and with it p, outlives its answer. */
		req_call(r);
		(void)peer_serve(s, p);
	}
}

static void
on_calls(void *arg)
{
	struct server *s = arg;
	struct peer *p;

	s->calls_due = false;
	for (int n = s->n_later; n > 0 && (p = s->later); n--) {
		s->later = p->next_later;
		s->n_later--;
		call(s, p);
		if (p->later)
			line_up(s, p);
	}
}

bool
peer_puts_off(struct req *r)
{
	struct peer *p = r->of;

	if (!p || (!p->later && !peer_serve(r->s, p)))
		return false;
	if (!p->later) {
		p->later_end = &p->later;
		line_up(r->s, p);
	}
	r->later = NULL;
	r->waits = true;
	*p->later_end = r;
	p->later_end = &r->later;
	return true;
}

/* p has nothing to be called any more. */
static void
leave_line(struct server *s, const struct peer *p)
{
	struct peer **at = &s->later;

	while (*at && *at != p)
		at = &(*at)->next_later;
	if (!*at)
		return;
	*at = p->next_later;
	if (!*at)
		s->later_end = at;
	s->n_later--;
}

void
peer_forgets(struct req *r)
{
	struct peer *p = r->of;
	struct req **at = &p->later;

	while (*at != r)
		at = &(*at)->later;
	*at = r->later;
	if (!*at)
		p->later_end = at;
	r->waits = false;
	if (!p->later)
		leave_line(r->s, p);
}

void
peers_free(struct server *s)
{
	for (int i = 0; i < PEERS; i++)
		while (s->peers[i]) {
			struct peer *p = s->peers[i];

			s->peers[i] = p->next;
			free(p);
		}
}
