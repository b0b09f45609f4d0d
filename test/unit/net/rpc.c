/*
 * The server, and our client against it: in the clear, over TLS and over a unix
 * socket; then curl and nghttp, and peers that misbehave.
 */
#include "base/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/server.h"
#include "rpc/rpc.h"
#include "test/lib/selfsigned.h"
#include "test/lib/tap.h"

#define BIG (20 << 20)

static char dir[] = "/tmp/net_rpc.XXXXXX";
static int clear_port, tls_port;
static char clear_url[64], tls_url[64], unix_url[128], cert[64], key[64];

/* The server's side, in a child. */

struct stored {
	char name[64];
	uint8_t *p;
	size_t n;
};
static struct stored store[8];
static int flaky, aborted;
static struct loop *loop;

static struct stored *
find(const char *name)
{
	for (int i = 0; i < 8; i++)
		if (strcmp(store[i].name, name) == 0)
			return &store[i];
	return NULL;
}

static int
sink(struct request *r, const void *p, size_t n, void *arg)
{
	struct stored *s = r->user;

	if (s->n + n > BIG)
		return 413;
	memcpy(s->p + s->n, p, n);
	s->n += n;
	return 0;
}

static void
head(struct request *r, void *arg)
{
	if (strcmp(r->method, "PUT") == 0 && strcmp(r->path, "/refused") == 0) {
		answer_text(r, 401, "no such upload");
	} else if (strcmp(r->method, "PUT") == 0) {
		struct stored *s = find(r->path);

		for (int i = 0; !s && i < 8; i++)
			if (!store[i].name[0])
				s = &store[i];
		must(s);
		snprintf(s->name, sizeof s->name, "%s", r->path);
		free(s->p);
		s->p = malloc(BIG);
		s->n = 0;
		r->user = s;
		request_sink(r, BIG, sink, NULL);
	} else if (strcmp(r->path, "/t.T/Large") == 0) {
		request_memory(r, BIG);
	}
}

static void
answer_now(void *arg)
{
	struct request *r = arg;

	free(r->user);
	answer_grpc(r, GRPC_OK, NULL, "late", 4);
}

static void
call(struct request *r, void *arg)
{
	char text[64];

	if (r->grpc && strcmp(r->path, "/t.T/Echo") == 0) {
		answer_grpc(r, GRPC_OK, NULL, r->body, r->body_len);
	} else if (r->grpc && strcmp(r->path, "/t.T/Large") == 0) {
		snprintf(text, sizeof text, "%zu", r->body_len);
		answer_grpc(r, GRPC_OK, NULL, text, strlen(text));
	} else if (r->grpc && strcmp(r->path, "/t.T/Late") == 0) {
		r->user = calloc(1, sizeof(struct loop_task));
		loop_timer(loop, r->user, 200, answer_now, r);
	} else if (r->grpc && strcmp(r->path, "/t.T/Flaky") == 0 &&
	    flaky++ == 0) {
		answer_grpc(r, GRPC_UNAVAILABLE, "not yet", NULL, 0);
	} else if (r->grpc && strcmp(r->path, "/t.T/Flaky") == 0) {
		answer_grpc(r, GRPC_OK, NULL, NULL, 0);
	} else if (r->grpc && strcmp(r->path, "/t.T/Denied") == 0) {
		answer_grpc(r, GRPC_PERMISSION_DENIED,
		    "n\xc3\xb6, 100% no\n", NULL, 0);
	} else if (r->grpc && strcmp(r->path, "/t.T/Auth") == 0) {
		const char *a = request_header(r, "authorization");

		answer_grpc(r, GRPC_OK, NULL, a ? a : "", a ? strlen(a) : 0);
	} else if (r->grpc) {
		answer_grpc(r, GRPC_UNIMPLEMENTED, "no such call", NULL, 0);
	} else if (strcmp(r->method, "PUT") == 0) {
		answer(r, 200, NULL, NULL, 0);
	} else if (strcmp(r->path, "/aborted") == 0) {
		snprintf(text, sizeof text, "%d", aborted);
		answer_text(r, 200, text);
	} else if (strcmp(r->path, "/file") == 0) {
		int fd = open(cert, O_RDONLY | O_CLOEXEC);

		answer_fd(r, 200, "text/plain", fd, lseek(fd, 0, SEEK_END));
	} else {
		struct stored *s = find(r->path);

		if (s)
			answer(r, 200, NULL, s->p, s->n);
		else
			answer_text(r, 404, "nothing here");
	}
}

