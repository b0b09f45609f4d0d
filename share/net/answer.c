/* Answers, as handlers give them. */
#include "net/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
answer_owned(struct request *pub, int status, const char *type, void *body,
    size_t len, void (*release)(void *body))
{
	struct req *r = (struct req *)pub;

	r->status = status;
	r->type = type ? type : "application/octet-stream";
	r->out = body;
	r->out_len = len;
	r->release = release;
	req_answered(r);
}

/* Takes none: static bytes.  An HTTP/1.1 connection ends with it. */
static void
answer_no_memory(struct request *pub)
{
	static char text[] = "out of memory\n";

	((struct req *)pub)->close_after = true;
	answer_owned(pub, 503, "text/plain", text, sizeof text - 1, NULL);
}

void
answer(struct request *pub, int status, const char *type, const void *body,
    size_t len)
{
	void *p = malloc(len ? len : 1);

	if (!p) {
		answer_no_memory(pub);
		return;
	}
	if (len)
		memcpy(p, body, len);
	answer_owned(pub, status, type, p, len, free);
}

void
answer_text(struct request *pub, int status, const char *text)
{
	char line[256];
	int n = snprintf(line, sizeof line, "%s\n", text);

	answer(pub, status, "text/plain", line,
	    n < (int)sizeof line ? (size_t)n : sizeof line - 1);
}

void
answer_fd(struct request *pub, int status, const char *type, int fd,
    uint64_t len)
{
	struct req *r = (struct req *)pub;

	r->status = status;
	r->type = type ? type : "application/octet-stream";
	r->fd = fd;
	r->out_len = len;
	req_answered(r);
}

/* grpc-message is percent-encoded: what is not printable ASCII, and '%'.  NULL: no
 * memory. */
static char *
percent(const char *text)
{
	char *out = malloc(3 * strlen(text) + 1), *p = out;

	if (!out)
		return NULL;
	for (; *text; text++) {
		unsigned char c = *text;

		if (c < 0x20 || c > 0x7e || c == '%')
			p += sprintf(p, "%%%02X", c);
		else
			*p++ = c;
	}
	*p = '\0';
	return out;
}

/* The message in its frame; -1: no memory, or too long for one. */
static int
frame(struct req *r, const void *message, size_t len)
{
	uint8_t *p = len <= UINT32_MAX ? malloc(GRPC_FRAME + len) : NULL;

	if (!p)
		return -1;
	p[0] = 0;
	p[1] = len >> 24;
	p[2] = len >> 16;
	p[3] = len >> 8;
	p[4] = len;
	if (len)
		memcpy(p + GRPC_FRAME, message, len);
	r->out = p;
	r->out_len = GRPC_FRAME + len;
	r->release = free;
	return 0;
}

void
answer_grpc(struct request *pub, int status, const char *text,
    const void *message, size_t len)
{
	struct req *r = (struct req *)pub;

	r->status = 200;
	r->type = "application/grpc";
	r->grpc_status = status;
	if (status == GRPC_OK && frame(r, message, len) < 0) {
		r->grpc_status = GRPC_UNAVAILABLE;
		r->grpc_text = "out of memory";
	} else if (text && status != GRPC_OK) {
		r->grpc_text = r->own_text = percent(text);
	}
	req_answered(r);
}

long
req_read(struct req *r, uint8_t *p, size_t n)
{
	uint64_t left = r->out_len - r->out_at;

	if (n > left)
		n = left;
	if (r->fd >= 0) {
		ssize_t k = pread(r->fd, p, n, r->out_at);

		if (n && k <= 0)
			return -1;	/* shorter than it was said to be */
		n = k;
	} else if (n) {
		memcpy(p, r->out + r->out_at, n);
	}
	r->out_at += n;
	r->moved = clock_ms();
	return n;
}

const char *
status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} texts[] = {
		{ 200, "OK" }, { 201, "Created" }, { 204, "No Content" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 411, "Length Required" },
		{ 413, "Content Too Large" }, { 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" }, { 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Status";
}
