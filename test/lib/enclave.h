#ifndef TEST_LIB_ENCLAVE_H
#define TEST_LIB_ENCLAVE_H
/*
 * Evidence of an enclave that is not there, under a root of its own: certificates,
 * revocation lists, collateral, quotes of every version, dstack's event log and
 * app-compose.  What no genuine sample shows (a revoked platform, an altered log) is asked
 * for by words:
 *
 *	struct enclave x;
 *	enclave_make(&x, "version=5 debug");
 *
 * Every word that is asked about is known: see known_words[].  Keys are made once a run, so
 * that many variants cost little; all is valid from FIRST to LAST.
 */
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/quote.h"
#include "base/err.h"
#include "base/hex.h"
#include "crypto/keccak.h"

#define FIRST 1800000000	/* 2027-01-15T08:00:00Z */
#define LAST (FIRST + 30 * 86400)

struct text {
	char *p;
	size_t n;
};

struct enclave {
	struct text root;		/* DER */
	struct text quote, collateral, event_log, compose;
};

static const char *const known_words[] = {
	/* value: 3, 4, 5; sgx: an SGX quote of versions 4 and 5; td10: TD 1.0 in
	 * version 5 */
	"version=", "sgx", "td10",
	/* the quote's fields */
	"debug", "no_sept_ve", "pks", "td_reserved", "xfam", "seam_signer",
	"seam_attributes", "service_td", "vendor", "config=", "config_other",
	"tdx_svn=",
	"tdx_svn2=",
	/* what surrounds it */
	"trailer", "trailer_zeros", "trailer_hash", "auth_len=", "cert_type=",
	"pem_crlf", "pem_blank", "pem_text", "chain_reversed", "chain_short",
	/* signatures and what binds them */
	"bad_quote_signature", "bad_qe_signature", "other_key", "qe_data_tail",
	"key_off_curve",
	/* the quoting enclave */
	"qe_signer", "qe_prodid", "qe_misc", "qe_attributes", "qe_debug", "qe_mask", "qe_svn=",
	/* certificates */
	"pck_expired", "pck_early", "pck_is_ca", "pck_name", "ca_name", "ca_no_ca",
	"ca_no_sign", "quote_ca_name", "quote_ca_key", "quote_ca_revoked",
	"collateral_chain", "pck_issuer", "pck_sha384", "root_pathlen",
	"pck_critical", "pck_no_extension", "pck_bad_extension", "pck_p384",
	"other_root", "signer_name", "signer_is_ca_of_pcks", "signer_other_root",
	"signer_expired", "qe_other_signer", "bad_pck_cert",
	"pck_svn=", "pcesvn=", "sgx_type=", "smt",
	/* lists */
	"pck_revoked", "ca_revoked", "signer_revoked", "root_revoked",
	"root_crl_old", "root_crl_early", "pck_crl_old", "pck_crl_early",
	"bad_root_crl", "bad_pck_crl", "crl_other_ca", "crl_critical",
	/* signed texts */
	"bad_tcb_signature", "bad_qe_identity_signature", "tcb_early", "tcb_old",
	"qe_early", "qe_old", "fmspc", "pce_id", "tcb_id=", "qe_id=", "tcb_version=",
	"tcb_duplicate", "status=", "module_status=", "qe_status=", "no_module",
	"module_signer", "module_attributes",
	"unknown_status", "levels_reversed", "evaluation=", "intel_answers",
	/* the log */
	"log_v2", "log_no_preimage", "log_preimage", "log_digest", "log_no_digest",
	"log_type", "log_type_low", "log_late", "log_late_compose", "log_twice", "log_no_ready",
	"log_no_app", "log_no_provider", "no_log", "sgx_log", "log_register", "log_short_app", "log_escape",
	"app=", "gpu=", "gpu_long", "wrong_report_data",
	/* app-compose */
	"compose_other", "compose_tag", "compose_build", "compose_env_file",
	"compose_variable", "compose_privileged", "compose_socket",
	"compose_run", "compose_envs", "compose_logs", "compose_merge",
	"compose_twice", "compose_two", "compose_include", "compose_dstack",
	NULL
};

static const char *words = "";

/* With the word gpu=: that evidence's hash, 32 bytes, if not NULL. */
static const uint8_t *enclave_gpu;

