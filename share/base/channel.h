#ifndef BASE_CHANNEL_H
#define BASE_CHANNEL_H
/*
 * What names a TLS connection: its server's key, and what both ends alone can derive from
 * it (RFC 9266's exporter, where TLS is 1.3).  Client and server compute the same.
 *
 * In a header, since not all that links this library links libssl.
 */
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct channel {
	bool tls;		/* the next three; else the connection has no name */
	uint8_t spki[32];	/* SHA-256 of the certificate's SubjectPublicKeyInfo */
	bool has_exporter;
	uint8_t exporter[32];
};

/* SHA-256 of a certificate's SubjectPublicKeyInfo; false: it has none. */
static inline bool
spki_of(uint8_t out[static 32], X509 *cert)
{
	uint8_t *der = NULL;
	int n = cert ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der) : -1;

	if (n <= 0)
		return false;
	must(EVP_Digest(der, (size_t)n, out, NULL, EVP_sha256(), NULL));
	OPENSSL_free(der);
	return true;
}

/* Of a connection that is agreed on, whose server has that certificate. */
static inline void
channel_of(struct channel *out, SSL *ssl, X509 *cert)
{
	static const char label[] = "EXPORTER-Channel-Binding";

	*out = (struct channel){ .tls = false };
	out->tls = spki_of(out->spki, cert);
	if (!out->tls)
		return;
	out->has_exporter = SSL_version(ssl) >= TLS1_3_VERSION &&
	    SSL_export_keying_material(ssl, out->exporter, 32, label,
	    sizeof label - 1, NULL, 0, 0) == 1;
}

#endif
