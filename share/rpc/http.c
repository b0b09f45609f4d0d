#include "rpc/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/channel.h"
#include "base/version.h"

#define HOPS 5		/* redirects of one transfer */
#define STALL_S 60	/* an artifact may take long, not stand still */
#define WORDS 4096	/* of what a refusal says: S3's message lies in its midst */

struct body {
	struct rpc *r;
	struct rpc_bytes out;	/* to be sent */
	uint64_t at;
	int unread;		/* errno of its file; -1: that has an end */
	size_t cap;		/* of what comes */
};

static size_t
on_read(char *to, size_t one, size_t room, void *arg)
{
	struct body *b = arg;
	size_t k = b->out.n - b->at < room ? (size_t)(b->out.n - b->at) : room;
	ssize_t got;

	if (!k)
		return 0;
	if (b->out.p) {
		memcpy(to, (const uint8_t *)b->out.p + b->at, k);
		b->at += k;
		return k;
	}
	do
		got = pread(b->out.fd, to, k, b->out.from + (off_t)b->at);
	while (got < 0 && errno == EINTR);
	if (got <= 0) {
		b->unread = got < 0 ? errno : -1;
		return CURL_READFUNC_ABORT;
	}
	b->at += (size_t)got;
	return (size_t)got;
}

static int
unread(const struct body *b, struct err *e)
{
	if (b->unread < 0)
		return err_set(e, EX_IOERR, "what is uploaded became shorter");
	errno = b->unread;
	return err_set(e, EX_IOERR, "cannot read what is uploaded:");
}

static int
on_seek(void *arg, curl_off_t at, int origin)
{
	struct body *b = arg;

	if (origin != SEEK_SET || at < 0 || (uint64_t)at > b->out.n)
		return CURL_SEEKFUNC_CANTSEEK;
	b->at = (uint64_t)at;
	return CURL_SEEKFUNC_OK;
}

/* Only while the transfer goes on can the connection be asked. */
static void
note_channel(struct rpc *r)
{
	struct curl_tlssessioninfo *tls = NULL;
	X509 *cert;

	if (curl_easy_getinfo(r->http, CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK ||
	    !tls || tls->backend != CURLSSLBACKEND_OPENSSL || !tls->internals)
		return;
	cert = SSL_get1_peer_certificate(tls->internals);
	channel_of(r->o.channel, tls->internals, cert);
	X509_free(cert);
}

static size_t
on_body(char *p, size_t one, size_t n, void *arg)
{
	struct body *b = arg;
	long http = 0;

	if (b->r->o.channel && !b->r->o.channel->tls)
		note_channel(b->r);
	curl_easy_getinfo(b->r->http, CURLINFO_RESPONSE_CODE, &http);
	if (http / 100 != 2) {	/* an explanation */
		size_t left = WORDS - b->r->reply_len;

		rpc_collect(b->r, p, n < left ? n : left, WORDS);
		return n;
	}
	return rpc_collect(b->r, p, n, b->cap);
}

static int
absolute(char *out, size_t size, struct rpc *r, const char *url, struct err *e)
{
	if (snprintf(out, size, "%s%s", *url == '/' ? r->base : "", url) >=
	    (int)size)
		return err_set(e, EX_PROTOCOL, "URL of %zu bytes", strlen(url));
	return 0;
}

/* The exit status of a refusal.  77 is for certificates: what an expired URL, or one of
 * another's, names is not there to be had (S3 says 403 for what is not there too), or not
 * taken. */
static int
class_of(long http, bool put)
{
	return http == 401 || http == 403 ? put ? EX_DATAERR : EX_NOINPUT :
	    http == 404 || http == 410 ? EX_NOINPUT :
	    http == 408 || http == 429 || http >= 500 ? EX_TEMPFAIL :
	    http >= 400 ? EX_DATAERR : EX_PROTOCOL;
}

static void
set_up(CURL *c, const char *url, struct body *b, bool put)
{
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_USERAGENT,
	    "sp1-private/" SP1_PRIVATE_VERSION);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	curl_easy_setopt(c, CURLOPT_UPLOAD, put ? 1L : 0L);
	if (!put)
		curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, put ?
	    (curl_off_t)b->out.n : (curl_off_t)-1);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(c, CURLOPT_READDATA, b);
	curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(c, CURLOPT_SEEKDATA, b);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, b);
}

