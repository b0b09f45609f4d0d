/* X-Wing against its draft's vectors, and HPKE over it against another implementation. */
#include "crypto/hpke.h"

#include "base/hex.h"
#include "test/lib/tap.h"

struct vector {
	uint8_t seed[XWING_SEED], coins[XWING_COINS], pk[XWING_PUBLIC];
	uint8_t ct[XWING_CIPHERTEXT], ss[XWING_SECRET];
};
static struct vector first;	/* whose key HPKE's is */

static void
test_vector(const struct vector *v)
{
	uint8_t pk[XWING_PUBLIC], ct[XWING_CIPHERTEXT], ss[XWING_SECRET];
	struct err e;

	ok(xwing_public(pk, v->seed, &e) == 0 && memcmp(pk, v->pk, sizeof pk) == 0,
	    "the seed's public key");
	ok(xwing_encapsulate(ss, ct, v->pk, v->coins, &e) == 0 &&
	    memcmp(ct, v->ct, sizeof ct) == 0 && memcmp(ss, v->ss, sizeof ss) == 0,
	    "ciphertext and secret");
	ok(xwing_decapsulate(ss, v->ct, v->seed, &e) == 0 &&
	    memcmp(ss, v->ss, sizeof ss) == 0, "the same from the ciphertext");
	/* In ML-KEM's part, in X25519's. */
	for (size_t at = 7; at < sizeof ct; at += 1100) {
		memcpy(ct, v->ct, sizeof ct);
		ct[at] ^= 1;
		ok(xwing_decapsulate(ss, ct, v->seed, &e) == 0 &&
		    memcmp(ss, v->ss, sizeof ss) != 0, "altered: another secret");
	}
	memset(ct + XWING_CIPHERTEXT - 32, 0, 32);
	ok(xwing_decapsulate(ss, ct, v->seed, &e) < 0 && e.status == EX_DATAERR,
	    "a point of small order");
	memcpy(pk, v->pk, sizeof pk);
	memset(pk, 0xff, 3);
	ok(xwing_encapsulate(ss, ct, pk, v->coins, &e) < 0 && e.status ==
	    EX_DATAERR, "a key of numbers that are too large");
	memcpy(pk, v->pk, sizeof pk);
	memset(pk + XWING_PUBLIC - 32, 0, 32);
	ok(xwing_encapsulate(ss, ct, pk, v->coins, &e) < 0 && e.status ==
	    EX_DATAERR, "a key of small order");
}

static void
test_hpke(const uint8_t *info, size_t ninfo, const uint8_t *pt, size_t npt,
    const uint8_t *enc, const uint8_t *sealed)
{
	uint8_t out[256], own[HPKE_ENC_MAX], pk[HPKE_PUBLIC_MAX], sk[HPKE_KEY];
	struct hpke h, other;
	struct err e;

	ok(hpke_receiver(&h, HPKE_XWING, HPKE_AES_256_GCM, enc, first.seed, info,
	    ninfo, &e) == 0 && hpke_open(&h, out, "", 0, sealed, npt + HPKE_TAG,
	    &e) == 0 && memcmp(out, pt, npt) == 0, "another's message opens");
	hpke_wipe(&h);
	ok(hpke_receiver(&h, HPKE_XWING, HPKE_AES_256_GCM, enc, first.seed, info,
	    ninfo - 1, &e) == 0 && hpke_open(&h, out, "", 0, sealed, npt + HPKE_TAG,
	    &e) < 0, "not with another info");
	hpke_wipe(&h);
	ok(hpke_generate(HPKE_XWING, sk, pk, &e) == 0 && hpke_sender(&h, own,
	    HPKE_XWING, HPKE_AES_256_GCM, pk, info, ninfo, NULL, &e) == 0 &&
	    hpke_receiver(&other, HPKE_XWING, HPKE_AES_256_GCM, own, sk, info,
	    ninfo, &e) == 0 && memcmp(&h, &other, sizeof h) == 0,
	    "sender and receiver agree");
	is_int(hpke_public_size(HPKE_XWING), 1216, "a public key's size");
	is_int(hpke_enc_size(HPKE_XWING), 1120, "enc's");
	is_int(hpke_public_size(0x21), 0, "no such KEM");
	is_int(hpke_enc_size(0x21), 0, "nor its enc");
	ok(hpke_sender(&h, own, 0x21, HPKE_AES_256_GCM, pk, "", 0, NULL, &e) < 0 &&
	    hpke_receiver(&h, 0x21, HPKE_AES_256_GCM, own, sk, "", 0, &e) < 0 &&
	    hpke_public(0x21, pk, sk, &e) < 0 && e.status == EX_DATAERR,
	    "an unknown KEM is refused");
}

int
main(void)
{
	FILE *f = fopen("test/vectors/hpke/xwing.txt", "r");
	static char line[4096], word[16], value[4000];
	uint8_t info[64], pt[64], enc[HPKE_ENC_MAX], sealed[128];
	size_t ninfo = 0, npt = 0;
	struct vector v = { 0 };
	int vectors = 0;

	if (!f)
		die(EX_NOINPUT, "cannot open the vectors:");
	while (fgets(line, sizeof line, f)) {
		struct {
			const char *word;
			uint8_t *to;
			size_t room, *n;
		} const fields[] = {
			{ "seed", v.seed, sizeof v.seed, NULL },
			{ "eseed", v.coins, sizeof v.coins, NULL },
			{ "pk", v.pk, sizeof v.pk, NULL },
			{ "ct", v.ct, sizeof v.ct, NULL },
			{ "ss", v.ss, sizeof v.ss, NULL },
			{ "info", info, sizeof info, &ninfo },
			{ "pt", pt, sizeof pt, &npt },
			{ "enc", enc, sizeof enc, NULL },
			{ "sealed", sealed, sizeof sealed, NULL },
		};

		if (sscanf(line, "%15s %3999s", word, value) != 2 || *word == '#')
			continue;
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
			size_t n = strlen(value) / 2;

			if (strcmp(fields[i].word, word) != 0)
				continue;
			must(n <= fields[i].room &&
			    hex_decode(fields[i].to, n, value) == 0);
			if (fields[i].n)
				*fields[i].n = n;
		}
		if (strcmp(word, "ss") == 0) {
			test_vector(&v);
			if (vectors++ == 0)
				first = v;
		}
	}
	fclose(f);
	is_int(vectors, 3, "three vectors read");
	test_hpke(info, ninfo, pt, npt, enc, sealed);
	return done_testing();
}
