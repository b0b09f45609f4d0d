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
 * that many variants cost little; all is valid from FIRST to LAST,
 * or enclave_shift seconds later.
 */
#include "test/lib/enclave_collateral.h"
#include "test/lib/enclave_dstack.h"

struct enclave {
	struct text root;		/* DER */
	struct text quote, collateral, event_log, compose;
};

static void
put_at(uint8_t *body, size_t at, uint64_t x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		body[at + i] = (uint8_t)(x >> 8 * i);
}

/* REPORTDATA; the right hash may be in the wrong place, or have one bit changed. */
static void
fill_data(uint8_t data[static 64])
{
	memset(data, 0x42, 32);
	if (enclave_data != NULL)
		memcpy(data, enclave_data, 64);
	data[17] ^= is("data_bit");
	if (is("data_shift")) {
		memcpy(data + 32, data, 32);
		memset(data, 0, 32);
	}
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
	fill_data(td + TD_REPORTDATA);
}

static void
fill_sgx(uint8_t *r)
{
	put_at(r, SGX_ATTRIBUTES, is("debug") ? 7 : 5, 8);
	memset(r + SGX_MRENCLAVE, 0x33, 32);
	memset(r + SGX_MRSIGNER, 0x44, 32);
	fill_data(r + SGX_REPORTDATA);
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