/* One transfer.  *moved: where a 307 or 308 sends it, to be freed; NULL for all else. */
static int
once(struct rpc *r, const char *url, const char *socket, struct body *b, bool put,
    int *status, bool *again, char **moved, struct err *e)
{
	char where[SHOWN_PLACE], said[SHOWN_TEXT], later[40] = "";
	struct curl_slist *h = NULL;
	CURL *c = r->http;
	char *to = NULL;
	CURLcode code;
	long http = 0, left = rpc_left(r, 0, e);

	*status = 0;
	*again = false;
	*moved = NULL;
	if (left < 0)
		return -1;
	b->r = r;
	b->at = 0;
	b->unread = 0;
	r->reply_len = 0;
	r->reply_long = false;
	r->error[0] = '\0';
	h = curl_slist_append(h, "expect:");
	h = curl_slist_append(h, "content-type:");
	rpc_through(r, c, url);
	rpc_place(r, where, url);
	set_up(c, url, b, put);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, left);
	curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, socket);
	curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, r->pin[0] &&
	    rpc_own(r, url) ? r->pin : NULL);
	if (r->o.channel)
		r->o.channel->tls = false;
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, h);
	code = curl_easy_perform(c);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(h);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &http);
	rpc_retry_after(r, c);
	if (b->unread)
		return unread(b, e);
	if (r->reply_long)
		return err_set(e, EX_DATAERR, "%s: more than %zu bytes", where,
		    b->cap);
	/* A refusal may come before everything was sent, and with a reset. */
	if (code != CURLE_OK && http < 300) {
		ignore(rpc_curl_error(r, c, code, url, e));
		*again = e->status == EX_TEMPFAIL;
		return -1;
	}
	*status = (int)http;
	if (http / 100 == 2)
		return 0;
	*again = rpc_http_passes(http);
	curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &to);
	if ((http == 307 || http == 308) && to)
		*moved = strdup(to);
	shown_text(said, sizeof said, r->reply, r->reply_len);
	if (r->after_ms)
		snprintf(later, sizeof later, " (again after %lld s)",
		    (long long)r->after_ms / 1000);
	return err_set(e, class_of(http, put), "%s: HTTP status %ld%s%s%s", where,
	    http, later, said[0] ? ": " : "", said);
}

/* May a transfer from one URL go on at another?  What TLS hid stays hidden. */
static int
may_follow(const char *from, const char *to, int hops, struct err *e)
{
	char a[SHOWN_URL], b[SHOWN_URL];
	bool tls = strncmp(to, "https://", 8) == 0;

	shown_url(a, sizeof a, from);
	shown_url(b, sizeof b, to);
	if (hops >= HOPS)
		return err_set(e, EX_PROTOCOL, "%s: sent on more than %d times", a,
		    HOPS);
	if (!tls && (strncmp(to, "http://", 7) != 0 ||
	    strncasecmp(from, "https://", 8) == 0))
		return err_set(e, EX_PROTOCOL, "%.100s sends on to %.100s, which is "
		    "no %s URL", a, b, tls ? "http" : "https");
	return 0;
}

/* Once, with its redirects, which get the body too.  A URL that they give is all that
 * the next host is told: nothing of the first one's query. */
static int
followed(struct rpc *r, const char *url, struct body *b, bool put, int *status,
    bool *again, struct err *e)
{
	/* The socket is this server's; other hosts are reached as they are. */
	const char *socket = *url == '/' ? r->socket : NULL;
	char full[4096], *at, *next;
	int k;

	*status = 0;
	*again = false;
	if (absolute(full, sizeof full, r, url, e) < 0)
		return -1;
	at = strdup(full);
	for (int hops = 0;; hops++) {
		if (!at)
			return err_set(e, EX_OSERR, "out of memory");
		k = once(r, at, socket, b, put, status, again, &next, e);
		if (!next || !r->o.follow || socket)
			break;
		k = may_follow(at, next, hops, e);
		if (k < 0)
			break;
		free(at);
		at = next;
	}
	free(at);
	free(next);
	return k;
}

static int
transfer(struct rpc *r, const char *url, struct body *b, bool put, int *status,
    struct err *e)
{
	struct rpc_backoff back = { 0 };
	int ignored;
	bool again;

	if (!status)
		status = &ignored;
	while (followed(r, url, b, put, status, &again, e) < 0) {
		if (!again)
			return -1;
		if (r->o.verbose)
			complain("%s; trying again", e->msg);
		if (!rpc_sleep(r, &back))
			return -1;
	}
	return 0;
}

int
rpc_put_bytes(struct rpc *r, const char *url, const struct rpc_bytes *bytes,
    int *status, struct err *e)
{
	/* What a store says to an upload nobody reads. */
	struct body b = { .out = *bytes, .cap = 1 << 20 };

	return transfer(r, url, &b, true, status, e);
}

int
rpc_put(struct rpc *r, const char *url, const void *p, size_t n, int *status,
    struct err *e)
{
	return rpc_put_bytes(r, url, &(struct rpc_bytes){ .p = p, .n = n },
	    status, e);
}

int
rpc_get(struct rpc *r, const char *url, size_t cap, uint8_t **out, size_t *n,
    int *status, struct err *e)
{
	struct body b = { .cap = cap };

	*out = NULL;
	*n = 0;
	if (transfer(r, url, &b, false, status, e) < 0)
		return -1;
	*out = malloc(r->reply_len + 1);
	if (!*out)
		return err_set(e, EX_OSERR, "out of memory");
	memcpy(*out, r->reply, r->reply_len);
	(*out)[r->reply_len] = '\0';
	*n = r->reply_len;
	return 0;
}

const char *
rpc_header(struct rpc *r, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(r->http, name, 0, CURLH_HEADER, -1, &h) ==
	    CURLHE_OK ? h->value : NULL;
}
