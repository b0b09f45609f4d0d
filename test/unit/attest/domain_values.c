/*
 * What says who may get certificates: RFC 8659's and RFC 8657's examples,
 * _validation-persist records, zones, the ingress's lists, promises of logs and lists of them.
 */
#include <openssl/ct.h>
#include <unistd.h>

#include "attest/verify.h"
#include "test/lib/tap.h"
#include "test/lib/zones.h"

/* RFC 8659, 4.2's grammar, and the parameters of RFC 8657 and dns-persist-01. */
static void
test_values(void)
{
	static const struct {
		const char *text, *issuer, *account, *methods;
	} good[] = {
		{ "ca1.example.net", "ca1.example.net", NULL, NULL },
		{ "", "", NULL, NULL }, { ";", "", NULL, NULL },
		{ " \t; ", "", NULL, NULL },
		{ "ca1.example.net; account=230123", "ca1.example.net", NULL, NULL },
		{ "CA1.Example.net", "ca1.example.net", NULL, NULL },
		{ "example.net; accounturi=https://example.net/account/1234",
		    "example.net", "https://example.net/account/1234", NULL },
		{ "example.net; validationmethods=dns-01,ca-x", "example.net", NULL,
		    "dns-01,ca-x" },
		{ "example.net;validationmethods=dns-01;accounturi = https://a/1 ;",
		    "example.net", "https://a/1", "dns-01" },
		{ "x.y; a-b=c", "x.y", NULL, NULL }, { "; p=", "", NULL, NULL },
		/* Another tag than RFC 8657's: it binds nobody. */
		{ "x.y; AccountURI=https://a/1", "x.y", NULL, NULL },
	};
	static const char *const bad[] = {
		"%%%%%", "ca1.example.net account=1", "a.b.", "a..b", "-a", "a.b; x",
		"a.b; =1", "a.b; x=1 y=2", "a.b; x-=1", "a.b; x=\x7f", "a b",
		"a.b; accounturi=https://a/1; accounturi=https://a/1",
		"a.b; validationmethods=x; validationmethods=x",
		"a.b; persistUntil=12x", "a.b; persistUntil=",
		"a.b; persistUntil=1234567890123",
		"a.b; persistUntil=1; persistUntil=1",
	};
	struct issue_value v;
	struct err e;
	char longer[2000];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		is_int(issue_value_parse(&v, good[i].text, strlen(good[i].text), &e),
		    0, "'%s' is well-formed", good[i].text);
		is_str(v.issuer, good[i].issuer, "its issuer");
		ok(v.has_account == (good[i].account != NULL) &&
		    (!v.has_account || strcmp(v.account, good[i].account) == 0) &&
		    v.has_methods == (good[i].methods != NULL) &&
		    (!v.has_methods || strcmp(v.methods, good[i].methods) == 0),
		    "its account and methods");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(issue_value_parse(&v, bad[i], strlen(bad[i]), &e) &&
		    e.status == EX_DATAERR, "'%s' is not", bad[i]);
	snprintf(longer, sizeof longer, "a.b; accounturi=%01000d", 0);
	ok(issue_value_parse(&v, longer, strlen(longer), &e), "a long account");
	ok(issue_value_parse(&v, "a.b; policy=Wildcard; persistUntil=1700000000",
	    45, &e) == 0 && v.wildcard && v.until == 1700000000,
	    "dns-persist-01's parameters");
	ok(issue_value_parse(&v, "a.b; policy=wildcat1", 20, &e) == 0 &&
	    !v.wildcard, "another policy");
}

static void
test_accounts(void)
{
	ok(account_is_of(WEB_ACCOUNT, "letsencrypt.org"), "the CA's own account");
	ok(account_is_of("https://ca.org/1", "ca.org"), "at the CA's own host");
	ok(!account_is_of("https://notca.org/1", "ca.org"), "not a label's end");
	ok(!account_is_of("http://ca.org/1", "ca.org"), "not without TLS");
	ok(!account_is_of("https://ca.org", "ca.org"), "not without a path");
	ok(!account_is_of("https://ca.org@evil.org/", "ca.org"), "no user's name");
	ok(!account_is_of("https://evil.org/ca.org", "ca.org"), "no path's end");
	ok(!account_is_of("https://ca.org:8443/1", "ca.org"), "no other port");
	ok(!account_is_of("https://ca.org/1", ""), "nor of no CA");
}

