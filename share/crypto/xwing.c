#include "crypto/xwing.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <string.h>

#define MLK_CONFIG_NO_RANDOMIZED_API
#include "crypto/mlkem/mlkem_native.h"
#include "crypto/x25519.h"

#define MLKEM_PUBLIC MLKEM768_PUBLICKEYBYTES
#define MLKEM_SECRET MLKEM768_SECRETKEYBYTES
#define MLKEM_CIPHERTEXT MLKEM768_CIPHERTEXTBYTES

_Static_assert(MLKEM_PUBLIC + X25519_KEY == XWING_PUBLIC, "pkM, pkX");
_Static_assert(MLKEM_CIPHERTEXT + X25519_KEY == XWING_CIPHERTEXT, "ctM, ctX");

/* What a seed stands for. */
struct pair {
	uint8_t mlkem[MLKEM_SECRET];
	uint8_t x25519[X25519_KEY];
	uint8_t public[XWING_PUBLIC];
};

static int
no_memory(struct err *e)
{
	return err_set(e, EX_OSERR, "OpenSSL refuses: no memory, or a build "
	    "without SHA-3");
}

/* The draft's expandDecapsulationKey: SHAKE-256 gives d, z and X25519's private key. */
static int
expand(struct pair *k, const uint8_t seed[static XWING_SEED], struct err *e)
{
	uint8_t long_seed[96];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	int good = c && EVP_DigestInit_ex(c, EVP_shake256(), NULL) &&
	    EVP_DigestUpdate(c, seed, XWING_SEED) &&
	    EVP_DigestFinalXOF(c, long_seed, sizeof long_seed);
	int r = 0;

	EVP_MD_CTX_free(c);
	if (!good) {
		r = no_memory(e);
	} else {
		must(PQCP_MLKEM_NATIVE_MLKEM768_keypair_derand(k->public, k->mlkem,
		    long_seed) == 0);
		memcpy(k->x25519, long_seed + 64, X25519_KEY);
		r = x25519_public(k->public + MLKEM_PUBLIC, k->x25519, e);
	}
	OPENSSL_cleanse(long_seed, sizeof long_seed);
	return r;
}

/* The draft's Combiner. */
static int
combine(uint8_t out[static XWING_SECRET], const uint8_t mlkem[static 32],
    const uint8_t x[static X25519_KEY], const uint8_t ct[static X25519_KEY],
    const uint8_t pk[static X25519_KEY], struct err *e)
{
	static const char label[6] = { '\\', '.', '/', '/', '^', '\\' };
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	int good = c && EVP_DigestInit_ex(c, EVP_sha3_256(), NULL) &&
	    EVP_DigestUpdate(c, mlkem, 32) && EVP_DigestUpdate(c, x, X25519_KEY) &&
	    EVP_DigestUpdate(c, ct, X25519_KEY) &&
	    EVP_DigestUpdate(c, pk, X25519_KEY) &&
	    EVP_DigestUpdate(c, label, sizeof label) &&
	    EVP_DigestFinal_ex(c, out, NULL);

	EVP_MD_CTX_free(c);
	return good ? 0 : no_memory(e);
}

int
xwing_public(uint8_t pk[static XWING_PUBLIC],
    const uint8_t seed[static XWING_SEED], struct err *e)
{
	struct pair k;
	int r = expand(&k, seed, e);

	if (r == 0)
		memcpy(pk, k.public, XWING_PUBLIC);
	OPENSSL_cleanse(&k, sizeof k);
	return r;
}

int
xwing_encapsulate(uint8_t secret[static XWING_SECRET],
    uint8_t ct[static XWING_CIPHERTEXT], const uint8_t pk[static XWING_PUBLIC],
    const uint8_t coins[static XWING_COINS], struct err *e)
{
	uint8_t mlkem[32], x[X25519_KEY];
	int r;

	/* It refuses a key that is not of numbers below q (FIPS 203, 7.2). */
	if (PQCP_MLKEM_NATIVE_MLKEM768_enc_derand(ct, mlkem, pk, coins) != 0)
		return err_set(e, EX_DATAERR, "no X-Wing key");
	r = x25519_public(ct + MLKEM_CIPHERTEXT, coins + 32, e) < 0 ||
	    x25519(x, coins + 32, pk + MLKEM_PUBLIC, e) < 0 ||
	    combine(secret, mlkem, x, ct + MLKEM_CIPHERTEXT, pk + MLKEM_PUBLIC,
	    e) < 0 ? -1 : 0;
	OPENSSL_cleanse(mlkem, sizeof mlkem);
	OPENSSL_cleanse(x, sizeof x);
	return r;
}

int
xwing_decapsulate(uint8_t secret[static XWING_SECRET],
    const uint8_t ct[static XWING_CIPHERTEXT],
    const uint8_t seed[static XWING_SEED], struct err *e)
{
	uint8_t mlkem[32], x[X25519_KEY];
	struct pair k;
	int r = expand(&k, seed, e);

	if (r == 0) {
		/* Only a private key that is damaged fails, and this one is new. */
		must(PQCP_MLKEM_NATIVE_MLKEM768_dec(mlkem, ct, k.mlkem) == 0);
		r = x25519(x, k.x25519, ct + MLKEM_CIPHERTEXT, e) < 0 ||
		    combine(secret, mlkem, x, ct + MLKEM_CIPHERTEXT,
		    k.public + MLKEM_PUBLIC, e) < 0 ? -1 : 0;
	}
	OPENSSL_cleanse(&k, sizeof k);
	OPENSSL_cleanse(mlkem, sizeof mlkem);
	OPENSSL_cleanse(x, sizeof x);
	return r;
}
