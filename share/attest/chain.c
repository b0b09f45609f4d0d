#include "attest/chain.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "attest/date.h"
#include "attest/key.h"

#define DER_MAX 4096

static const char begin[] = "-----BEGIN CERTIFICATE-----";
static const char end[] = "-----END CERTIFICATE-----";

/* The same certificate, parsed before. */
static X509 *
find_known(const struct chain *const *known, struct bytes der)
{
	for (; known != NULL && *known != NULL; known++)
		for (size_t i = 0; i < (*known)->n; i++)
			if (bytes_equal((*known)->der[i], der)) {
				X509_up_ref((*known)->x[i]);
				return (*known)->x[i];
			}
	return NULL;
}

static int
add(struct chain *c, struct bytes der, const struct chain *const *known,
    struct err *e)
{
	uint8_t *copy;
	X509 *x;

	if (c->n == CHAIN_MAX)
		return err_set(e, EX_DATAERR, "more than %d certificates",
		    CHAIN_MAX);
	x = find_known(known, der);
	if (x == NULL)
		x = cert_read(der);
	if (x == NULL)
		return err_set(e, EX_DATAERR, "certificate %zu is not well-formed",
		    c->n + 1);
	copy = malloc(der.n);
	if (copy == NULL) {
		X509_free(x);
		return err_set(e, EX_OSERR, "out of memory");
	}
	memcpy(copy, der.p, der.n);
	c->x[c->n] = x;
	c->der[c->n++] = (struct bytes){ copy, der.n };
	/* cppcheck-suppress memleak */
	return 0;
}

/* Base64 with blanks between; the number of bytes, or -1. */
static int
decode(uint8_t out[static DER_MAX], const uint8_t *p, size_t n)
{
	uint8_t text[DER_MAX / 3 * 4 + 8];
	size_t k = 0;
	int got;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' || p[i] == '\r' || p[i] == ' ' || p[i] == '\t')
			continue;
		if (k == DER_MAX / 3 * 4)
			return -1;
		text[k++] = p[i];
	}
	if (k == 0 || k % 4 != 0)
		return -1;
	got = EVP_DecodeBlock(out, text, (int)k);
	if (got < 0)
		return -1;
	/* It counts the padding as bytes. */
	got -= (text[k - 1] == '=') + (text[k - 2] == '=');
	return got;
}

/* Whether text[0..n) is the only way to write der. */
static bool
canonical(const uint8_t *text, size_t n, const uint8_t *der, size_t len)
{
	uint8_t line[65];
	size_t k, m;

	for (size_t i = 0; i < len; i += k) {
		k = len - i < 48 ? len - i : 48;
		m = (size_t)EVP_EncodeBlock(line, der + i, (int)k);
		line[m++] = '\n';
		if (n < m || memcmp(text, line, m) != 0)
			return false;
		text += m;
		n -= m;
	}
	return n == 0;
}

int
chain_pem(struct chain *c, struct bytes text, bool loose,
    const struct chain *const *known, struct err *e)
{
	const uint8_t *p = text.p, *last = text.p + text.n, *stop;
	uint8_t der[DER_MAX];
	int n;

	if (text.n > 0 && last[-1] == '\0')
		last--;
	for (;;) {
		while (loose && p < last && (*p == '\n' || *p == '\r'))
			p++;
		if (p == last && c->n > 0)
			return 0;
		if ((size_t)(last - p) < sizeof begin ||
		    memcmp(p, begin, sizeof begin - 1) != 0)
			break;
		p += sizeof begin - 1;
		stop = memmem(p, (size_t)(last - p), end, sizeof end - 1);
		if (stop == NULL)
			break;
		n = decode(der, p, (size_t)(stop - p));
		if (n < 0)
			return err_set(e, EX_DATAERR, "certificate %zu is not "
			    "base64", c->n + 1);
		if (!loose && (*p != '\n' || !canonical(p + 1,
		    (size_t)(stop - p) - 1, der, (size_t)n)))
			return err_set(e, EX_DATAERR, "certificate %zu is not in "
			    "the only form that PEM has for it", c->n + 1);
		if (add(c, (struct bytes){ der, (size_t)n }, known, e))
			return -1;
		p = stop + sizeof end - 1;
		if (!loose && (p == last || *p++ != '\n'))
			break;
	}
	return err_set(e, EX_DATAERR, c->n == 0 ? "no certificates" :
	    "something beside the certificates");
}