/* A zone, and what may be said of a domain by it. */
struct zone_case {
	const char *domain, *zone;
	const char *detail;	/* how a pass begins; NULL: EX_NO */
	const char *why;	/* a part of the error, or of the only warning; NULL */
};

#define WILD(name) name " CAA 0 issuewild \"letsencrypt.org; " ACCOUNT "\"\n"

static const struct zone_case zones[] = {
	/* RFC 8659, 3: the climb. */
	{ "x.y.example.com", ISSUE("example.com"), "issue at example.com: lets", NULL },
	{ "x.y.example.com", ISSUE("y.example.com")
	    "example.com CAA 0 issue \"evil.org\"\n", "issue at y.example.com", NULL },
	{ "example.com", ISSUE("com"), "issue at com", NULL },
	{ "example.com", ISSUE("x.example.com"), NULL, "neither example.com nor" },
	/* Aliases: their target's records, then those above the alias itself. */
	{ "app.example.com", "app.example.com CNAME gw.net\n" ISSUE("gw.net"),
	    "issue at gw.net", "is that of gw.net, an alias" },
	{ "app.example.com", "app.example.com CNAME a.net\na.net CNAME b.net\n"
	    ISSUE("b.net"), "issue at b.net", "is that of b.net" },
	{ "app.example.com", "app.example.com CNAME a.gw.net\n" ISSUE("gw.net"),
	    NULL, "neither app.example.com nor" },
	{ "app.example.com", "app.example.com CNAME a.gw.net\n" ISSUE("gw.net")
	    ISSUE("example.com"), "issue at example.com", "does not count" },
	{ "app.example.com", "app.example.com CNAME gw.net\n"
	    ISSUE("app.example.com"), "issue at app.example.com", "has an alias" },
	{ "a.com", "a.com CNAME b.com\nb.com CNAME a.com\n", NULL, "lead nowhere" },
	{ "a.com", "a.com CNAME b.com\na.com CNAME c.com\n", NULL, "lead nowhere" },
	/* Who may. */
	{ "a.com", "a.com CAA 0 issue \"letsencrypt.org\"\n", NULL,
	    "any account of letsencrypt.org may" },
	{ "a.com", "a.com CAA 0 issue \"letsencrypt.org; accounturi=https://x/2\"\n",
	    NULL, "the account https://x/2 may" },
	{ "a.com", ISSUE("a.com") "a.com CAA 0 issue \"evil.org\"\n", NULL,
	    "evil.org may" },
	{ "a.com", ISSUE("a.com") "a.com CAA 0 issue \"evil.org; " ACCOUNT "\"\n",
	    NULL, "evil.org may" },
	{ "a.com", ISSUE("a.com") ISSUE("a.com"), "issue at a.com", NULL },
	{ "a.com", ISSUE("a.com") "a.com CAA 0 issue \";\"\n", "issue at a.com: lets",
	    NULL },
	{ "a.com", "a.com CAA 0 issue \";\"\n", "issue at a.com: nobody",
	    "no CA may renew" },
	{ "a.com", "a.com CAA 0 issue \"%%%%%\"\n", NULL, "something follows" },
	{ "a.com", "a.com CAA 0 iodef \"mailto:x@a.com\"\n", NULL, "has no issue" },
	{ "a.com", ISSUE("a.com") "a.com CAA 0 iodef \"mailto:x@a.com\"\n",
	    "issue at a.com", NULL },
	{ "a.com", ISSUE("a.com") "a.com CAA 128 tbs \"Unknown\"\n", NULL,
	    "tbs is critical" },
	{ "a.com", ISSUE("a.com") "a.com CAA 0 tbs \"Unknown\"\n", "issue at", NULL },
	{ "a.com", "a.com CAA 128 issue \"letsencrypt.org; " ACCOUNT "\"\n",
	    "issue at a.com", NULL },
	{ "a.com", "A.Com. CAA 0 ISSUE \"LetsEncrypt.org; " ACCOUNT "\"\n",
	    "issue at a.com", NULL },
	/* Wildcards. */
	{ "*.a.com", ISSUE("a.com"), "issue at a.com", NULL },
	{ "*.a.com", ISSUE("a.com") "a.com CAA 0 issuewild \"evil.org\"\n", NULL,
	    "issuewild at a.com: evil.org" },
	{ "*.a.com", WILD("a.com") "a.com CAA 0 issue \"evil.org\"\n",
	    "issuewild at a.com", NULL },
	{ "a.com", ISSUE("a.com") "a.com CAA 0 issuewild \"evil.org\"\n",
	    "issue at a.com", NULL },
	{ "a.com", WILD("a.com"), NULL, "has no issue: any" },
	{ "*.a.com", "a.com CAA 0 issue \"letsencrypt.org;validationmethods="
	    "tls-alpn-01;accounturi=https://x/1\"\n", NULL, "https://x/1 may" },
	/* What has stopped renewals. */
	{ "a.com", "a.com CAA 0 issue \"letsencrypt.org;validationmethods=dns-01;"
	    ACCOUNT "\"\n", "issue at a.com: letsencrypt.org, by dns-01",
	    "has refused renewals" },
};

