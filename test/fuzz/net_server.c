/*
 * Any bytes as what a peer sends: HTTP/2 or HTTP/1.1, in pieces.  Whatever comes, the
 * server answers or closes, each request is answered or aborted exactly once, and
 * nothing is left.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static struct loop *loop;
static struct request *waiting[NET_STREAMS + 1];
static int heads, ends;

static int
sink(struct request *r, const void *p, size_t n, void *arg)
{
	return n > 0 && *(const uint8_t *)p == '!' ? 507 : 0;
}

static void
head(struct request *r, void *arg)
{
	heads++;
	if (strcmp(r->path, "/now") == 0) {
		ends++;
		answer_text(r, 403, "no");
	} else if (strcmp(r->path, "/memory") == 0) {
		request_memory(r, 1000);
	} else if (strcmp(r->method, "PUT") == 0) {
		request_sink(r, 5000, sink, NULL);
	}
}

static void
call(struct request *r, void *arg)
{
	ends++;
	if (strcmp(r->path, "/t.T/Later") == 0 || strcmp(r->path, "/later") == 0) {
		for (int i = 0; i <= NET_STREAMS; i++)
			if (!waiting[i]) {
				waiting[i] = r;
				return;
			}
	}
	if (r->grpc)
		answer_grpc(r, (int)(r->body_len % 17), "t\xc3\xa9xt", r->body,
		    r->body_len);
	else
		answer(r, 200, NULL, r->body, r->body_len);
}

static void
aborted(struct request *r, void *arg)
{
	ends++;
}

static void
answer_waiting(void)
{
	for (int i = 0; i <= NET_STREAMS; i++)
		if (waiting[i]) {
			struct request *r = waiting[i];

			waiting[i] = NULL;
			if (r->grpc)
				answer_grpc(r, GRPC_OK, NULL, NULL, 0);
			else
				answer_text(r, 200, "late");
		}
}

struct client {
	const uint8_t *p;
	size_t n;
	int fd, turns;
	struct server *s;
	struct loop_task turn;
};

/* A turn of the peer: a piece is sent, and what came is read. */
static void
turn(void *arg)
{
	struct client *p = arg;
	uint8_t trash[65536];
	size_t piece = p->turns == 0 ? 100 : 20000;
	ssize_t n;

	while (recv(p->fd, trash, sizeof trash, MSG_DONTWAIT) > 0)
		;
	if (p->n) {
		n = send(p->fd, p->p, p->n < piece ? p->n : piece,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0) {
			p->p += n;
			p->n -= (size_t)n;
		}
	} else if (p->turns % 4 == 3) {
		answer_waiting();
		shutdown(p->fd, SHUT_WR);
	}
	if (p->s->n_conns == 0 || ++p->turns > 60)
		loop_stop(loop);
	else
		loop_timer(loop, &p->turn, 0, turn, p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const struct server_ops ops = { .on_head = head, .on_request = call,
		.on_abort = aborted };
	struct listener l = { .tag = 7 };
	const struct address here = { { 0 } };
	struct client peer = { .p = in, .n = len, .fd = -1 };
	struct err e;
	int fd[2];

	heads = ends = 0;
	loop = loop_new(&e);
	must(loop != NULL);
	peer.s = l.s = server_new(loop, &ops, NULL);
	must(l.s != NULL);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0);
	peer.fd = fd[1];
	conn_accept(&l, fd[0], "fuzz", &here);
	loop_timer(loop, &peer.turn, 0, turn, &peer);
	must(loop_run(loop, &e) == 0);
	answer_waiting();
	close(fd[1]);
	server_free(l.s);
	loop_free(loop);
	must(heads == ends);
	return 0;
}
