/* HPKE against RFC 9180's own vectors: base mode with X25519, three ciphers. */
#include "crypto/hpke.h"

#include "test/lib/tap.h"

static size_t
unhex(uint8_t *out, const char *s)
{
	size_t n = 0;
	unsigned x;

	for (; s[0] && s[1] && sscanf(s, "%2x", &x) == 1; s += 2)
		out[n++] = x;
	return n;
}

struct vector {
	int aead, seals;
	uint8_t info[64], ikmE[32], ikmR[32], skR[32], pkR[32], enc[32];
	size_t info_len;
	struct hpke send, recv;
};

static void
start(struct vector *v)
{
	uint8_t skE[32], pkE[32], sk[32], pk[32], enc[32];
	struct err e;

	ok(hpke_derive_pair(skE, pkE, v->ikmE, 32, &e) == 0 &&
	    memcmp(pkE, v->enc, 32) == 0, "aead %d: ephemeral pair", v->aead);
	ok(hpke_derive_pair(sk, pk, v->ikmR, 32, &e) == 0 &&
	    memcmp(pk, v->pkR, 32) == 0, "receiver's pair");
	ok(hpke_public(HPKE_X25519, pk, v->skR, &e) == 0 && memcmp(pk, v->pkR, 32) == 0,
	    "public key");
	ok(hpke_sender(&v->send, enc, HPKE_X25519, v->aead, v->pkR, v->info, v->info_len, skE,
	    &e) == 0 && memcmp(enc, v->enc, 32) == 0, "sender");
	ok(hpke_receiver(&v->recv, HPKE_X25519, v->aead, v->enc, v->skR, v->info, v->info_len,
	    &e) == 0, "receiver");
	ok(memcmp(v->send.key, v->recv.key, 32) == 0 &&
	    memcmp(v->send.nonce, v->recv.nonce, 12) == 0, "they agree");
}

static void
one_seal(struct vector *v, char *line)
{
	char nonce[64], aad_hex[256], pt_hex[256], ct_hex[256];
	uint8_t aad[128], pt[128], ct[128], out[160], n[12];
	size_t aad_len, pt_len, ct_len;
	struct err e;

	if (sscanf(line, "seal %63s %255s %255s %255s", nonce, aad_hex, pt_hex,
	    ct_hex) != 4)
		die(EX_DATAERR, "bad line %s", line);
	aad_len = unhex(aad, aad_hex);
	pt_len = unhex(pt, pt_hex);
	ct_len = unhex(ct, ct_hex);
	/* The vectors jump; the sequence number is the two nonces' difference. */
	unhex(n, nonce);
	v->send.seq = (n[11] ^ v->send.nonce[11]) |
	    (n[10] ^ v->send.nonce[10]) << 8;
	v->recv.seq = v->send.seq;
	ok(hpke_seal(&v->send, out, aad, aad_len, pt, pt_len, &e) == 0 &&
	    ct_len == pt_len + 16 && memcmp(out, ct, ct_len) == 0,
	    "seal %d", v->seals);
	out[3] ^= 1;
	ok(hpke_open(&v->recv, out, aad, aad_len, out, ct_len, &e) < 0 &&
	    e.status == EX_DATAERR, "altered: refused");
	ok(hpke_open(&v->recv, out, aad, aad_len - 1, ct, ct_len, &e) < 0,
	    "other associated data: refused");
	ok(hpke_open(&v->recv, out, aad, aad_len, ct, ct_len, &e) == 0 &&
	    memcmp(out, pt, pt_len) == 0, "opens");
	v->seals++;
}

int
main(void)
{
	FILE *f = fopen("test/vectors/hpke/base-x25519.txt", "r");
	struct vector v = { 0 };
	char line[2048], word[32], value[1024];
	uint8_t buf[64], enc[32], zero[32] = { 0 };
	struct hpke h;
	struct err e;
	int vectors = 0;

	if (!f)
		die(EX_NOINPUT, "cannot open the vectors:");
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%31s %1023s", word, value) != 2 || *word == '#')
			continue;
		if (!strcmp(word, "aead")) {
			hpke_wipe(&v.send);
			hpke_wipe(&v.recv);
			memset(&v, 0, sizeof v);
			v.aead = atoi(value);
			vectors++;
		} else if (!strcmp(word, "info"))
			v.info_len = unhex(v.info, value);
		else if (!strcmp(word, "ikmE"))
			unhex(v.ikmE, value);
		else if (!strcmp(word, "ikmR"))
			unhex(v.ikmR, value);
		else if (!strcmp(word, "skRm"))
			unhex(v.skR, value);
		else if (!strcmp(word, "pkRm"))
			unhex(v.pkR, value);
		else if (!strcmp(word, "enc"))
			unhex(v.enc, value);
		else if (!strcmp(word, "key")) {
			size_t n = unhex(buf, value);

			start(&v);
			ok(memcmp(v.send.key, buf, n) == 0, "key");
		} else if (!strcmp(word, "base_nonce")) {
			unhex(buf, value);
			ok(memcmp(v.send.nonce, buf, 12) == 0, "base nonce");
		} else if (!strcmp(word, "seal"))
			one_seal(&v, line);
	}
	fclose(f);
	is_int(vectors, 3, "three vectors read");
	is_int(v.seals, 13, "thirteen messages each");
	ok(hpke_sender(&h, enc, HPKE_X25519, HPKE_AES_256_GCM, zero, "", 0, NULL, &e) < 0 &&
	    e.status == EX_DATAERR, "a key of small order is refused");
	ok(hpke_sender(&h, enc, HPKE_X25519, 0xffff, v.pkR, "", 0, NULL, &e) < 0,
	    "an unknown cipher is refused");
	ok(hpke_open(&v.recv, buf, NULL, 0, buf, 15, &e) < 0, "too short");
	hpke_wipe(&v.send);
	hpke_wipe(&v.recv);
	return done_testing();
}
