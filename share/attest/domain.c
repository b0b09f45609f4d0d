/*
 * The domain that an enclave serves: its certificate is the attested one, and nobody else can
 * get another unseen.  CAA binds CAs when they issue, and whoever edits the zone can lift it
 * for a moment: it is a second line behind the certificate's own check.
 */
#include <openssl/x509v3.h>
#include <stdio.h>

#include "attest/date.h"
#include "attest/verify.h"

#define LIST(...) (const enum attest_check[]){ __VA_ARGS__, ATTEST_CHECKS }

/* Without evidence that the enclave says who may get certificates. */
static const struct domain no_domain;

static void
check_binding(struct attest_verdict *v, const struct ingress *g)
{
	const uint8_t *data = quote_report_data(&v->quote);
	uint8_t hash[32];

	sha256(hash, g->list.p, g->list.n);
	if (memcmp(hash, data, 32) == 0 && is_zero(data + 32, 32))
		check_pass(&v->checks, CHECK_ingress_binding, "%s", "");
	else
		check_fail(&v->checks, CHECK_ingress_binding, "REPORTDATA is not the "
		    "SHA-256 of sha256sum.txt and 32 zeros");
}

static void
verify_ingress(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	struct ingress *g = in->ingress;
	struct err e;

	if (g == NULL) {
		if (in->policy->ingress_required)
			check_fail(k, CHECK_ingress_format, "there is no evidence of "
			    "the ingress");
		return;
	}
	check_result(k, CHECK_ingress_format, in->ingress_bad.status ? -1 : 0,
	    &in->ingress_bad);
	if (!check_needs(k, LIST(CHECK_ingress_format),
	    LIST(CHECK_ingress_binding, CHECK_ingress_files)))
		return;
	check_binding(v, g);
	check_result(k, CHECK_ingress_files, ingress_check(g, &e) ||
	    ingress_account(g, &e) ? -1 : 0, &e);
	if (check_passed(k, CHECK_ingress_binding) &&
	    check_passed(k, CHECK_ingress_files))
		v->account = g->account;
}

/* The certificate given, else the attested one of the domain. */
struct certificate {
	struct chain c;
	struct err why;		/* c is empty */
};

static int
read_chain(struct chain *c, struct bytes text, struct err *e)
{
	return text.n > 0 && text.p[0] == '-' ?
	    chain_pem(c, text, true, NULL, e) : chain_one(c, text, e);
}

/* Whether an attested file begins with this certificate; the file's name, or NULL. */
static const char *
attested_as(const struct ingress *g, struct bytes leaf)
{
	struct chain c = { 0 };
	struct err e;
	bool same;

	for (size_t i = 0; i < g->n; i++) {
		if (!ingress_is_cert(&g->file[i]))
			continue;
		same = read_chain(&c, g->file[i].text, &e) == 0 &&
		    bytes_equal(c.der[0], leaf);
		chain_free(&c);
		if (same)
			return g->file[i].name;
	}
	return NULL;
}

/* The attested certificate that is for the domain. */
static int
find_attested(struct chain *c, const struct ingress *g, const char *domain,
    struct err *e)
{
	for (size_t i = 0; i < g->n; i++) {
		if (!ingress_is_cert(&g->file[i]))
			continue;
		if (read_chain(c, g->file[i].text, e))
			return err_prefix(e, "%.80s", g->file[i].name);
		if (cert_is_for(c->x[0], domain))
			return 0;
		chain_free(c);
	}
	return err_set(e, EX_NO, "no attested certificate is for %.100s", domain);
}

static void
check_given(struct attest_checks *k, const struct attest_input *in,
    const struct chain *c)
{
	const char *file;

	if (X509_get_extension_flags(c->x[0]) & EXFLAG_CA) {
		check_fail(k, CHECK_domain_certificate, "the first certificate is a "
		    "CA's");
	} else if (in->ingress == NULL) {
		check_skip(k, CHECK_domain_certificate, "nothing attests to it");
	} else if (check_needs(k, LIST(CHECK_ingress_binding, CHECK_ingress_files),
	    LIST(CHECK_domain_certificate))) {
		file = attested_as(in->ingress, c->der[0]);
		if (file != NULL)
			check_pass(k, CHECK_domain_certificate, "%s", file);
		else
			check_fail(k, CHECK_domain_certificate, "the certificate "
			    "given is none of those attested");
	}
}