static void
test_caa(void)
{
	const struct caa_rule rule = { "letsencrypt.org", WEB_ACCOUNT };

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		const struct zone_case *z = &zones[i];
		struct attest_warnings w = { 0 };
		char detail[200] = "";
		const char *said;
		struct err e;
		struct dns d;
		int r;

		if (!is_int(dns_parse(&d, of_string(z->zone), &e), 0, "zone %zu", i))
			diag("%s", e.msg);
		r = caa_check(detail, &d, z->domain, &rule, &w, &e);
		said = r ? e.msg : w.n > 0 ? w.of[0] : "";
		ok(r == (z->detail ? 0 : -1) && (r == 0 || e.status == EX_NO) &&
		    (r || strncmp(detail, z->detail, strlen(z->detail)) == 0),
		    "%s: %s", z->domain, z->detail ? z->detail : z->why);
		if (!ok(z->why ? strstr(said, z->why) != NULL : *said == '\0',
		    "says: %s", z->why ? z->why : "nothing"))
			diag("%s %s", detail, said);
		dns_free(&d);
	}
}

static void
test_wildcard_methods(void)
{
	const struct caa_rule rule = { "ca.org", "https://ca.org/1" };
	struct attest_warnings w = { 0 };
	char detail[200];
	struct err e;
	struct dns d;

	must(dns_parse(&d, of_string("a.com CAA 0 issue \"ca.org; accounturi="
	    "https://ca.org/1; validationmethods=tls-alpn-01\"\n"), &e) == 0);
	ok(caa_check(detail, &d, "*.a.com", &rule, &w, &e) == 0 && w.n == 1 &&
	    strstr(w.of[0], "validates a wildcard") != NULL,
	    "no method that is allowed validates a wildcard");
	ok(caa_check(detail, &d, "a.com", &rule, NULL, &e) == 0, "a name it does");
	dns_free(&d);
}

#define PERSIST(name, more) "_validation-persist." name " TXT \"letsencrypt.org; " \
	ACCOUNT more "\"\n"

