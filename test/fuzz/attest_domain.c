/* Any bytes as what the DNS says, as RDATA, as a CAA record's value, as sums and account of the
 * ingress, as a list of logs, as a certificate with promises, and as certificates of logs. */
#include "attest/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static void
zone(struct bytes text)
{
	const struct caa_rule rule = { "letsencrypt.org", "https://ca.example/1" };
	struct attest_warnings w = { 0 };
	char detail[200];
	struct err e;
	struct dns d;

	if (dns_parse(&d, text, &e))
		must(e.status == EX_DATAERR);
	for (size_t i = 0; i < d.n && i < 10; i++) {
		const char *name = d.r[i].name;

		if (caa_check(detail, &d, name, &rule, &w, &e))
			must(e.status == EX_NO);
		if (persist_check(&d, name, &rule, 1800000000, &w, &e))
			must(e.status == EX_NO);
	}
	ignore(dns_add_caa(&d, "a.com", text, &e));
	ignore(dns_add_txt(&d, "a.com", text, &e));
	dns_free(&d);
}

static void
ingress(struct bytes text)
{
	struct ingress g;
	struct err e;

	if (ingress_parse(&g, text, &e) == 0) {
		ignore(ingress_check(&g, &e));
	} else {
		must(e.status == EX_DATAERR);
		g.n = 1;
		strcpy(g.file[0].name, INGRESS_ACCOUNT);
		g.file[0].text = text;
	}
	ignore(ingress_account(&g, &e));
}

static void
logs(struct bytes text)
{
	struct chain c = { 0 };
	struct ct_logs l;
	struct err e;

	if (ct_logs_parse(&l, text, &e))
		must(e.status == EX_DATAERR);
	if (chain_pem(&c, text, true, NULL, &e) == 0 || c.n > 0)
		ignore(ct_check(&l, &c, 1800000000, &e));
	chain_free(&c);
	ct_logs_free(&l);
}

static bool
every(const void *c, const uint8_t *spki)
{
	return true;
}

static void
logged(struct bytes text)
{
	struct logged l;
	struct err e;
	size_t n;

	if (logged_parse(&l, text, &e))
		must(e.status == EX_DATAERR);
	if (logged_check(&l, "app.example.com", 1800000000, every, NULL, &n, &e))
		must(e.status == EX_NO);
	must(n <= l.n);
	logged_free(&l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct bytes text = { in, len };
	struct issue_value v;
	struct err e;

	if (issue_value_parse(&v, (const char *)in, len, &e) == 0)
		must(strlen(v.issuer) < DNS_NAME && strlen(v.account) <= len);
	zone(text);
	ingress(text);
	logs(text);
	logged(text);
	return 0;
}