/* Gives whether there is a certificate to look at. */
static bool
take_certificate(struct attest_verdict *v, struct chain *c,
    const struct attest_input *in, const struct domain *d)
{
	struct attest_checks *k = &v->checks;
	struct err e;

	if (d->cert.p != NULL) {
		if (read_chain(c, d->cert, &e) == 0) {
			check_given(k, in, c);
			return true;
		}
		check_error(k, CHECK_domain_certificate, &e);
	} else if (in->ingress != NULL && check_needs(k, LIST(CHECK_ingress_binding,
	    CHECK_ingress_files), LIST(CHECK_domain_certificate))) {
		check_skip(k, CHECK_domain_certificate, "none is given to compare "
		    "with those attested");
		if (d->name != NULL && find_attested(c, in->ingress, d->name, &e))
			check_error(k, CHECK_domain_name, &e);
	}
	return c->n > 0;
}

static void
warn_of_end(struct attest_verdict *v, X509 *x, int64_t now)
{
	int64_t from, until;
	char date[32];

	cert_dates(x, &from, &until);
	if (until - now >= (until - from) / 3)
		return;
	date_text(date, until);
	warning(&v->warnings, "the certificate ends %s, and was not renewed in time",
	    date);
}

static void
check_promises(struct attest_checks *k, const struct chain *c,
    const struct domain *d, const struct policy *p, int64_t now)
{
	struct err e;

	if (d->logs != NULL)
		check_result(k, CHECK_domain_logs, ct_check(d->logs, c, now, &e), &e);
	else if (p->ct_required)
		check_fail(k, CHECK_domain_logs, "there is no list of logs");
	else
		check_skip(k, CHECK_domain_logs, "no list of logs is given");
}

/* The connection's key and the certificate's, as far as there are such. */
static void
check_key(struct attest_verdict *v, const struct attest_input *in)
{
	const struct channel *ch = in->asked != NULL ? &in->asked->channel : NULL;
	const struct value_list *known = &in->policy->known_spki;
	struct attest_checks *k = &v->checks;

	if (known->n == 0)
		return;
	if (ch != NULL && ch->tls && !value_listed(known, ch->spki))
		check_fail(k, CHECK_domain_key, "this connection's is not");
	else if (v->has_certificate && !value_listed(known, v->certificate_key))
		check_fail(k, CHECK_domain_key, "the certificate's is not");
	else if (v->has_certificate || (ch != NULL && ch->tls))
		check_pass(k, CHECK_domain_key, "%s", "");
	else
		check_fail(k, CHECK_domain_key, "there is neither a connection with "
		    "TLS nor a certificate");
}

/* Whose keys certificates may have. */
struct known {
	const struct attest_verdict *v;
	const struct attest_input *in;
};

static bool
is_attested(const struct attest_verdict *v, const struct ingress *g,
    const uint8_t *spki)
{
	struct chain c = { 0 };
	uint8_t own[32];
	struct err e;
	bool same = false;

	if (g == NULL || !check_passed(&v->checks, CHECK_ingress_binding) ||
	    !check_passed(&v->checks, CHECK_ingress_files))
		return false;
	for (size_t i = 0; i < g->n && !same; i++) {
		if (!ingress_is_cert(&g->file[i]))
			continue;
		same = read_chain(&c, g->file[i].text, &e) == 0 && c.n > 0 &&
		    spki_of(own, c.x[0]) && memcmp(own, spki, 32) == 0;
		chain_free(&c);
	}
	return same;
}

static bool
is_known(const void *c, const uint8_t *spki)
{
	const struct known *k = c;
	const struct value_list *listed = &k->in->policy->known_spki;

	return (listed->n > 0 && value_listed(listed, spki)) ||
	    is_attested(k->v, k->in->ingress, spki) ||
	    (check_passed(&k->v->checks, CHECK_statement_tls_key) &&
	    memcmp(k->v->statement.spki.v, spki, 32) == 0);
}

static void
check_logged(struct attest_verdict *v, const struct attest_input *in,
    const struct domain *d)
{
	const struct known known = { v, in };
	struct attest_checks *k = &v->checks;
	struct err e;
	size_t n;

	if (d->logged == NULL || d->name == NULL) {
		if (in->policy->ct_logged)
			check_fail(k, CHECK_domain_logged, "nobody says what logs have "
			    "for which domain");
	} else if (logged_check(d->logged, d->name, in->now, is_known, &known, &n,
	    &e)) {
		check_error(k, CHECK_domain_logged, &e);
	} else if (n == 0) {
		check_fail(k, CHECK_domain_logged, "none of those given is for the "
		    "domain, and of this time");
	} else {
		check_pass(k, CHECK_domain_logged, "%zu", n);
	}
}

