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

static struct peer **
chain_of(struct server *s, const struct address *a)
{
	uint64_t x, h = s->peer_seed;

	for (int i = 0; i < 2; i++) {
		memcpy(&x, a->b + 8 * i, 8);
		h = (h ^ x) * 0x9e3779b97f4a7c15;
		h ^= h >> 29;
	}
	return &s->peers[(h >> 32) % PEERS];
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

void
peer_serve(const struct server *s, struct peer *p, int64_t us)
{
	if (!p)
		return;
	if (p->turn != loop_turn(s->loop))
		p->served_us = 0;
	p->turn = loop_turn(s->loop);
	p->served_us += us;
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
