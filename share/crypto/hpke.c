#include "crypto/hpke.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define HASH 32		/* SHA-256 */

static const uint8_t kem_suite[] = { 'K', 'E', 'M', 0x00, HPKE_X25519 };

static const struct {
	int kem;
	size_t public, enc, coins;
} kems[] = {
	{ HPKE_X25519, X25519_KEY, X25519_KEY, X25519_KEY },
	{ HPKE_XWING, XWING_PUBLIC, XWING_CIPHERTEXT, XWING_COINS },
};
#define KEMS (sizeof kems / sizeof *kems)

_Static_assert(XWING_SEED == HPKE_KEY && X25519_KEY == HPKE_KEY, "private keys");

static int
no_memory(struct err *e)
{
	return err_set(e, EX_OSERR, "OpenSSL refuses: no memory, or a build "
	    "without the algorithm");
}

/* HMAC-SHA256 over the parts one after the other. */
static int
hmac(uint8_t out[static HASH], const uint8_t *key, size_t key_len,
    const struct hpke_part *parts, size_t n, struct err *e)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
		    0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *c = mac ? EVP_MAC_CTX_new(mac) : NULL;
	size_t len;
	int good;

	/* A key pointer of NULL would mean "the key stays". */
	good = c && EVP_MAC_init(c, key_len ? key : (const uint8_t *)"",
	    key_len, params);
	for (size_t i = 0; good && i < n; i++)
		good = EVP_MAC_update(c, parts[i].p, parts[i].n);
	good = good && EVP_MAC_final(c, out, &len, HASH) && len == HASH;
	EVP_MAC_CTX_free(c);
	EVP_MAC_free(mac);
	return good ? 0 : no_memory(e);
}

static int
labeled_extract(uint8_t prk[static HASH], struct hpke_part suite,
    const uint8_t *salt, size_t salt_len, const char *label, struct hpke_part ikm,
    struct err *e)
{
	const struct hpke_part parts[] = {
		{ "HPKE-v1", 7 }, suite, { label, strlen(label) }, ikm,
	};
	static const uint8_t zero[HASH];

	/* RFC 5869: no salt is one of zeros; HMAC pads either to the same. */
	if (!salt_len) {
		salt = zero;
		salt_len = HASH;
	}
	return hmac(prk, salt, salt_len, parts, 4, e);
}

/* At most one block: len <= 32 is all that these suites need. */
static int
labeled_expand(uint8_t *out, size_t len, struct hpke_part suite,
    const uint8_t prk[static HASH], const char *label, struct hpke_part info,
    struct err *e)
{
	const uint8_t length[2] = { 0, len }, one = 1;
	const struct hpke_part parts[] = {
		{ length, 2 }, { "HPKE-v1", 7 }, suite,
		{ label, strlen(label) }, info, { &one, 1 },
	};
	uint8_t block[HASH];
	int r;

	must(len <= HASH);
	r = hmac(block, prk, HASH, parts, 6, e);
	if (r == 0)
		memcpy(out, block, len);
	OPENSSL_cleanse(block, sizeof block);
	return r;
}

/* KEMS: there is no such one. */
static size_t
find_kem(int kem)
{
	size_t i = 0;

	while (i < KEMS && kems[i].kem != kem)
		i++;
	return i;
}

static int
no_kem(int kem, struct err *e)
{
	return err_set(e, EX_DATAERR, "unknown KEM 0x%04x", (unsigned)kem);
}

size_t
hpke_public_size(int kem)
{
	size_t i = find_kem(kem);

	return i < KEMS ? kems[i].public : 0;
}

size_t
hpke_enc_size(int kem)
{
	size_t i = find_kem(kem);

	return i < KEMS ? kems[i].enc : 0;
}

int
hpke_public(int kem, uint8_t *pk, const uint8_t sk[static HPKE_KEY],
    struct err *e)
{
	return kem == HPKE_X25519 ? x25519_public(pk, sk, e) :
	    kem == HPKE_XWING ? xwing_public(pk, sk, e) : no_kem(kem, e);
}

int
hpke_generate(int kem, uint8_t sk[static HPKE_KEY], uint8_t *pk, struct err *e)
{
	if (RAND_priv_bytes(sk, HPKE_KEY) != 1)
		return no_memory(e);
	return hpke_public(kem, pk, sk, e);
}

int
hpke_derive_pair(uint8_t sk[static HPKE_KEY], uint8_t pk[static X25519_KEY],
    const uint8_t *ikm, size_t len, struct err *e)
{
	struct hpke_part suite = { kem_suite, sizeof kem_suite };
	uint8_t prk[HASH];
	int r;

	r = labeled_extract(prk, suite, NULL, 0, "dkp_prk",
	    (struct hpke_part){ ikm, len }, e);
	if (r == 0)
		r = labeled_expand(sk, HPKE_KEY, suite, prk, "sk",
		    (struct hpke_part){ "", 0 }, e);
	OPENSSL_cleanse(prk, sizeof prk);
	return r < 0 ? r : x25519_public(pk, sk, e);
}

