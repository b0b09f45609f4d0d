/*
 * Calls that wait for the network: their order, and which of them are sent away.  The
 * network is a socket that nobody answers at, so that what waits goes on waiting.
 */
#include "proxy/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/lib/tap.h"

#define THREADS 8	/* upstream.c's: so many calls do not wait */
#define QUEUE 1000

static struct loop *loop;
static struct loop_task over;
static struct err e;
static int away[3];

static void
on_reply(struct up_call *c)
{
	away[c->from.b[0]]++;
	up_call_free(c);
}

static void
on_over(void *arg)
{
	loop_stop(loop);
}

/* Lets the loop hand out what has been sent away. */
static void
turn(void)
{
	loop_timer(loop, &over, 300, on_over, NULL);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
}

/* n calls of an address, only for r. */
static void
send_calls(struct proxy *p, int n, uint8_t from, const struct request *r)
{
	for (int i = 0; i < n; i++) {
		struct up_call *c = up_call_new(p, "/a.B/C", "", 0, NULL,
		    on_reply, NULL);

		must(c);
		c->from.b[0] = from;
		c->only_for = r;
		upstream_send(p->up, c);
	}
}

int
main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct request first, second;
	struct proxy p = { 0 };
	char url[64];

	must(fd >= 0 && bind(fd, (struct sockaddr *)&a, n) == 0 &&
	    listen(fd, 100) == 0 &&
	    getsockname(fd, (struct sockaddr *)&a, &n) == 0);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(a.sin_port));
	loop = loop_new(&e);
	must(loop);
	p.up = upstream_new(loop, url, NULL, &e);
	if (!p.up)
		die_err(&e);
	send_calls(&p, THREADS, 0, NULL);
	turn();
	send_calls(&p, QUEUE, 1, &first);
	turn();
	is_int(away[1], 0, "so many calls may wait");
	send_calls(&p, 10, 2, &second);
	turn();
	is_int(away[2], 0, "another address's calls have room");
	is_int(away[1], 10, "in place of those of who has most");
	send_calls(&p, 5, 1, &first);
	turn();
	is_int(away[1], 15, "who gets no more");
	upstream_drop(p.up, &second);
	turn();
	is_int(away[2], 10, "calls that nobody waits for are dropped");
	is_int(away[1], 15, "and no others");
	upstream_drop(p.up, &first);
	turn();
	is_int(away[1], QUEUE + 5, "all of them");
	is_int(away[0], 0, "those under way go on");
	/* They end with the process. */
	return done_testing();
}