/* What follows "WORD=" among the words, or "" for a word alone; NULL: not there. */
static const char *
word(const char *w)
{
	static char value[64];
	size_t n = strlen(w), k;
	int i;

	for (i = 0; strcmp(known_words[i], w) != 0; i++)
		must(known_words[i + 1] != NULL);
	for (const char *p = words; *p != '\0'; p += k + (p[k] == ' ')) {
		k = strcspn(p, " ");
		if (k < n || memcmp(p, w, n) != 0 ||
		    (w[n - 1] != '=' && k != n))
			continue;
		must(k - n < sizeof value);
		memcpy(value, p + n, k - n);
		value[k - n] = '\0';
		return value;
	}
	return NULL;
}

static bool
is(const char *w)
{
	return word(w) != NULL;
}

static unsigned
number(const char *w, unsigned otherwise)
{
	const char *v = word(w);

	return v != NULL ? (unsigned)strtoul(v, NULL, 0) : otherwise;
}

static const char *
string(const char *w, const char *otherwise)
{
	static char copy[4][64];
	static unsigned at;
	const char *v = word(w);

	return v == NULL ? otherwise : strcpy(copy[at++ % 4], v);
}

__attribute__((format(printf, 2, 3))) static void
put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	t->p = realloc(t->p, t->n + (size_t)n + 1);
	must(t->p != NULL);
	va_start(ap, fmt);
	vsnprintf(t->p + t->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
}

static void
put_bytes(struct text *t, const void *p, size_t n)
{
	t->p = realloc(t->p, t->n + n + 1);
	must(t->p != NULL);
	memcpy(t->p + t->n, p, n);
	t->n += n;
	t->p[t->n] = '\0';
}

static void
put_hex(struct text *t, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(t, "%02x", ((const uint8_t *)p)[i]);
}

/* A JSON string of it. */
static void
put_quoted(struct text *t, const char *s)
{
	put(t, "\"");
	for (; *s != '\0'; s++)
		if (*s == '"' || *s == '\\')
			put(t, "\\%c", *s);
		else if (*s == '\n')
			put(t, "\\n");
		else
			put(t, "%c", *s);
	put(t, "\"");
}

static void
put_le(struct text *t, uint64_t x, size_t n)
{
	uint8_t b[8];

	for (size_t i = 0; i < n; i++)
		b[i] = (uint8_t)(x >> 8 * i);
	put_bytes(t, b, n);
}

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

static void
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

static void
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
	if (k->pathlen >= 0) {
		snprintf(basic, sizeof basic, "critical,CA:TRUE,pathlen:%d",
		    k->pathlen);
		add_ext(x, "basicConstraints", basic);
		add_ext(x, "keyUsage", is("ca_no_sign") &&
		    (k->serial == 2 || k->serial == 12) ?
		    "critical,cRLSign" : "critical,keyCertSign,cRLSign");
	} else {
		add_ext(x, "basicConstraints", "critical,CA:FALSE");
		add_ext(x, "keyUsage", "critical,digitalSignature");
	}
	X509_NAME_free(subject);
	X509_NAME_free(issuer);
	return x;
}

static X509 *
signed_cert(X509 *x, EVP_PKEY *by)
{
	bool leaf = ASN1_INTEGER_get(X509_get0_serialNumber(x)) == 3;

	must(X509_sign(x, by, leaf && is("pck_sha384") ? EVP_sha384() :
	    EVP_sha256()) > 0);
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

static X509 *
make_root(int which)
{
	struct cert_kind k = { ROOT_NAME, ROOT_NAME, key(which), NULL, 1,
	    is("root_pathlen") ? 0 : 1,
	    FIRST - 86400, LAST + 365 * 86400 };

	return signed_cert(make_cert(&k), k.key);
}

static X509 *
make_ca(int root, int own, const char *name, int serial)
{
	struct cert_kind k = { name, ROOT_NAME,
	    key(own), NULL, serial, is("ca_no_ca") ? -1 : 0, FIRST - 86400,
	    LAST + 86400 };

	return signed_cert(make_cert(&k), key(root));
}

static X509 *
make_pck(void)
{
	struct cert_kind k = { is("pck_name") ? "Some Other Certificate" :
	    "Intel SGX PCK Certificate", is("ca_name") || is("quote_ca_name") ||
	    is("pck_issuer") ? OTHER_NAME : CA_NAME,
	    is("pck_p384") ? p384_key() : key(K_PCK), NULL, 3,
	    is("pck_is_ca") ? 0 : -1, is("pck_early") ? FIRST + 100 : FIRST - 3600,
	    is("pck_expired") ? FIRST : LAST + 3600 };
	X509 *x = make_cert(&k);

	if (!is("pck_no_extension"))
		add_sgx_extension(x);
	return signed_cert(x, key(is("bad_pck_cert") || is("quote_ca_key") ?
	    K_OTHER : K_CA));
}

static X509 *
make_signer(int which)
{
	struct cert_kind k = { is("signer_name") ? "Someone" :
	    "Intel SGX TCB Signing", ROOT_NAME, key(which), NULL, 4, -1,
	    FIRST - 3600, is("signer_expired") ? FIRST : LAST + 3600 };

	return signed_cert(make_cert(&k), key(is("signer_other_root") ?
	    K_OTHER_ROOT : K_ROOT));
}

static void
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
static void
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

static void
put_date(struct text *t, int64_t seconds)
{
	time_t s = (time_t)seconds;
	struct tm tm;
	char text[32];

	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&s, &tm));
	put(t, "\"%s\"", text);
}

