/*
 * MB a second of the processor's time, the best of N: an input sealed as sp1-encrypt does,
 * and AES-256-GCM of libcrypto alone over as many bytes, to another place, in one call.
 * TSV: bytes, sealed to X25519, sealed to X-Wing, AES-256-GCM, X25519's share of it.
 *
 *	crypto_seal N BYTES...
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/sealed.h"

static uint8_t *in, *out;

/* Not a clock's, which others on the machine take from. */
static double
cpu_s(void)
{
	struct timespec t;

	must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
seal(int kem, size_t n)
{
	static uint8_t sk[HPKE_KEY], pk[HPKE_PUBLIC_MAX];
	static const uint8_t vk_hash[32], requester[20];
	static int made;
	struct err e;

	if (made != kem)
		must(hpke_generate(kem, sk, pk, &e) == 0);
	made = kem;
	must(sealed_seal(out, kem, pk, NULL, vk_hash, requester, in, n, &e) == 0);
}

static void
encrypt(int unused, size_t n)
{
	static const uint8_t key[32], nonce[12];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int got;

	must(c != NULL && EVP_EncryptInit_ex2(c, EVP_aes_256_gcm(), key, nonce,
	    NULL) == 1 && EVP_EncryptUpdate(c, out, &got, in, (int)n) == 1 &&
	    EVP_EncryptFinal_ex(c, out + n, &got) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, out + n) == 1);
	EVP_CIPHER_CTX_free(c);
}

static double
best(void (*f)(int kem, size_t n), int kem, size_t n, int runs)
{
	double least = 1e9, t;

	for (int i = 0; i < runs; i++) {
		t = cpu_s();
		f(kem, n);
		t = cpu_s() - t;
		if (t < least)
			least = t;
	}
	return (double)n / least / 1e6;
}

int
main(int argc, char **argv)
{
	int runs = argc > 2 ? atoi(argv[1]) : 0;

	if (runs <= 0)
		return EX_USAGE;
	for (int i = 2; i < argc; i++) {
		size_t n = (size_t)atoll(argv[i]);
		size_t room = sealed_size(HPKE_XWING, n);
		double x25519, xwing, raw;

		in = malloc(n);
		out = malloc(room);
		must(n > 0 && room > n && in != NULL && out != NULL);
		memset(in, 1, n);
		memset(out, 1, room);
		x25519 = best(seal, HPKE_X25519, n, runs);
		xwing = best(seal, HPKE_XWING, n, runs);
		raw = best(encrypt, 0, n, runs);
		printf("%zu\t%.0f\t%.0f\t%.0f\t%.2f\n", n, x25519, xwing, raw,
		    x25519 / raw);
		free(in);
		free(out);
	}
	return 0;
}