static void
verify_certificate(struct attest_verdict *v, const struct attest_input *in,
    const struct domain *d)
{
	struct attest_checks *k = &v->checks;
	struct chain c = { 0 }, leaf;
	struct err e;

	if (take_certificate(v, &c, in, d)) {
		v->has_certificate = spki_of(v->certificate_key, c.x[0]);
		if (d->name == NULL)
			check_skip(k, CHECK_domain_name, "no domain is told");
		else if (cert_is_for(c.x[0], d->name))
			check_pass(k, CHECK_domain_name, "%s", d->name);
		else
			check_fail(k, CHECK_domain_name, "it is not for %s", d->name);
		leaf = c;
		leaf.n = 1;
		check_result(k, CHECK_domain_date, chain_date(&leaf, in->now, &e), &e);
		warn_of_end(v, c.x[0], in->now);
		check_promises(k, &c, d, in->policy, in->now);
	} else if (in->policy->ct_required) {
		check_fail(k, CHECK_domain_logs, "there is no certificate");
	}
	check_key(v, in);
	check_logged(v, in, d);
	chain_free(&c);
}

/* The CA whose account it is: what its host ends in, when the policy does not tell. */
static int
take_rule(struct caa_rule *r, const struct attest_verdict *v,
    const struct policy *p, struct err *e)
{
	r->issuer = p->caa_issuer != NULL ? p->caa_issuer : "letsencrypt.org";
	r->account = p->caa_account != NULL ? p->caa_account : v->account;
	if (r->account == NULL)
		return err_set(e, EX_NO, "no account is attested, or named");
	if (v->account != NULL && strcmp(r->account, v->account) != 0)
		return err_set(e, EX_NO, "the attested account is %.120s",
		    v->account);
	if (p->caa_issuer == NULL && !account_is_of(r->account, r->issuer))
		return err_set(e, EX_NO, "%.80s is not of %s: the policy tells of "
		    "which CA", r->account, r->issuer);
	return 0;
}

static void
check_dnssec(struct attest_checks *k, const struct dns *d,
    const struct policy *p)
{
	const char *name = d->weakest[0] != '\0' ? d->weakest : "the DNS file";

	if (d->security == DNS_BOGUS)
		check_fail(k, CHECK_domain_dnssec, "the signatures of %s do not "
		    "hold", name);
	else if (d->security == DNS_SIGNED)
		check_pass(k, CHECK_domain_dnssec, "%s", "");
	else if (p->caa_dnssec)
		check_fail(k, CHECK_domain_dnssec, "%s is not signed", name);
	else
		check_skip(k, CHECK_domain_dnssec, "%s is not signed: who is on the "
		    "way can change it", name);
}

/* One certificate for the name above would do for this one too. */
static void
check_wildcard(struct attest_verdict *v, const struct domain *d,
    const struct caa_rule *rule, const struct policy *p)
{
	char above[DNS_NAME + 2], detail[200] = "";
	struct err e;

	if (strncmp(d->name, "*.", 2) == 0 ||
	    strchr(dns_parent(d->name), '.') == NULL)
		return;
	snprintf(above, sizeof above, "*.%s", dns_parent(d->name));
	if (caa_check(detail, d->dns, above, rule, NULL, &e) == 0)
		check_pass(&v->checks, CHECK_domain_wildcard, "%s", detail);
	else if (p->caa_wildcard)
		check_error(&v->checks, CHECK_domain_wildcard, &e);
	else
		check_skip(&v->checks, CHECK_domain_wildcard, "not asked about: %s",
		    e.msg);
}

static void
verify_dns(struct attest_verdict *v, const struct attest_input *in,
    const struct domain *d)
{
	struct attest_checks *k = &v->checks;
	const struct policy *p = in->policy;
	char detail[200] = "";
	struct caa_rule rule;
	struct err e;

	if (d->name == NULL || d->dns == NULL) {
		if (p->caa_required)
			check_fail(k, CHECK_domain_caa, "nothing tells what the DNS "
			    "says of which domain");
		return;
	}
	check_dnssec(k, d->dns, p);
	if (take_rule(&rule, v, p, &e)) {
		check_error(k, CHECK_domain_caa, &e);
		check_needs(k, LIST(CHECK_domain_caa), LIST(CHECK_domain_wildcard,
		    CHECK_domain_persist));
		return;
	}
	if (caa_check(detail, d->dns, d->name, &rule, &v->warnings, &e) == 0)
		check_pass(k, CHECK_domain_caa, "%s", detail);
	else
		check_error(k, CHECK_domain_caa, &e);
	check_wildcard(v, d, &rule, p);
	check_result(k, CHECK_domain_persist, persist_check(d->dns, d->name, &rule,
	    in->now, &v->warnings, &e), &e);
}

void
verify_domain(struct attest_verdict *v, const struct attest_input *in)
{
	const struct domain *d = in->domain != NULL ? in->domain : &no_domain;

	verify_ingress(v, in);
	verify_certificate(v, in, d);
	verify_dns(v, in, d);
}