int
chain_one(struct chain *c, struct bytes text, struct err *e)
{
	int r = text.n > 0 && text.p[0] == '-' ? chain_pem(c, text, true, NULL, e)
	    : add(c, text, NULL, e);

	if (r == 0 && c->n != 1)
		return err_set(e, EX_DATAERR, "%zu certificates, not one", c->n);
	return r;
}

int
chain_copy(struct chain *c, const struct chain *of, struct err *e)
{
	const struct chain *const known[] = { of, NULL };

	for (size_t i = 0; i < of->n; i++)
		if (add(c, of->der[i], known, e))
			return -1;
	return 0;
}

bool
chain_equal(const struct chain *a, const struct chain *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (!bytes_equal(a->der[i], b->der[i]))
			return false;
	return a->n == b->n;
}

void
chain_free(struct chain *c)
{
	for (size_t i = 0; i < c->n; i++) {
		X509_free(c->x[i]);
		free((void *)c->der[i].p);
	}
	memset(c, 0, sizeof *c);
}

bool
cert_named(X509 *x, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	const ASN1_STRING *s;

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return false;
	s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	return ASN1_STRING_length(s) == (int)strlen(name) &&
	    memcmp(ASN1_STRING_get0_data(s), name, strlen(name)) == 0;
}

/* OpenSSL flags any critical extension that it does not know: which may that be? */
static bool
unknown_critical(X509 *x, const char *allowed)
{
	char oid[64];

	if (!(X509_get_extension_flags(x) & EXFLAG_CRITICAL))
		return false;
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *ext = X509_get_ext(x, i);

		if (!X509_EXTENSION_get_critical(ext) ||
		    X509_supported_extension(ext))
			continue;
		OBJ_obj2txt(oid, sizeof oid, X509_EXTENSION_get_object(ext), 1);
		if (allowed == NULL || strncmp(oid, allowed, strlen(allowed)) != 0)
			return true;
	}
	return false;
}

/* Certificate i of the chain. */
static int
check_form(X509 *x, size_t i, const struct chain_rule *rule, struct err *e)
{
	uint32_t flags = X509_get_extension_flags(x);
	const char *name = rule->names[i];
	size_t below = rule->ca ? i : i - 1;	/* CAs under it */
	bool ca = i > 0 || rule->ca;
	long most;

	if (name != NULL && !cert_named(x, name))
		return err_set(e, EX_NO, "certificate %zu is not named %s", i + 1,
		    name);
	if (X509_get_version(x) != X509_VERSION_3 ||
	    flags & (EXFLAG_INVALID | EXFLAG_PROXY) ||
	    unknown_critical(x, rule->critical))
		return err_set(e, EX_NO, "certificate %zu has extensions that are "
		    "not known", i + 1);
	if (cert_is_ca(x, &most) != ca)
		return err_set(e, EX_NO, "certificate %zu is %s CA", i + 1,
		    ca ? "no" : "a");
	if (ca && most >= 0 && (size_t)most < below)
		return err_set(e, EX_NO, "certificate %zu has too many below it",
		    i + 1);
	if (cert_key(x) == NULL || cert_curve(x) != rule->curve)
		return err_set(e, EX_NO, "certificate %zu has no key of the "
		    "curve %s", i + 1, OBJ_nid2sn(rule->curve));
	return 0;
}

/* Its issuer's name, and identifier where it tells one, are those of `by`. */
static bool
is_issued(X509 *x, X509 *by)
{
	AUTHORITY_KEYID *id = X509_get_ext_d2i(x, NID_authority_key_identifier,
	    NULL, NULL);
	bool issued = X509_NAME_cmp(X509_get_subject_name(by),
	    X509_get_issuer_name(x)) == 0 && X509_check_akid(by, id) == X509_V_OK;

	AUTHORITY_KEYID_free(id);
	return issued;
}

/* Under the algorithm that it tells inside and outside. */
static bool
is_signed(X509 *x, X509 *by, int signature)
{
	const ASN1_BIT_STRING *sig;
	const X509_ALGOR *outside;
	struct bytes given;
	uint8_t *tbs = NULL;
	int md, n;
	bool good;

	X509_get0_signature(&sig, &outside, x);
	if (X509_ALGOR_cmp(outside, X509_get0_tbs_sigalg(x)) != 0 ||
	    sig->flags & 7 || OBJ_find_sigid_algs(signature, &md, NULL) != 1)
		return false;
	n = i2d_re_X509_tbs(x, &tbs);
	given = (struct bytes){ ASN1_STRING_get0_data(sig),
		(size_t)ASN1_STRING_length(sig) };
	good = n > 0 && der_sig_verify(cert_key(by), EVP_get_digestbynid(md), given,
	    (struct bytes){ tbs, (size_t)n }, NULL) == 0;
	OPENSSL_free(tbs);
	return good;
}

