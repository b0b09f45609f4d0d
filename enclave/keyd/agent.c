/*
 * dstack's guest agent: HTTP/1.1 with JSON on a unix socket, a connection for each call.
 * It is the TD's own, and trusted; but what it says is bounded.
 */
#include "keyd/source.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dial.h"
#include "base/hex.h"

#define TIMEOUT_MS 20000	/* of a call: a quote may wait for others' */
#define ANSWER ((size_t)8 << 20)

void
quoted_free(struct quoted *q)
{
	free(q->quote);
	free(q->event_log);
	*q = (struct quoted){ 0 };
}

static bool
is_socket(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* A header field's value in the head, which ends before `end`; NULL: none. */
static const char *
field(const char *head, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = head; (p = memmem(p, (size_t)(end - p), "\r\n", 2));) {
		p += 2;
		if ((size_t)(end - p) > n && strncasecmp(p, name, n) == 0 &&
		    p[n] == ':')
			return p + n + 1 + strspn(p + n + 1, " ");
	}
	return NULL;
}

/* Chunks at `from`, joined at `to`: the length, 0 while more must come, -1. */
static long
unchunk(char *to, const char *from, const char *end)
{
	size_t len = 0;

	for (;;) {
		const char *line = memmem(from, (size_t)(end - from), "\r\n", 2);
		unsigned long n;
		char *after;

		if (!line)
			return 0;
		n = strtoul(from, &after, 16);
		if (after == from || n > ANSWER)
			return -1;
		if ((size_t)(end - line) < 4 || (size_t)(end - line) - 4 < n)
			return 0;
		if (n == 0)
			return len > 0 ? (long)len : -1;
		memmove(to + len, line + 2, n);
		len += n;
		from = line + 2 + n + 2;
	}
}

long
agent_answer(char *in, size_t n, bool end, int *status)
{
	char *head_end = memmem(in, n, "\r\n\r\n", 4), *body;
	const char *length, *coding;
	unsigned long want;
	size_t have;

	if (!head_end)
		return end ? -1 : 0;
	body = head_end + 4;
	have = n - (size_t)(body - in);
	if (sscanf(in, "HTTP/1.%*1[01] %3d", status) != 1)
		return -1;
	length = field(in, body, "content-length");
	coding = field(in, body, "transfer-encoding");
	if (coding && strncasecmp(coding, "chunked", 7) == 0) {
		long got = unchunk(body, body, in + n);

		return got == 0 && end ? -1 : got;
	}
	if (!length)
		return !end ? 0 : have > 0 ? (long)have : -1;
	want = strtoul(length, NULL, 10);
	if (want == 0 || want > ANSWER)
		return -1;
	return have >= want ? (long)want : end ? -1 : 0;
}

/* Where agent_answer() left the body. */
static char *
body_of(char *in, size_t n)
{
	return (char *)memmem(in, n, "\r\n\r\n", 4) + 4;
}

/* Reads until the answer is whole; *out is to be freed. */
static long
receive(int fd, char **out, size_t *n, int *status, int64_t until)
{
	size_t room = 0;
	long len = 0;

	*out = NULL;
	*n = 0;
	while (len == 0) {
		ssize_t k;

		if (*n + 1 >= room) {
			char *grown;

			room = room ? 2 * room : 16384;
			grown = room <= 2 * ANSWER ? realloc(*out, room) : NULL;
			if (!grown)
				return -1;
			*out = grown;
		}
		k = recv(fd, *out + *n, room - 1 - *n, 0);
		if (k < 0 && (errno == EINTR || (errno == EAGAIN &&
		    dial_ready(fd, POLLIN, until))))
			continue;
		if (k < 0)
			return -1;
		*n += (size_t)k;
		(*out)[*n] = '\0';
		/* Joining chunks moves them: once, at the stream's end. */
		if (k == 0 || !memmem(*out, *n, "chunked", 7))
			len = agent_answer(*out, *n, k == 0, status);
		if (k == 0 && len == 0)
			return -1;
	}
	return len;
}

