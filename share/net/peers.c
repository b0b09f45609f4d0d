/* Peers: their names and addresses, and what one address may have at a time. */
#include "net/conn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
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

static bool
is_local(const struct address *a)
{
	static const struct address local;

	return same(a, &local);
}

/* What the address has open. */
static void
count(const struct server *s, const struct address *a, int *conns,
    int *requests)
{
	*conns = *requests = 0;
	for (const struct conn *c = s->conns; c; c = c->next)
		if (same(&c->address, a)) {
			++*conns;
			*requests += c->n_open;
		}
	for (const struct req *r = s->orphans; r; r = r->next)
		*requests += same(&r->address, a);
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

bool
peer_crowded(struct server *s, const struct address *a, const char *peer)
{
	int conns, requests;

	if (is_local(a))
		return false;
	count(s, a, &conns, &requests);
	if (conns < s->peer_conns)
		return false;
	s->refused_conns++;
	tell(s, peer, "connections");
	return true;
}

bool
peer_busy(struct server *s, const struct address *a, const char *peer)
{
	int conns, requests;

	if (is_local(a))
		return false;
	count(s, a, &conns, &requests);
	if (requests <= s->peer_requests)
		return false;
	s->refused_requests++;
	tell(s, peer, "requests");
	return true;
}
