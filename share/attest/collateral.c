#include "attest/collateral.h"

#include <stdlib.h>

#include "attest/date.h"
#include "base/hex.h"

#define ROOT "Intel SGX Root CA"
#define P256 .signature = NID_ecdsa_with_SHA256, .curve = NID_X9_62_prime256v1

static const char *const signer_names[] = { "Intel SGX TCB Signing", ROOT };
static const char *const ca_names[] = { NULL, ROOT };
static const char *const pck_names[] = { "Intel SGX PCK Certificate", NULL, ROOT };

static const struct chain_rule signer_rule = {
	.n = 2, .names = signer_names, P256
};
static const struct chain_rule ca_rule = {
	.n = 2, .names = ca_names, .ca = true, P256
};
const struct chain_rule pck_rule = { .n = 3, .names = pck_names, P256 };

extern const uint8_t attest_intel_root[], attest_intel_root_end[];
__asm__(".section .rodata\nattest_intel_root:\n"
    ".incbin \"share/data/intel_sgx_root_ca.der\"\nattest_intel_root_end:\n"
    ".previous\n");

struct bytes
intel_root(void)
{
	return (struct bytes){ attest_intel_root,
	    (size_t)(attest_intel_root_end - attest_intel_root) };
}

static struct bytes
string_bytes(const json_t *s)
{
	return (struct bytes){ (const uint8_t *)json_string_value(s),
	    json_string_length(s) };
}

static int
parse_chain(struct chain *c, const json_t *o, const char *key,
    const struct chain *const *known, struct err *e)
{
	if (strict_str(o, key, e) == NULL)
		return -1;
	if (chain_pem(c, string_bytes(json_object_get(o, key)), true, known,
	    e))
		return err_prefix(e, "%s", key);
	return 0;
}

static X509_CRL *
parse_crl(const json_t *o, const char *key, struct err *e)
{
	const char *hex = strict_str(o, key, e);
	long n = hex != NULL ? hex_length(hex) : 0;
	uint8_t *der;
	X509_CRL *crl = NULL;

	if (hex == NULL)
		return NULL;
	der = malloc((size_t)(n > 0 ? n : 1));
	if (der == NULL) {
		err_set(e, EX_OSERR, "out of memory");
		return NULL;
	}
	if (n < 0 || hex_decode(der, (size_t)n, hex))
		err_set(e, EX_DATAERR, "%s is not hexadecimal", key);
	else if ((crl = crl_read((struct bytes){ der, (size_t)n }, e)) == NULL)
		err_prefix(e, "%s", key);
	free(der);
	return crl;
}

/* A member's text: of a string what it says, of an object how it is written. */
static int
member_text(struct bytes *out, const json_t *o, struct bytes text,
    const char *key, struct err *e)
{
	if (json_is_object(json_object_get(o, key)))
		return strict_slice(out, text, key, e);
	if (strict_str(o, key, e) == NULL)
		return -1;
	*out = string_bytes(json_object_get(o, key));
	return 0;
}

/* The signed text under `key`, with the signature beside it, or as Intel sends both. */
static int
parse_signed(struct signed_text *s, const json_t *o, struct bytes text,
    const char *key, const char *inner, struct err *e)
{
	char sig_key[64];
	json_t *answer;
	int r;

	if (member_text(&s->text, o, text, key, e))
		return -1;
	snprintf(sig_key, sizeof sig_key, "%s_signature", key);
	if (json_object_get(o, sig_key) != NULL)
		return strict_hex(o, sig_key, s->signature, 64, e);
	answer = strict_load(s->text, key, e);
	if (answer == NULL)
		return -1;
	r = strict_hex(answer, "signature", s->signature, 64, e) ||
	    strict_slice(&s->text, s->text, inner, e) ? err_prefix(e, "%s", key) :
	    0;
	json_decref(answer);
	return r;
}

