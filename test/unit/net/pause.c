/*
 * A body that is paused: its peer is kept back, others on the same connection are not, and
 * what was paused comes whole.
 */
#include "net/server.h"

#include <arpa/inet.h>
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "test/lib/tap.h"

#define BIG (8 << 20)
#define PAUSE_MS 300

static struct loop *loop;
static struct server *server;
static struct request *paused;
static struct loop_task task;
static uint8_t *bytes;
static atomic_size_t got, before, during;
static atomic_bool differ;

static void
on_time(void *arg)
{
	during = got;
	request_resume(paused);
}

static int
on_piece(struct request *r, const void *p, size_t n, void *arg)
{
	if (got + n > BIG || memcmp(bytes + got, p, n) != 0)
		differ = true;
	got += n;
	if (got > BIG / 2 && !before) {
		before = got;
		paused = r;
		request_pause(r);
		loop_timer(loop, &task, PAUSE_MS, on_time, NULL);
	}
	return 0;
}

static void
on_head(struct request *r, void *arg)
{
	if (strcmp(r->method, "PUT") == 0)
		request_sink(r, BIG, on_piece, NULL);
}

static void
on_request(struct request *r, void *arg)
{
	char text[32];

	snprintf(text, sizeof text, "%zu", (size_t)got);
	answer_text(r, 200, text);
}

static void *
serve(void *arg)
{
	struct err e;

	if (loop_run(loop, &e) < 0)
		die_err(&e);
	return NULL;
}

static void
begin(void)
{
	got = before = during = 0;
	differ = false;
}

static void
came(const char *name, size_t most)
{
	is_int(got, BIG, "%s: it comes whole", name);
	ok(!differ, "byte for byte");
	ok(before && during - before <= most, "%zu bytes come in the pause",
	    (size_t)(during - before));
}

static void
h1(void)
{
	struct rpc_options o = { .retry_s = -1 };
	char url[64];
	struct err e;
	struct rpc *r;

	begin();
	snprintf(url, sizeof url, "http://127.0.0.1:%d", server_port(server, 0));
	r = rpc_new(url, &o, &e);
	if (!r || rpc_put(r, "/x", bytes, BIG, NULL, &e) < 0)
		die_err(&e);
	rpc_free(r);
	came("HTTP/1.1", 0);
}

/* An HTTP/2 client of two streams. */
struct client {
	size_t sent;
	int32_t small;
	char text[2][32];	/* what is answered to them */
};

static ssize_t
on_read(nghttp2_session *h2, int32_t stream, uint8_t *p, size_t room,
    uint32_t *flags, nghttp2_data_source *source, void *arg)
{
	struct client *c = arg;
	size_t n = BIG - c->sent < room ? BIG - c->sent : room;

	memcpy(p, bytes + c->sent, n);
	c->sent += n;
	if (c->sent == BIG)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)n;
}

static int
on_data(nghttp2_session *h2, uint8_t flags, int32_t stream, const uint8_t *p,
    size_t n, void *arg)
{
	struct client *c = arg;

	snprintf(c->text[stream == c->small], 32, "%.*s", (int)n, p);
	return 0;
}

static int32_t
ask(nghttp2_session *h2, const char *method, const nghttp2_data_provider *body)
{
#define NV(name, value) { (uint8_t *)(name), (uint8_t *)(value), strlen(name), \
	strlen(value), NGHTTP2_NV_FLAG_NONE }
	const nghttp2_nv head[] = { NV(":method", method), NV(":path", "/x"),
		NV(":scheme", "http"), NV(":authority", "x") };

	return nghttp2_submit_request(h2, NULL, head, 4, body, NULL);
}

/* Sends what can be sent, and takes what comes soon. */
static void
turn(nghttp2_session *h2, int fd)
{
	struct pollfd w = { fd, POLLIN | (nghttp2_session_want_write(h2) ?
	    POLLOUT : 0), 0 };
	uint8_t in[16384];
	const uint8_t *p;
	ssize_t n;

	must(poll(&w, 1, 10) >= 0);
	if (w.revents & POLLOUT) {
		n = nghttp2_session_mem_send(h2, &p);
		for (ssize_t at = 0, k; at < n; at += k)
			must((k = send(fd, p + at, (size_t)(n - at), 0)) > 0);
	}
	if (w.revents & POLLIN) {
		n = recv(fd, in, sizeof in, 0);
		must(n > 0 && nghttp2_session_mem_recv(h2, in, (size_t)n) == n);
	}
}

static void
h2(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)server_port(server, 0)) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	nghttp2_data_provider body = { .read_callback = on_read };
	nghttp2_session_callbacks *cb;
	nghttp2_session *s;
	struct client c = { 0 };

	begin();
	must(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
	must(nghttp2_session_callbacks_new(&cb) == 0);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
	must(nghttp2_session_client_new(&s, cb, &c) == 0);
	nghttp2_submit_settings(s, NGHTTP2_FLAG_NONE, NULL, 0);
	must(ask(s, "PUT", &body) > 0);
	while (!before)
		turn(s, fd);
	c.small = ask(s, "GET", NULL);
	while (!c.text[0][0])
		turn(s, fd);
	came("HTTP/2", NET_WINDOW);
	ok(c.text[1][0] && atoi(c.text[1]) < BIG,
	    "another stream is answered meanwhile");
	nghttp2_session_del(s);
	nghttp2_session_callbacks_del(cb);
	close(fd);
}

static void
stop(void *arg)
{
	server_stop(server);
}

int
main(void)
{
	static const struct server_ops ops = { .on_head = on_head,
		.on_request = on_request };
	pthread_t thread;
	struct loop_task ending;
	struct err e;

	alarm(600);
	bytes = malloc(BIG);
	must(bytes);
	for (size_t i = 0; i < BIG; i++)
		bytes[i] = (uint8_t)(i * 131 >> 3);
	loop = loop_new(&e);
	must(loop);
	server = server_new(loop, &ops, NULL);
	must(server);
	if (server_listen(server, "127.0.0.1:0", NULL, 0, &e) < 0)
		die_err(&e);
	must(pthread_create(&thread, NULL, serve, NULL) == 0);
	h1();
	h2();
	loop_post(loop, &ending, stop, NULL);
	pthread_join(thread, NULL);
	server_free(server);
	loop_free(loop);
	free(bytes);
	return done_testing();
}