static void
test_persist(void)
{
	static const struct {
		const char *domain, *zone, *why;
		int good;
	} of[] = {
		{ "a.com", "", NULL, 1 }, { "a.com", PERSIST("a.com", ""), NULL, 1 },
		{ "a.com", OTHERS("a.com", ""), "evil.org may", 0 },
		{ "a.com", PERSIST("a.com", "") OTHERS("a.com", ""), "evil.org", 0 },
		{ "*.a.com", OTHERS("a.com", ""), "evil.org may", 0 },
		/* Above the domain only with policy=wildcard. */
		{ "x.a.com", OTHERS("a.com", ""), NULL, 1 },
		{ "x.a.com", OTHERS("a.com", "; policy=wildcard"), "evil.org", 0 },
		{ "x.y.a.com", OTHERS("a.com", "; policy=WILDCARD"), "evil.org", 0 },
		{ "a.com", OTHERS("x.a.com", "; policy=wildcard"), NULL, 1 },
		/* Not any more. */
		{ "a.com", OTHERS("a.com", "; persistUntil=1800000999"), NULL, 1 },
		{ "a.com", OTHERS("a.com", "; persistUntil=1800001000"), "evil.org",
		    0 },
		{ "a.com", PERSIST("a.com", "; persistUntil=1800001000"),
		    "ends 2027-01-15T08:16:40Z", 1 },
		{ "a.com", PERSIST("a.com", "; persistUntil=1900000000"), NULL, 1 },
		{ "a.com", "_validation-persist.a.com TXT \"letsencrypt.org\"\n",
		    "any account", 0 },
		{ "a.com", "_validation-persist.a.com TXT \"nonsense here\"\n",
		    "something follows", 0 },
		{ "a.com", "_validation-persist.a.com CNAME b.net\nb.net TXT "
		    "\"evil.org; accounturi=https://evil.org/1\"\n", "evil.org", 0 },
		{ "a.com", "_validation-persist.a.com TXT \"letsen\" \"crypt.org; "
		    "accounturi=https://acme-v02.api.letsencrypt.org\" "
		    "\"/acme/acct/1234567\"\n", NULL, 1 },
		{ "a.com", "_validation-persist.a.com CNAME b.net\nb.net CNAME "
		    "_validation-persist.a.com\n", "nowhere", 0 },
	};
	const struct caa_rule rule = { "letsencrypt.org", WEB_ACCOUNT };

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct attest_warnings w = { 0 };
		const char *said;
		struct err e;
		struct dns d;
		int r;

		must(dns_parse(&d, of_string(of[i].zone), &e) == 0);
		r = persist_check(&d, of[i].domain, &rule, NOW, &w, &e);
		said = r ? e.msg : w.n > 0 ? w.of[0] : "";
		if (!ok((r == 0) == of[i].good && (of[i].why ? strstr(said,
		    of[i].why) != NULL : *said == '\0'), "persistent record %zu: %s",
		    i, of[i].why ? of[i].why : "nothing"))
			diag("%d %s", r, said);
		dns_free(&d);
	}
}

static void
test_zones(void)
{
	static const char *const bad[] = {
		" a.com CAA 0 issue \"x\"", "a.com CAA", "a.com CAA 0", "a.com CAA 0 x",
		"a.com CAA 256 issue \"x\"", "a.com CAA x issue \"x\"",
		"a.com CAA \"0\" issue \"x\"", "a.com CAA 0 is-sue \"x\"",
		"a.com CAA 0 abcdefghijklmnop \"x\"", "a.com CAA 0 issue \"x",
		"a.com CAA 0 issue \"x\" y", "a.com CAA 0 issue \"x\"y",
		"a.com CAA 0 issue (x)", "a.com TXT", "a.com TXT \"\\256\"",
		"a.com TXT \"\\2\"", "a.com TXT \"\\", "a.com CNAME",
		"a.com CNAME \"b\"", "a.com CNAME b!", "a.com CCA 0 issue \"x\"",
		"a..com TXT x", ".com TXT x", "\"a\" TXT x", "a.com 60 IN",
		"$DNSSEC", "$DNSSEC maybe", "$DNSSEC secure now",
		"$DNSSEC secure\n$DNSSEC secure", "a.com TXT x\n$DNSSEC secure",
		"$ORIGIN a.com", "a.com 12 12 TXT x",
	};
	const struct dns_record *r;
	char longer[5000];
	uint8_t *big;
	struct err e;
	struct dns d;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ok(dns_parse(&d, of_string(bad[i]), &e) && e.status == EX_DATAERR &&
		    strncmp(e.msg, "DNS: line ", 10) == 0, "no zone: %zu", i);
		dns_free(&d);
	}
	ok(dns_parse(&d, of_string("a.com CCA 0 issue \"x\""), &e) &&
	    strstr(e.msg, "CCA are not known") != NULL, "a kind that is not known");
	dns_free(&d);
	big = calloc(1, DNS_FILE_MAX + 1);
	must(big != NULL);
	memset(big, '\n', DNS_FILE_MAX + 1);
	ok(dns_parse(&d, (struct bytes){ big, DNS_FILE_MAX + 1 }, &e),
	    "a zone that is too long");
	dns_free(&d);
	for (size_t i = 0; i < 10001; i++)
		memcpy(big + 12 * i, "a.com TXT x\n", 12);
	ok(dns_parse(&d, (struct bytes){ big, 120000 }, &e) == 0, "10000 records");
	dns_free(&d);
	ok(dns_parse(&d, (struct bytes){ big, 120012 }, &e) &&
	    strstr(e.msg, "more than 10000 records") != NULL, "one too many");
	dns_free(&d);
	free(big);
	snprintf(longer, sizeof longer, "a.com CAA 0 issue \"%04900d\"\n", 0);
	ok(dns_parse(&d, of_string(longer), &e), "a value that is too long");
	dns_free(&d);
	snprintf(longer, sizeof longer, "a.com TXT \"%0300d\"\n", 0);
	ok(dns_parse(&d, of_string(longer), &e), "a string that is too long");
	dns_free(&d);
	snprintf(longer, sizeof longer, "%064d.com TXT x\n", 0);
	ok(dns_parse(&d, of_string(longer), &e), "a label that is too long");
	dns_free(&d);
	is_int(dns_parse(&d, of_string("$DNSSEC secure ; by dig +dnssec\n\n; none\n"
	    "A.COM.\t300\tIN\tTXT\t\"a\\\"\\065\\\\\" b ; c\r\n"
	    "a.com RRSIG CAA 8 2 60 x (\n*.a.com cname B.net."), &e), 0,
	    "a zone as dig prints it");
	r = dns_next(&d, "a.com", DNS_TXT, NULL);
	ok(r != NULL && d.security == DNS_SIGNED && d.n == 2, "has two records");
	is_str(r ? r->value : NULL, "a\"A\\b", "strings with escapes are one");
	r = dns_next(&d, "*.a.com", DNS_CNAME, NULL);
	is_str(r ? r->value : NULL, "b.net", "a name in small letters");
	dns_free(&d);
}