/* One call: the JSON object that it answers, to be freed; NULL. */
static json_t *
call(const char *path, const char *method, const char *body, struct err *e)
{
	int64_t until = clock_ms() + TIMEOUT_MS;
	int fd = dial_unix(path, "the agent", e), status = 0;
	json_t *o = NULL;
	char head[256], *in;
	size_t n;
	long len;

	if (fd < 0)
		return NULL;
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: dstack\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n", method, strlen(body));
	len = dial_send(fd, head, strlen(head), until) &&
	    dial_send(fd, body, strlen(body), until) ?
	    receive(fd, &in, &n, &status, until) : (in = NULL, -1);
	close(fd);
	if (len <= 0)
		err_set(e, EX_TEMPFAIL, "the agent at %s does not answer %s", path,
		    method);
	else if (status != 200)
		err_set(e, status == 404 ? EX_UNAVAILABLE : EX_TEMPFAIL,
		    "the agent answers %s with %d", method, status);
	else if (!(o = json_loadb(body_of(in, n), (size_t)len,
	    JSON_REJECT_DUPLICATES, NULL)) || !json_is_object(o))
		err_set(e, EX_PROTOCOL, "the agent's answer to %s is no JSON object",
		    method);
	if (o && !json_is_object(o)) {
		json_decref(o);
		o = NULL;
	}
	free(in);
	return o;
}

/* A member's text, copied; NULL: none, or empty. */
static char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && *s ? strdup(s) : NULL;
}

static int
take_quote(json_t *o, struct quoted *out, struct err *e)
{
	out->quote = text(o, "quote");
	out->event_log = text(o, "event_log");
	json_decref(o);
	if (out->quote && hex_length(out->quote) > 0 && out->quote[1] != 'x')
		return 0;
	quoted_free(out);
	return err_set(e, EX_PROTOCOL, "the agent gives no quote");
}

static int
quote_by(const char *path, const char *method, const uint8_t data[static 64],
    struct quoted *out, struct err *e)
{
	char hex[129], body[160];
	json_t *o;

	hex_encode(hex, data, 64);
	snprintf(body, sizeof body, "{\"report_data\":\"%s\"}", hex);
	o = call(path, method, body, e);
	return o ? take_quote(o, out, e) : -1;
}

static int
dstack_quote(const char *path, const uint8_t data[static 64], struct quoted *out,
    struct err *e)
{
	return quote_by(path, "/GetQuote", data, out, e);
}

static int
tappd_quote(const char *path, const uint8_t data[static 64], struct quoted *out,
    struct err *e)
{
	return quote_by(path, "/prpc/Tappd.RawQuote", data, out, e);
}

/* tcb_info is JSON in a string, which has app_compose as a string. */
static char *
compose_by(const char *path, const char *method)
{
	json_t *info = call(path, method, "{}", NULL), *tcb = NULL;
	char *s = text(info, "tcb_info"), *compose = NULL;

	if (s)
		tcb = json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	if (tcb)
		compose = text(tcb, "app_compose");
	free(s);
	json_decref(tcb);
	json_decref(info);
	return compose;
}

static void
dstack_beside(const char *path, struct beside *out)
{
	json_t *o = call(path, "/GpuInfo", "{}", NULL);

	out->compose = compose_by(path, "/Info");
	out->gpus = text(o, "attestation");
	json_decref(o);
}

static void
tappd_beside(const char *path, struct beside *out)
{
	out->compose = compose_by(path, "/prpc/Tappd.Info");
	out->gpus = NULL;
}

const struct source source_dstack = {
	"dstack's agent", dstack_quote, dstack_beside, is_socket, "stdio unix"
};
const struct source source_tappd = {
	"dstack's agent (tappd)", tappd_quote, tappd_beside, is_socket, "stdio unix"
};
