#include "rpc/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/version.h"
#include "rpc/proxy.h"
#include "wire/grpc.h"

#define FRAME 5

static size_t
on_body(char *p, size_t one, size_t n, void *arg)
{
	struct rpc *r = arg;

	return rpc_collect(r, p, n, r->o.max_reply + FRAME);
}

static int
hex_digit(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ?
	    c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* grpc-message: percent-encoded; what is not printable is shown as '?'. */
static void
decode_text(char *out, size_t size, const char *p, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n && at + 1 < size; i++) {
		int c = (unsigned char)p[i];

		if (c == '%' && i + 2 < n && hex_digit(p[i + 1]) >= 0 &&
		    hex_digit(p[i + 2]) >= 0) {
			c = hex_digit(p[i + 1]) << 4 | hex_digit(p[i + 2]);
			i += 2;
		}
		out[at++] = c < 0x20 || c == 0x7f ? '?' : c;
	}
	out[at] = '\0';
}

/* Heads and trailers alike: an error may come as a head alone. */
static size_t
on_header(char *p, size_t one, size_t n, void *arg)
{
	struct rpc *r = arg;
	size_t len = n;

	while (len && (p[len - 1] == '\r' || p[len - 1] == '\n'))
		len--;
	if (len > 12 && strncasecmp(p, "grpc-status:", 12) == 0) {
		char *end;
		char number[16];
		const char *v = p + 12;
		long x;

		while (v < p + len && *v == ' ')
			v++;
		snprintf(number, sizeof number, "%.*s", (int)(p + len - v), v);
		x = strtol(number, &end, 10);
		r->grpc_status = end == number || *end || x < 0 || x >= GRPC_STATUSES ?
		    GRPC_UNKNOWN : (int)x;
	} else if (len > 13 && strncasecmp(p, "grpc-message:", 13) == 0) {
		const char *v = p + 13;

		while (v < p + len && *v == ' ')
			v++;
		decode_text(r->grpc_text, sizeof r->grpc_text, v, p + len - v);
	}
	return n;
}

static int
fail(struct rpc_reply *reply, const char *method, struct err *e)
{
	const char *name = strrchr(method, '/');

	return err_set(e, grpc_exit(reply->status), "%s: %s%s%s", name + 1,
	    grpc_name(reply->status), reply->text[0] ? ": " : "",
	    reply->text);
}

static int
judge(struct rpc *r, const char *method, struct rpc_reply *reply, struct err *e)
{
	char place[SHOWN_PLACE];
	long http = 0, version = 0;

	curl_easy_getinfo(r->grpc, CURLINFO_RESPONSE_CODE, &http);
	curl_easy_getinfo(r->grpc, CURLINFO_HTTP_VERSION, &version);
	if (version != CURL_HTTP_VERSION_2_0) {
		reply->status = GRPC_NONE;
		return err_set(e, EX_PROTOCOL, "%s does not speak HTTP/2",
		    rpc_place(r, place, r->shown));
	}
	snprintf(reply->text, sizeof reply->text, "%s", r->grpc_text);
	if (http != 200 || r->grpc_status < 0) {
		reply->status = r->grpc_status > 0 ? r->grpc_status :
		    grpc_from_http(http);
		if (!reply->text[0])
			snprintf(reply->text, sizeof reply->text,
			    "HTTP status %ld without a grpc-status", http);
		return fail(reply, method, e);
	}
	reply->status = r->grpc_status;
	if (reply->status != GRPC_OK)
		return fail(reply, method, e);
	if (r->reply_len < FRAME || r->reply[0] != 0 ||
	    ((size_t)r->reply[1] << 24 | r->reply[2] << 16 | r->reply[3] << 8 |
	    r->reply[4]) != r->reply_len - FRAME) {
		reply->status = GRPC_INTERNAL;
		snprintf(reply->text, sizeof reply->text,
		    "no message, or not one");
		return fail(reply, method, e);
	}
	reply->p = r->reply + FRAME;
	reply->n = r->reply_len - FRAME;
	return 0;
}

/* The request body: a frame's head, then the message where it is. */
struct upload {
	const uint8_t *head, *p;
	size_t n, at;
};

static size_t
on_read(char *to, size_t one, size_t room, void *arg)
{
	struct upload *u = arg;
	size_t done = 0, k;

	if (u->at < FRAME) {
		k = FRAME - u->at < room ? FRAME - u->at : room;
		memcpy(to, u->head + u->at, k);
		u->at += k;
		done = k;
	}
	if (u->at >= FRAME && done < room) {
		k = u->n - (u->at - FRAME);
		if (k > room - done)
			k = room - done;
		if (k)
			memcpy(to + done, u->p + (u->at - FRAME), k);
		u->at += k;
		done += k;
	}
	return done;
}

static int
on_seek(void *arg, curl_off_t at, int origin)
{
	struct upload *u = arg;

	if (origin != SEEK_SET || at < 0 || (size_t)at > u->n + FRAME)
		return CURL_SEEKFUNC_CANTSEEK;
	u->at = at;
	return CURL_SEEKFUNC_OK;
}