static void
test_rdata(void)
{
	static const struct {
		const char *p;
		size_t n;
		int caa, good;
	} of[] = {
		{ "\0\5issuex", 8, 1, 1 }, { "\0\5issue", 7, 1, 1 },
		{ "\0\5issu", 6, 1, 0 }, { "\0", 1, 1, 0 }, { "\0\0x", 3, 1, 0 },
		{ "\0\20aaaaaaaaaaaaaaaax", 19, 1, 0 }, { "\0\3a-bx", 6, 1, 0 },
		{ "\3abc", 4, 0, 1 }, { "\1a\1b", 4, 0, 1 }, { "\0", 1, 0, 1 },
		{ "", 0, 0, 0 }, { "\4abc", 4, 0, 0 }, { "\1a\1", 3, 0, 0 },
	};
	static const uint8_t longer[DNS_VALUE_MAX + 9] = "\0\5issue";
	struct dns d = { 0 };
	struct err e;

	ok(dns_add_caa(&d, "a.com", (struct bytes){ longer, sizeof longer }, &e) < 0 &&
	    e.status == EX_DATAERR, "RDATA with a value that is too long");
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct bytes b = { (const uint8_t *)of[i].p, of[i].n };
		int r = of[i].caa ? dns_add_caa(&d, "a.com", b, &e) :
		    dns_add_txt(&d, "a.com", b, &e);

		ok((r == 0) == of[i].good && (r == 0 || e.status == EX_DATAERR),
		    "RDATA %zu is %swell-formed", i, of[i].good ? "" : "not ");
	}
	dns_free(&d);
}

#define H64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SUMS H64 "  acme-account.json\n" H64 "  cert-a.com.pem\n"

