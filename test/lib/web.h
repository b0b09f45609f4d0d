#ifndef TEST_LIB_WEB_H
#define TEST_LIB_WEB_H
/*
 * A certificate of the web with promises of logs, the logs' list, and dstack-ingress's files
 * about it: all under keys of their own, and signed here as RFC 6962 has it, without share/attest.
 */
#include "test/lib/enclave_pki.h"

#define WEB_DOMAIN "app.example.com"
#define WEB_ACCOUNT "https://acme-v02.api.letsencrypt.org/acme/acct/1234567"
#define WEB_LOGS 4

struct web_kind {
	const char *san;	/* NULL: DNS:app.example.com */
	int64_t from, to;	/* 0: from FIRST, 90 days */
	unsigned promises;	/* of so many logs, WEB_LOGS at most */
	bool forged;		/* the last one signed by another key */
	bool twice;		/* the last one is of the first log again */
	bool one_operator;	/* runs all logs */
	bool retired;		/* the first log was before */
	bool interval;		/* the first log takes none that ends so late */
	bool rejected;		/* the first log is in no state that counts */
	int64_t late;		/* seconds after FIRST of the promises */
	bool ca;		/* the leaf is a CA's */
	bool stranger;		/* the leaf has somebody else's key */
};

struct web {
	struct text leaf, issuer, chain;	/* PEM */
	struct text logs;			/* JSON */
	struct text account, list;		/* acme-account.json, sha256sum.txt */
	uint8_t data[64];			/* the REPORTDATA of the list */
};

/* Log 0 has an RSA key, the others P-256. */
static EVP_PKEY *
log_key(unsigned i)
{
	static EVP_PKEY *keys[WEB_LOGS + 1];

	if (keys[i] == NULL)
		keys[i] = i == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
		    (size_t)2048) : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	must(keys[i] != NULL);
	return keys[i];
}

static void
put_be(struct text *t, uint64_t x, size_t n)
{
	uint8_t b[8];

	for (size_t i = 0; i < n; i++)
		b[i] = (uint8_t)(x >> 8 * (n - 1 - i));
	put_bytes(t, b, n);
}

static void
put_base64(struct text *t, const uint8_t *p, size_t n)
{
	char *text = malloc(n / 3 * 4 + 5);

	must(text != NULL);
	EVP_EncodeBlock((uint8_t *)text, p, (int)n);
	put(t, "%s", text);
	free(text);
}

static void
log_id(uint8_t out[static 32], unsigned i, uint8_t **der, int *n)
{
	uint8_t *p = NULL;
	int k = i2d_PUBKEY(log_key(i), &p);

	must(k > 0 && EVP_Digest(p, (size_t)k, out, NULL, EVP_sha256(), NULL));
	if (der == NULL) {
		OPENSSL_free(p);
		return;
	}
	*der = p;
	*n = k;
}

static void
put_promise(struct text *list, const struct web_kind *w, unsigned i, X509 *leaf)
{
	uint64_t ms = ((uint64_t)FIRST + (uint64_t)w->late) * 1000 + 7 * i;
	unsigned log = w->twice && i + 1 == w->promises ? 0 : i;
	struct text to_sign = { 0 }, sct = { 0 };
	uint8_t id[32], hash[32], *tbs = NULL, *spki = NULL, sig[512];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t nsig = sizeof sig;
	int n = i2d_re_X509_tbs(leaf, &tbs), k = i2d_PUBKEY(key(K_CA), &spki);

	must(n > 0 && k > 0);
	must(EVP_Digest(spki, (size_t)k, hash, NULL, EVP_sha256(), NULL));
	put_be(&to_sign, 0, 2);
	put_be(&to_sign, ms, 8);
	put_be(&to_sign, 1, 2);
	put_bytes(&to_sign, hash, 32);
	put_be(&to_sign, (uint64_t)n, 3);
	put_bytes(&to_sign, tbs, (size_t)n);
	put_be(&to_sign, 0, 2);
	must(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, log_key(
	    w->forged && i + 1 == w->promises ? WEB_LOGS : log)) == 1 &&
	    EVP_DigestSign(ctx, sig, &nsig, (uint8_t *)to_sign.p, to_sign.n) == 1);
	log_id(id, log, NULL, NULL);
	put_be(&sct, 0, 1);
	put_bytes(&sct, id, 32);
	put_be(&sct, ms, 8);
	put_be(&sct, 0, 2);
	put_be(&sct, log == 0 ? 0x0401 : 0x0403, 2);
	put_be(&sct, nsig, 2);
	put_bytes(&sct, sig, nsig);
	put_be(list, sct.n, 2);
	put_bytes(list, sct.p, sct.n);
	OPENSSL_free(tbs);
	OPENSSL_free(spki);
	EVP_MD_CTX_free(ctx);
	free(to_sign.p);
	free(sct.p);
}