static int
check_signed(X509 *x, X509 *by, size_t i, int signature, bool verified,
    struct err *e)
{
	if (!is_issued(x, by))
		return err_set(e, EX_NO, "certificate %zu is not issued by the "
		    "next", i + 1);
	if (X509_get_signature_nid(x) != signature)
		return err_set(e, EX_NO, "certificate %zu has a signature of "
		    "another kind", i + 1);
	if (!verified && !is_signed(x, by, signature))
		return err_set(e, EX_NO, "certificate %zu is not signed by the "
		    "next", i + 1);
	return 0;
}

int
chain_verify(const struct chain *c, const struct chain_rule *rule,
    const struct chain *root, size_t verified, struct err *e)
{
	size_t n = rule->n;

	if (c->n != n)
		return err_set(e, EX_NO, "%zu certificates, not %zu", c->n, n);
	if (!bytes_equal(c->der[n - 1], root->der[0]))
		return err_set(e, EX_NO, "the root is not the pinned one");
	for (size_t i = 0; i < n; i++)
		if (check_form(c->x[i], i, rule, e))
			return -1;
	/* The root is the pinned bytes: its own signature says nothing. */
	for (size_t i = n - 1; i-- > 0;)
		if (check_signed(c->x[i], c->x[i + 1], i, rule->signature,
		    i + verified >= n, e))
			return -1;
	return 0;
}

/* -1: not a date, or one before 1970. */
static int64_t
asn1_seconds(const ASN1_TIME *t)
{
	struct tm tm;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return -1;
	return date_seconds(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void
cert_dates(X509 *x, int64_t *from, int64_t *until)
{
	*from = asn1_seconds(X509_get0_notBefore(x));
	*until = asn1_seconds(X509_get0_notAfter(x));
}

static int
check_window(const char *what, size_t i, int64_t from, int64_t to, int64_t now,
    struct err *e)
{
	char text[32];

	if (from >= 0 && to >= 0 && now >= from && now <= to)
		return 0;
	date_text(text, now < from ? from : to);
	return err_set(e, EX_NO, "%s %zu %s %s", what, i, now < from ?
	    "is not valid before" : "was valid until", text);
}

int
chain_date(const struct chain *c, int64_t now, struct err *e)
{
	int64_t from, until;

	for (size_t i = 0; i < c->n; i++) {
		cert_dates(c->x[i], &from, &until);
		if (check_window("certificate", i + 1, from, until, now, e))
			return -1;
	}
	return 0;
}

bool
same_subject(X509 *a, X509 *b)
{
	return X509_NAME_cmp(X509_get_subject_name(a),
	    X509_get_subject_name(b)) == 0 &&
	    EVP_PKEY_eq(cert_key(a), cert_key(b)) == 1;
}

X509_CRL *
crl_read(struct bytes der, struct err *e)
{
	const uint8_t *p = der.p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)der.n);

	if (crl == NULL || p != der.p + der.n) {
		ERR_clear_error();
		X509_CRL_free(crl);
		err_set(e, EX_DATAERR, "the revocation list is not well-formed");
		return NULL;
	}
	return crl;
}

int64_t
crl_made(const X509_CRL *crl)
{
	return asn1_seconds(X509_CRL_get0_lastUpdate(crl));
}

int64_t
crl_until(const X509_CRL *crl)
{
	return asn1_seconds(X509_CRL_get0_nextUpdate(crl));
}

int
crl_verify(X509_CRL *crl, X509 *by, int64_t now, struct err *e)
{
	/* None of a complete list's extensions is critical. */
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++)
		if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)))
			return err_set(e, EX_NO, "the revocation list has "
			    "critical extensions");
	if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(by)))
		return err_set(e, EX_NO, "the revocation list is not of its "
		    "CA");
	if (!cert_may(by, 6) ||
	    X509_CRL_get_signature_nid(crl) != NID_ecdsa_with_SHA256 ||
	    X509_CRL_verify(crl, cert_key(by)) != 1) {
		ERR_clear_error();
		return err_set(e, EX_NO, "the revocation list is not signed by "
		    "its CA");
	}
	return check_window("revocation list", 1, crl_made(crl),
	    crl_until(crl), now, e);
}

bool
crl_lists(X509_CRL *crl, X509 *x)
{
	X509_REVOKED *r = NULL;

	/* Also what is "removed from the list", as no complete list has it. */
	return X509_CRL_get0_by_serial(crl, &r, X509_get0_serialNumber(x)) != 0;
}
