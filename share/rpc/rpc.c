#include "rpc/client.h"

#include <openssl/evp.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/version.h"
#include "rpc/proxy.h"
#include "wire/grpc.h"

#define CONNECT_S 15
#define CALL_S 60
#define RETRY_S 120
#define MESSAGE ((size_t)4 << 20)
#define FRAME 5
#define OTHER_KEY "its TLS key is not the one that was attested"
#define DAY_S ((int64_t)86400)

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void
curl_start(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool
stopped(const struct rpc *r)
{
	return r->o.stop && *r->o.stop;
}

/* libcurl calls it each second at least. */
static int
on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	return stopped(ctx);
}

static const char *
set_env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

CURL *
rpc_handle(struct rpc *r)
{
	CURL *c = curl_easy_init();

	if (!c)
		return NULL;
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, r->error);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, r->o.stop ? 0L : 1L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, r);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* curl keeps the system's folder of authorities beside a file, and its file
	 * beside a folder. */
	if (r->o.ca_file)
		curl_easy_setopt(c, CURLOPT_CAINFO, r->o.ca_file);
	if (set_env("SSL_CERT_DIR"))
		curl_easy_setopt(c, CURLOPT_CAPATH, set_env("SSL_CERT_DIR"));
	return c;
}

void
rpc_through(struct rpc *r, CURL *c, const char *url)
{
	r->proxy = proxy_for(url, &r->proxy_from);
	/* Empty, not NULL: libcurl asks the environment no more. */
	curl_easy_setopt(c, CURLOPT_PROXY, r->proxy ? r->proxy : "");
	curl_easy_setopt(c, CURLOPT_NOPROXY, "");
}

const char *
rpc_place(const struct rpc *r, char out[static SHOWN_PLACE], const char *url)
{
	char proxy[80];
	size_t n = strlen(shown_url(out, SHOWN_URL, url));

	if (r->proxy)
		snprintf(out + n, SHOWN_PLACE - n, " through the proxy %s (%s)",
		    shown_url(proxy, sizeof proxy, r->proxy), r->proxy_from);
	return out;
}

static int
parse_url(struct rpc *r, const char *url, struct err *e)
{
	char where[SHOWN_URL];
	size_t n;

	if (strncmp(url, "unix:", 5) == 0) {
		r->socket = strdup(url + 5);
		r->base = strdup("http://localhost");
		return r->socket && r->base ? 0 :
		    err_set(e, EX_OSERR, "out of memory");
	}
	r->tls = strncmp(url, "https://", 8) == 0;
	if ((!r->tls && strncmp(url, "http://", 7) != 0) ||
	    strpbrk(url, " \t\r\n?#") || !strchr(url, ':')[3])
		return err_set(e, EX_USAGE, "%s is no http:// or https:// URL%s",
		    shown_url(where, sizeof where, url),
		    strpbrk(url, "?#") ? " without a query" : "");
	if ((r->o.cert || r->o.key) && !r->tls)
		return err_set(e, EX_USAGE,
		    "a client certificate needs an https:// URL");
	r->base = strdup(url);
	if (!r->base)
		return err_set(e, EX_OSERR, "out of memory");
	for (n = strlen(r->base); n && r->base[n - 1] == '/'; n--)
		r->base[n - 1] = '\0';
	return 0;
}

bool
rpc_own(const struct rpc *r, const char *url)
{
	size_t n = strlen(r->base);

	return *url == '/' || (strncmp(url, r->base, n) == 0 &&
	    strchr("/?", url[n]));
}

/* sha256//BASE64 */
static int
set_pin(struct rpc *r, struct err *e)
{
	if (!r->o.pin)
		return 0;
	if (!r->tls)
		return err_set(e, EX_NOPERM, "%s has no TLS, and its key is to be "
		    "compared", r->shown);
	strcpy(r->pin, "sha256//");
	EVP_EncodeBlock((unsigned char *)r->pin + 8, r->o.pin, 32);
	return 0;
}

/* RFC 6750's characters; no line may be broken with them. */
static bool
token_fits(const char *t)
{
	if (!*t)
		return false;
	for (; *t; t++)
		if (*t <= 0x20 || *t >= 0x7f)
			return false;
	return true;
}

struct rpc *
rpc_new(const char *url, const struct rpc_options *o, struct err *e)
{
	struct rpc *r = calloc(1, sizeof *r);
	struct timespec t;

	pthread_once(&curl_once, curl_start);
	if (!r) {
		err_set(e, EX_OSERR, "out of memory");
		return NULL;
	}
	if (o)
		r->o = *o;
	if (!r->o.ca_file)
		r->o.ca_file = set_env("SSL_CERT_FILE");
	if (!r->o.timeout_s)
		r->o.timeout_s = CALL_S;
	if (!r->o.retry_s)
		r->o.retry_s = RETRY_S;
	if (!r->o.max_reply)
		r->o.max_reply = MESSAGE;
	clock_gettime(CLOCK_REALTIME, &t);
	r->seed = t.tv_nsec ^ t.tv_sec;
	r->shown = strdup(url);
	if (parse_url(r, url, e) < 0 || set_pin(r, e) < 0) {
		rpc_free(r);
		return NULL;
	}
	if (r->o.bearer && !token_fits(r->o.bearer)) {
		err_set(e, EX_CONFIG, "the bearer token has blanks in it");
		rpc_free(r);
		return NULL;
	}
	r->grpc = rpc_handle(r);
	r->http = rpc_handle(r);
	if (!r->grpc || !r->http || !r->shown) {
		err_set(e, EX_OSERR, "out of memory");
		rpc_free(r);
		return NULL;
	}
	if (r->pin[0])
		curl_easy_setopt(r->grpc, CURLOPT_PINNEDPUBLICKEY, r->pin);
	return r;
}