static int
parse_members(struct collateral *c, struct bytes text,
    const struct chain *root, struct err *e)
{
	const struct chain *const known[] = {
		root, &c->tcb_signer, &c->qe_signer, &c->pck_ca, NULL
	};
	const json_t *o = c->root;

	if (!json_is_object(o))
		return err_set(e, EX_DATAERR, "no JSON object");
	if (parse_chain(&c->tcb_signer, o, "tcb_info_issuer_chain", known, e) ||
	    parse_chain(&c->qe_signer, o, "qe_identity_issuer_chain", known,
	    e) ||
	    parse_chain(&c->pck_ca, o, "pck_crl_issuer_chain", known, e) ||
	    parse_signed(&c->tcb_text, o, text, "tcb_info", "tcbInfo", e) ||
	    parse_signed(&c->qe_text, o, text, "qe_identity", "enclaveIdentity",
	    e))
		return -1;
	if (json_is_string(json_object_get(o, "pck_certificate_chain")) &&
	    parse_chain(&c->pck_chain, o, "pck_certificate_chain", known, e))
		return -1;
	c->root_crl = parse_crl(o, "root_ca_crl", e);
	if (c->root_crl == NULL)
		return -1;
	c->pck_crl = parse_crl(o, "pck_crl", e);
	return c->pck_crl == NULL ? -1 : 0;
}

int
collateral_parse(struct collateral *c, struct bytes text,
    const struct chain *root, struct err *e)
{
	memset(c, 0, sizeof *c);
	if (text.n > COLLATERAL_MAX)
		return err_set(e, EX_DATAERR, "collateral: more than %zu bytes",
		    COLLATERAL_MAX);
	c->root = strict_load(text, "collateral", e);
	if (c->root == NULL)
		return -1;
	if (parse_members(c, text, root, e) ||
	    tcb_info_parse(&c->tcb, c->tcb_text.text, e) ||
	    qe_identity_parse(&c->qe, c->qe_text.text, e))
		return err_prefix(e, "collateral");
	return 0;
}

void
collateral_free(struct collateral *c)
{
	tcb_info_free(&c->tcb);
	qe_identity_free(&c->qe);
	chain_free(&c->tcb_signer);
	chain_free(&c->qe_signer);
	chain_free(&c->pck_ca);
	chain_free(&c->pck_chain);
	X509_CRL_free(c->root_crl);
	X509_CRL_free(c->pck_crl);
	json_decref(c->root);
	memset(c, 0, sizeof *c);
}

static int
verify_signer(const struct chain *c, const struct chain *root, int64_t now,
    struct err *e)
{
	return chain_verify(c, &signer_rule, root, 0, e) ||
	    chain_date(c, now, e) ? -1 : 0;
}

static int
verify_text(const struct signed_text *s, const struct chain *signer,
    struct err *e)
{
	return sig_verify(cert_key(signer->x[0]), EVP_sha256(), s->signature,
	    sizeof s->signature, s->text, e);
}

static int
verify_date(int64_t issued, int64_t next, int64_t now, struct err *e)
{
	char text[32];

	if (now >= issued && now <= next)
		return 0;
	date_text(text, now < issued ? issued : next);
	return err_set(e, EX_NO, now < issued ? "issued %s" :
	    "to be replaced by %s", text);
}

static void
verify_tcb_info(struct attest_checks *k, const struct collateral *c,
    const struct chain *root, int64_t now)
{
	static const enum attest_check signer[] = {
		CHECK_tcb_info_signer, ATTEST_CHECKS
	}, text[] = { CHECK_tcb_info_signature, ATTEST_CHECKS };
	struct err e;

	check_result(k, CHECK_tcb_info_signer,
	    verify_signer(&c->tcb_signer, root, now, &e), &e);
	if (check_needs(k, signer, text))
		check_result(k, CHECK_tcb_info_signature,
		    verify_text(&c->tcb_text, &c->tcb_signer, &e), &e);
	check_result(k, CHECK_tcb_info_date,
	    verify_date(c->tcb.issued, c->tcb.next, now, &e), &e);
}

