/*
 * What one address may have of a server at a time: connections, requests.  The
 * handler answers nothing until it is told to, so that what is under way stays so.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "net/server.h"
#include "test/lib/tap.h"

#define CONNECTIONS 3
#define REQUESTS 2
#define TOTAL 9		/* of all addresses: three have as many */

static char dir[] = "/tmp/net_limits.XXXXXX", path[64];
static struct loop *loop;
static struct server *server;
static struct request *waiting[8];
static int n_waiting;

static atomic_bool blocked, go;
static char order[8];		/* of /spin and /other */

static void
spin(void)
{
	int64_t end = clock_ms() + 10;

	while (clock_ms() < end)
		;
}

static void
call(struct request *r, void *arg)
{
	if (strcmp(r->path, "/block") == 0) {
		blocked = true;
		while (!go)
			usleep(1000);
		answer_text(r, 200, "went on");
	} else if (strcmp(r->path, "/spin") == 0) {
		strcat(order, "s");
		spin();
		answer_text(r, 200, "spun");
	} else if (strcmp(r->path, "/other") == 0) {
		strcat(order, "o");
		answer_text(r, 200, "other");
	} else if (strcmp(r->path, "/wait") == 0)
		waiting[n_waiting++] = r;
	else if (strcmp(r->path, "/waiting") == 0) {
		char text[16];

		snprintf(text, sizeof text, "%d", n_waiting);
		answer_text(r, 200, text);
	} else {
		while (n_waiting)
			answer_text(waiting[--n_waiting], 200, "at last");
		answer_text(r, 200, "released");
	}
}

static int told, told_full;

static void
full(const char *peer, const char *what, void *arg)
{
	told_full++;
}

static void
greedy(const char *peer, const char *what, void *arg)
{
	if (strncmp(peer, "127.0.0.1:", 10) == 0)
		told++;
}

static void *
serve(void *arg)
{
	struct err e;

	if (loop_run(loop, &e) < 0)
		die_err(&e);
	return NULL;
}

/* A connection from 127.0.0.host, or to the unix socket (0). */
static int
from(int host)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host) };
	struct sockaddr_un u = { .sun_family = AF_UNIX };
	int fd = socket(host ? AF_INET : AF_UNIX, SOCK_STREAM, 0);

	must(fd >= 0);
	if (!host) {
		strcpy(u.sun_path, path);
		must(connect(fd, (struct sockaddr *)&u, sizeof u) == 0);
		return fd;
	}
	must(bind(fd, (struct sockaddr *)&a, sizeof a) == 0);
	a.sin_port = htons((uint16_t)server_port(server, 0));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
	return fd;
}

static void
ask(int fd, const char *what)
{
	char text[100];
	int n = snprintf(text, sizeof text, "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n",
	    what);

	(void)!send(fd, text, (size_t)n, MSG_NOSIGNAL);
}

/* The status of the answer that comes, its body's number in *body; 0: the connection
 * is closed. */
static int
status(int fd, int *body)
{
	char text[1000];
	const char *at;
	size_t n = 0;
	ssize_t k;
	int got = 0;

	while ((k = recv(fd, text + n, sizeof text - 1 - n, 0)) > 0) {
		n += (size_t)k;
		text[n] = '\0';
		at = strstr(text, "\r\n\r\n");
		if (at && at[4] && text[n - 1] == '\n' &&
		    sscanf(text, "HTTP/1.1 %d", &got) == 1) {
			if (body)
				*body = atoi(at + 4);
			return got;
		}
	}
	return 0;
}

static int
get(int fd, const char *what)
{
	ask(fd, what);
	return status(fd, NULL);
}

/* Until so many requests are under way, seen from elsewhere. */
static void
wait_for(int other, int n)
{
	int now = -1;

	while (now != n) {
		ask(other, "waiting");
		must(status(other, &now) == 200);
	}
}

static void
connections(void)
{
	int fd[CONNECTIONS], more, i;

	for (i = 0; i < CONNECTIONS; i++) {
		fd[i] = from(1);
		is_int(get(fd[i], "waiting"), 200, "connection %d", i + 1);
	}
	more = from(1);
	is_int(get(more, "waiting"), 0, "one more is closed");
	close(more);
	more = from(2);
	is_int(get(more, "waiting"), 200, "another address's is not");
	close(more);
	more = from(0);
	is_int(get(more, "waiting"), 200, "nor one of this machine");
	close(more);
	close(fd[0]);
	do {	/* when the server has seen it */
		more = from(1);
		i = get(more, "waiting");
		close(more);
	} while (i == 0);
	is_int(i, 200, "when one has ended, there is room for another");
	for (i = 1; i < CONNECTIONS; i++)
		close(fd[i]);
}