static void
put_dates(struct text *t, bool early, bool old)
{
	put(t, "\"issueDate\":");
	put_date(t, early ? FIRST + 100 : FIRST);
	put(t, ",\"nextUpdate\":");
	put_date(t, old ? FIRST - 1 : LAST);
}

static void
put_level(struct text *t, bool sgx, unsigned svn, unsigned pcesvn, unsigned tdx,
    const char *date, const char *status, const char *advisory)
{
	put(t, "{\"tcb\":{\"sgxtcbcomponents\":[");
	for (int i = 0; i < 16; i++)
		put(t, "%s{\"svn\":%u}", i ? "," : "", svn);
	put(t, "],\"pcesvn\":%u", pcesvn);
	if (!sgx) {
		put(t, ",\"tdxtcbcomponents\":[");
		for (int i = 0; i < 16; i++)
			put(t, "%s{\"svn\":%u}", i ? "," : "",
			    i == 0 ? tdx : i == 2 ? 3 : 0);
		put(t, "]");
	}
	put(t, "},\"tcbDate\":\"%sT00:00:00Z\",\"tcbStatus\":\"%s\"", date, status);
	if (advisory != NULL)
		put(t, ",\"advisoryIDs\":[\"%s\"]", advisory);
	put(t, "}");
}

static void
put_module(struct text *t, unsigned version, unsigned svn, const char *status)
{
	put(t, "{\"id\":\"TDX_%02X\",\"mrsigner\":\"%096d\",\"attributes\":\"%016d\","
	    "\"attributesMask\":\"FFFFFFFFFFFFFFFF\",\"tcbLevels\":[{\"tcb\":"
	    "{\"isvsvn\":%u},\"tcbDate\":\"2026-06-01T00:00:00Z\",\"tcbStatus\":"
	    "\"%s\"},{\"tcb\":{\"isvsvn\":%u},\"tcbDate\":\"2024-06-01T00:00:00Z\","
	    "\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-01099\"]}]}",
	    version, is("module_signer"), is("module_attributes"), svn, status,
	    svn - 3);
}

static bool
for_sgx(void)
{
	return number("version=", 4) == 3 || is("sgx");
}

static void
put_levels(struct text *t)
{
	const char *status = is("unknown_status") ? "Fine" :
	    string("status=", "UpToDate");
	bool sgx = for_sgx(), reversed = is("levels_reversed");

	put(t, "\"tcbLevels\":[");
	if (reversed) {
		put_level(t, sgx, 2, 5, 3, "2023-08-09", "OutOfDate",
		    "INTEL-SA-00837");
		put(t, ",");
	}
	put_level(t, sgx, 5, 13, 5, "2026-05-01", status,
	    strcmp(status, "UpToDate") == 0 ? NULL : "INTEL-SA-00615");
	if (!reversed) {
		put(t, ",");
		put_level(t, sgx, 2, 5, 3, "2023-08-09", "OutOfDate",
		    "INTEL-SA-00837");
	}
	put(t, "]");
}

static void
put_tcb_info(struct text *t)
{
	bool sgx = for_sgx();

	put(t, "{\"id\":\"%s\",\"version\":%u,", string("tcb_id=", sgx ? "SGX" :
	    "TDX"), number("tcb_version=", 3));
	put_dates(t, is("tcb_early"), is("tcb_old"));
	put(t, ",\"fmspc\":\"%s\",\"pceId\":\"%s\",\"tcbType\":0,"
	    "\"tcbEvaluationDataNumber\":%u,", is("fmspc") ? "00A067110000" :
	    "90C06F000000", is("pce_id") ? "0001" : "0000",
	    number("evaluation=", 18));
	if (is("tcb_duplicate"))
		put(t, "\"tcbType\":0,");
	if (!sgx || is("tcb_id=")) {
		put(t, "\"tdxModule\":{\"mrsigner\":\"%096d\",\"attributes\":"
		    "\"%016d\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"},"
		    "\"tdxModuleIdentities\":[", 0, 0);
		if (!is("no_module")) {
			put_module(t, 1, 5, string("module_status=", "UpToDate"));
			put(t, ",");
		}
		put_module(t, 3, 3, "UpToDate");
		put(t, "],");
	}
	put_levels(t);
	put(t, "}");
}

