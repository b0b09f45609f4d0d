#ifndef TEST_LIB_ENCLAVE_PKI_H
#define TEST_LIB_ENCLAVE_PKI_H
/* A synthetic enclave's keys, certificates and revocation lists. */
#include "test/lib/enclave_text.h"

/* Keys, the same for all variants of a run. */
enum { K_ROOT, K_CA, K_PCK, K_SIGNER, K_ATTEST, K_OTHER, K_OTHER_ROOT, KEYS };

static EVP_PKEY *
key(int which)
{
	static EVP_PKEY *keys[KEYS];

	if (keys[which] == NULL)
		keys[which] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	must(keys[which] != NULL);
	return keys[which];
}

static EVP_PKEY *
p384_key(void)
{
	static EVP_PKEY *k;

	if (k == NULL)
		k = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	return k;
}

static inline void
sign(uint8_t out[static 64], EVP_PKEY *k, const void *p, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[160];
	const uint8_t *d = der;
	size_t len = sizeof der;
	ECDSA_SIG *s;

	must(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, k) == 1 &&
	    EVP_DigestSign(ctx, der, &len, p, n) == 1);
	s = d2i_ECDSA_SIG(NULL, &d, (long)len);
	must(s != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(s), out, 32) == 32 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(s), out + 32, 32) == 32);
	ECDSA_SIG_free(s);
	EVP_MD_CTX_free(ctx);
}

static inline void
public_point(uint8_t out[static 64], EVP_PKEY *k)
{
	uint8_t point[65];
	size_t n;

	must(EVP_PKEY_get_octet_string_param(k, "encoded-pub-key", point,
	    sizeof point, &n) == 1 && n == 65);
	memcpy(out, point + 1, 64);
}

static void
add_ext(X509 *x, const char *name, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf(NULL, NULL, name, value);

	must(e != NULL && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
}

static X509_NAME *
named(const char *cn)
{
	X509_NAME *n = X509_NAME_new();

	must(n != NULL && X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
	    (const uint8_t *)cn, -1, -1, 0) == 1);
	return n;
}

struct cert_kind {
	const char *name, *issuer;
	EVP_PKEY *key, *by;
	int serial, pathlen;	/* pathlen -1: no CA */
	int64_t from, to;
};

static X509 *
make_cert(const struct cert_kind *k)
{
	X509 *x = X509_new();
	X509_NAME *subject = named(k->name), *issuer = named(k->issuer);
	char basic[64];

	must(x != NULL);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), k->serial);
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)k->from);
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)k->to);
	X509_set_subject_name(x, subject);
	X509_set_issuer_name(x, issuer);
	X509_set_pubkey(x, k->key);
	if (k->pathlen != -1) {
		snprintf(basic, sizeof basic, "critical,CA:TRUE,pathlen:%d",
		    k->pathlen);
		add_ext(x, "basicConstraints", basic);
		add_ext(x, "keyUsage", k->serial != 2 && k->serial != 12 ?
		    "critical,keyCertSign,cRLSign" : is("ca_no_sign") ?
		    "critical,cRLSign" : is("ca_no_crl") ?
		    "critical,keyCertSign" : "critical,keyCertSign,cRLSign");
	} else {
		add_ext(x, "basicConstraints", "critical,CA:FALSE");
		add_ext(x, "keyUsage", "critical,digitalSignature");
	}
	X509_NAME_free(subject);
	X509_NAME_free(issuer);
	return x;
}

/* A signature under ECDSA with SHA-256, whatever is said inside; outside it says `named`. */
static void
sign_outside(X509 *x, EVP_PKEY *by, int named)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const ASN1_BIT_STRING *sig;
	const X509_ALGOR *alg;
	uint8_t der[160], *tbs = NULL;
	size_t len = sizeof der;
	int n = i2d_re_X509_tbs(x, &tbs);

	must(n > 0 && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, by) == 1 &&
	    EVP_DigestSign(ctx, der, &len, tbs, (size_t)n) == 1);
	X509_get0_signature(&sig, &alg, x);
	must(ASN1_STRING_set((ASN1_STRING *)sig, der, (int)len) == 1 &&
	    X509_ALGOR_set0((X509_ALGOR *)alg, OBJ_nid2obj(named),
	    V_ASN1_UNDEF, NULL) == 1);
	OPENSSL_free(tbs);
	EVP_MD_CTX_free(ctx);
}

