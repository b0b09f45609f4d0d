#ifndef BASE_OPENSSL_H
#define BASE_OPENSSL_H
/*
 * OpenSSL for programs that sandbox() themselves.  To be called before that: at its
 * first use libcrypto reads its configuration, which is not wanted here, and as
 * Ubuntu builds it also /proc/sys/crypto/fips_enabled, which is not allowed there.
 *
 * In a header, since not all that links this library links libcrypto.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/err.h"

static inline void
openssl_start(void)
{
	EVP_MD *first;

	must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL));
	first = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(first != NULL);
	EVP_MD_free(first);
}

#endif
