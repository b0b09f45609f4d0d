/* Calls to a server that never answers end when the caller says so. */
#include "rpc/rpc.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/lib/tap.h"

static volatile sig_atomic_t stop;

static void
on_alarm(int sig)
{
	stop = 1;
}

/* It takes connections, and says nothing. */
static int
silent(char url[static 64])
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    listen(fd, 5) < 0 || getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		return -1;
	snprintf(url, 64, "http://127.0.0.1:%d", ntohs(a.sin_port));
	return fd;
}

static void
check(struct rpc *r, const char *when)
{
	struct rpc_reply reply = { .status = 0 };
	struct rpc_backoff back = { 0 };
	struct err e = { 0 };
	uint8_t *p;
	size_t n;
	int status = 7;

	ok(rpc_get(r, "/thing", 100, &p, &n, &status, &e) < 0 &&
	    e.status == EX_TEMPFAIL && strstr(e.msg, "stopped"),
	    "GET, stopped %s: %s", when, e.msg);
	e = (struct err){ 0 };
	ok(rpc_call_once(r, "/a.B/C", "", 0, NULL, &reply, &e) < 0 &&
	    reply.status == -1 && e.status == EX_TEMPFAIL &&
	    strstr(e.msg, "stopped"), "a call, stopped %s: %s", when, e.msg);
	ok(!rpc_try_again(r, &back, &reply, &e), "no further try");
}

int
main(void)
{
	struct rpc_options o = { .stop = &stop };
	struct err e;
	char url[64];
	int fd = silent(url);
	struct rpc *r = fd < 0 ? NULL : rpc_new(url, &o, &e);

	if (!r) {
		ok(0, "a server and a client");
		return done_testing();
	}
	signal(SIGALRM, on_alarm);
	alarm(1);
	check(r, "at work");
	ok(stop, "it was asked to");
	check(r, "before");
	rpc_free(r);
	close(fd);
	return done_testing();
}
