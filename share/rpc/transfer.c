#include "rpc/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "rpc/proxy.h"

#define CONNECT_S 15
#define OTHER_KEY "its TLS key is not the one that was attested"
#define DAY_S ((int64_t)86400)

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

const char *
rpc_env(const char *name)
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
	if (rpc_env("SSL_CERT_DIR"))
		curl_easy_setopt(c, CURLOPT_CAPATH, rpc_env("SSL_CERT_DIR"));
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

long
rpc_left(struct rpc *r, long most, struct err *e)
{
	int64_t left = r->until ? r->until - clock_ms() : most;

	if (r->until && left <= 0)
		return err_set(e, EX_TEMPFAIL, "%s: no time is left", r->shown);
	return most && left > most ? most : (long)left;
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

bool
rpc_http_passes(long http)
{
	return http == 408 || http == 429 || http == 500 || http == 502 ||
	    http == 503 || http == 504;
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
