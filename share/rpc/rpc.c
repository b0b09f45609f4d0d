#include "rpc/client.h"

#include <openssl/evp.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define CALL_S 60
#define RETRY_S 120
#define MESSAGE ((size_t)4 << 20)

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void
curl_start(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
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
		r->o.ca_file = rpc_env("SSL_CERT_FILE");
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

const char *
rpc_url(const struct rpc *r)
{
	return r->shown;
}
