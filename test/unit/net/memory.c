/*
 * A server whose memory is out at any place goes on: what it was doing then is refused or
 * cut short, and the next request is served.
 *
 * malloc() and its like are replaced.  A turn of the test lets the server's thread have
 * `left` more allocations; the one after that fails, or it and all that follow.
 */
#include "net/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "test/lib/tap.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
int
main(void)
{
	printf("1..0 # SKIP the sanitizer has the allocator\n");
	return 0;
}
#else

/* For the shared libraries too. */
#define shown __attribute__((visibility("default")))

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static _Thread_local bool bounded;	/* is this the server's thread? */
static atomic_int left = -1;		/* -1: there is memory */
static atomic_bool for_good;
static atomic_int refused;

static bool
is_out(void)
{
	if (!bounded || left < 0)
		return false;
	if (left > 0) {
		left--;
		return false;
	}
	if (!for_good)
		left = -1;
	refused++;
	errno = ENOMEM;
	return true;
}

shown void *
malloc(size_t n)
{
	return is_out() ? NULL : __libc_malloc(n);
}

shown void *
calloc(size_t n, size_t size)
{
	return is_out() ? NULL : __libc_calloc(n, size);
}

shown void *
realloc(void *p, size_t n)
{
	return is_out() ? NULL : __libc_realloc(p, n);
}

static struct loop *loop;
static int port;

static void
on_request(struct request *r, void *arg)
{
	char large[5000];

	memset(large, 'x', sizeof large);
	if (r->grpc && strcmp(r->path, "/t.T/No") == 0)
		answer_grpc(r, GRPC_NOT_FOUND, "there is none", NULL, 0);
	else if (r->grpc)
		answer_grpc(r, GRPC_OK, NULL, large, sizeof large);
	else if (strcmp(r->path, "/out") == 0) {
		/* From here to the end of the answer. */
		for_good = true;
		left = 0;
		answer(r, 200, NULL, large, sizeof large);
	} else
		answer(r, 200, NULL, large, sizeof large);
}

static void
stop(void *arg)
{
	loop_stop(loop);
}

static void *
serve(void *arg)
{
	struct err e;

	bounded = true;
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	bounded = false;
	return NULL;
}

/* One GET over a connection of its own; the status, or 0 when it was closed. */
static int
get(const char *path, char *body, size_t size)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char text[8192];
	int fd = socket(AF_INET, SOCK_STREAM, 0), status = 0;
	size_t n = 0;
	ssize_t k;

	must(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
	n = (size_t)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n"
	    "Host: here\r\nConnection: close\r\n\r\n", path);
	if (send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n) {
		n = 0;
		while (n < sizeof text - 1 &&
		    (k = recv(fd, text + n, sizeof text - 1 - n, 0)) > 0)
			n += (size_t)k;
		text[n] = 0;
		if (sscanf(text, "HTTP/1.1 %3d", &status) != 1)
			status = 0;
	}
	close(fd);
	if (body)
		snprintf(body, size, "%s", strstr(text, "\r\n\r\n") ?
		    strstr(text, "\r\n\r\n") + 4 : "");
	return status;
}

/* A call over a connection of its own; its status. */
static int
call(const char *path)
{
	struct rpc_options o = { .retry_s = -1, .timeout_s = 20 };
	struct rpc_reply reply = { .status = GRPC_NONE };
	char url[64];
	struct rpc *r;
	struct err e;
	int status;

	snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
	r = rpc_new(url, &o, &e);
	must(r != NULL);
	status = rpc_call_once(r, path, "abc", 3, NULL, &reply, &e) == 0 ?
	    GRPC_OK : reply.status;
	rpc_free(r);
	return status;
}

#define PLACES 400

static int
ask(int kind)
{
	return kind == 0 ? get("/", NULL, 0) : call(kind == 1 ? "/t.T/Yes" :
	    "/t.T/No");
}

/* Memory is out at every place in turn, until the request needs no more. */
static void
every_place(int kind, bool good, int want, const char *what)
{
	int k, served = 0, others = 0, first = -1;

	for (k = 0; k < PLACES; k++) {
		int before = refused, status;

		for_good = good;
		left = k;
		status = ask(kind);
		left = -1;
		if (refused == before)
			break;
		if (ask(kind) == want)
			served++;
		else if (first < 0)
			first = k;
		if (status != want)
			others++;
	}
	ok(k > 3 && k < PLACES, "%s: memory was out at %d places%s", what, k,
	    good ? ", for good" : "");
	ok(served == k, "served after each of them (first not: %d)", first);
	ok(others > 0, "it was noticed %d times", others);
}

int
main(void)
{
	struct server_ops ops = { .on_request = on_request };
	struct loop_task ending;
	struct server *server;
	pthread_t thread;
	char body[64];
	struct err e;

	alarm(600);
	loop = loop_new(&e);
	must(loop != NULL);
	server = server_new(loop, &ops, NULL);
	must(server != NULL);
	if (server_listen(server, "127.0.0.1:0", NULL, 0, &e) < 0)
		die_err(&e);
	port = server_port(server, 0);
	must(pthread_create(&thread, NULL, serve, NULL) == 0);
	is_int(get("/", NULL, 0), 200, "there is a server");
	is_int(call("/t.T/Yes"), GRPC_OK, "which speaks gRPC too");
	is_int(get("/out", body, sizeof body), 503, "no memory for an answer");
	left = -1;
	is_str(body, "out of memory\n", "which is told from static bytes");
	for (int good = 0; good < 2; good++) {
		every_place(0, good, 200, "a GET");
		every_place(1, good, GRPC_OK, "a call");
		every_place(2, good, GRPC_NOT_FOUND, "a refused call");
	}
	loop_post(loop, &ending, stop, NULL);
	pthread_join(thread, NULL);
	server_free(server);
	loop_free(loop);
	return done_testing();
}
#endif