void
rpc_free(struct rpc *r)
{
	if (!r)
		return;
	curl_easy_cleanup(r->grpc);
	curl_easy_cleanup(r->http);
	curl_slist_free_all(r->grpc_headers);
	free(r->base);
	free(r->shown);
	free(r->socket);
	free(r->reply);
	free(r);
}

void
rpc_until(struct rpc *r, int64_t until)
{
	r->until = until;
	/* Else the end of a transfer waits for the look-up of its host's name. */
	curl_easy_setopt(r->grpc, CURLOPT_QUICK_EXIT, until ? 1L : 0L);
	curl_easy_setopt(r->http, CURLOPT_QUICK_EXIT, until ? 1L : 0L);
}

long
rpc_left(struct rpc *r, long most, struct err *e)
{
	int64_t left = r->until ? r->until - clock_ms() : most;

	if (r->until && left <= 0)
		return err_set(e, EX_TEMPFAIL, "%s: no time is left", r->shown);
	return most && left > most ? most : (long)left;
}

const char *
rpc_url(const struct rpc *r)
{
	return r->shown;
}

size_t
rpc_collect(struct rpc *r, const void *p, size_t n, size_t cap)
{
	if (n > cap - r->reply_len) {
		r->reply_long = true;
		return 0;
	}
	if (r->reply_len + n > r->reply_room) {
		size_t room = r->reply_room ? r->reply_room : 4096;
		uint8_t *grown;

		while (room < r->reply_len + n)
			room *= 2;
		grown = realloc(r->reply, room);
		if (!grown)
			return 0;
		r->reply = grown;
		r->reply_room = room;
	}
	memcpy(r->reply + r->reply_len, p, n);
	r->reply_len += n;
	return n;
}

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

/* A proxy that answers CONNECT with a refusal for good: libcurl tells of it as of a
 * connection that failed. */
static bool
barred(CURL *c)
{
	long http = 0;

	curl_easy_getinfo(c, CURLINFO_HTTP_CONNECTCODE, &http);
	return http >= 300 && !rpc_http_passes(http);
}

static bool
passing(CURLcode code)
{
	switch (code) {
	case CURLE_ABORTED_BY_CALLBACK:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_SSL_CONNECT_ERROR:
		return true;
	default:
		return false;
	}
}

int
rpc_curl_error(struct rpc *r, CURL *c, CURLcode code, const char *url,
    struct err *e)
{
	char place[SHOWN_PLACE];
	const char *why = code == CURLE_ABORTED_BY_CALLBACK ? "stopped" :
	    code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ? OTHER_KEY : r->error[0] ?
	    r->error : curl_easy_strerror(code);
	int status = barred(c) ? EX_CONFIG : passing(code) ? EX_TEMPFAIL :
	    code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ||
	    code == CURLE_SSL_CACERT_BADFILE ||
	    code == CURLE_SSL_CERTPROBLEM ? EX_NOPERM :
	    code == CURLE_OUT_OF_MEMORY ? EX_OSERR : EX_PROTOCOL;

	return err_set(e, status, "%s: %s", rpc_place(r, place, url), why);
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

void
rpc_retry_after(struct rpc *r, CURL *c)
{
	curl_off_t s = 0;

	curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &s);
	r->after_ms = s < 0 ? 0 : s > DAY_S ? DAY_S * 1000 : (int64_t)s * 1000;
}

bool
rpc_sleep(struct rpc *r, struct rpc_backoff *b)
{
	int64_t now = clock_ms(), ms;
	struct timespec t;

	if (r->o.retry_s < 0)
		return false;
	if (!b->until) {
		b->until = now + r->o.retry_s * (int64_t)1000;
		b->delay = 1;
	}
	/* Half to one and a half of what is due. */
	ms = (int64_t)(b->delay * (500 + rand_r(&r->seed) % 1001));
	if (ms < r->after_ms)
		ms = r->after_ms;
	if (now + ms > b->until || (r->until && now + ms >= r->until))
		return false;
	while (ms > 0 && !stopped(r)) {
		int64_t part = ms < 250 ? ms : 250;

		t = (struct timespec){ 0, part * 1000000 };
		nanosleep(&t, NULL);
		ms -= part;
	}
	if (stopped(r))
		return false;
	b->delay *= 1.5;
	if (b->delay > 120)
		b->delay = 120;
	return true;
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