static void
requests(void)
{
	int fd[REQUESTS], local[4], other = from(2), more, i;

	for (i = 0; i < REQUESTS; i++) {
		do {	/* those of connections() may not have ended yet */
			fd[i] = from(1);
			more = get(fd[i], "waiting");
			if (!more)
				close(fd[i]);
		} while (more == 0);
		ask(fd[i], "wait");
		wait_for(other, i + 1);
	}
	do {
		more = from(1);
		i = get(more, "wait");
		if (!i)
			close(more);
	} while (i == 0);
	is_int(i, 504, "a request more than an address may have");
	is_int(get(more, "waiting"), 504, "and another");
	for (i = 0; i < 4; i++) {
		local[i] = from(0);
		ask(local[i], "wait");
	}
	/* This machine's own may have more: else this waits for ever. */
	wait_for(other, REQUESTS + 4);
	is_int(get(other, "release"), 200, "other addresses are served");
	for (i = 0; i < REQUESTS; i++)
		is_int(status(fd[i], NULL), 200, "answered at last");
	for (i = 0; i < 4; i++)
		is_int(status(local[i], NULL), 200, "so are these");
	is_int(get(more, "waiting"), 200, "and there is room again");
	for (i = 0; i < REQUESTS; i++)
		close(fd[i]);
	for (i = 0; i < 4; i++)
		close(local[i]);
	close(more);
	close(other);
}

/* A request whose peer has gone is still under way. */
static void
gone(void)
{
	int other = from(2), fd, i;

	for (i = 0; i < REQUESTS; i++) {
		fd = from(5);
		ask(fd, "wait");
		wait_for(other, i + 1);
		/* With a reset, so that the server sees it now. */
		must(setsockopt(fd, SOL_SOCKET, SO_LINGER,
		    &(struct linger){ 1, 0 }, sizeof(struct linger)) == 0);
		close(fd);
	}
	usleep(200000);
	fd = from(5);
	is_int(get(fd, "waiting"), 504, "calls that were reset count");
	is_int(get(other, "release"), 200, "until they are answered");
	is_int(get(fd, "waiting"), 200, "then there is room again");
	close(fd);
	close(other);
}

/* All connections are open, and idle. */
static void
idle(void)
{
	int fd[TOTAL], more, local, i;

	usleep(200000);	/* those of the tests before have ended */
	for (i = 0; i < TOTAL; i++) {
		fd[i] = from(6 + i / CONNECTIONS);
		is_int(get(fd[i], "waiting"), 200, "connection %d of all", i);
		usleep(2000);
	}
	more = from(6 + TOTAL / CONNECTIONS);
	is_int(get(more, "waiting"), 200, "one more is served");
	is_int(status(fd[0], NULL), 0, "for the one that was idle longest");
	is_int(get(fd[1], "waiting"), 200, "not for another");
	local = from(0);
	is_int(get(local, "waiting"), 200, "this machine's own has room");
	close(local);
	close(more);
	for (i = 0; i < TOTAL; i++)
		close(fd[i]);
}

/* /other was served behind one of so many /spin at most: a machine that is busy may take the
 * address's time before its first. */
static void
waits_for_one(const char *of, size_t spins)
{
	const char *other = strchr(order, 'o');

	ok(other && other - order <= 1 && strlen(order) == spins + 1,
	    "another address waits for one %s: %s", of, order);
}

/* Four are ready at once, three of them one address's: it has its time in a turn of the
 * loop, and then the other has his. */
static void
turns(void)
{
	int fd[CONNECTIONS], first, other, i;

	usleep(200000);
	for (i = 0; i < CONNECTIONS; i++) {
		fd[i] = from(20);
		is_int(get(fd[i], "waiting"), 200, "one of three");
	}
	other = from(21);
	is_int(get(other, "waiting"), 200, "another address's");
	first = from(22);
	ask(first, "block");
	while (!blocked)
		usleep(1000);
	for (i = 0; i < CONNECTIONS; i++)
		ask(fd[i], "spin");
	ask(other, "other");
	go = true;
	for (i = 0; i < CONNECTIONS; i++)
		is_int(status(fd[i], NULL), 200, "served");
	is_int(status(other, NULL), 200, "served too");
	waits_for_one("of three connections", 3);
	for (i = 0; i < CONNECTIONS; i++)
		close(fd[i]);
	close(other);
	close(first);
}

/* While the loop is held up, somebody says all of it on one connection, and then another
 * address asks for /other.  Until `want` have been served, whose order is known then. */
