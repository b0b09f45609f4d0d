/* What comes of a request, and who is told of it. */
#include "net/conn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct req *
req_new(struct conn *c)
{
	struct req *r = calloc(1, sizeof *r);

	/* Room for its answer, lest there be none then. */
	(void)conn_room(c);
	if (!r || !c->out) {
		free(r);
		return NULL;
	}
	r->s = c->s;
	r->c = c;
	r->fd = -1;
	r->grpc_status = -1;
	r->began = r->moved = clock_ms();
	r->pub.tag = c->tag;
	r->pub.content_length = UINT64_MAX;
	memcpy(r->peer, c->peer, sizeof r->peer);
	r->pub.peer = r->peer;
	r->address = c->address;
	r->of = c->of;
	peer_asks(r->of);
	r->next = c->open;
	if (r->next)
		r->next->prev = r;
	c->open = r;
	c->n_open++;
	return r;
}

static void
req_free(struct req *r)
{
	for (int i = 0; i < r->n_fields; i++) {
		free(r->fields[i].name);
		free(r->fields[i].value);
	}
	if (r->mem) {
		explicit_bzero(r->mem, r->mem_room);
		r->s->buffered -= r->mem_room;
		free(r->mem);
	}
	if (r->fd >= 0)
		close(r->fd);
	if (r->release)
		r->release(r->out);
	free(r->own_text);
	free(r->method);
	free(r->path);
	free(r->host);
	free(r);
}

static void
on_free(void *arg)
{
	req_free(arg);
}

/* Tells a handler that has seen the head, and not the whole, that it is over. */
static void
abort_once(struct req *r)
{
	if (r->head_seen && !r->called && !r->answered && r->s->ops.on_abort)
		r->s->ops.on_abort(&r->pub, r->s->arg);
}

/* Out of the list that begins at *first. */
static void
unlink_from(struct req **first, struct req *r)
{
	if (r->prev)
		r->prev->next = r->next;
	else
		*first = r->next;
	if (r->next)
		r->next->prev = r->prev;
	r->prev = r->next = NULL;
}

/* It does not count any more. */
static void
uncount(struct req *r)
{
	peer_answered(r->s, r->of);
	r->of = NULL;
}

/* It has lost its peer, and its work goes on: it still counts. */
static void
orphan(struct req *r)
{
	r->next = r->s->orphans;
	if (r->next)
		r->next->prev = r;
	r->s->orphans = r;
	if (r->s->ops.on_gone)
		r->s->ops.on_gone(&r->pub, r->s->arg);
}

void
req_detach(struct req *r)
{
	if (r->waits)
		peer_forgets(r);
	unlink_from(&r->c->open, r);
	r->c->n_open--;
	r->c = NULL;
	if (r->called && !r->answered) {
		orphan(r);	/* freed by its answer */
		return;
	}
	uncount(r);
	abort_once(r);
	/* A frame further up may be inside one of its callbacks. */
	loop_defer(r->s->loop, &r->end, on_free, r);
}

/* Decimal digits only, of a number that fits. */
static int
decimal(const char *s, uint64_t *out)
{
	uint64_t x = 0;

	if (!*s)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9' || x > (UINT64_MAX - 9) / 10)
			return -1;
		x = 10 * x + (*s - '0');
	}
	*out = x;
	return 0;
}

int
req_field(struct req *r, const char *name, size_t name_len, const char *value,
    size_t value_len)
{
	struct field *f;

	r->head_bytes += name_len + value_len + 32;	/* as HPACK counts */
	if (r->n_fields == NET_HEADERS || r->head_bytes > NET_HEAD ||
	    memchr(value, '\0', value_len))
		return -1;
	f = &r->fields[r->n_fields];
	f->name = strndup(name, name_len);
	f->value = strndup(value, value_len);
	r->n_fields++;
	if (!f->name || !f->value)
		return -1;
	if (strcmp(f->name, "content-length") == 0) {
		uint64_t n;

		if (decimal(f->value, &n) < 0 || (r->pub.content_length !=
		    UINT64_MAX && r->pub.content_length != n))
			return -1;
		r->pub.content_length = n;
	}
	return 0;
}

const char *
request_header(const struct request *pub, const char *name)
{
	const struct req *r = (const struct req *)pub;

	for (int i = 0; i < r->n_fields; i++)
		if (strcmp(r->fields[i].name, name) == 0)
			return r->fields[i].value;
	return NULL;
}

bool
request_alive(const struct request *pub)
{
	return ((const struct req *)pub)->c != NULL;
}

const struct address *
request_address(const struct request *pub)
{
	return &((const struct req *)pub)->address;
}

void
request_memory(struct request *pub, size_t cap)
{
	struct req *r = (struct req *)pub;

	r->to = BODY_MEMORY;
	r->cap = cap + (pub->grpc ? GRPC_FRAME : 0);
}

void
request_sink(struct request *pub, uint64_t cap,
    int (*on_piece)(struct request *r, const void *p, size_t n, void *arg),
    void *arg)
{
	struct req *r = (struct req *)pub;

	must(!pub->grpc);
	r->to = BODY_SINK;
	r->cap = cap;
	r->on_piece = on_piece;
	r->piece_arg = arg;
}

void
request_pause(struct request *pub)
{
	struct req *r = (struct req *)pub;

	if (!r->paused)
		r->paused = clock_ms();
}

void
request_resume(struct request *pub)
{
	struct req *r = (struct req *)pub;

	if (!r->paused)
		return;
	r->moved = clock_ms();
	r->began += r->moved - r->paused;
	r->paused = 0;
	if (r->c)
		r->c->proto->resume(r);
}