#define QE_MRSIGNER \
	"DC9E2A7C6F948F17474E34A7FC43ED030F7C1563F1BABDDF6340C82E0E54A8C5"

static void
put_qe_identity(struct text *t)
{
	put(t, "{\"id\":\"%s\",\"version\":2,", string("qe_id=", for_sgx() ? "QE" :
	    "TD_QE"));
	put_dates(t, is("qe_early"), is("qe_old"));
	put(t, ",\"tcbEvaluationDataNumber\":18,\"miscselect\":\"00000001\","
	    "\"miscselectMask\":\"FFFFFFFF\",\"attributes\":"
	    "\"11000000000000000000000000000000\",\"attributesMask\":"
	    "\"%sFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"" QE_MRSIGNER "\","
	    "\"isvprodid\":2,\"tcbLevels\":[{\"tcb\":{\"isvsvn\":4},\"tcbDate\":"
	    "\"2026-05-01T00:00:00Z\",\"tcbStatus\":\"%s\"},{\"tcb\":{\"isvsvn\":2},"
	    "\"tcbDate\":\"2023-05-01T00:00:00Z\",\"tcbStatus\":\"OutOfDate\","
	    "\"advisoryIDs\":[\"INTEL-SA-00477\"]}]}",
	    is("qe_mask") ? "F9" : "FB", string("qe_status=", "UpToDate"));
}

static void
put_signature(struct text *t, EVP_PKEY *by, const struct text *signed_text,
    bool bad)
{
	uint8_t s[64];

	sign(s, by, signed_text->p, signed_text->n);
	s[40] ^= bad;
	put_hex(t, s, sizeof s);
}

/* A signed text, beside its signature or as Intel answers. */
static void
put_signed(struct text *t, const char *name, const char *inner,
    const struct text *body, EVP_PKEY *by, bool bad)
{
	put(t, ",\"%s\":", name);
	if (is("intel_answers")) {
		put(t, "{\"%s\": %s ,\"signature\":\"", inner, body->p);
		put_signature(t, by, body, bad);
		put(t, "\"}");
		return;
	}
	put_quoted(t, body->p);
	put(t, ",\"%s_signature\":\"", name);
	put_signature(t, by, body, bad);
	put(t, "\"");
}

static void
put_chain(struct text *t, const char *name, X509 *a, X509 *b)
{
	struct text pem = { 0 };
	const char *saved = words;

	words = "";	/* the quote's alone is altered */
	put_pem(&pem, a);
	put_pem(&pem, b);
	words = saved;
	put(t, "\"%s\":", name);
	put_quoted(t, pem.p);
	free(pem.p);
}

static void
put_lists(struct text *t)
{
	int of_root = is("ca_revoked") ? 2 : is("quote_ca_revoked") ? 12 : is("signer_revoked") ? 4 :
	    is("root_revoked") ? 1 : 0;

	put(t, ",\"root_ca_crl\":\"");
	put_crl(t, ROOT_NAME, key(is("bad_root_crl") ? K_OTHER : K_ROOT),
	    is("root_crl_early") ? FIRST + 100 : FIRST,
	    is("root_crl_old") ? FIRST - 1 : LAST, of_root);
	put(t, "\",\"pck_crl\":\"");
	put_crl(t, is("crl_other_ca") ? "Intel SGX PCK Processor CA" :
	    is("ca_name") ? OTHER_NAME : CA_NAME,
	    key(is("bad_pck_crl") ? K_OTHER : K_CA),
	    is("pck_crl_early") ? FIRST + 100 : FIRST,
	    is("pck_crl_old") ? FIRST - 1 : LAST, is("pck_revoked") ? 3 : 0);
	put(t, "\"");
}