/* The signature's last bit becomes one that does not count; false: it is set. */
static bool
drop_bit(X509 *x)
{
	const ASN1_BIT_STRING *sig;

	X509_get0_signature(&sig, NULL, x);
	if (sig->data[sig->length - 1] & 1)
		return false;
	((ASN1_BIT_STRING *)sig)->flags |= ASN1_STRING_FLAG_BITS_LEFT | 1;
	return true;
}

/* It says that its issuer's certificate has another serial number. */
static void
add_other_issuer(X509 *x)
{
	AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();

	must(id != NULL);
	id->serial = ASN1_INTEGER_new();
	must(id->serial != NULL && ASN1_INTEGER_set(id->serial, 99) == 1 &&
	    X509_add1_ext_i2d(x, NID_authority_key_identifier, id, 0, 0) == 1);
	AUTHORITY_KEYID_free(id);
}

static X509 *
signed_cert(X509 *x, EVP_PKEY *by)
{
	bool leaf = ASN1_INTEGER_get(X509_get0_serialNumber(x)) == 3;

	must(X509_sign(x, by, leaf && (is("pck_sha384") ||
	    is("pck_two_algorithms") || is("pck_misnamed")) ? EVP_sha384() :
	    EVP_sha256()) > 0);
	if (leaf && is("pck_two_algorithms"))
		sign_outside(x, by, NID_ecdsa_with_SHA256);
	if (leaf && is("pck_misnamed"))
		sign_outside(x, by, NID_ecdsa_with_SHA384);
	/* A bit that does not count, and is 0. */
	while (leaf && is("pck_unused_bit") && !drop_bit(x))
		must(X509_sign(x, by, EVP_sha256()) > 0);
	return x;
}

/* DER: a tag and its content. */
static void
put_der(struct text *t, uint8_t tag, const void *p, size_t n)
{
	uint8_t head[4] = { tag, (uint8_t)n };
	size_t k = 2;

	if (n > 255) {
		head[1] = 0x82;
		head[2] = (uint8_t)(n >> 8);
		head[3] = (uint8_t)n;
		k = 4;
	} else if (n > 127) {
		head[1] = 0x81;
		head[2] = (uint8_t)n;
		k = 3;
	}
	put_bytes(t, head, k);
	put_bytes(t, p, n);
}

/* SEQUENCE { OID base.a[.b], value } */
static void
put_entry(struct text *t, uint8_t a, uint8_t b, uint8_t tag, const void *p,
    size_t n)
{
	uint8_t oid[11] = { 0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01,
	    a, b };
	struct text s = { 0 };

	put_der(&s, 0x06, oid, b != 0 ? 11 : 10);
	put_der(&s, tag, p, n);
	put_der(t, 0x30, s.p, s.n);
	free(s.p);
}

static void
put_svns(struct text *t)
{
	uint8_t svn = (uint8_t)number("pck_svn=", 5), zero[16] = { 0 };
	uint8_t pcesvn = (uint8_t)number("pcesvn=", 13);

	for (uint8_t i = 1; i <= 16; i++)
		put_entry(t, 2, i, 0x02, &svn, 1);
	put_entry(t, 2, 17, 0x02, &pcesvn, 1);
	put_entry(t, 2, 18, 0x04, zero, 16);
}

static const uint8_t fmspc[6] = { 0x90, 0xc0, 0x6f, 0, 0, 0 };