/* DHKEM's shared secret of (sk, peer); context is enc then the receiver's key. */
static int
dhkem(uint8_t out[static HASH], const uint8_t sk[static X25519_KEY],
    const uint8_t peer[static X25519_KEY], const uint8_t context[static 64],
    struct err *e)
{
	struct hpke_part suite = { kem_suite, sizeof kem_suite };
	uint8_t dh[X25519_KEY], prk[HASH];
	int r = x25519(dh, sk, peer, e);

	if (r == 0)
		r = labeled_extract(prk, suite, NULL, 0, "eae_prk",
		    (struct hpke_part){ dh, sizeof dh }, e);
	if (r == 0)
		r = labeled_expand(out, HASH, suite, prk, "shared_secret",
		    (struct hpke_part){ context, 64 }, e);
	OPENSSL_cleanse(dh, sizeof dh);
	OPENSSL_cleanse(prk, sizeof prk);
	return r;
}

static int
encapsulate(uint8_t shared[static HASH], uint8_t *enc, int kem,
    const uint8_t *pk, const uint8_t *coins, struct err *e)
{
	uint8_t context[64];

	if (kem == HPKE_XWING)
		return xwing_encapsulate(shared, enc, pk, coins, e);
	if (x25519_public(enc, coins, e) < 0)
		return -1;
	memcpy(context, enc, 32);
	memcpy(context + 32, pk, 32);
	return dhkem(shared, coins, pk, context, e);
}

static int
decapsulate(uint8_t shared[static HASH], const uint8_t *enc, int kem,
    const uint8_t sk[static HPKE_KEY], struct err *e)
{
	uint8_t context[64];

	if (kem == HPKE_XWING)
		return xwing_decapsulate(shared, enc, sk, e);
	memcpy(context, enc, 32);
	if (x25519_public(context + 32, sk, e) < 0)
		return -1;
	return dhkem(shared, sk, enc, context, e);
}

static size_t
key_length(int aead)
{
	return aead == HPKE_AES_128_GCM ? 16 : 32;
}

/* RFC 9180, 5.1, mode 0 without a psk. */
static int
key_schedule(struct hpke *h, int kem, int aead,
    const uint8_t shared[static HASH], const void *info, size_t info_len,
    struct err *e)
{
	const uint8_t suite_id[] = { 'H', 'P', 'K', 'E', (uint8_t)(kem >> 8),
		(uint8_t)kem, 0, HPKE_KDF, 0, (uint8_t)aead };
	struct hpke_part suite = { suite_id, sizeof suite_id };
	struct hpke_part none = { "", 0 };
	uint8_t context[1 + 2 * HASH] = { 0 }, secret[HASH];
	struct hpke_part ctx = { context, sizeof context };
	int r = -1;

	if (labeled_extract(context + 1, suite, NULL, 0, "psk_id_hash", none, e)
	    == 0 &&
	    labeled_extract(context + 1 + HASH, suite, NULL, 0, "info_hash",
	    (struct hpke_part){ info, info_len }, e) == 0 &&
	    labeled_extract(secret, suite, shared, HASH, "secret", none, e) == 0 &&
	    labeled_expand(h->key, key_length(aead), suite, secret, "key", ctx, e)
	    == 0 &&
	    labeled_expand(h->nonce, sizeof h->nonce, suite, secret,
	    "base_nonce", ctx, e) == 0) {
		h->aead = aead;
		h->seq = 0;
		r = 0;
	}
	OPENSSL_cleanse(secret, sizeof secret);
	return r;
}

static int
check_suite(int kem, int aead, struct err *e)
{
	if (find_kem(kem) == KEMS)
		return no_kem(kem, e);
	if (aead < HPKE_AES_128_GCM || aead > HPKE_CHACHA20_POLY1305)
		return err_set(e, EX_DATAERR, "unknown cipher %d", aead);
	return 0;
}

int
hpke_sender(struct hpke *h, uint8_t *enc, int kem, int aead, const uint8_t *pk,
    const void *info, size_t info_len, const uint8_t *coins, struct err *e)
{
	uint8_t chance[XWING_COINS], shared[HASH];
	int r;

	memset(h, 0, sizeof *h);
	if (check_suite(kem, aead, e) < 0)
		return -1;
	if (coins)
		memcpy(chance, coins, kems[find_kem(kem)].coins);
	else if (RAND_priv_bytes(chance, sizeof chance) != 1)
		return no_memory(e);
	r = encapsulate(shared, enc, kem, pk, chance, e);
	if (r == 0)
		r = key_schedule(h, kem, aead, shared, info, info_len, e);
	OPENSSL_cleanse(chance, sizeof chance);
	OPENSSL_cleanse(shared, sizeof shared);
	return r;
}