static void
put_collateral(struct text *t, X509 *root, X509 *ca, X509 *pck)
{
	int other = is("qe_other_signer") ? K_OTHER : K_SIGNER;
	int of_tcb = is("signer_is_ca_of_pcks") ? K_PCK : K_SIGNER;
	X509 *signer = is("signer_is_ca_of_pcks") ? make_pck() :
	    make_signer(K_SIGNER);
	X509 *qe_signer = make_signer(other);
	struct text tcb = { 0 }, qe = { 0 }, pem = { 0 };

	put_tcb_info(&tcb);
	put_qe_identity(&qe);
	put(t, "{");
	put_chain(t, "pck_crl_issuer_chain", ca, root);
	put_lists(t);
	put(t, ",");
	put_chain(t, "tcb_info_issuer_chain", signer, root);
	put_signed(t, "tcb_info", "tcbInfo", &tcb, key(of_tcb),
	    is("bad_tcb_signature"));
	put(t, ",");
	put_chain(t, "qe_identity_issuer_chain", qe_signer, root);
	put_signed(t, "qe_identity", "enclaveIdentity", &qe, key(other),
	    is("bad_qe_identity_signature"));
	if (is("collateral_chain")) {
		put_pem(&pem, pck);
		put_pem(&pem, ca);
		put_pem(&pem, root);
		put(t, ",\"pck_certificate_chain\":");
		put_quoted(t, pem.p);
		free(pem.p);
	}
	put(t, "}");
	X509_free(signer);
	X509_free(qe_signer);
	free(tcb.p);
	free(qe.p);
}

/* dstack. */
static void
put_compose(struct text *t)
{
	struct text y = { 0 };

	put(&y, "services:\n  prover:\n");
	if (is("compose_build"))
		put(&y, "    build: .\n");
	if (is("compose_env_file"))
		put(&y, "    env_file: secrets\n");
	if (is("compose_merge"))
		put(&y, "    <<: {privileged: true}\n");
	put(&y, "    image: example/prover%s%s%064d\n",
	    is("compose_variable") ? "${TAG}" : "",
	    is("compose_tag") ? ":latest-" : "@sha256:", 7);
	if (is("compose_twice"))
		put(&y, "    image: example/other\n");
	if (is("compose_privileged"))
		put(&y, "    privileged: true\n");
	put(&y, "    volumes:\n      - data:/data\n");
	if (is("compose_socket"))
		put(&y, "      - /var/run/docker.sock:/docker.sock\n");
	if (is("compose_run"))
		put(&y, "      - type: bind\n        source: /run/\n"
		    "        target: /host\n");
	if (is("compose_dstack"))
		put(&y, "      - /var/run/dstack.sock:/var/run/dstack.sock\n");
	if (is("compose_include"))
		put(&y, "include: [other.yml]\n");
	if (is("compose_two"))
		put(&y, "---\nservices: {}\n");
	put(t, "{\"manifest_version\":2,\"name\":\"prover\",\"runner\":"
	    "\"docker-compose\",\"public_logs\":%s,\"allowed_envs\":[%s],"
	    "\"docker_compose_file\":", is("compose_logs") ? "true" : "false",
	    is("compose_envs") ? "\"RPC_URL\"" : "");
	put_quoted(t, y.p);
	put(t, "}");
	free(y.p);
}

struct registers { uint8_t of[4][48]; };

static void
extend(uint8_t reg[static 48], const uint8_t digest[static 48])
{
	uint8_t both[96];

	memcpy(both, reg, 48);
	memcpy(both + 48, digest, 48);
	must(EVP_Digest(both, 96, reg, NULL, EVP_sha384(), NULL) == 1);
}

static void
put_event(struct text *t, unsigned imr, uint32_t type, const char *digest_hex,
    const char *name, const char *payload_hex, const char *rest)
{
	put(t, "%s{\"imr\":%u,\"event_type\":%u,\"digest\":\"%s\",\"event\":",
	    t->p[t->n - 1] == '[' ? "" : ",", imr, type, digest_hex);
	put_quoted(t, name);
	put(t, ",\"event_payload\":\"%s\"%s}", payload_hex, rest);
}

static void
put_firmware(struct text *t, struct registers *r, unsigned imr, uint32_t type)
{
	uint8_t digest[48];
	char hex[97];

	memset(digest, 0x10 + (int)imr, sizeof digest);
	extend(r->of[imr], digest);
	hex_encode(hex, digest, sizeof digest);
	put_event(t, imr, type, hex, "", "", "");
}

/* What is hashed of an event of run time. */
static void
put_preimage(struct text *t, const char *name, const void *payload, size_t n)
{
	if (is("log_v2")) {
		put(t, "{\"name\":");
		put_quoted(t, name);
		put(t, ",\"payload\":\"");
		put_hex(t, payload, n);
		put(t, "\",\"type\":134217729}");
		return;
	}
	put_le(t, 0x08000001 + (strcmp(name, "compose-hash") == 0 &&
	    is("log_type")), 4);
	put(t, ":%s:", name);
	put_bytes(t, payload, n);
}

