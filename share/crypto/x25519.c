#include "crypto/x25519.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

static int
no_memory(struct err *e)
{
	return err_set(e, EX_OSERR, "OpenSSL refuses: no memory, or a build "
	    "without X25519");
}

int
x25519_public(uint8_t pk[static X25519_KEY], const uint8_t sk[static X25519_KEY],
    struct err *e)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, sk,
	    X25519_KEY);
	size_t len = X25519_KEY;
	int good = k && EVP_PKEY_get_raw_public_key(k, pk, &len);

	EVP_PKEY_free(k);
	return good ? 0 : no_memory(e);
}

int
x25519(uint8_t out[static X25519_KEY], const uint8_t sk[static X25519_KEY],
    const uint8_t peer[static X25519_KEY], struct err *e)
{
	EVP_PKEY *a, *b;
	EVP_PKEY_CTX *c = NULL;
	size_t len = X25519_KEY;
	int r = 0;

	a = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, sk, X25519_KEY);
	b = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer, X25519_KEY);
	if (a)
		c = EVP_PKEY_CTX_new(a, NULL);
	if (!b || !c || EVP_PKEY_derive_init(c) <= 0 ||
	    EVP_PKEY_derive_set_peer(c, b) <= 0)
		r = no_memory(e);
	/* OpenSSL fails on a result of zeros. */
	else if (EVP_PKEY_derive(c, out, &len) <= 0 || len != X25519_KEY)
		r = err_set(e, EX_DATAERR, "X25519 key of small order");
	ERR_clear_error();
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
	return r;
}