static bool
add_header(struct rpc *r, const char *line)
{
	struct curl_slist *l = curl_slist_append(r->grpc_headers, line);

	if (l)
		r->grpc_headers = l;
	return l != NULL;
}

/* All of them or the call is not made: one of them may be its authorization. */
static bool
set_headers(struct rpc *r, const char *const *more)
{
	char line[4200];
	bool good;

	curl_slist_free_all(r->grpc_headers);
	r->grpc_headers = NULL;
	good = add_header(r, "content-type: application/grpc") &&
	    add_header(r, "te: trailers") &&
	    add_header(r, "user-agent: sp1-private/" SP1_PRIVATE_VERSION) &&
	    add_header(r, "accept:") && add_header(r, "expect:");
	if (good && r->o.bearer) {
		snprintf(line, sizeof line, "authorization: Bearer %s",
		    r->o.bearer);
		good = add_header(r, line);
	}
	for (; good && more && *more; more++)
		good = add_header(r, *more);
	return good;
}

int
rpc_call_once(struct rpc *r, const char *method, const void *message, size_t n,
    const char *const *headers, struct rpc_reply *reply, struct err *e)
{
	const uint8_t head[FRAME] = { 0, n >> 24, n >> 16, n >> 8, n };
	struct upload u = { head, message, n, 0 };
	char url[2048], place[SHOWN_PLACE];
	CURLcode code;
	long left;

	memset(reply, 0, sizeof *reply);
	reply->status = GRPC_NONE;
	if (n > UINT32_MAX || snprintf(url, sizeof url, "%s%s", r->base, method)
	    >= (int)sizeof url)
		return err_set(e, EX_USAGE, "call %s is too long", method);
	left = rpc_left(r, r->o.timeout_s * 1000L, e);
	if (left < 0)
		return -1;
	r->reply_len = 0;
	r->reply_long = false;
	r->grpc_status = -1;
	r->grpc_text[0] = r->error[0] = '\0';
	if (!set_headers(r, headers))
		return err_set(e, EX_OSERR, "out of memory");
	rpc_through(r, r->grpc, url);
	if (r->proxy && !r->tls && !proxy_passes_h2c(r->proxy))
		return err_set(e, EX_PROTOCOL, "%s: gRPC without TLS does not pass "
		    "it: use https://, or set no_proxy",
		    rpc_place(r, place, r->shown));
	curl_easy_setopt(r->grpc, CURLOPT_URL, url);
	curl_easy_setopt(r->grpc, CURLOPT_HTTP_VERSION, r->tls ?
	    (long)CURL_HTTP_VERSION_2TLS :
	    (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
	curl_easy_setopt(r->grpc, CURLOPT_TIMEOUT_MS, left);
	/* libcurl 7.88 fails on a connection of prior knowledge that it takes up
	 * again ("Error in the HTTP2 framing layer"). */
	curl_easy_setopt(r->grpc, CURLOPT_FORBID_REUSE, r->tls ? 0L : 1L);
	if (r->socket)
		curl_easy_setopt(r->grpc, CURLOPT_UNIX_SOCKET_PATH, r->socket);
	if (r->o.cert)
		curl_easy_setopt(r->grpc, CURLOPT_SSLCERT, r->o.cert);
	if (r->o.key)
		curl_easy_setopt(r->grpc, CURLOPT_SSLKEY, r->o.key);
	curl_easy_setopt(r->grpc, CURLOPT_POST, 1L);
	curl_easy_setopt(r->grpc, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(r->grpc, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)(n + FRAME));
	curl_easy_setopt(r->grpc, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(r->grpc, CURLOPT_READDATA, &u);
	curl_easy_setopt(r->grpc, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(r->grpc, CURLOPT_SEEKDATA, &u);
	curl_easy_setopt(r->grpc, CURLOPT_HTTPHEADER, r->grpc_headers);
	curl_easy_setopt(r->grpc, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(r->grpc, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(r->grpc, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(r->grpc, CURLOPT_HEADERDATA, r);
	code = curl_easy_perform(r->grpc);
	rpc_retry_after(r, r->grpc);
	if (r->reply_long)
		return err_set(e, EX_PROTOCOL, "%s: the answer is longer than "
		    "%zu bytes", r->shown, r->o.max_reply);
	/* A server may answer before it has read everything, and reset the
	 * stream: its answer counts. */
	if (code != CURLE_OK && r->grpc_status <= 0)
		return rpc_curl_error(r, r->grpc, code, r->shown, e);
	return judge(r, method, reply, e);
}

bool
rpc_try_again(struct rpc *r, struct rpc_backoff *b,
    const struct rpc_reply *reply, const struct err *e)
{
	bool may = reply->status < 0 ? e->status == EX_TEMPFAIL :
	    grpc_retried(reply->status, reply->text);

	if (!may)
		return false;
	if (r->o.verbose)
		complain("%s; trying again", e->msg);
	return rpc_sleep(r, b);
}

int
rpc_call(struct rpc *r, const char *method, const void *message, size_t n,
    struct rpc_reply *reply, struct err *e)
{
	struct rpc_backoff b = { 0 };

	while (rpc_call_once(r, method, message, n, NULL, reply, e) < 0)
		if (!rpc_try_again(r, &b, reply, e))
			return -1;
	return 0;
}