static void
on_abort(struct request *r, void *arg)
{
	aborted++;
}

static void
serve(int ready)
{
	const struct server_ops ops = { .on_head = head, .on_request = call,
		.on_abort = on_abort };
	struct server_tls tls = { cert, key };
	struct server *s;
	struct err e;
	int ports[2];

	loop = loop_new(&e);
	s = loop ? server_new(loop, &ops, NULL) : NULL;
	if (!s || server_listen(s, "127.0.0.1:0", NULL, 1, &e) < 0 ||
	    server_listen(s, "127.0.0.1:0", &tls, 2, &e) < 0 ||
	    server_listen(s, unix_url, NULL, 3, &e) < 0)
		die_err(&e);
	ports[0] = server_port(s, 0);
	ports[1] = server_port(s, 1);
	loop_on_signal(loop, (void (*)(void *))server_stop, s);
	if (write(ready, ports, sizeof ports) != sizeof ports)
		die(EX_OSERR, "cannot write:");
	close(ready);
	if (loop_run(loop, &e) < 0)
		die_err(&e);
	server_free(s);
	loop_free(loop);
	for (int i = 0; i < 8; i++)
		free(store[i].p);
	exit(0);
}

static pid_t
start(void)
{
	int fd[2], ports[2];
	pid_t pid;

	must(pipe(fd) == 0);
	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		close(fd[0]);
		serve(fd[1]);
	}
	close(fd[1]);
	if (read(fd[0], ports, sizeof ports) != sizeof ports)
		die(EX_OSERR, "the server does not start");
	close(fd[0]);
	clear_port = ports[0];
	tls_port = ports[1];
	sprintf(clear_url, "http://127.0.0.1:%d", clear_port);
	sprintf(tls_url, "https://localhost:%d", tls_port);
	return pid;
}

/* The client's side. */