void
req_head(struct req *r)
{
	const char *type = request_header(&r->pub, "content-type");

	r->pub.method = r->method;
	r->pub.path = r->path;
	r->pub.host = r->host ? r->host : "";
	r->pub.grpc = type && strncmp(type, "application/grpc", 16) == 0 &&
	    (type[16] == '\0' || type[16] == '+' || type[16] == ';');
	if (r->pub.grpc && (!r->c->proto->grpc || strcmp(r->method, "POST") != 0)) {
		r->pub.grpc = false;
		req_refuse(r, 415, 0, "gRPC is POST over HTTP/2");
		return;
	}
	if (r->s->stopping) {
		req_refuse(r, 503, GRPC_UNAVAILABLE, "stopping");
		return;
	}
	if (peer_busy(r->s, r->of, r->peer)) {
		req_refuse(r, 504, GRPC_UNAVAILABLE, "too many requests of one "
		    "address");
		return;
	}
	r->to = BODY_NONE;
	if (r->pub.grpc)
		request_memory(&r->pub, NET_MESSAGE);
	r->head_seen = true;
	if (r->s->ops.on_head)
		r->s->ops.on_head(&r->pub, r->s->arg);
	if (!r->answered && r->pub.content_length != UINT64_MAX &&
	    r->pub.content_length > r->cap && r->pub.content_length > 0)
		req_refuse(r, r->to == BODY_NONE ? 400 : 413,
		    GRPC_RESOURCE_EXHAUSTED, r->to == BODY_NONE ?
		    "no body is wanted here" : "too large");
}

/* Room for n more bytes of body. */
static int
grow(struct req *r, size_t n)
{
	size_t want = r->got + n, room = r->mem_room ? r->mem_room : 1024;
	uint8_t *p;

	if (want <= r->mem_room)
		return 0;
	/* What is announced is taken at its word only up to a megabyte. */
	if (!r->mem && r->pub.content_length != UINT64_MAX &&
	    r->pub.content_length <= 1 << 20)
		room = r->pub.content_length + 1;
	while (room < want)
		room *= 2;
	if (room > r->cap && want <= r->cap)
		room = r->cap;
	/* For a moment it is there twice. */
	if (r->s->buffered - r->mem_room + room > NET_BUFFERED)
		return -1;
	p = malloc(room);
	if (!p)
		return -1;
	if (r->mem) {
		memcpy(p, r->mem, r->got);
		explicit_bzero(r->mem, r->mem_room);
		free(r->mem);
	}
	r->s->buffered += room - r->mem_room;
	r->mem = p;
	r->mem_room = room;
	return 0;
}

void
req_body(struct req *r, const uint8_t *p, size_t n)
{
	int status;

	r->moved = clock_ms();
	if (r->answered || r->refused || !n)
		return;
	if (r->to == BODY_NONE) {
		req_refuse(r, 400, 0, "no body is wanted here");
		return;
	}
	if (n > r->cap - r->got) {
		req_refuse(r, 413, GRPC_RESOURCE_EXHAUSTED, "too large");
		return;
	}
	if (r->to == BODY_MEMORY) {
		if (grow(r, n) < 0) {
			req_refuse(r, 503, GRPC_UNAVAILABLE, "busy");
			return;
		}
		memcpy(r->mem + r->got, p, n);
		r->got += n;
		return;
	}
	r->got += n;
	status = r->on_piece(&r->pub, p, n, r->piece_arg);
	if (status)
		req_refuse(r, status, 0, status_text(status));
}

void
req_call(struct req *r)
{
	r->called = true;
	r->s->ops.on_request(&r->pub, r->s->arg);
}

void
req_end(struct req *r)
{
	r->body_done = true;
	r->moved = clock_ms();
	if (r->answered || r->refused)
		return;
	if (r->pub.content_length != UINT64_MAX &&
	    r->pub.content_length != r->got) {
		req_refuse(r, 400, GRPC_INTERNAL, "body and content-length differ");
		return;
	}
	r->pub.body = r->mem;
	r->pub.body_len = r->to == BODY_MEMORY ? r->got : 0;
	if (r->pub.grpc) {
		const uint8_t *p = r->mem;

		if (r->got < GRPC_FRAME || ((size_t)p[1] << 24 | p[2] << 16 |
		    p[3] << 8 | p[4]) != r->got - GRPC_FRAME) {
			req_refuse(r, 400, GRPC_INTERNAL, "one message is wanted");
			return;
		}
		if (p[0]) {
			req_refuse(r, 400, GRPC_UNIMPLEMENTED,
			    "compressed messages are not taken");
			return;
		}
		r->pub.body += GRPC_FRAME;
		r->pub.body_len -= GRPC_FRAME;
	}
	if (!peer_puts_off(r))
		req_call(r);
}

void
req_refuse(struct req *r, int status, int grpc, const char *text)
{
	abort_once(r);
	r->refused = true;
	if (r->pub.grpc)
		answer_grpc(&r->pub, grpc, text, NULL, 0);
	else
		answer_text(&r->pub, status, text);
}

void
req_answered(struct req *r)
{
	must(!r->answered && !r->ready);
	if (r->kept_back) {
		r->ready = true;
		return;
	}
	r->answered = true;
	r->moved = clock_ms();
	request_resume(&r->pub);
	if (!r->c) {
		unlink_from(&r->s->orphans, r);
		uncount(r);
		loop_defer(r->s->loop, &r->end, on_free, r);
		return;
	}
	r->c->proto->answer(r);
}

void
request_hold(struct request *pub)
{
	struct req *r = (struct req *)pub;

	must(r->called && !r->answered);
	r->kept_back = true;
}

void
request_release(struct request *pub)
{
	struct req *r = (struct req *)pub;

	r->kept_back = false;
	if (!r->ready)
		return;
	r->ready = false;
	req_answered(r);
}