static void
put_runtime(struct text *t, struct registers *r, const char *name,
    const void *payload, size_t n)
{
	bool mine = strcmp(name, "compose-hash") == 0;
	struct text in = { 0 }, hex = { 0 }, rest = { 0 };
	uint8_t digest[48];
	char digest_hex[97];

	put_preimage(&in, name, payload, n);
	must(EVP_Digest(in.p, in.n, digest, NULL, EVP_sha384(), NULL) == 1);
	put(&hex, "%s", "");
	put_hex(&hex, payload, n);
	put(&rest, "%s", "");
	if (is("log_v2")) {
		put(&rest, ",\"version\":2");
		if (!mine || !is("log_no_preimage")) {
			put(&rest, ",\"preimage\":\"");
			put_hex(&rest, in.p, in.n - (mine && is("log_preimage")));
			put(&rest, "\"");
		}
	}
	if (mine && is("log_digest"))
		digest[0] ^= 1;
	extend(r->of[3], digest);
	hex_encode(digest_hex, digest, sizeof digest);
	put_event(t, 3, mine && is("log_type") ? 0x08000002 : 0x08000001,
	    is("log_no_digest") ? "" : digest_hex, name, hex.p, rest.p);
	free(in.p);
	free(hex.p);
	free(rest.p);
}

#define KEY_PROVIDER "{\"name\":\"kms\",\"id\":\"3059\"}"

static void
put_app_events(struct text *t, struct registers *r, const uint8_t hash[32])
{
	uint8_t id[20], gpu[32];
	char event[8192], hex[65];

	memcpy(id, hash, sizeof id);
	if (is("app="))
		memset(id, (int)number("app=", 0), sizeof id);
	put_runtime(t, r, "system-preparing", "", 0);
	if (!is("log_no_app"))
		put_runtime(t, r, "app-id", id, is("log_short_app") ? 19 : 20);
	put_runtime(t, r, "compose-hash", hash, 32);
	if (is("log_twice"))
		put_runtime(t, r, "app-id", id, sizeof id);
	if (is("gpu_long")) {
		snprintf(event, sizeof event, "{%5000s}", "");
		put_runtime(t, r, "gpu-attestation", event, strlen(event));
	}
	if (is("gpu=")) {
		memset(gpu, (int)number("gpu=", 0), sizeof gpu);
		if (enclave_gpu != NULL)
			memcpy(gpu, enclave_gpu, sizeof gpu);
		hex_encode(hex, gpu, sizeof gpu);
		snprintf(event, sizeof event, "{\"version\":2,\"evidence_sha256\":"
		    "\"%s\"}", hex);
		put_runtime(t, r, "gpu-attestation", event, strlen(event));
	}
	put_runtime(t, r, "instance-id", id, sizeof id);
	if (!is("log_no_provider"))
		put_runtime(t, r, "key-provider", KEY_PROVIDER,
		    strlen(KEY_PROVIDER));
	if (!is("log_no_ready"))
		put_runtime(t, r, "system-ready", "", 0);
	if (is("log_late"))
		put_runtime(t, r, "storage-fs", "zfs", 3);
	if (is("log_late_compose"))
		put_runtime(t, r, "compose-hash", "01234567890123456789012345678901",
		    32);
	put_runtime(t, r, is("log_escape") ? "mine\"\\\n\xc3\xa9" : "mine", "x", 1);
}

static void
put_log(struct text *t, struct registers *r, const uint8_t hash[32])
{
	memset(r, 0, sizeof *r);
	put(t, "[");
	for (unsigned i = 0; i < 3; i++)
		put_firmware(t, r, i, 0x80000001);
	if (is("log_type_low"))
		put_firmware(t, r, 2, 0x08000001);
	put_app_events(t, r, hash);
	if (is("log_register"))
		put_firmware(t, &(struct registers){ 0 }, 1, 0x80000001);
	put(t, "]");
}

/* The quote. */
static void
put_at(uint8_t *body, size_t at, uint64_t x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		body[at + i] = (uint8_t)(x >> 8 * i);
}

/* What dstack's two first forms of MRCONFIGID have. */
static void
fill_config(uint8_t *id, unsigned version, const uint8_t hash[static 32])
{
	uint8_t in[32 + 20 + 1 + 2];

	memcpy(in, hash, 32);
	memcpy(in + 32, hash, 20);
	memcpy(in + 52, "\2\x30\x59", 3);	/* kms, its id */
	id[0] = (uint8_t)version;
	memcpy(id + 1, hash, 32);
	if (version == 2)
		keccak256(id + 1, in, sizeof in);
	id[7] ^= is("config_other");
}

