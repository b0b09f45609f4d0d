/*
 * HTTP/1.1 as artifacts need it (sp1-network(7), Artifact store), and strict: a
 * length for every body, no chunks, no folded lines, one host.  Whatever is
 * doubtful is refused and the connection closed, so that no proxy in between
 * can see other requests than we do.
 */
#include "net/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* RFC 9110, 5.6.2 */
static int
token_char(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* METHOD SP /path SP HTTP/1.1; 0, or the status to refuse with. */
static int
request_line(struct req *r, const char *p, size_t n)
{
	const char *path, *end;

	for (path = p; path < p + n && token_char(*path); path++)
		;
	if (path == p || path - p > 16 || path == p + n || *path != ' ')
		return 400;
	r->method = strndup(p, path - p);
	path++;
	end = memchr(path, ' ', p + n - path);
	if (!end || *path != '/' || p + n - end != 9)
		return 400;
	if (end - path > NET_PATH)
		return 414;
	for (const char *q = path; q < end; q++)
		if (*q <= 0x20 || *q >= 0x7f || *q == '#')
			return 400;
	r->path = strndup(path, end - path);
	if (memcmp(end, " HTTP/1.0", 9) == 0)
		r->close_after = true;
	else if (memcmp(end, " HTTP/1.1", 9) != 0)
		return 400;
	return r->method && r->path ? 0 : 503;
}

static int
field_line(struct req *r, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n), *value;
	char name[64];
	size_t len;

	if (!colon || colon == p || (size_t)(colon - p) >= sizeof name)
		return 400;
	len = colon - p;
	for (size_t i = 0; i < len; i++) {
		if (!token_char(p[i]))
			return 400;	/* a blank before the colon, a fold */
		name[i] = p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i];
	}
	name[len] = '\0';
	value = colon + 1;
	n -= value - p;
	while (n && (*value == ' ' || *value == '\t')) {
		value++;
		n--;
	}
	while (n && (value[n - 1] == ' ' || value[n - 1] == '\t'))
		n--;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)value[i] < 0x20 && value[i] != '\t')
			return 400;
	if (strcmp(name, "host") == 0) {
		if (r->host)
			return 400;
		r->host = strndup(value, n);
	}
	if (strcmp(name, "transfer-encoding") == 0)
		return 501;
	if (strcmp(name, "content-length") == 0 &&
	    r->pub.content_length != UINT64_MAX)
		return 400;
	if (req_field(r, name, len, value, n) < 0)
		return strcmp(name, "content-length") == 0 ? 400 : 431;
	return 0;
}

/* The head is c->in[0 .. n), its empty line included.  0, or a status. */
static int
parse_head(struct req *r, const char *p, size_t n)
{
	const char *end = p + n;
	int first = 1, status;

	for (;;) {
		const char *eol = memchr(p, '\n', end - p);
		size_t len;

		if (!eol || eol == p || eol[-1] != '\r')
			return 400;
		len = eol - 1 - p;
		if (len == 0)
			break;
		if (memchr(p, '\0', len) || memchr(p, '\r', len))
			return 400;
		status = first ? request_line(r, p, len) : field_line(r, p, len);
		if (status)
			return status;
		first = 0;
		p = eol + 1;
	}
	if (first || !r->host)
		return 400;
	return 0;
}

static void
take(struct conn *c, size_t n)
{
	c->in_len -= n;
	memmove(c->in, c->in + n, c->in_len);
	explicit_bzero(c->in + c->in_len, n);	/* it may be of an input */
}