static void
test_lists(void)
{
	static const char *const bad[] = {
		"", H64 "  acme-account.json\n", H64 "  cert.pem\n",
		SUMS H64 "  cert-a.com.pem\n", SUMS "x\n", SUMS "\n",
		H64 "  acme-account.json\r\n" H64 "  cert.pem\r\n",
		H64 "  acme-account.json\n" H64 "  cert.pem",
		H64 "  acme-account.json\n" H64 "  ../cert-a.pem\n",
		H64 "  acme-account.json\n" H64 "  cert-a/b.pem\n",
		H64 "  acme-account.json\n" H64 "  .cert.pem\n",
		H64 "  acme-account.json\n" H64 "  \n",
		H64 " *acme-account.json\n" H64 "  cert.pem\n",
		H64 "   acme-account.json\n" H64 "  cert.pem\n",
		SUMS H64 "  quote.json\n", SUMS H64 "  cert-a.pe\n",
		"A" H64 "  acme-account.json\n" H64 "  cert.pem\n",
		"0x" H64 "  acme-account.json\n" H64 "  cert.pem\n",
	};
	static const struct {
		const char *text, *uri;
	} accounts[] = {
		{ "{\"uri\":\"https://a/1\"}", "https://a/1" },
		{ "{\"registration\":{\"uri\":\"https://a/2\"}}", "https://a/2" },
		{ "{\"uri\":\"http://a/1\"}", NULL }, { "{}", NULL }, { "[]", NULL },
		{ "{\"uri\":\"https://a/1;x\"}", NULL }, { "{\"uri\":1}", NULL },
		{ "{\"uri\":\"https://a/ 1\"}", NULL },
		{ "{\"uri\":\"https://a/1\",\"uri\":\"https://a/2\"}", NULL },
	};
	struct text many = { 0 }, name = { 0 };
	struct ingress g;
	struct err e;

	for (unsigned i = 0; i < INGRESS_FILES; i++)
		put(&many, H64 "  cert-%u.pem\n", i);
	put(&many, H64 "  acme-account.json\n");
	ok(ingress_parse(&g, of_text(&many), &e) && strstr(e.msg, "more than") != NULL,
	    "too many files");
	put(&name, SUMS H64 "  cert-%0300d.pem\n", 0);
	ok(ingress_parse(&g, of_text(&name), &e) && strstr(e.msg, "no name of a file")
	    != NULL, "a name that is too long");
	ok(ingress_parse(&g, of_string(H64 "  cert.pem"), &e) &&
	    strstr(e.msg, "does not end") != NULL, "a line that does not end");
	g.n = 0;
	ok(ingress_account(&g, &e) && e.status == EX_DATAERR, "no account at all");
	free(many.p);
	free(name.p);
	is_int(ingress_parse(&g, of_string(SUMS), &e), 0, "a list of sums");
	ok(g.n == 2 && !ingress_is_cert(&g.file[0]) && ingress_is_cert(&g.file[1]),
	    "names the account and a certificate");
	ok(ingress_check(&g, &e) && e.status == EX_NO &&
	    strstr(e.msg, "missing") != NULL, "files that are missing");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(ingress_parse(&g, of_string(bad[i]), &e) && e.status ==
		    EX_DATAERR, "no list of sums: %zu", i);
	for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
		must(ingress_parse(&g, of_string(SUMS), &e) == 0);
		g.file[0].text = of_string(accounts[i].text);
		if (accounts[i].uri == NULL)
			ok(ingress_account(&g, &e) && e.status == EX_DATAERR,
			    "no account: %s", accounts[i].text);
		else if (ok(ingress_account(&g, &e) == 0, "an account"))
			is_str(g.account, accounts[i].uri, "its URL");
	}
}

static X509 *
read_again(struct bytes der)
{
	X509 *x = d2i_X509(NULL, &der.p, (long)der.n);

	must(x != NULL);
	return x;
}

/* What OpenSSL's own evaluation says of each promise, of certificates with the keys that
 * it reads: how many are valid. */
static int
openssl_says(const struct chain *c)
{
	char path[] = "/tmp/ct-list-XXXXXX";
	CT_POLICY_EVAL_CTX *ctx = CT_POLICY_EVAL_CTX_new();
	CTLOG_STORE *store = CTLOG_STORE_new();
	X509 *leaf = read_again(c->der[0]), *issuer = read_again(c->der[1]);
	STACK_OF(SCT) *scts = X509_get_ext_d2i(leaf, NID_ct_precert_scts, NULL,
	    NULL);
	struct text conf = { 0 };
	int fd = mkstemp(path), valid = 0;

	put(&conf, "enabled_logs=l0,l1,l2,l3\n");
	for (unsigned i = 0; i < WEB_LOGS; i++) {
		uint8_t id[32], *der;
		int n;

		log_id(id, i, &der, &n);
		put(&conf, "[l%u]\ndescription=Log %u\nkey=", i, i);
		put_base64(&conf, der, (size_t)n);
		put(&conf, "\n");
		OPENSSL_free(der);
	}
	must(fd >= 0 && write(fd, conf.p, conf.n) == (ssize_t)conf.n);
	close(fd);
	must(CTLOG_STORE_load_file(store, path) == 1);
	unlink(path);
	CT_POLICY_EVAL_CTX_set1_cert(ctx, leaf);
	CT_POLICY_EVAL_CTX_set1_issuer(ctx, issuer);
	CT_POLICY_EVAL_CTX_set_shared_CTLOG_STORE(ctx, store);
	CT_POLICY_EVAL_CTX_set_time(ctx, (uint64_t)NOW * 1000);
	for (int i = 0; i < sk_SCT_num(scts); i++) {
		SCT *s = sk_SCT_value(scts, i);

		SCT_set_source(s, SCT_SOURCE_X509V3_EXTENSION);
		valid += SCT_validate(s, ctx) == 1;
	}
	SCT_LIST_free(scts);
	CTLOG_STORE_free(store);
	CT_POLICY_EVAL_CTX_free(ctx);
	X509_free(leaf);
	X509_free(issuer);
	free(conf.p);
	return valid;
}