static void
fill_td(uint8_t *td, const struct registers *r, const uint8_t hash[32])
{
	uint64_t attributes = (is("no_sept_ve") ? 0 : 1u << 28) |
	    (is("debug") ? 1 : 0) | (is("pks") ? 1u << 30 : 0) |
	    (is("td_reserved") ? 1u << 9 : 0);

	/* Module 5 of version 1, microcode 3. */
	put_at(td, TD_TCB_SVN, number("tdx_svn=", 0x030105), 8);
	memset(td + TD_MRSEAM, 0x5e, 48);
	td[TD_MRSIGNERSEAM] = is("seam_signer");
	td[TD_SEAMATTRIBUTES] = is("seam_attributes");
	put_at(td, TD_ATTRIBUTES, attributes, 8);
	put_at(td, TD_XFAM, is("xfam") ? 0x8 + 0x3 : 0x602e7, 8);
	memset(td + TD_MRTD, 0x11, 48);
	if (is("config="))
		fill_config(td + TD_MRCONFIGID, number("config=", 1), hash);
	memcpy(td + TD_RTMR0, r, 4 * 48);
	memset(td + TD_REPORTDATA, 0x42, 32);
}

static void
fill_sgx(uint8_t *r)
{
	put_at(r, SGX_ATTRIBUTES, is("debug") ? 7 : 5, 8);
	memset(r + SGX_MRENCLAVE, 0x33, 32);
	memset(r + SGX_MRSIGNER, 0x44, 32);
	memset(r + SGX_REPORTDATA, 0x42, 32);
}

static void
fill_qe(uint8_t *r, const uint8_t point[static 64], const uint8_t *auth, size_t n)
{
	uint8_t in[64 + 1024];

	must(hex_decode(r + SGX_MRSIGNER, 32, QE_MRSIGNER) == 0);
	r[SGX_MRSIGNER] ^= is("qe_signer");
	put_at(r, SGX_ISVPRODID, is("qe_prodid") ? 1 : 2, 2);
	put_at(r, SGX_ISVSVN, number("qe_svn=", 4), 2);
	put_at(r, SGX_MISCSELECT, is("qe_misc") ? 0x01000000 : 1, 4);
	put_at(r, SGX_ATTRIBUTES, 0x11 | (is("qe_attributes") ? 0x20 : 0) |
	    (is("qe_debug") ? 2 : 0), 8);
	memcpy(in, point, 64);
	memcpy(in + 64, auth, n);
	must(EVP_Digest(in, 64 + n, r + SGX_REPORTDATA, NULL, EVP_sha256(),
	    NULL) == 1);
	r[SGX_REPORTDATA] ^= is("other_key");
	r[SGX_REPORTDATA + 40] = is("qe_data_tail");
}

static void
put_header(struct text *t, unsigned version)
{
	uint8_t vendor[16] = { 0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
	    0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07 }, user[20] = { 1 };

	vendor[3] ^= is("vendor");
	put_le(t, version, 2);
	put_le(t, 2, 2);
	put_le(t, for_sgx() ? 0 : 0x81, 4);
	put_le(t, 0, 4);
	put_bytes(t, vendor, sizeof vendor);
	put_bytes(t, user, sizeof user);
}

static void
put_body(struct text *t, unsigned version, const struct registers *r,
    const uint8_t hash[32])
{
	uint8_t body[QUOTE_TD15] = { 0 };
	size_t n = for_sgx() ? QUOTE_SGX : version == 5 && !is("td10") ?
	    QUOTE_TD15 : QUOTE_TD10;

	if (for_sgx())
		fill_sgx(body);
	else
		fill_td(body, r, hash);
	if (n == QUOTE_TD15) {
		put_at(body, TD_TCB_SVN2, number("tdx_svn2=",
		    number("tdx_svn=", 0x030105)), 8);
		body[TD_MRSERVICETD] = is("service_td");
	}
	if (version == 5) {
		put_le(t, n == QUOTE_SGX ? 1 : n == QUOTE_TD10 ? 2 : 3, 2);
		put_le(t, n, 4);
	}
	put_bytes(t, body, n);
}

