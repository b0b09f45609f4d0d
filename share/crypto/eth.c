#include "crypto/eth.h"
#include "crypto/keccak.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char artifact_text[] = "create_artifact";

static secp256k1_context *context;
static pthread_once_t context_once = PTHREAD_ONCE_INIT;

static void
context_make(void)
{
	uint8_t seed[32];

	context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN |
	    SECP256K1_CONTEXT_VERIFY);
	must(context != NULL);
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

static int
hex_digit(int c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads exactly 32 bytes of hex from text; -1 for anything else. */
static int
parse_secret(uint8_t out[static 32], const char *text, size_t len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r' ||
	    text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		text += 2;
		len -= 2;
	}
	if (len != 64)
		return -1;
	for (int i = 0; i < 32; i++) {
		int hi = hex_digit(text[2 * i]), lo = hex_digit(text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -1;
		out[i] = hi << 4 | lo;
	}
	return 0;
}

int
eth_key_load(struct eth_key *k, const char *path, struct err *e)
{
	char text[128];
	uint8_t secret[32];
	struct stat st;
	ssize_t n;
	int fd, r = -1;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_set(e, EX_NOINPUT, "cannot open %s:", path);
	if (fstat(fd, &st) < 0) {
		err_set(e, EX_OSERR, "cannot examine %s:", path);
	} else if (S_ISREG(st.st_mode) && (st.st_mode & 077)) {
		err_set(e, EX_CONFIG, "key file %s is open to others "
		    "(mode %03o; want 600)", path, st.st_mode & 0777);
	} else {
		size_t len = 0;

		while (len < sizeof text && (n = read(fd, text + len,
		    sizeof text - len)) > 0)
			len += n;
		if (len == sizeof text || parse_secret(secret, text, len) < 0)
			err_set(e, EX_CONFIG, "key file %s does not hold "
			    "32 bytes in hex", path);
		else if (eth_key_set(k, secret, e) < 0)
			err_set(e, EX_CONFIG, "key file %s holds no "
			    "secp256k1 private key", path);
		else
			r = 0;
	}
	OPENSSL_cleanse(text, sizeof text);
	OPENSSL_cleanse(secret, sizeof secret);
	close(fd);
	return r;
}

void
eth_key_wipe(struct eth_key *k)
{
	OPENSSL_cleanse(k, sizeof *k);
}

void
eth_hash191(uint8_t out[static 32], const void *body, size_t len)
{
	struct keccak k;
	char head[64];
	int n = snprintf(head, sizeof head,
	    "\x19" "Ethereum Signed Message:\n%zu", len);

	keccak_init(&k);
	keccak_update(&k, head, n);
	keccak_update(&k, body, len);
	keccak_final(out, &k);
}

static int
sign_with(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    const void *body, size_t len, int v_base, struct err *e)
{
	secp256k1_ecdsa_recoverable_signature s;
	uint8_t hash[32];
	int parity;

	eth_hash191(hash, body, len);
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
	return sign_with(sig, k, body, len, 27, e);
}

int
eth_sign_artifact(uint8_t sig[static ETH_SIG], const struct eth_key *k,
    struct err *e)
{
	return sign_with(sig, k, artifact_text, sizeof artifact_text - 1, 54, e);
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
