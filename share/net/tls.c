#include "net/conn.h"

#include <time.h>

#include "base/channel.h"

static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\2h2\10http/1.1";
	unsigned char *chosen;

	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in,
	    in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

int
tls_context(SSL_CTX **out, const struct server_tls *t, struct err *e)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	*out = NULL;
	if (!c)
		return err_set(e, EX_OSERR, "out of memory");
	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	/* What has been read is wiped from OpenSSL's buffers too. */
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
	    SSL_OP_NO_COMPRESSION | SSL_OP_CLEANSE_PLAINTEXT);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
	if (SSL_CTX_use_certificate_chain_file(c, t->cert) != 1) {
		SSL_CTX_free(c);
		return err_set(e, EX_CONFIG, "no certificate in %s", t->cert);
	}
	if (SSL_CTX_use_PrivateKey_file(c, t->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(c) != 1) {
		SSL_CTX_free(c);
		return err_set(e, EX_CONFIG, "%s is not the key of %s", t->key,
		    t->cert);
	}
	*out = c;
	return 0;
}

uint64_t
tls_end(const SSL_CTX *c)
{
	const X509 *x = SSL_CTX_get0_certificate(c);
	struct tm tm;

	if (!x || ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
		return 0;
	return (uint64_t)timegm(&tm);
}

void
request_channel(const struct request *pub, struct channel *out)
{
	const struct req *r = (const struct req *)pub;
	SSL *ssl = r->c ? r->c->ssl : NULL;

	*out = (struct channel){ 0 };
	if (ssl)
		channel_of(out, ssl, SSL_get_certificate(ssl));
}

bool
request_tunnelled(const struct request *pub)
{
	const struct req *r = (const struct req *)pub;

	return r->plain && r->c && r->c->ssl;
}