static void
put_pck_chain(struct text *t, X509 *root, X509 *ca, X509 *pck)
{
	if (is("chain_reversed")) {
		put_pem(t, root);
		put_pem(t, ca);
		put_pem(t, pck);
		return;
	}
	put_pem(t, pck);
	if (is("pem_text"))
		put(t, "# no certificate\n");
	put_pem(t, ca);
	if (!is("chain_short"))
		put_pem(t, root);
	put_bytes(t, "", 1);
}

/* The quoting enclave's report, its signature and certificates. */
static void
put_qe(struct text *t, const uint8_t point[static 64], X509 *root, X509 *ca,
    X509 *pck)
{
	uint8_t report[QUOTE_SGX] = { 0 }, s[64], auth[1024];
	size_t n = number("auth_len=", 32);
	struct text chain = { 0 };

	must(n <= sizeof auth);
	for (size_t i = 0; i < n; i++)
		auth[i] = (uint8_t)i;
	fill_qe(report, point, auth, n);
	sign(s, is("pck_p384") ? key(K_OTHER) : key(K_PCK), report, sizeof report);
	s[5] ^= is("bad_qe_signature");
	put_bytes(t, report, sizeof report);
	put_bytes(t, s, sizeof s);
	put_le(t, n, 2);
	put_bytes(t, auth, n);
	put_pck_chain(&chain, root, ca, pck);
	put_le(t, number("cert_type=", 5), 2);
	put_le(t, chain.n, 4);
	put_bytes(t, chain.p, chain.n);
	free(chain.p);
}

static void
put_trailer(struct text *t, const uint8_t hash[32])
{
	static const uint8_t zeros[70];

	if (is("trailer_zeros"))
		put_bytes(t, zeros, sizeof zeros);
	if (is("trailer"))
		put_bytes(t, "x", 1);
	if (is("trailer_hash"))
		put_bytes(t, hash, 32);
}

static void
put_quote(struct text *t, const struct registers *r, const uint8_t hash[32],
    X509 *root, X509 *ca, X509 *pck)
{
	unsigned version = number("version=", 4);
	uint8_t s[64], point[64];
	struct text data = { 0 }, qe = { 0 };

	put_header(t, version);
	put_body(t, version, r, hash);
	sign(s, key(K_ATTEST), t->p, t->n);
	s[5] ^= is("bad_quote_signature");
	public_point(point, key(K_ATTEST));
	point[63] ^= is("key_off_curve");
	put_bytes(&data, s, sizeof s);
	put_bytes(&data, point, sizeof point);
	put_qe(&qe, point, root, ca, pck);
	if (version > 3) {
		put_le(&data, 6, 2);
		put_le(&data, qe.n, 4);
	}
	put_bytes(&data, qe.p, qe.n);
	put_le(t, data.n, 4);
	put_bytes(t, data.p, data.n);
	put_trailer(t, hash);
	free(data.p);
	free(qe.p);
}

static void
enclave_make(struct enclave *x, const char *with)
{
	X509 *root, *ca, *pck, *quote_root, *quote_ca;
	struct registers r;
	uint8_t hash[32], *der = NULL;
	int n;

	words = with;
	memset(x, 0, sizeof *x);
	root = make_root(K_ROOT);
	ca = make_ca(K_ROOT, K_CA, is("ca_name") ? OTHER_NAME : CA_NAME, 2);
	quote_root = is("other_root") ? make_root(K_OTHER_ROOT) : root;
	quote_ca = make_ca(is("other_root") ? K_OTHER_ROOT : K_ROOT,
	    is("quote_ca_key") ? K_OTHER : K_CA,
	    is("ca_name") || is("quote_ca_name") ? OTHER_NAME : CA_NAME,
	    is("quote_ca_revoked") ? 12 : 2);
	pck = make_pck();
	n = i2d_X509(root, &der);
	must(n > 0);
	put_bytes(&x->root, der, (size_t)n);
	OPENSSL_free(der);
	put_compose(&x->compose);
	must(EVP_Digest(x->compose.p, x->compose.n, hash, NULL, EVP_sha256(),
	    NULL) == 1);
	put_log(&x->event_log, &r, hash);
	put_quote(&x->quote, &r, hash, quote_root, quote_ca, pck);
	put_collateral(&x->collateral, root, ca, pck);
	if (is("compose_other"))
		put(&x->compose, "\n");
	if (quote_root != root)
		X509_free(quote_root);
	X509_free(quote_ca);
	X509_free(root);
	X509_free(ca);
	X509_free(pck);
}

static void
enclave_free(struct enclave *x)
{
	free(x->root.p);
	free(x->quote.p);
	free(x->collateral.p);
	free(x->event_log.p);
	free(x->compose.p);
	memset(x, 0, sizeof *x);
}

#endif