int
hpke_receiver(struct hpke *h, int kem, int aead, const uint8_t *enc,
    const uint8_t sk[static HPKE_KEY], const void *info, size_t info_len,
    struct err *e)
{
	uint8_t shared[HASH];
	int r;

	memset(h, 0, sizeof *h);
	if (check_suite(kem, aead, e) < 0)
		return -1;
	r = decapsulate(shared, enc, kem, sk, e);
	if (r == 0)
		r = key_schedule(h, kem, aead, shared, info, info_len, e);
	OPENSSL_cleanse(shared, sizeof shared);
	return r;
}

/* Ready for the next message; NULL: no memory. */
static EVP_CIPHER_CTX *
cipher(struct hpke *h, int encrypt)
{
	const EVP_CIPHER *alg = h->aead == HPKE_AES_128_GCM ?
	    EVP_aes_128_gcm() : h->aead == HPKE_AES_256_GCM ?
	    EVP_aes_256_gcm() : EVP_chacha20_poly1305();
	bool first = h->cipher == NULL;
	uint8_t nonce[12];

	memcpy(nonce, h->nonce, sizeof nonce);
	for (int i = 0; i < 8; i++)
		nonce[11 - i] ^= h->seq >> (8 * i);
	if (first)
		h->cipher = EVP_CIPHER_CTX_new();
	/* Later the key, and what was made of it, stays. */
	if (h->cipher && !EVP_CipherInit_ex2(h->cipher, first ? alg : NULL,
	    first ? h->key : NULL, nonce, encrypt, NULL)) {
		EVP_CIPHER_CTX_free(h->cipher);
		h->cipher = NULL;
	}
	return h->cipher;
}

/* aad, then in -> out; lengths fit OpenSSL's int. */
static int
run(EVP_CIPHER_CTX *c, uint8_t *out, const void *aad, size_t aad_len,
    const struct hpke_part *parts, size_t n)
{
	int got;

	if (aad_len && !EVP_CipherUpdate(c, NULL, &got, aad, (int)aad_len))
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n && !EVP_CipherUpdate(c, out, &got, parts[i].p,
		    (int)parts[i].n))
			return 0;
		out += parts[i].n;
	}
	return 1;
}

int
hpke_seal_parts(struct hpke *h, uint8_t *out, const void *aad, size_t aad_len,
    const struct hpke_part *parts, size_t n, struct err *e)
{
	EVP_CIPHER_CTX *c;
	size_t len = 0;
	int unused;

	for (size_t i = 0; i < n && len <= INT_MAX; i++)
		len = parts[i].n > INT_MAX ? parts[i].n : len + parts[i].n;
	if (len > INT_MAX - HPKE_TAG || aad_len > INT_MAX ||
	    h->seq == UINT64_MAX)
		return err_set(e, EX_DATAERR, "message beyond the cipher's limits");
	c = cipher(h, 1);
	if (!c || !run(c, out, aad, aad_len, parts, n) ||
	    !EVP_CipherFinal_ex(c, out + len, &unused) ||
	    !EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, HPKE_TAG, out + len))
		return no_memory(e);
	h->seq++;
	return 0;
}

int
hpke_seal(struct hpke *h, uint8_t *out, const void *aad, size_t aad_len,
    const uint8_t *in, size_t len, struct err *e)
{
	return hpke_seal_parts(h, out, aad, aad_len,
	    &(struct hpke_part){ in, len }, 1, e);
}

int
hpke_open(struct hpke *h, uint8_t *out, const void *aad, size_t aad_len,
    const uint8_t *in, size_t len, struct err *e)
{
	uint8_t tag[HPKE_TAG], none[1];
	EVP_CIPHER_CTX *c;
	int good, n;

	if (len < HPKE_TAG || len > INT_MAX || aad_len > INT_MAX ||
	    h->seq == UINT64_MAX)
		return err_set(e, EX_DATAERR, "message beyond the cipher's limits");
	len -= HPKE_TAG;
	memcpy(tag, in + len, HPKE_TAG);
	c = cipher(h, 0);
	if (!c)
		return no_memory(e);
	good = EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, HPKE_TAG, tag) &&
	    run(c, out, aad, aad_len, &(struct hpke_part){ in, len }, 1) &&
	    EVP_CipherFinal_ex(c, len ? out + len : none, &n);
	if (!good) {
		OPENSSL_cleanse(out, len);
		return err_set(e, EX_DATAERR,
		    "altered, or sealed for another key");
	}
	h->seq++;
	return 0;
}

void
hpke_wipe(struct hpke *h)
{
	EVP_CIPHER_CTX_free(h->cipher);
	OPENSSL_cleanse(h, sizeof *h);
}
