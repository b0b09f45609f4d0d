/*
 * HTTP/2 and gRPC's framing in it, through nghttp2's memory interface: bytes in,
 * bytes out.  nghttp2 answers PINGs and SETTINGS, checks heads and lengths, and
 * keeps the flow-control windows: it is told what has been used, which in a pause
 * is the connection's part alone, so that other streams go on.
 */
#include "net/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 32768	/* in c->out, for whatever nghttp2 has next */

static nghttp2_nv
nv(const char *name, const char *value)
{
	return (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value, strlen(name),
		strlen(value), NGHTTP2_NV_FLAG_NONE };
}

/* grpc-status, and grpc-message if there is one. */
static int
grpc_fields(nghttp2_nv *out, struct req *r, char *number)
{
	int n = 0;

	sprintf(number, "%d", r->grpc_status);
	out[n++] = nv("grpc-status", number);
	if (r->grpc_text)
		out[n++] = nv("grpc-message", r->grpc_text);
	return n;
}

static ssize_t
read_answer(nghttp2_session *h2, int32_t stream, uint8_t *p, size_t n,
    uint32_t *flags, nghttp2_data_source *source, void *user)
{
	struct req *r = source->ptr;
	long k = req_read(r, p, n);

	if (k < 0)
		return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
	if (r->out_at == r->out_len) {
		*flags |= NGHTTP2_DATA_FLAG_EOF;
		if (r->grpc_status >= 0) {
			nghttp2_nv trailer[2];
			char number[16];
			int fields = grpc_fields(trailer, r, number);

			*flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
			if (nghttp2_submit_trailer(h2, stream, trailer, fields))
				return NGHTTP2_ERR_CALLBACK_FAILURE;
		}
	}
	return k;
}

static void
submit(struct req *r)
{
	struct conn *c = r->c;
	nghttp2_data_provider body = { .source.ptr = r,
		.read_callback = read_answer };
	char status[16], length[32], number[16];
	nghttp2_nv head[5];
	int n = 0;
	bool none = r->grpc_status > 0 || (r->method &&
	    strcmp(r->method, "HEAD") == 0);

	sprintf(status, "%d", r->status);
	head[n++] = nv(":status", status);
	head[n++] = nv("content-type", r->type);
	if (r->grpc_status < 0) {
		/* Not with trailers: libcurl 7.88 then loses them. */
		sprintf(length, "%llu", (unsigned long long)r->out_len);
		head[n++] = nv("content-length", length);
	}
	if (r->grpc_status > 0)
		n += grpc_fields(head + n, r, number);
	r->held = false;
	/* The stream may be gone already; its close is still to be told. */
	if (nghttp2_submit_response(c->h2, r->stream, head, n, none ? NULL :
	    &body) == NGHTTP2_ERR_NOMEM)
		c->closing = true;
	conn_flush_later(c);
}