static void
with_client(const char *url)
{
	struct rpc_options o = { .ca_file = cert, .bearer = "t0ken",
		.max_reply = 6 << 20, .retry_s = 10 };
	struct rpc *r;
	struct rpc_reply reply;
	struct err e = { 0 };
	uint8_t *big = malloc(BIG), *got;
	size_t n;
	int status;

	must(big);
	for (size_t i = 0; i < BIG; i++)
		big[i] = i * 2654435761u >> 24;
	r = rpc_new(url, &o, &e);
	must(r);
	if (!ok(rpc_call(r, "/t.T/Echo", "hello", 5, &reply, &e) == 0 &&
	    reply.n == 5 && memcmp(reply.p, "hello", 5) == 0, "%s: echo", url))
		diag("%s", e.msg);
	ok(rpc_call(r, "/t.T/Echo", "", 0, &reply, &e) == 0 && reply.n == 0,
	    "an empty message");
	ok(rpc_call(r, "/t.T/Echo", big, 4 << 20, &reply, &e) == 0 &&
	    reply.n == 4 << 20 && memcmp(reply.p, big, reply.n) == 0, "4 MiB");
	ok(rpc_call(r, "/t.T/Echo", big, (4 << 20) + 1, &reply, &e) < 0 &&
	    reply.status == GRPC_RESOURCE_EXHAUSTED, "4 MiB + 1 refused: %s",
	    e.msg);
	ok(rpc_call(r, "/t.T/Large", big, 19 << 20, &reply, &e) == 0 &&
	    reply.n == 8 && memcmp(reply.p, "19922944", 8) == 0,
	    "19 MiB where the handler takes them");
	ok(rpc_call(r, "/t.T/Late", "", 0, &reply, &e) == 0 && reply.n == 4,
	    "an answer that comes later");
	ok(rpc_call(r, "/t.T/Flaky", "", 0, &reply, &e) == 0 && reply.n == 0,
	    "Unavailable is tried again");
	ok(rpc_call(r, "/t.T/Denied", "", 0, &reply, &e) < 0 &&
	    reply.status == GRPC_PERMISSION_DENIED && e.status == EX_NOPERM,
	    "denied: %s", e.msg);
	is_str(reply.text, "n\xc3\xb6, 100% no?", "its words");
	ok(rpc_call(r, "/t.T/None", "", 0, &reply, &e) < 0 &&
	    reply.status == GRPC_UNIMPLEMENTED && e.status == EX_PROTOCOL,
	    "unimplemented");
	ok(rpc_call(r, "/t.T/Auth", "", 0, &reply, &e) == 0 &&
	    reply.n == 12 && memcmp(reply.p, "Bearer t0ken", 12) == 0,
	    "bearer token");
	ok(rpc_put(r, "/a", big, BIG, &status, &e) == 0 && status == 200,
	    "PUT of 20 MiB");
	ok(rpc_get(r, "/a", BIG, &got, &n, &status, &e) == 0 && n == BIG &&
	    memcmp(got, big, n) == 0, "and back");
	free(got);
	ok(rpc_get(r, "/a", BIG - 1, &got, &n, &status, &e) < 0 &&
	    e.status == EX_DATAERR, "too long to get: %s", e.msg);
	ok(rpc_put(r, "/b", "", 0, &status, &e) == 0 &&
	    rpc_get(r, "/b", 10, &got, &n, &status, &e) == 0 && n == 0,
	    "nothing, there and back");
	free(got);
	ok(rpc_get(r, "/none", 10, &got, &n, &status, &e) < 0 && status == 404 &&
	    e.status == EX_NOINPUT, "404: %s", e.msg);
	ok(rpc_put(r, "/refused", big, 5 << 20, &status, &e) < 0 &&
	    status == 401 && e.status == EX_DATAERR, "401 in mid-body: %s", e.msg);
	ok(rpc_get(r, "/file", 1 << 20, &got, &n, &status, &e) == 0 &&
	    n > 100 && memcmp(got, "-----BEGIN", 10) == 0, "a file");
	free(got);
	rpc_free(r);
	free(big);
}

/* libcurl resets the stream of an answer that is a refusal: no reset of something at work. */
static void
refused_often(const char *url)
{
	struct rpc_options o = { .ca_file = cert, .retry_s = -1 };
	struct many refused = { 0 };
	struct rpc_reply reply;
	struct err e;
	struct rpc *r = rpc_new(url, &o, &e);

	must(r);
	for (int i = 0; i < NET_RESETS + 50; i++)
		note(&refused, rpc_call_once(r, "/t.T/Denied", "", 0, NULL, &reply,
		    &e) < 0 && reply.status == GRPC_PERMISSION_DENIED,
		    "call %d: %s", i, e.msg);
	all_held(&refused, "%zu refusals on a connection", refused.n);
	rpc_free(r);
}

static void
unreachable(void)
{
	struct rpc_options o = { .retry_s = -1 };
	struct rpc_reply reply;
	struct err e;
	struct rpc *r;

	ok(rpc_new("ftp://x", &o, &e) == NULL && e.status == EX_USAGE, "ftp://");
	ok(rpc_new("https://", &o, &e) == NULL, "no host");
	r = rpc_new("http://127.0.0.1:1", &o, &e);
	ok(rpc_call(r, "/t.T/Echo", "", 0, &reply, &e) < 0 &&
	    reply.status == -1 && e.status == EX_TEMPFAIL, "nobody there: %s",
	    e.msg);
	rpc_free(r);
	r = rpc_new(tls_url, &o, &e);
	ok(rpc_call(r, "/t.T/Echo", "", 0, &reply, &e) < 0 &&
	    e.status == EX_NOPERM, "a certificate of nobody known: %s", e.msg);
	rpc_free(r);
	o.bearer = "two words";
	ok(rpc_new(tls_url, &o, &e) == NULL && e.status == EX_CONFIG,
	    "a token with a blank");
}

