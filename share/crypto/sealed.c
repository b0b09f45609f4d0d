#include "crypto/sealed.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <string.h>

#define LENGTH 8	/* of the input, before it */
#define VERSION 7	/* its place */
#define BY_KEY 1
#define BY_STATEMENT 2
static const char magic[7] = "SP1SEAL";
static const char domain[] = "sp1-private/sealed-input/v1";	/* and its NUL */

static void
put_le64(uint8_t *p, uint64_t x)
{
	for (int i = 0; i < 8; i++)
		p[i] = x >> (8 * i);
}

static uint64_t
get_le64(const uint8_t *p)
{
	uint64_t x = 0;

	for (int i = 7; i >= 0; i--)
		x = x << 8 | p[i];
	return x;
}

uint64_t
sealed_padded(uint64_t len)
{
	uint64_t n, mask;
	int exponent, bits;

	if (len > SEALED_MAX - LENGTH)
		return 0;
	n = len + LENGTH;
	if (n <= SEALED_MIN)
		return SEALED_MIN;
	exponent = 63 - __builtin_clzll(n);
	bits = 32 - __builtin_clz(exponent);
	mask = ((uint64_t)1 << (exponent - bits)) - 1;
	return (n + mask) & ~mask;
}

/* Size of the sealed form of a padded plaintext. */
static uint64_t
total(int kem, uint64_t padded)
{
	uint64_t chunks = (padded + SEALED_CHUNK - 1) / SEALED_CHUNK;

	return SEALED_INFO + hpke_enc_size(kem) + padded + chunks * HPKE_TAG;
}

uint64_t
sealed_size(int kem, uint64_t len)
{
	return total(kem, sealed_padded(len));
}

void
sealed_fingerprint(uint8_t out[static 32], int kem, const uint8_t *pk)
{
	must(EVP_Digest(pk, hpke_public_size(kem), out, NULL, EVP_sha256(), NULL));
}

int
sealed_is(const uint8_t *p, size_t len)
{
	/* As an SP1Stdin, "SP1SEAL" would count 2^56 buffers. */
	return len > sizeof magic && memcmp(p, magic, sizeof magic) == 0;
}