static int
on_begin_headers(nghttp2_session *h2, const nghttp2_frame *f, void *user)
{
	struct conn *c = user;
	struct req *r;

	if (f->hd.type != NGHTTP2_HEADERS ||
	    f->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	r = req_new(c);
	if (!r)
		return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
	r->stream = f->hd.stream_id;
	nghttp2_session_set_stream_user_data(h2, r->stream, r);
	conn_used(c);
	return 0;
}

static int
on_header(nghttp2_session *h2, const nghttp2_frame *f, const uint8_t *name,
    size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
    void *user)
{
	struct req *r = nghttp2_session_get_stream_user_data(h2,
	    f->hd.stream_id);
	char **to = NULL;

	/* Trailers of a request say nothing that we need. */
	if (!r || r->head_seen || r->answered)
		return 0;
	if (name_len == 7 && memcmp(name, ":method", 7) == 0 && value_len <= 16)
		to = &r->method;
	else if (name_len == 5 && memcmp(name, ":path", 5) == 0 &&
	    value_len <= NET_PATH && !memchr(value, '\0', value_len))
		to = &r->path;
	else if (name_len == 10 && memcmp(name, ":authority", 10) == 0 &&
	    value_len <= NET_PATH)
		to = &r->host;
	if (to) {
		free(*to);
		*to = strndup((const char *)value, value_len);
		return *to ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
	}
	if (name_len == 7 && memcmp(name, ":scheme", 7) == 0)
		r->plain = value_len == 4 && memcmp(value, "http", 4) == 0;
	if (*name == ':')
		return 0;	/* a method or path left out is refused below */
	return req_field(r, (const char *)name, name_len, (const char *)value,
	    value_len) < 0 ? NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE : 0;
}

static int
on_frame(nghttp2_session *h2, const nghttp2_frame *f, void *user)
{
	struct conn *c = user;
	struct req *r;

	if (f->hd.type != NGHTTP2_HEADERS && f->hd.type != NGHTTP2_DATA &&
	    f->hd.type != NGHTTP2_RST_STREAM)
		return 0;
	r = nghttp2_session_get_stream_user_data(h2, f->hd.stream_id);
	if (!r)
		return 0;
	if (f->hd.type == NGHTTP2_RST_STREAM)
		/* Of what has its answer: libcurl does it at each refusal. */
		return r->answered || ++c->resets <= NET_RESETS ? 0 :
		    NGHTTP2_ERR_CALLBACK_FAILURE;
	if (f->hd.type == NGHTTP2_HEADERS &&
	    f->headers.cat == NGHTTP2_HCAT_REQUEST) {
		if (!r->method || !r->path || r->path[0] != '/')
			req_refuse(r, 400, GRPC_INVALID_ARGUMENT, "bad path");
		else
			req_head(r);
	}
	if (f->hd.flags & NGHTTP2_FLAG_END_STREAM) {
		req_end(r);
		if (r->held)
			submit(r);
	}
	return 0;
}

static void
take(struct req *r, const uint8_t *p, size_t n)
{
	if (!r->answered) {
		req_body(r, p, n);
		return;
	}
	r->moved = clock_ms();
	r->waste += n;
	if (r->waste > NET_DISCARD && r->held)
		submit(r);
	else if (r->waste > 2 * NET_DISCARD)
		nghttp2_submit_rst_stream(r->c->h2, NGHTTP2_FLAG_NONE, r->stream,
		    NGHTTP2_NO_ERROR);
}

static int
on_data(nghttp2_session *h2, uint8_t flags, int32_t stream, const uint8_t *p,
    size_t n, void *user)
{
	struct req *r = nghttp2_session_get_stream_user_data(h2, stream);
	int bad;

	if (r)
		take(r, p, n);
	if (r && r->paused) {
		r->owed += n;
		bad = nghttp2_session_consume_connection(h2, n);
	} else {
		bad = nghttp2_session_consume(h2, stream, n);
	}
	return bad ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static void
h2_resume(struct req *r)
{
	if (nghttp2_session_consume_stream(r->c->h2, r->stream, r->owed) != 0)
		r->c->closing = true;
	r->owed = 0;
	conn_flush_later(r->c);
}

static int
on_stream_close(nghttp2_session *h2, int32_t stream, uint32_t code, void *user)
{
	struct req *r = nghttp2_session_get_stream_user_data(h2, stream);

	if (r && r->c) {
		nghttp2_session_set_stream_user_data(h2, stream, NULL);
		req_detach(r);
	}
	return 0;
}

static void
h2_free(struct conn *c)
{
	nghttp2_session_del(c->h2);
	c->h2 = NULL;
}

/* Younger than the rest of what we need of nghttp2; without it there is no limit either. */
__attribute__((weak)) void
nghttp2_option_set_stream_reset_rate_limit(nghttp2_option *option, uint64_t burst,
    uint64_t rate);

int
h2_start(struct conn *c)
{
	const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, NET_STREAMS },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, NET_WINDOW },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, NET_HEAD },
	};
	nghttp2_session_callbacks *cb;
	nghttp2_option *option;
	int r;

	if (nghttp2_session_callbacks_new(&cb) != 0)
		return -1;
	if (nghttp2_option_new(&option) != 0) {
		nghttp2_session_callbacks_del(cb);
		return -1;
	}
	nghttp2_session_callbacks_set_on_begin_headers_callback(cb,
	    on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
	nghttp2_session_callbacks_set_on_stream_close_callback(cb,
	    on_stream_close);
	/* Closed streams are kept for priorities otherwise, which we ignore. */
	nghttp2_option_set_no_closed_streams(option, 1);
	nghttp2_option_set_no_auto_window_update(option, 1);
	/* on_frame() counts those that cost something. */
	if (nghttp2_option_set_stream_reset_rate_limit)
		nghttp2_option_set_stream_reset_rate_limit(option, UINT32_MAX,
		    UINT32_MAX);
	r = nghttp2_session_server_new2(&c->h2, cb, c, option);
	nghttp2_session_callbacks_del(cb);
	nghttp2_option_del(option);
	if (r != 0)
		return -1;
	if (nghttp2_submit_settings(c->h2, NGHTTP2_FLAG_NONE, settings,
	    sizeof settings / sizeof settings[0]) != 0 ||
	    nghttp2_session_set_local_window_size(c->h2, NGHTTP2_FLAG_NONE, 0,
	    NET_CONN_WINDOW) != 0) {
		h2_free(c);
		return -1;
	}
	return 0;
}

static int
h2_input(struct conn *c, const uint8_t *p, size_t n)
{
	return nghttp2_session_mem_recv(c->h2, p, n) == (ssize_t)n ? 0 : -1;
}

static void
h2_answer(struct req *r)
{
	r->held = !r->body_done;
	if (!r->held)
		submit(r);
}

static int
h2_output(struct conn *c)
{
	while (conn_room(c) >= ROOM) {
		const uint8_t *p;
		ssize_t n = nghttp2_session_mem_send(c->h2, &p);

		if (n < 0 || (size_t)n > conn_room(c))
			return -1;
		if (n == 0)
			break;
		conn_put(c, p, n);
	}
	return 0;
}

static void
h2_stop(struct conn *c)
{
	nghttp2_submit_goaway(c->h2, NGHTTP2_FLAG_NONE,
	    nghttp2_session_get_last_proc_stream_id(c->h2), NGHTTP2_NO_ERROR,
	    NULL, 0);
	conn_flush_later(c);
}

static bool
h2_over(struct conn *c)
{
	return !nghttp2_session_want_read(c->h2) &&
	    !nghttp2_session_want_write(c->h2);
}

const struct proto proto_h2 = {
	.grpc = true, .input = h2_input, .answer = h2_answer,
	.resume = h2_resume, .output = h2_output, .stop = h2_stop, .over = h2_over,
	.free = h2_free,
};
