/*
 * Which connections are closed when their time is over, or for another's place: those of a
 * server whose loop does not run, over socket pairs.
 */
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"
#include "test/lib/tap.h"

#define N 450	/* more than two pieces of a sweep */

static struct server *server;
static struct listener listener;
static struct conn *conn[N];	/* in the order in which they came */
static int peer[N];

static void
come(int i)
{
	static const struct address somebody = { { 1 } };
	int fd[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
	conn_accept(&listener, fd[0], "somebody", &somebody);
	peer[i] = fd[1];
	conn[i] = server->last;
}

static void
all_come(int n)
{
	for (int i = 0; i < n; i++)
		come(i);
}

static bool
is_closed(int i)
{
	char c;

	return recv(peer[i], &c, 1, 0) == 0;
}

static int
n_closed(void)
{
	int n = 0;

	for (int i = 0; i < N; i++)
		n += is_closed(i);
	return n;
}

static void
all_go(int n)
{
	while (server->conns)
		conn_close(server->conns);
	for (int i = 0; i < n; i++)
		close(peer[i]);
}

/* Its time is over. */
static void
grow_old(int i)
{
	conn[i]->opened = conn[i]->active = clock_ms() - (NET_IDLE_S + 1) * 1000;
}

static void
sweeps(void)
{
	int pieces = 1;
	bool right = true;

	all_come(N);
	for (int i = 1; i < N; i += 2)
		grow_old(i);
	while (conns_sweep(server))
		pieces++;
	ok(pieces > 2, "a sweep of %d connections is %d pieces", N, pieces);
	for (int i = 0; i < N; i++)
		right = right && is_closed(i) == (i % 2 == 1);
	ok(right, "it closes those whose time is over, and no other");
	all_go(N);
}

/* What changes between two pieces. */
static void
changes(void)
{
	all_come(N);
	for (int i = 0; i < N; i++)
		if (i != 210)
			grow_old(i);
	ok(conns_sweep(server), "one piece");
	while (server->swept != conn[210])
		conn_close(server->swept);
	conn_used(conn[210]);
	ok(server->swept == conn[211], "the next goes to the end: its next is next");
	conn_close(conn[211]);
	ok(server->swept == conn[212], "the next is closed: its next is next");
	while (conns_sweep(server))
		;
	is_int(n_closed(), N - 1, "the others are closed");
	ok(!is_closed(210) && server->conns == conn[210] && server->last == conn[210],
	    "one is left");
	all_go(N);
}

static void
room(void)
{
	int first;

	server_limits(server, INT_MAX, INT_MAX, 4);
	all_come(4);
	conn_used(conn[0]);
	conn[1]->waits = true;
	come(4);
	ok(is_closed(2) && !is_closed(0) && !is_closed(1) && !is_closed(3),
	    "the one that was used longest ago gives its place, but for one at work");
	conn[0]->waits = conn[3]->waits = conn[4]->waits = true;
	come(5);
	ok(is_closed(5), "none is closed that is at work");
	conn[3]->waits = false;
	come(6);
	ok(is_closed(3) && !is_closed(6), "nor one that comes when one has ended");
	first = n_closed();
	is_int(first, 3, "and no other is closed");
	all_go(7);
}

int
main(void)
{
	struct err e;
	struct loop *loop = loop_new(&e);
	struct server_ops ops = { 0 };

	plan(11);
	must(loop != NULL);
	server = server_new(loop, &ops, NULL);
	must(server != NULL);
	listener.s = server;
	sweeps();
	changes();
	room();
	server_free(server);
	loop_free(loop);
	return done_testing();
}