/* Looks for a whole head; 1 when one was used. */
static int
head(struct conn *c)
{
	const char *end = memmem(c->in, c->in_len, "\r\n\r\n", 4), *value;
	struct req *r;
	size_t n;
	int status;

	if (!c->in_len)
		return 0;
	if (!c->head_began)
		c->head_began = clock_ms();
	if (!end && c->in_len < NET_HEAD)
		return 0;
	r = req_new(c);
	if (!r)
		return -1;
	c->r = r;
	c->head_began = 0;
	c->h1 = H1_BODY;
	conn_used(c);
	n = end ? (size_t)(end + 4 - (const char *)c->in) : c->in_len;
	status = end && n <= NET_HEAD ? parse_head(r, (const char *)c->in, n) :
	    431;
	take(c, n);
	if (status) {
		r->close_after = true;
		r->head_only = false;
		req_refuse(r, status, 0, status_text(status));
		return 1;
	}
	value = request_header(&r->pub, "connection");
	if (value && strcasecmp(value, "close") == 0)
		r->close_after = true;
	r->head_only = strcmp(r->method, "HEAD") == 0;
	if (r->pub.content_length == UINT64_MAX) {
		if (strcmp(r->method, "PUT") == 0 ||
		    strcmp(r->method, "POST") == 0) {
			r->close_after = true;
			req_refuse(r, 411, 0, status_text(411));
			return 1;
		}
		r->pub.content_length = 0;
	}
	value = request_header(&r->pub, "expect");
	req_head(r);
	if (c->r == r && !r->answered && value &&
	    strcasecmp(value, "100-continue") == 0 &&
	    r->pub.content_length && conn_room(c) > 64)
		conn_put(c, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	return 1;
}

static int
h1_input(struct conn *c, const uint8_t *p, size_t len)
{
	for (;;) {
		struct req *r = c->r;
		uint64_t left;
		size_t n;
		int used;

		switch (c->h1) {
		case H1_HEAD:
			used = head(c);
			if (used <= 0)
				return used;
			break;
		case H1_BODY:
			if (r->answered) {
				c->h1 = H1_ANSWER;
				break;
			}
			left = r->pub.content_length - r->got;
			n = c->in_len < left ? c->in_len : left;
			if (n) {
				req_body(r, c->in, n);
				take(c, n);
				if (r->answered)
					break;
			}
			if (r->got < r->pub.content_length) {
				c->paused = r->paused != 0;
				return 0;
			}
			c->h1 = H1_ANSWER;
			req_end(r);
			break;
		case H1_ANSWER:
			/* Nothing more is read until the answer is out: what
			 * waits in c->in is bounded, the rest stays with the
			 * peer. */
			c->paused = true;
			return 0;
		}
	}
}

/* An answer before the end of the body: what is left of that cannot be told from a
 * next request unless it is read, so the connection ends. */
static void
h1_answer(struct req *r)
{
	if (!r->body_done && r->got != r->pub.content_length)
		r->close_after = true;
	if (r->s->stopping)
		r->close_after = true;
	if (r->head_only)
		r->out_at = r->out_len;
	conn_flush_later(r->c);
}

static void
h1_resume(struct req *r)
{
	conn_flush_later(r->c);
}

static int
put_head(struct conn *c, struct req *r)
{
	char text[512];
	int n;

	n = snprintf(text, sizeof text, "HTTP/1.1 %d %s\r\n"
	    "content-type: %s\r\ncontent-length: %llu\r\n%s\r\n", r->status,
	    status_text(r->status), r->type, (unsigned long long)r->out_len,
	    r->close_after ? "connection: close\r\n" : "");
	must(n > 0 && n < (int)sizeof text);
	if (conn_room(c) < (size_t)n)
		return 0;
	conn_put(c, text, n);
	return r->head_sent = true;
}

/* Fills c->out from the answer at work. */
static int
h1_output(struct conn *c)
{
	struct req *r = c->r;
	size_t room;

	if (!c->closing && c->h1 == H1_BODY && c->paused && !r->answered)
		return !r->paused;
	if (c->closing || !r || !r->answered ||
	    (!r->head_sent && !put_head(c, r)))
		return 0;
	while (r->out_at < r->out_len && (room = conn_room(c)) > 0) {
		long n = req_read(r, conn_end(c), room);

		if (n < 0) {	/* the peer sees a short body */
			c->closing = true;
			break;
		}
		conn_took(c, n);
	}
	if (r->out_at < r->out_len && !c->closing)
		return 0;
	if (r->close_after)
		c->closing = true;
	c->r = NULL;
	c->h1 = H1_HEAD;
	req_detach(r);
	return !c->closing;
}

const struct proto proto_h1 = {
	.gathers = true, .half_close = true,
	.input = h1_input, .answer = h1_answer, .resume = h1_resume,
	.output = h1_output,
};