static void
test_promises(void)
{
	static const struct {
		struct web_kind kind;
		int openssl;		/* promises that it finds valid */
		int count, operators;	/* -1: forged */
		int enough;
	} of[] = {
		{ { .promises = 2 }, 2, 2, 2, 1 }, { { .promises = 4 }, 4, 4, 2, 1 },
		{ { .promises = 0 }, 0, 0, 0, 0 }, { { .promises = 1 }, 1, 1, 1, 0 },
		{ { .promises = 2, .forged = true }, 1, -1, 0, 0 },
		{ { .promises = 2, .twice = true }, 2, 1, 1, 0 },
		{ { .promises = 3, .one_operator = true }, 3, 3, 1, 0 },
		{ { .promises = 2, .retired = true }, 2, 1, 1, 0 },
		{ { .promises = 3, .retired = true, .late = -86400 }, 3, 3, 2, 1 },
		{ { .promises = 2, .rejected = true }, 2, 1, 1, 0 },
		{ { .promises = 2, .interval = true }, 2, 1, 1, 0 },
		{ { .promises = 2, .interval = true, .to = FIRST + 86400 }, 2, 2, 2,
		    1 },
		/* Promises of the future. */
		{ { .promises = 2, .late = 2000 }, 0, 0, 0, 0 },
		/* Longer than 180 days: three. */
		{ { .promises = 2, .to = FIRST + 181 * 86400 }, 2, 2, 2, 0 },
		{ { .promises = 3, .to = FIRST + 181 * 86400 }, 3, 3, 2, 1 },
		{ { .promises = 2, .to = FIRST + 180 * 86400 }, 2, 2, 2, 1 },
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct ct_logs logs;
		struct chain c = { 0 };
		unsigned n, operators;
		struct err e;
		struct web x;
		int r;

		web_make(&x, &of[i].kind);
		if (!is_int(ct_logs_parse(&logs, of_text(&x.logs), &e), 0, "logs"))
			diag("%s", e.msg);
		must(chain_pem(&c, of_text(&x.chain), true, NULL, &e) == 0);
		is_int(openssl_says(&c), of[i].openssl, "promises %zu: OpenSSL "
		    "finds %d valid", i, of[i].openssl);
		r = ct_count(&logs, &c, NOW, &n, &operators, &e);
		ok(of[i].count < 0 ? r == -1 && e.status == EX_NO : r == 0 &&
		    (int)n == of[i].count && (int)operators == of[i].operators,
		    "%d count", of[i].count);
		r = ct_check(&logs, &c, NOW, &e);
		if (!ok((r == 0) == of[i].enough, "which is%s enough",
		    of[i].enough ? "" : " not"))
			diag("%s", r ? e.msg : "");
		c.n = 1;
		ok(of[i].kind.promises == 0 || (ct_count(&logs, &c, NOW, &n,
		    &operators, &e) && strstr(e.msg, "issuer") != NULL),
		    "not without the issuer");
		c.n = 2;
		chain_free(&c);
		ct_logs_free(&logs);
		web_free(&x);
	}
}