static void
info_of(uint8_t out[static sizeof domain + SEALED_INFO], const uint8_t *header)
{
	memcpy(out, domain, sizeof domain);
	memcpy(out + sizeof domain, header, SEALED_INFO);
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The n bytes at `at` of length, input and zeros: what is not the input's is written
 * where its ciphertext comes to lie. */
static int
seal_chunk(struct hpke *c, uint8_t *out, const uint8_t *in, size_t len, size_t at,
    size_t n, uint8_t last, struct err *e)
{
	size_t length = at == 0 ? LENGTH : 0;
	size_t from = smaller(at + length - LENGTH, len);
	size_t some = smaller(n - length, len - from);
	size_t zeros = n - length - some;

	if (length)
		put_le64(out, len);
	memset(out + n - zeros, 0, zeros);
	return hpke_seal_parts(c, out, &last, 1, (const struct hpke_part[]){
		{ out, length }, { in + from, some }, { out + n - zeros, zeros }
	    }, 3, e);
}

/* The header to out, and the context that its chunks are sealed in; its size, or -1. */
static int
seal_header(struct hpke *c, uint8_t *out, int kem, const uint8_t *pk,
    const uint8_t *statement, const uint8_t vk_hash[static 32],
    const uint8_t requester[static 20], uint64_t len, struct err *e)
{
	uint64_t padded = sealed_padded(len);
	uint8_t info[sizeof domain + SEALED_INFO];

	if (!padded)
		return err_set(e, EX_DATAERR, "input of %llu bytes is too long",
		    (unsigned long long)len);
	memcpy(out, magic, sizeof magic);
	out[VERSION] = statement ? BY_STATEMENT : BY_KEY;
	out[8] = (uint8_t)(kem >> 8);
	out[9] = (uint8_t)kem;
	out[10] = 0;
	out[11] = HPKE_KDF;
	out[12] = 0;
	out[13] = HPKE_AES_256_GCM;
	out[14] = 16;		/* log2 SEALED_CHUNK */
	out[15] = 0;
	if (statement)
		memcpy(out + 16, statement, 32);
	else
		sealed_fingerprint(out + 16, kem, pk);
	memcpy(out + 48, vk_hash, 32);
	memcpy(out + 80, requester, 20);
	put_le64(out + 100, padded);
	info_of(info, out);
	if (hpke_sender(c, out + SEALED_INFO, kem, HPKE_AES_256_GCM, pk, info,
	    sizeof info, NULL, e) < 0)
		return -1;
	return SEALED_INFO + (int)hpke_enc_size(kem);
}

int
sealed_seal_to(int (*put)(const void *p, size_t n, void *arg, struct err *e),
    void *arg, int kem, const uint8_t *pk, const uint8_t *statement,
    const uint8_t vk_hash[static 32], const uint8_t requester[static 20],
    const uint8_t *in, size_t len, struct err *e)
{
	uint8_t out[SEALED_CHUNK + HPKE_TAG];
	uint64_t padded = sealed_padded(len), at;
	struct hpke c;
	int r = seal_header(&c, out, kem, pk, statement, vk_hash, requester, len, e);

	if (r < 0)
		return -1;
	r = put(out, (size_t)r, arg, e);
	for (at = 0; r == 0 && at < padded; at += SEALED_CHUNK) {
		size_t n = smaller(padded - at, SEALED_CHUNK);

		r = seal_chunk(&c, out, in, len, at, n, at + n == padded, e);
		if (r == 0)
			r = put(out, n + HPKE_TAG, arg, e);
	}
	OPENSSL_cleanse(out, sizeof out);
	hpke_wipe(&c);
	return r;
}

static int
put_after(const void *p, size_t n, void *arg, struct err *e)
{
	uint8_t **out = arg;

	memcpy(*out, p, n);
	*out += n;
	return 0;
}

int
sealed_seal(uint8_t *out, int kem, const uint8_t *pk, const uint8_t *statement,
    const uint8_t vk_hash[static 32], const uint8_t requester[static 20],
    const uint8_t *in, size_t len, struct err *e)
{
	uint8_t *end = out;

	return sealed_seal_to(put_after, &end, kem, pk, statement, vk_hash,
	    requester, in, len, e);
}

int
sealed_parse_header(struct sealed_header *h,
    const uint8_t in[static SEALED_INFO], struct err *e)
{
	if (!sealed_is(in, SEALED_INFO))
		return err_set(e, EX_DATAERR, "not a sealed input");
	if (in[VERSION] != BY_KEY && in[VERSION] != BY_STATEMENT)
		return err_set(e, EX_DATAERR, "sealed input of version %d",
		    in[VERSION]);
	memset(h, 0, sizeof *h);
	h->by_statement = in[VERSION] == BY_STATEMENT;
	h->kem = in[8] << 8 | in[9];
	h->aead = in[12] << 8 | in[13];
	h->size = SEALED_INFO + hpke_enc_size(h->kem);
	if (h->size == SEALED_INFO || in[10] || in[11] != HPKE_KDF ||
	    (h->aead != HPKE_AES_256_GCM &&
	    h->aead != HPKE_CHACHA20_POLY1305) || in[14] != 16 || in[15])
		return err_set(e, EX_DATAERR, "sealed input of an unknown suite");
	memcpy(h->by_statement ? h->statement : h->fingerprint, in + 16, 32);
	memcpy(h->vk_hash, in + 48, 32);
	memcpy(h->requester, in + 80, 20);
	h->padded = get_le64(in + 100);
	if (h->padded < SEALED_MIN || h->padded > SEALED_MAX ||
	    sealed_padded(h->padded - LENGTH) != h->padded)
		return err_set(e, EX_DATAERR, "sealed input of a wrong length");
	return 0;
}

int
sealed_parse(struct sealed_header *h, const uint8_t *in, size_t len,
    struct err *e)
{
	if (!sealed_is(in, len))
		return err_set(e, EX_DATAERR, "not a sealed input");
	if (len < SEALED_INFO)
		return err_set(e, EX_DATAERR, "sealed input cut in its header");
	if (sealed_parse_header(h, in, e) < 0)
		return -1;
	if (len != total(h->kem, h->padded))
		return err_set(e, EX_DATAERR, "sealed input cut or lengthened "
		    "(%zu bytes)", len);
	return 0;
}

int
sealed_check(const struct sealed_header *h, const uint8_t *fingerprint,
    const uint8_t *vk_hash, const uint8_t *requester, struct err *e)
{
	if (fingerprint && !h->by_statement &&
	    memcmp(fingerprint, h->fingerprint, 32))
		return err_set(e, EX_DATAERR,
		    "sealed for another enclave's key");
	if (vk_hash && memcmp(vk_hash, h->vk_hash, 32))
		return err_set(e, EX_DATAERR, "sealed for another program");
	if (requester && memcmp(requester, h->requester, 20))
		return err_set(e, EX_DATAERR, "sealed for another requester");
	return 0;
}

int
sealed_context(struct hpke *c, const uint8_t *in,
    const uint8_t sk[static HPKE_KEY], struct err *e)
{
	uint8_t info[sizeof domain + SEALED_INFO];

	info_of(info, in);
	return hpke_receiver(c, in[8] << 8 | in[9], in[12] << 8 | in[13],
	    in + SEALED_INFO, sk, info, sizeof info, e);
}

/* Zeros from p to end? */
static int
zeros(const uint8_t *p, const uint8_t *end)
{
	uint8_t any = 0;

	while (p < end)
		any |= *p++;
	return !any;
}

/* Where out is what in is part of, a chunk goes where those before it were. */
static int
open_chunks(uint8_t *out, const uint8_t *in, uint64_t padded, struct hpke *c,
    struct err *e)
{
	uint8_t chunk[SEALED_CHUNK];
	int r = 0;

	for (uint64_t at = 0; r == 0 && at < padded; at += SEALED_CHUNK) {
		size_t n = smaller(padded - at, SEALED_CHUNK);
		uint8_t last = at + n == padded;

		r = hpke_open(c, chunk, &last, 1, in, n + HPKE_TAG, e);
		if (r == 0)
			memcpy(out + at, chunk, n);
		in += n + HPKE_TAG;
	}
	OPENSSL_cleanse(chunk, sizeof chunk);
	return r;
}

int
sealed_open(uint8_t *out, size_t *offset, size_t *len, const uint8_t *in,
    size_t in_len, struct hpke *c, struct err *e)
{
	struct sealed_header h;
	uint64_t length;

	*offset = *len = 0;
	if (sealed_parse(&h, in, in_len, e) < 0)
		return -1;
	if (open_chunks(out, in + h.size, h.padded, c, e) < 0) {
		OPENSSL_cleanse(out, h.padded);
		return err_prefix(e, "sealed input");
	}
	length = get_le64(out);
	if (length > h.padded - LENGTH || sealed_padded(length) != h.padded ||
	    !zeros(out + LENGTH + length, out + h.padded)) {
		OPENSSL_cleanse(out, h.padded);
		return err_set(e, EX_DATAERR, "sealed input badly padded");
	}
	*offset = LENGTH;
	*len = length;
	return 0;
}