static void
held_up(const void *all, size_t n, size_t want)
{
	int other = from(21), first = from(22), fd = from(23);

	is_int(get(other, "waiting"), 200, "another address's");
	*order = blocked = go = false;
	ask(first, "block");
	while (!blocked)
		usleep(1000);
	must(send(fd, all, n, MSG_NOSIGNAL) == (ssize_t)n);
	usleep(100000);	/* the order of the packets is that of the events */
	ask(other, "other");
	usleep(100000);
	go = true;
	is_int(status(other, NULL), 200, "is served");
	is_int(status(first, NULL), 200, "and who held it up");
	for (int i = 0; strlen(order) < want && i < 10000; i++)
		must(get(other, "waiting") == 200);
	for (int i = 0; i < 5; i++)
		is_int(get(other, "waiting"), 200, "and no more");
	close(fd);
	close(other);
	close(first);
}

/* One connection has no more of a turn than many. */
static void
pipelined(void)
{
	static const char one[] = "GET /spin HTTP/1.1\r\nHost: x\r\n\r\n";
	char all[sizeof one * 3] = "";

	for (int i = 0; i < 3; i++)
		strcat(all, one);
	held_up(all, strlen(all), 4);
	waits_for_one("of three pipelined requests", 3);
}

/* HTTP/2: GET /spin three times, at once, of which the second is reset. */
static void
streams(void)
{
	static const uint8_t preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	    "\0\0\0\4\0\0\0\0\0";
	/* :method GET, :scheme http, :path, :authority x */
	static const uint8_t fields[] = "\x82\x86\x04\5/spin\x01\1x";
	static const size_t k = sizeof fields - 1;
	uint8_t all[300];
	size_t n = sizeof preface - 1;

	memcpy(all, preface, n);
	for (uint8_t stream = 1; stream <= 5; stream += 2) {
		memcpy(all + n, (uint8_t[9]){ 0, 0, (uint8_t)k, 1, 5, 0, 0, 0,
		    stream }, 9);
		memcpy(all + n + 9, fields, k);
		n += 9 + k;
		if (stream == 3) {
			memcpy(all + n, "\0\0\4\3\0\0\0\0\3\0\0\0\x8", 13);
			n += 13;
		}
	}
	held_up(all, n, 3);
	waits_for_one("of two streams, and nobody for one that is reset", 2);
}

static int64_t
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Without descriptors nobody is let in, and nothing turns about it. */
static void
descriptors(void)
{
	struct rlimit before, none;
	int fd, low, n = 0, filler[64];
	int64_t used;

	usleep(200000);
	must(getrlimit(RLIMIT_NOFILE, &before) == 0);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	/* No number is free below fd then. */
	while ((low = dup(fd)) >= 0 && low < fd && n < 64)
		filler[n++] = low;
	none = (struct rlimit){ (rlim_t)fd + 1, before.rlim_max };
	close(low);
	must(setrlimit(RLIMIT_NOFILE, &none) == 0);
	must(connect(fd, (struct sockaddr *)&(struct sockaddr_in){
	    .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)server_port(server, 0)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
	    sizeof(struct sockaddr_in)) == 0);
	used = cpu_ms();
	usleep(800000);
	used = cpu_ms() - used;
	ok(used < 200, "%d ms of processor time without descriptors",
	    (int)used);
	must(setrlimit(RLIMIT_NOFILE, &before) == 0);
	is_int(get(fd, "waiting"), 200, "and who waited is served");
	close(fd);
	while (n > 0)
		close(filler[--n]);
}

static void
stop(void *arg)
{
	server_stop(server);
}

int
main(void)
{
	static const struct server_ops ops = { .on_request = call,
		.on_greedy = greedy, .on_full = full };
	char where[80];
	pthread_t thread;
	struct loop_task ending;
	struct err e;

	must(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/s", dir);
	snprintf(where, sizeof where, "unix:%s", path);
	alarm(600);
	loop = loop_new(&e);
	must(loop);
	server = server_new(loop, &ops, NULL);
	must(server);
	server_limits(server, CONNECTIONS, REQUESTS, TOTAL);
	if (server_listen(server, "127.0.0.1:0", NULL, 0, &e) < 0 ||
	    server_listen(server, where, NULL, 1, &e) < 0)
		die_err(&e);
	must(pthread_create(&thread, NULL, serve, NULL) == 0);
	connections();
	requests();
	gone();
	idle();
	turns();
	pipelined();
	streams();
	descriptors();
	loop_post(loop, &ending, stop, NULL);
	pthread_join(thread, NULL);
	server_free(server);
	loop_free(loop);
	rmdir(dir);
	ok(told > 0, "the handler is told of it");
	ok(told_full > 0, "and that all were in use");
	return done_testing();
}