static void
test_log_lists(void)
{
	static const char *const bad[] = {
		"", "[]", "{}", "{\"operators\":[]}", "{\"operators\":[{}]}",
		"{\"operators\":[{\"name\":\"x\",\"logs\":[{}]}]}",
		"{\"operators\":[{\"name\":\"x\",\"logs\":[{\"key\":\"AAAA\","
		    "\"log_id\":\"AAAA\"}]}]}",
		/* The SHA-256 of three zeros, and no key. */
		"{\"operators\":[{\"name\":\"x\",\"logs\":[{\"key\":\"AAAA\","
		    "\"log_id\":\"cJ6AyISHokEeHuTfufIqhhSS0gxHZRUMDHlKvXD4FHw=\"}]}]}",
		"{\"operators\":[{\"name\":\"x\",\"logs\":[{\"key\":\"AAAA\",\"log_id\":"
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}]}]}",
	};
	struct text many = { 0 };
	struct ct_logs l;
	struct err e;
	struct web x;
	char *at, kept;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ok(ct_logs_parse(&l, of_string(bad[i]), &e) && e.status ==
		    EX_DATAERR, "no list of logs: %zu", i);
		ct_logs_free(&l);
	}
	for (unsigned i = 0; i <= 1000; i++) {
		put(&many, i == 0 ? "{\"operators\":[{\"name\":\"x\",\"logs\":[" : ",");
		put_ct_log(&many, &(struct web_kind){ .promises = 0 }, 1);
	}
	put(&many, "]}]}");
	ok(ct_logs_parse(&l, of_text(&many), &e) && strstr(e.msg, "more than") != NULL,
	    "too many logs");
	ct_logs_free(&l);
	free(many.p);
	web_make(&x, &(struct web_kind){ .interval = true, .retired = true });
	at = strstr(x.logs.p, "\"log_id\":\"") + 10;
	kept = *at;
	*at = kept == 'A' ? 'B' : 'A';
	ok(ct_logs_parse(&l, of_text(&x.logs), &e) && strstr(e.msg, "a log's id") != NULL,
	    "another log's id");
	ct_logs_free(&l);
	*at = kept;
	put_bytes(&x.logs, "", 1);
	at = strstr(x.logs.p, "2027-02-01");
	must(at != NULL);
	at[0] = 'x';
	ok(ct_logs_parse(&l, of_string(x.logs.p), &e), "no date of an interval");
	ct_logs_free(&l);
	at[0] = '2';
	at = strstr(x.logs.p, "2027-01-15");
	at[0] = 'x';
	ok(ct_logs_parse(&l, of_string(x.logs.p), &e), "no date of retirement");
	ct_logs_free(&l);
	web_free(&x);
}

/* Certificates that logs have, as text. */
static void
test_logged(void)
{
	static const struct {
		const char *before, *after, *why;
		size_t times;
	} of[] = {
		{ "", "", NULL, 1 }, { "\n \t\r\n", "\r\n\n", NULL, 2 },
		{ "x", "", "after 0 certificates", 1 },
		{ "", "x", "after 1 certificates", 1 },
		{ "", "\n-----BEGIN CERTIFICATE-----\n", "after 1 certificates", 1 },
		{ "-----BEGIN CERTIFICATE-----\n", "", "certificate 1: ", 1 },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "",
		    "certificate 1: ", 1 },
		{ "-----BEGIN X509 CRL-----\n", "", "after 0 certificates", 1 },
		{ "", "", NULL, 0 },
	};
	struct web x;
	struct err e;

	web_make(&x, &(struct web_kind){ 0 });
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct text all = { 0 };
		struct logged l;
		int r;

		put(&all, "%s", of[i].before);
		for (size_t k = 0; k < of[i].times; k++)
			put_bytes(&all, x.leaf.p, x.leaf.n);
		put(&all, "%s", of[i].after);
		r = logged_parse(&l, of_text(&all), &e);
		if (!ok(of[i].why ? r == -1 && e.status == EX_DATAERR &&
		    strstr(e.msg, of[i].why) != NULL : r == 0 && l.n == of[i].times,
		    "certificates %zu: %s", i, of[i].why ? of[i].why : "all"))
			diag("%s", r ? e.msg : "");
		logged_free(&l);
		free(all.p);
	}
	web_free(&x);
}

int
main(void)
{
	test_values();
	test_accounts();
	test_caa();
	test_wildcard_methods();
	test_persist();
	test_zones();
	test_rdata();
	test_lists();
	test_promises();
	test_log_lists();
	test_logged();
	return done_testing();
}