static void
add_sgx_extension(X509 *x)
{
	uint8_t ppid[16], type = (uint8_t)number("sgx_type=", 1), no = 0;
	uint8_t yes = is("smt") ? 0xff : 0;
	struct text seq = { 0 }, part = { 0 }, all = { 0 };
	ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.840.113741.1.13.1", 1);
	X509_EXTENSION *e;

	memset(ppid, 0x77, sizeof ppid);
	put_entry(&seq, 1, 0, 0x04, ppid, is("pck_bad_extension") ? 15 : 16);
	put_svns(&part);
	put_entry(&seq, 2, 0, 0x30, part.p, part.n);
	put_entry(&seq, 3, 0, 0x04, "\0\0", 2);
	put_entry(&seq, 4, 0, 0x04, fmspc, 6);
	put_entry(&seq, 5, 0, 0x0a, &type, 1);
	part.n = 0;
	put_entry(&part, 7, 1, 0x01, &no, 1);
	put_entry(&part, 7, 2, 0x01, &no, 1);
	put_entry(&part, 7, 3, 0x01, &yes, 1);
	put_entry(&seq, 7, 0, 0x30, part.p, part.n);
	put_der(&all, 0x30, seq.p, seq.n);
	ASN1_OCTET_STRING_set(s, (uint8_t *)all.p, (int)all.n);
	e = X509_EXTENSION_create_by_OBJ(NULL, oid, is("pck_critical"), s);
	must(e != NULL && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(s);
	ASN1_OBJECT_free(oid);
	free(seq.p);
	free(part.p);
	free(all.p);
}

#define ROOT_NAME "Intel SGX Root CA"
#define CA_NAME "Intel SGX PCK Platform CA"
#define OTHER_NAME "Some Other CA"

/* The same bytes for all of a run: who pins it would else see another each time. */
static inline X509 *
make_root(int which)
{
	static X509 *made[KEYS][2];
	X509 **at = &made[which][is("root_pathlen")];
	struct cert_kind k = { ROOT_NAME, ROOT_NAME, key(which), NULL, 1,
	    is("root_pathlen") ? 0 : 1,
	    START - 86400, END + 365 * 86400 };

	if (*at == NULL)
		*at = signed_cert(make_cert(&k), k.key);
	must(X509_up_ref(*at) == 1);
	return *at;
}

static inline X509 *
make_ca(int root, int own, const char *name, int serial)
{
	struct cert_kind k = { name, ROOT_NAME,
	    key(own), NULL, serial, is("ca_no_ca") ? -1 :
	    is("ca_pathlen") ? -2 : 0, START - 86400,
	    END + 86400 };

	return signed_cert(make_cert(&k), key(root));
}

static inline X509 *
make_pck(void)
{
	struct cert_kind k = { is("pck_name") ? "Some Other Certificate" :
	    "Intel SGX PCK Certificate", is("ca_name") || is("quote_ca_name") ||
	    is("pck_issuer") ? OTHER_NAME : CA_NAME,
	    is("pck_p384") ? p384_key() : key(K_PCK), NULL, 3,
	    is("pck_is_ca") ? 0 : -1, is("pck_early") ? START + 100 : START - 3600,
	    is("pck_expired") ? START : END + 3600 };
	X509 *x = make_cert(&k);

	if (!is("pck_no_extension"))
		add_sgx_extension(x);
	if (is("pck_other_issuer"))
		add_other_issuer(x);
	return signed_cert(x, key(is("bad_pck_cert") || is("quote_ca_key") ?
	    K_OTHER : K_CA));
}

static inline X509 *
make_signer(int which)
{
	struct cert_kind k = { is("signer_name") ? "Someone" :
	    "Intel SGX TCB Signing", ROOT_NAME, key(which), NULL, 4, -1,
	    START - 3600, is("signer_expired") ? START : END + 3600 };

	return signed_cert(make_cert(&k), key(is("signer_other_root") ?
	    K_OTHER_ROOT : K_ROOT));
}

static inline void
put_pem(struct text *t, X509 *x)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p;
	long n;

	must(b != NULL && PEM_write_bio_X509(b, x) == 1);
	n = BIO_get_mem_data(b, &p);
	for (long i = 0; i < n; i++)
		if (is("pem_crlf") && p[i] == '\n')
			put(t, "\r\n");
		else if (is("pem_blank") && p[i] == '\n' && i == 92)
			put(t, "\n\n");
		else
			put(t, "%c", p[i]);
	BIO_free(b);
}

/* revoked: a serial number, or 0. */
static inline void
put_crl(struct text *t, const char *issuer, EVP_PKEY *by, int64_t from,
    int64_t to, int revoked)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *date = ASN1_TIME_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	X509_NAME *name = named(issuer);
	X509_REVOKED *r = X509_REVOKED_new();
	uint8_t *der = NULL;
	int n;

	must(crl && date && serial && r);
	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, name);
	ASN1_TIME_set(date, (time_t)from);
	X509_CRL_set1_lastUpdate(crl, date);
	if (revoked) {
		ASN1_INTEGER_set(serial, revoked);
		X509_REVOKED_set_serialNumber(r, serial);
		X509_REVOKED_set_revocationDate(r, date);
		X509_CRL_add0_revoked(crl, X509_REVOKED_dup(r));
	}
	ASN1_TIME_set(date, (time_t)to);
	X509_CRL_set1_nextUpdate(crl, date);
	ASN1_INTEGER_set(serial, 1);
	if (is("crl_critical"))
		X509_CRL_add1_ext_i2d(crl, NID_crl_number, serial, 1, 0);
	must(X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, by, EVP_sha256()) > 0);
	n = i2d_X509_CRL(crl, &der);
	must(n > 0);
	put_hex(t, der, (size_t)n);
	OPENSSL_free(der);
	X509_CRL_free(crl);
	X509_REVOKED_free(r);
	ASN1_TIME_free(date);
	ASN1_INTEGER_free(serial);
	X509_NAME_free(name);
}

#endif