static void
add_promises(X509 *leaf, const struct web_kind *w)
{
	ASN1_OCTET_STRING *inner = ASN1_OCTET_STRING_new(),
	    *outer = ASN1_OCTET_STRING_new();
	struct text scts = { 0 }, list = { 0 };
	X509_EXTENSION *ext;
	uint8_t *der = NULL;
	int n;

	for (unsigned i = 0; i < w->promises; i++)
		put_promise(&scts, w, i, leaf);
	put_be(&list, scts.n, 2);
	put_bytes(&list, scts.p, scts.n);
	must(ASN1_OCTET_STRING_set(inner, (uint8_t *)list.p, (int)list.n) == 1);
	n = i2d_ASN1_OCTET_STRING(inner, &der);
	must(n > 0 && ASN1_OCTET_STRING_set(outer, der, n) == 1);
	ext = X509_EXTENSION_create_by_NID(NULL, NID_ct_precert_scts, 0, outer);
	must(ext != NULL && X509_add_ext(leaf, ext, -1) == 1);
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(inner);
	ASN1_OCTET_STRING_free(outer);
	OPENSSL_free(der);
	free(scts.p);
	free(list.p);
}

static X509 *
make_leaf(const struct web_kind *w)
{
	const struct cert_kind k = { "app", "Test E1",
	    key(w->stranger ? K_ATTEST : K_OTHER), key(K_CA), 77,
	    w->ca ? 0 : -1, w->from ? w->from : FIRST,
	    w->to ? w->to : FIRST + 90 * 86400 };
	X509 *x = make_cert(&k);

	add_ext(x, "subjectAltName", w->san ? w->san : "DNS:" WEB_DOMAIN);
	must(X509_sign(x, key(K_CA), EVP_sha256()) > 0);
	if (w->promises > 0) {
		add_promises(x, w);
		must(X509_sign(x, key(K_CA), EVP_sha256()) > 0);
	}
	return x;
}

static void
put_cert(struct text *t, X509 *x)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p;
	long n;

	must(b != NULL && PEM_write_bio_X509(b, x) == 1);
	n = BIO_get_mem_data(b, &p);
	put_bytes(t, p, (size_t)n);
	BIO_free(b);
}

static void
put_ct_log(struct text *t, const struct web_kind *w, unsigned i)
{
	uint8_t id[32], *der;
	int n;

	log_id(id, i, &der, &n);
	put(t, "{\"description\":\"Log %u\",\"log_id\":\"", i);
	put_base64(t, id, 32);
	put(t, "\",\"key\":\"");
	put_base64(t, der, (size_t)n);
	put(t, "\",\"url\":\"https://log%u.example/\",\"mmd\":86400,\"state\":", i);
	put(t, i == 0 && w->retired ?
	    "{\"retired\":{\"timestamp\":\"2027-01-15T08:00:00Z\"}}" :
	    i == 0 && w->rejected ?
	    "{\"rejected\":{\"timestamp\":\"2027-01-15T08:00:00Z\"}}" :
	    "{\"usable\":{\"timestamp\":\"2026-01-15T08:00:00Z\"}}");
	if (i == 0 && w->interval)
		put(t, ",\"temporal_interval\":{\"start_inclusive\":"
		    "\"2026-01-01T00:00:00Z\",\"end_exclusive\":"
		    "\"2027-02-01T00:00:00Z\"}");
	put(t, "}");
	OPENSSL_free(der);
}

/* Log 3 is one of the tiled kind. */
static void
put_logs(struct text *t, const struct web_kind *w)
{
	put(t, "{\"version\":\"1.0\",\"operators\":[{\"name\":\"One\",\"logs\":[");
	for (unsigned i = 0; i < 3; i++) {
		put(t, i == 0 ? "" : i == 1 && !w->one_operator ?
		    "]},{\"name\":\"Two\",\"logs\":[" : ",");
		put_ct_log(t, w, i);
	}
	put(t, "],\"tiled_logs\":[");
	put_ct_log(t, w, 3);
	put(t, "]}]}");
}

static void
put_sum(struct text *t, const struct text *file, const char *name)
{
	uint8_t hash[32];
	char hex[65];

	must(EVP_Digest(file->p, file->n, hash, NULL, EVP_sha256(), NULL));
	hex_encode(hex, hash, 32);
	put(t, "%s  %s\n", hex, name);
}

static void
web_make(struct web *x, const struct web_kind *w)
{
	const struct cert_kind k = { "Test E1", "Test Root", key(K_CA),
	    key(K_ROOT), 7, 0, FIRST - 86400, LAST + 86400 * 400 };
	X509 *leaf = make_leaf(w), *issuer = make_cert(&k);

	memset(x, 0, sizeof *x);
	must(X509_sign(issuer, key(K_ROOT), EVP_sha256()) > 0);
	put_cert(&x->leaf, leaf);
	put_cert(&x->issuer, issuer);
	put_bytes(&x->chain, x->leaf.p, x->leaf.n);
	put(&x->chain, "\n");
	put_bytes(&x->chain, x->issuer.p, x->issuer.n);
	put_logs(&x->logs, w);
	put(&x->account, "{\"body\": {}, \"uri\": \"%s\"}", WEB_ACCOUNT);
	put_sum(&x->list, &x->account, "acme-account.json");
	put_sum(&x->list, &x->chain, "cert-" WEB_DOMAIN ".pem");
	must(EVP_Digest(x->list.p, x->list.n, x->data, NULL, EVP_sha256(), NULL));
	X509_free(leaf);
	X509_free(issuer);
}

static void
web_free(struct web *x)
{
	struct text *const all[] = { &x->leaf, &x->issuer, &x->chain, &x->logs,
	    &x->account, &x->list };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]->p);
}

#endif
