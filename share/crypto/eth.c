#include "crypto/eth.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <secp256k1.h>
#include <secp256k1_preallocated.h>
#include <secp256k1_recovery.h>
#include <stdio.h>
#include <string.h>

#include "crypto/keccak.h"
#include "crypto/keyfile.h"

#define CONTEXT (SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)

static const char artifact_text[] = "create_artifact";

/* Signing and verifying take no memory but this, so that none can be out. */
static _Alignas(16) unsigned char context_memory[1024];
static secp256k1_context *context;
static pthread_once_t context_once = PTHREAD_ONCE_INIT;

static void
context_make(void)
{
	uint8_t seed[32];

	must(secp256k1_context_preallocated_size(CONTEXT) <=
	    sizeof context_memory);
	context = secp256k1_context_preallocated_create(context_memory,
	    CONTEXT);
	/* Blinding protects against side channels; without a seed signing still
	 * works, and the signatures are the same. */
	if (RAND_bytes(seed, sizeof seed) == 1)
		(void)!secp256k1_context_randomize(context, seed);
	OPENSSL_cleanse(seed, sizeof seed);
}

static secp256k1_context *
context_get(void)
{
	pthread_once(&context_once, context_make);
	return context;
}

static void
address_of(uint8_t address[static ETH_ADDRESS], const secp256k1_pubkey *pub)
{
	uint8_t point[65], hash[32];
	size_t len = sizeof point;

	secp256k1_ec_pubkey_serialize(context_get(), point, &len, pub,
	    SECP256K1_EC_UNCOMPRESSED);
	keccak256(hash, point + 1, 64);
	memcpy(address, hash + 12, ETH_ADDRESS);
}

int
eth_key_set(struct eth_key *k, const uint8_t secret[static 32], struct err *e)
{
	secp256k1_pubkey pub;

	if (!secp256k1_ec_pubkey_create(context_get(), &pub, secret)) {
		eth_key_wipe(k);
		return err_set(e, EX_DATAERR, "not a secp256k1 private key");
	}
	if (k->secret != secret)
		memcpy(k->secret, secret, 32);
	address_of(k->address, &pub);
	return 0;
}

int
eth_key_generate(struct eth_key *k, struct err *e)
{
	uint8_t secret[32];
	int r = -1;

	/* One in 2^128 is refused: that would be a broken generator. */
	if (RAND_priv_bytes(secret, sizeof secret) != 1)
		err_set(e, EX_OSERR, "no random bytes");
	else
		r = eth_key_set(k, secret, e);
	OPENSSL_cleanse(secret, sizeof secret);
	return r;
}

int
eth_key_load(struct eth_key *k, const char *path, struct err *e)
{
	uint8_t secret[32];
	int r = -1;

	if (keyfile_secret(secret, path, e) == 0) {
		r = eth_key_set(k, secret, e);
		if (r < 0)
			err_set(e, EX_CONFIG, "key file %s holds no secp256k1 "
			    "private key", path);
	}
	OPENSSL_cleanse(secret, sizeof secret);
	return r;
}

void
eth_key_wipe(struct eth_key *k)
{
	OPENSSL_cleanse(k, sizeof *k);
}

void
eth_hash191_init(struct keccak *k, uint64_t len)
{
	char head[64];
	int n = snprintf(head, sizeof head,
	    "\x19" "Ethereum Signed Message:\n%llu", (unsigned long long)len);

	keccak_init(k);
	keccak_update(k, head, n);
}

void
eth_hash191(uint8_t out[static 32], const void *body, size_t len)
{
	struct keccak k;

	eth_hash191_init(&k, len);
	keccak_update(&k, body, len);
	keccak_final(out, &k);
}

static int
sign_with(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    const uint8_t hash[static 32], int v_base, struct err *e)
{
	secp256k1_ecdsa_recoverable_signature s;
	int parity;

	if (!secp256k1_ecdsa_sign_recoverable(context_get(), &s, hash, k->secret,
	    NULL, NULL))
		return err_set(e, EX_SOFTWARE, "cannot sign");
	secp256k1_ecdsa_recoverable_signature_serialize_compact(context_get(), sig,
	    &parity, &s);
	sig[64] = v_base + parity;
	return 0;
}

int
eth_sign(uint8_t sig[static ETH_SIG], const struct eth_key *k, const void *body,
    size_t len, struct err *e)
{
	uint8_t hash[32];

	eth_hash191(hash, body, len);
	return sign_with(sig, k, hash, 27, e);
}

int
eth_sign_hash(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    const uint8_t hash[static 32], struct err *e)
{
	return sign_with(sig, k, hash, 27, e);
}

int
eth_sign_artifact(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    struct err *e)
{
	uint8_t hash[32];

	eth_hash191(hash, artifact_text, sizeof artifact_text - 1);
	return sign_with(sig, k, hash, 54, e);
}

static int
recover_with(uint8_t address[static ETH_ADDRESS], const uint8_t *sig,
    size_t sig_len, const void *body, size_t len, int artifact, struct err *e)
{
	secp256k1_ecdsa_recoverable_signature s;
	secp256k1_pubkey pub;
	uint8_t hash[32];
	int v;

	if (sig_len != ETH_SIG)
		return err_set(e, EX_NOPERM, "signature of %zu bytes", sig_len);
	v = sig[64];
	if (v == 27 || v == 28)
		v -= 27;
	else if (artifact && (v == 54 || v == 55))
		v -= 54;
	if (v > 1)
		return err_set(e, EX_NOPERM, "signature with v = %d", sig[64]);
	eth_hash191(hash, body, len);
	if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context_get(), &s,
	    sig, v) || !secp256k1_ecdsa_recover(context_get(), &pub, &s, hash))
		return err_set(e, EX_NOPERM, "signature of nobody");
	address_of(address, &pub);
	return 0;
}

int
eth_recover(uint8_t address[static ETH_ADDRESS], const uint8_t *sig,
    size_t sig_len, const void *body, size_t len, struct err *e)
{
	return recover_with(address, sig, sig_len, body, len, 0, e);
}

int
eth_recover_artifact(uint8_t address[static ETH_ADDRESS], const uint8_t *sig,
    size_t sig_len, struct err *e)
{
	return recover_with(address, sig, sig_len, artifact_text,
	    sizeof artifact_text - 1, 1, e);
}