/* Sends text and gives what comes back until the server closes, or one second. */
static const char *
raw(const char *text, size_t n)
{
	static char got[70000];
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(clear_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval minute = { 60, 0 };
	size_t len = 0;
	ssize_t k;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
	(void)!send(fd, text, n, MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (len < sizeof got - 1 &&
	    (k = recv(fd, got + len, sizeof got - 1 - len, 0)) > 0)
		len += k;
	got[len] = '\0';
	close(fd);
	return got;
}

static int
status_of(const char *text)
{
	const char *got = raw(text, strlen(text));
	int status = 0;

	sscanf(got, "HTTP/1.1 %d", &status);
	return status;
}

#define HOST "Host: x\r\n"

/* How many bodies ended early; -1: no answer. */
static int
count_aborted(void)
{
	const char *got = strstr(raw("GET /aborted HTTP/1.1\r\n" HOST "\r\n", 34),
	    "\r\n\r\n");

	return got ? atoi(got + 4) : -1;
}

static void
hostile(void)
{
	static char big[100000];
	const char *got;
	int before;

	is_int(status_of("GET /none HTTP/1.1\r\n" HOST "\r\n"), 404, "plain GET");
	is_int(status_of("GET /none HTTP/1.1\r\n\r\n"), 400, "no host");
	is_int(status_of("GET /none HTTP/1.1\r\n" HOST HOST "\r\n"), 400,
	    "two hosts");
	is_int(status_of("GET http://x/ HTTP/1.1\r\n" HOST "\r\n"), 400,
	    "absolute form");
	is_int(status_of("GET /a b HTTP/1.1\r\n" HOST "\r\n"), 400, "a blank");
	is_int(status_of("GET / HTTP/2.0\r\n" HOST "\r\n"), 400, "HTTP/2.0");
	is_int(status_of("GET / HTTP/1.1\n" HOST "\r\n\r\n"), 400, "a bare LF");
	is_int(status_of("PUT /x HTTP/1.1\r\n" HOST "\r\n"), 411, "no length");
	is_int(status_of("PUT /x HTTP/1.1\r\n" HOST
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 501, "chunks");
	is_int(status_of("PUT /x HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
	    "Content-Length: 1\r\n\r\nx"), 400, "two lengths");
	is_int(status_of("PUT /x HTTP/1.1\r\n" HOST
	    "Content-Length: +1\r\n\r\nx"), 400, "a length with a sign");
	is_int(status_of("PUT /x HTTP/1.1\r\n" HOST
	    "Content-Length: 99999999999999999999\r\n\r\nx"), 400, "too many");
	is_int(status_of("PUT /x HTTP/1.1\r\n" HOST
	    "Content-Length: 21000000\r\n\r\nx"), 413, "too long a body");
	is_int(status_of("GET /x HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"),
	    400, "a body on GET");
	is_int(status_of("GET /x HTTP/1.1\r\n" HOST " folded: 1\r\n\r\n"), 400,
	    "a folded line");
	is_int(status_of("GET /x HTTP/1.1\r\n" HOST "a : 1\r\n\r\n"), 400,
	    "a blank before the colon");
	is_int(status_of("POST /t.T/Echo HTTP/1.1\r\n" HOST "Content-Type: "
	    "application/grpc\r\nContent-Length: 5\r\n\r\n12345"), 415,
	    "gRPC over HTTP/1.1");
	memset(big, 'a', sizeof big - 1);
	memcpy(big, "GET /", 5);
	is_int(status_of(big), 431, "a line without end");
	memcpy(big, "PUT /y HTTP/1.1\r\n" HOST "Content-Length: 50\r\n\r\n", 48);
	big[48 + 50] = '\0';
	is_int(status_of(big), 200, "PUT");
	got = raw("GET /y HTTP/1.1\r\nHost: x\r\n\r\n"
	    "GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 79);
	ok(strncmp(got, "HTTP/1.1 200", 12) == 0 && strstr(got, "404 Not Found")
	    && strstr(got, "connection: close"), "two requests at once");
	ok(strstr(raw("HEAD /y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	    48), "content-length: 50\r\n") != NULL, "HEAD");
	before = count_aborted();
	raw("PUT /z HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort",
	    54);
	for (int i = 0; i < 1000 && count_aborted() == before; i++)
		usleep(10000);
	is_int(count_aborted(), before + 1,
	    "the handler learns of a body that ends early");
	/* HTTP/2: a preface, then nonsense. */
	got = raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\x04\xff\0\0\0\1"
	    "nonsense", 41);
	ok(strlen(got) < 1000, "nonsense after the preface ends the connection");
	raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
	raw("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 24);
	raw("", 0);
	raw("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
	is_int(status_of("GET /none HTTP/1.1\r\n" HOST "\r\n"), 404,
	    "the server lives");
}

static int
run(const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int r;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	fflush(stdout);
	r = system(line);
	return WIFEXITED(r) ? WEXITSTATUS(r) : -1;
}

static void
others(void)
{
	if (run("command -v curl >/dev/null 2>&1")) {
		tap_skip("no curl");
	} else {
		run("head -c 3000000 /dev/urandom > %s/in", dir);
		ok(run("curl -sSf --max-time 100 --cacert %s -T %s/in %s/curl && "
		    "curl -sSf --max-time 100 --cacert %s %s/curl | "
		    "cmp - %s/in", cert, dir, tls_url, cert, tls_url, dir) == 0,
		    "curl over TLS and HTTP/2");
		ok(run("curl -sSf --http1.1 --max-time 100 --cacert %s -T %s/in "
		    "%s/curl && curl -sSf --http1.1 --max-time 100 --cacert %s "
		    "%s/curl | cmp - %s/in", cert, dir, tls_url, cert, tls_url,
		    dir) == 0, "curl over HTTP/1.1, expecting 100-continue");
		ok(run("curl -s --http2-prior-knowledge --max-time 100 -o "
		    "/dev/null -w '%%{http_code}' %s/none | grep -qx 404",
		    clear_url) == 0, "curl in the clear");
		ok(run("curl -s --unix-socket %s --max-time 100 http://x/none | "
		    "grep -q 'nothing here'", unix_url + 5) == 0,
		    "curl over the unix socket");
	}
	if (run("command -v nghttp >/dev/null 2>&1")) {
		tap_skip("no nghttp");
		return;
	}
	ok(run("nghttp -m 50 %s/file 2>/dev/null | grep -c BEGIN | grep -qx 50",
	    clear_url) == 0, "nghttp, 50 streams at once");
	ok(run("nghttp --no-verify-peer %s/none 2>/dev/null | grep -q nothing",
	    tls_url) == 0, "nghttp over TLS");
	if (run("command -v h2load >/dev/null 2>&1") == 0)
		ok(run("h2load -n 3000 -c 20 -m 10 %s/file 2>/dev/null | "
		    "grep -q '3000 succeeded, 0 failed'", clear_url) == 0,
		    "h2load, 3000 requests over 20 connections");
}

int
main(void)
{
	struct rpc_options o = { .retry_s = -1 };
	struct rpc_reply reply;
	struct err e;
	struct rpc *r;
	int status;
	pid_t pid;

	must(mkdtemp(dir));
	snprintf(cert, sizeof cert, "%s/cert.pem", dir);
	snprintf(key, sizeof key, "%s/key.pem", dir);
	snprintf(unix_url, sizeof unix_url, "unix:%s/socket", dir);
	must(selfsigned(cert, key) == 0);
	alarm(600);
	pid = start();
	with_client(clear_url);
	with_client(tls_url);
	with_client(unix_url);
	refused_often(tls_url);
	unreachable();
	others();
	hostile();
	/* An idle connection does not keep the server. */
	r = rpc_new(clear_url, &o, &e);
	ok(rpc_call(r, "/t.T/Echo", "x", 1, &reply, &e) == 0, "a call");
	kill(pid, SIGTERM);
	must(waitpid(pid, &status, 0) == pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "ends on SIGTERM");
	ok(rpc_call(r, "/t.T/Echo", "x", 1, &reply, &e) < 0 &&
	    e.status == EX_TEMPFAIL, "and is gone: %s", e.msg);
	rpc_free(r);
	run("rm -rf %s", dir);
	return done_testing();
}