static void
verify_qe_identity(struct attest_checks *k, const struct collateral *c,
    const struct chain *root, int64_t now)
{
	static const enum attest_check signer[] = {
		CHECK_qe_identity_signer, ATTEST_CHECKS
	}, text[] = { CHECK_qe_identity_signature, ATTEST_CHECKS };
	struct err e;

	/* Nearly always the same chain: once is enough. */
	if (c->qe_signer.n == 2 && c->tcb_signer.n == 2 &&
	    bytes_equal(c->qe_signer.der[0], c->tcb_signer.der[0]) &&
	    bytes_equal(c->qe_signer.der[1], c->tcb_signer.der[1]) &&
	    check_passed(k, CHECK_tcb_info_signer))
		check_pass(k, CHECK_qe_identity_signer, "%s", "");
	else
		check_result(k, CHECK_qe_identity_signer,
		    verify_signer(&c->qe_signer, root, now, &e), &e);
	if (check_needs(k, signer, text))
		check_result(k, CHECK_qe_identity_signature,
		    verify_text(&c->qe_text, &c->qe_signer, &e), &e);
	check_result(k, CHECK_qe_identity_date,
	    verify_date(c->qe.issued, c->qe.next, now, &e), &e);
}

bool
pck_ca_named(X509 *x)
{
	return cert_named(x, "Intel SGX PCK Platform CA") ||
	    cert_named(x, "Intel SGX PCK Processor CA");
}

static int
verify_pck_crl(const struct collateral *c, const struct chain *root,
    int64_t now, struct err *e)
{
	if (chain_verify(&c->pck_ca, &ca_rule, root, 0, e) ||
	    chain_date(&c->pck_ca, now, e))
		return err_prefix(e, "its CA");
	if (!pck_ca_named(c->pck_ca.x[0]))
		return err_set(e, EX_NO, "its CA is not one for platforms");
	return crl_verify(c->pck_crl, c->pck_ca.x[0], now, e);
}

static int
verify_unrevoked(const struct collateral *c, const struct chain *root,
    struct err *e)
{
	const struct {
		const char *name;
		X509 *x;
	} of[] = {
		{ "the root", root->x[0] },
		{ "the signer of the TCB information", c->tcb_signer.x[0] },
		{ "the signer of the quoting enclave's identity",
		    c->qe_signer.x[0] },
		{ "the platforms' CA", c->pck_ca.x[0] },
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		if (crl_lists(c->root_crl, of[i].x))
			return err_set(e, EX_NO, "%s is revoked", of[i].name);
	return 0;
}

void
collateral_verify(struct attest_checks *k, const struct collateral *c,
    const struct chain *root, int64_t now)
{
	static const enum attest_check list[] = {
		CHECK_root_crl, ATTEST_CHECKS
	}, revocation[] = { CHECK_signer_revocation, ATTEST_CHECKS };
	struct err e;

	verify_tcb_info(k, c, root, now);
	verify_qe_identity(k, c, root, now);
	check_result(k, CHECK_root_crl, crl_verify(c->root_crl, root->x[0], now,
	    &e), &e);
	check_result(k, CHECK_pck_crl, verify_pck_crl(c, root, now, &e), &e);
	if (check_needs(k, list, revocation))
		check_result(k, CHECK_signer_revocation,
		    verify_unrevoked(c, root, &e), &e);
}

static int64_t
older(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
collateral_made(const struct collateral *c)
{
	return older(older(c->tcb.issued, c->qe.issued),
	    older(crl_made(c->root_crl), crl_made(c->pck_crl)));
}

int64_t
collateral_until(const struct collateral *c)
{
	return older(older(c->tcb.next, c->qe.next),
	    older(crl_until(c->root_crl), crl_until(c->pck_crl)));
}
