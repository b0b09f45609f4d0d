/*
 * Verdicts on a domain's evidence: with a synthetic enclave, the ingress's files, a
 * certificate, its logs and a zone.
 *
 *	domain.t -w FOLDER	writes such evidence instead
 */
#include "attest/report.h"
#include "attest/verify.h"
#include "test/lib/enclave.h"
#include "test/lib/tap.h"
#include "test/lib/zones.h"

/* A verdict on all of it. */
struct verdict_case {
	const char *what;
	struct web_kind kind;
	const char *domain, *zone;	/* NULL: not told */
	const char *policy;		/* NULL: none */
	enum attest_check first;	/* that fails; ATTEST_CHECKS: none */
	enum { AS_IS, OTHER_CERT, NO_CERT, ISSUER_FIRST, BAD_CERT, OTHER_FILE,
	    MISSING_FILE, OTHER_LIST, WRONG_HALF, BAD_LIST, NO_INGRESS, NO_LOGS,
	    NO_ACCOUNT, CERT_IN_DER, BAD_FILE, BOGUS } change;
	int64_t now;
};

#define ZONE "$DNSSEC secure\n" ISSUE("example.com")
#define NONE ATTEST_CHECKS

static const struct verdict_case verdicts[] = {
	{ "all is well", { .promises = 2 }, WEB_DOMAIN, ZONE, NULL, NONE, AS_IS, 0 },
	{ "under a policy", { .promises = 2 }, WEB_DOMAIN, ZONE,
	    "{\"ingress\":{\"required\":true},\"ct\":{\"required\":true},\"caa\":{"
	    "\"issuer\":\"letsencrypt.org\",\"accounturi\":\"" WEB_ACCOUNT "\","
	    "\"dnssec\":true,\"wildcard\":true}}", NONE, AS_IS, 0 },
	{ "the certificate in DER", { 0 }, WEB_DOMAIN, ZONE, NULL, NONE,
	    CERT_IN_DER, 0 },
	{ "another certificate", { .promises = 2 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_certificate, OTHER_CERT, 0 },
	{ "the leaf is second", { .promises = 2 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_certificate, ISSUER_FIRST, 0 },
	{ "the leaf is a CA", { .ca = true }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_certificate, AS_IS, 0 },
	{ "no certificate at all", { 0 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_certificate, BAD_CERT, 0 },
	{ "the attested one alone", { .promises = 2 }, WEB_DOMAIN, ZONE, NULL, NONE,
	    NO_CERT, 0 },
	{ "none attested for it", { 0 }, "app.example.org", ZONE, NULL,
	    CHECK_domain_name, NO_CERT, 0 },
	{ "a file is another", { 0 }, WEB_DOMAIN, ZONE, NULL, CHECK_ingress_files,
	    OTHER_FILE, 0 },
	{ "a file is missing", { 0 }, WEB_DOMAIN, ZONE, NULL, CHECK_ingress_files,
	    MISSING_FILE, 0 },
	{ "no account in its file", { 0 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_ingress_files, NO_ACCOUNT, 0 },
	{ "another list", { 0 }, WEB_DOMAIN, ZONE, NULL, CHECK_ingress_binding,
	    OTHER_LIST, 0 },
	{ "its hash in the wrong half", { 0 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_ingress_binding, WRONG_HALF, 0 },
	{ "a malformed list", { 0 }, WEB_DOMAIN, ZONE, NULL, CHECK_ingress_format,
	    BAD_LIST, 0 },
	{ "an attested file is no certificate", { 0 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_name, BAD_FILE, 0 },
	{ "no ingress", { 0 }, WEB_DOMAIN, NULL, "{\"ingress\":{\"required\":true}}",
	    CHECK_ingress_format, NO_INGRESS, 0 },
	{ "no account without it", { 0 }, WEB_DOMAIN, ZONE, NULL, CHECK_domain_caa,
	    NO_INGRESS, 0 },
	{ "but the policy's", { 0 }, WEB_DOMAIN, ZONE, "{\"caa\":{\"accounturi\":\""
	    WEB_ACCOUNT "\"}}", NONE, NO_INGRESS, 0 },
	{ "another name", { .san = "DNS:example.com" }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_name, AS_IS, 0 },
	{ "a wildcard's", { .san = "DNS:*.example.com" }, WEB_DOMAIN, ZONE, NULL,
	    NONE, AS_IS, 0 },
	{ "a wildcard", { .san = "DNS:*.example.com" }, "*.example.com", ZONE, NULL,
	    NONE, AS_IS, 0 },
	{ "no wildcard", { 0 }, "*.example.com", ZONE, NULL, CHECK_domain_name,
	    AS_IS, 0 },
	{ "it has ended", { .from = FIRST - 86400, .to = NOW - 1 }, WEB_DOMAIN, ZONE,
	    NULL, CHECK_domain_date, AS_IS, 0 },
	{ "it has not begun", { .from = NOW + 1, .to = LAST }, WEB_DOMAIN, ZONE,
	    NULL, CHECK_domain_date, AS_IS, 0 },
	{ "a promise is forged", { .promises = 2, .forged = true }, WEB_DOMAIN, ZONE,
	    NULL, CHECK_domain_logs, AS_IS, 0 },
	{ "too few promises", { .promises = 1 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_logs, AS_IS, 0 },
	{ "no list of logs", { 0 }, WEB_DOMAIN, ZONE, "{\"ct\":{\"required\":true}}",
	    CHECK_domain_logs, NO_LOGS, 0 },
	{ "no list is asked for", { 0 }, WEB_DOMAIN, ZONE, NULL, NONE, NO_LOGS, 0 },
	{ "no certificate that logs could have", { 0 }, NULL, NULL,
	    "{\"ct\":{\"required\":true}}", CHECK_domain_logs, NO_CERT, 0 },
	{ "a second issuer", { .promises = 2 }, WEB_DOMAIN, ZONE
	    "example.com CAA 0 issue \"evil.org\"\n", NULL, CHECK_domain_caa, AS_IS,
	    0 },
	{ "another account", { .promises = 2 }, WEB_DOMAIN, ZONE
	    "app.example.com CAA 0 issue \"letsencrypt.org; accounturi=https://"
	    "acme-v02.api.letsencrypt.org/acme/acct/7\"\n", NULL, CHECK_domain_caa,
	    AS_IS, 0 },
	{ "the policy names another", { .promises = 2 }, WEB_DOMAIN,
	    "$DNSSEC secure\nexample.com CAA 0 issue \"letsencrypt.org; accounturi="
	    "https://acme-v02.api.letsencrypt.org/7\"\n",
	    "{\"caa\":{\"accounturi\":\"https://acme-v02.api.letsencrypt.org/7\"}}",
	    CHECK_domain_caa, AS_IS, 0 },
	{ "the policy names another CA", { .promises = 2 }, WEB_DOMAIN, ZONE,
	    "{\"caa\":{\"issuer\":\"sectigo.com\"}}", CHECK_domain_caa, AS_IS, 0 },
	{ "an account of another CA", { .promises = 2 }, WEB_DOMAIN,
	    "$DNSSEC secure\nexample.com CAA 0 issue \"letsencrypt.org; accounturi="
	    "https://acme.zerossl.com/1\"\n",
	    "{\"caa\":{\"accounturi\":\"https://acme.zerossl.com/1\"}}",
	    CHECK_domain_caa, NO_INGRESS, 0 },
	{ "no DNS", { .promises = 2 }, WEB_DOMAIN, NULL, "{\"caa\":{}}",
	    CHECK_domain_caa, AS_IS, 0 },
	{ "unsigned", { .promises = 2 }, WEB_DOMAIN, ISSUE("example.com"), NULL,
	    NONE, AS_IS, 0 },
	{ "signatures that do not hold", { .promises = 2 }, WEB_DOMAIN, ZONE, NULL,
	    CHECK_domain_dnssec, BOGUS, 0 },
	{ "unsigned, and asked about", { .promises = 2 }, WEB_DOMAIN,
	    ISSUE("example.com"), "{\"caa\":{\"dnssec\":true}}", CHECK_domain_dnssec,
	    AS_IS, 0 },
	{ "a wildcard for anybody", { .promises = 2 }, WEB_DOMAIN, ZONE
	    "example.com CAA 0 issuewild \"evil.org\"\n", NULL, NONE, AS_IS, 0 },
	{ "and asked about", { .promises = 2 }, WEB_DOMAIN, ZONE
	    "example.com CAA 0 issuewild \"evil.org\"\n",
	    "{\"caa\":{\"wildcard\":true}}", CHECK_domain_wildcard, AS_IS, 0 },
	{ "somebody is validated for good", { .promises = 2 }, WEB_DOMAIN, ZONE
	    OTHERS("example.com", "; policy=wildcard"), NULL, CHECK_domain_persist,
	    AS_IS, 0 },
};

/* What logs have, where that is told. */
static struct logged logged;
static bool logged_given;
/* How the evidence was asked for. */
static const struct attest_asked *asked;

/* Everything that one verdict needs. */
struct judged {
	struct attest_input in;
	struct domain d;
	struct web x, other;
	struct text list, cert;
	struct enclave enclave;
	struct ingress ingress;
	struct dns dns;
	struct ct_logs logs;
	struct evidence ev;
	struct collateral c;
	struct chain root;
	struct policy p;
	struct attest_verdict v;
};

static void
make_domain(struct judged *j, const struct verdict_case *t, struct domain *d)
{
	struct chain c = { 0 };
	struct err e;

	web_make(&j->x, &t->kind);
	web_make(&j->other, &t->kind);
	put_bytes(&j->cert, j->x.chain.p, j->x.chain.n);
	if (t->change == ISSUER_FIRST) {
		j->cert.n = 0;
		put_bytes(&j->cert, j->x.issuer.p, j->x.issuer.n);
		put_bytes(&j->cert, j->x.leaf.p, j->x.leaf.n);
	}
	d->name = t->domain;
	d->logged = logged_given ? &logged : NULL;
	d->cert = t->change == OTHER_CERT ? of_text(&j->other.chain) :
	    t->change == BAD_CERT ? of_string("-----BEGIN") : of_text(&j->cert);
	if (t->change == NO_CERT || t->change == BAD_FILE)
		d->cert.p = NULL;
	if (t->change == CERT_IN_DER) {
		must(chain_pem(&c, of_text(&j->x.chain), true, NULL, &e) == 0);
		j->cert.n = 0;
		put_bytes(&j->cert, c.der[0].p, c.der[0].n);
		d->cert = of_text(&j->cert);
		chain_free(&c);
	}
	if (t->zone != NULL) {
		must(dns_parse(&j->dns, of_string(t->zone), &e) == 0);
		if (t->change == BOGUS)
			j->dns.security = DNS_BOGUS;
		d->dns = &j->dns;
	}
	must(ct_logs_parse(&j->logs, of_text(&j->x.logs), &e) == 0);
	if (t->change != NO_LOGS && t->kind.promises > 0)
		d->logs = &j->logs;
}

static void
make_ingress(struct judged *j, const struct verdict_case *t,
    struct attest_input *in)
{
	static uint8_t data[64];
	struct text account = { 0 };

	if (t->change == NO_ACCOUNT || t->change == BAD_FILE) {
		put(&account, t->change == NO_ACCOUNT ? "{}" :
		    "{\"uri\":\"" WEB_ACCOUNT "\"}");
		free(j->x.account.p);
		j->x.account = account;
		if (t->change == BAD_FILE)
			j->x.chain.n -= 40;
		j->x.list.n = 0;
		put_sum(&j->x.list, &j->x.account, "acme-account.json");
		put_sum(&j->x.list, &j->x.chain, "cert-" WEB_DOMAIN ".pem");
		must(EVP_Digest(j->x.list.p, j->x.list.n, j->x.data, NULL,
		    EVP_sha256(), NULL));
	}
	put_bytes(&j->list, j->x.list.p, j->x.list.n);
	if (t->change == BAD_LIST)
		put(&j->list, "more\n");
	memset(data, 0, sizeof data);
	memcpy(data + (t->change == WRONG_HALF ? 32 : 0), j->x.data, 32);
	data[0] ^= t->change == OTHER_LIST;
	enclave_data = data;
	if (t->change == NO_INGRESS)
		return;
	in->ingress = &j->ingress;
	if (ingress_parse(&j->ingress, of_text(&j->list), &in->ingress_bad) == 0)
		in->ingress_bad.status = 0;
	j->ingress.file[0].text = of_text(&j->x.account);
	j->ingress.file[1].text = t->change == MISSING_FILE ?
	    (struct bytes){ NULL, 0 } : of_text(t->change == OTHER_FILE ?
	    &j->x.leaf : &j->x.chain);
}

static void
judge(struct judged *j, const struct verdict_case *t)
{
	struct attest_checks k = { 0 };
	struct attest_input in = { .evidence = &j->ev, .collateral = &j->c,
	    .collateral_checks = &k, .root = &j->root, .policy = &j->p,
	    .domain = &j->d, .asked = asked, .now = NOW };
	struct err e;

	memset(j, 0, sizeof *j);
	make_domain(j, t, &j->d);
	make_ingress(j, t, &in);
	enclave_make(&j->enclave, "");
	must(chain_one(&j->root, of_text(&j->enclave.root), &e) == 0);
	policy_default(&j->p);
	if (t->policy != NULL && policy_parse(&j->p, of_string(t->policy), &e))
		diag("policy: %s", e.msg);
	must(evidence_parse(&j->ev, of_text(&j->enclave.quote), &e) == 0);
	must(collateral_parse(&j->c, of_text(&j->enclave.collateral), &j->root,
	    &e) == 0);
	collateral_verify(&k, &j->c, &j->root, NOW);
	attest_verify(&j->v, &in);
	j->in = in;
}

static void
done(struct judged *j)
{
	attest_verdict_free(&j->v);
	evidence_free(&j->ev);
	collateral_free(&j->c);
	policy_free(&j->p);
	chain_free(&j->root);
	enclave_free(&j->enclave);
	dns_free(&j->dns);
	ct_logs_free(&j->logs);
	web_free(&j->x);
	web_free(&j->other);
	free(j->list.p);
	free(j->cert.p);
	enclave_data = NULL;
}

static void
test_verdicts(void)
{
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		const struct verdict_case *t = &verdicts[i];
		struct judged j;
		enum attest_check c;

		judge(&j, t);
		c = check_first_failed(&j.v.checks);
		if (!ok(c == t->first && j.v.valid == (c == NONE), "%s: %s", t->what,
		    t->first == NONE ? "valid" : attest_check_name(t->first)))
			diag("%s: %s", c == NONE ? "none failed" :
			    attest_check_name(c), c == NONE ? "" :
			    j.v.checks.of[c].detail);
		done(&j);
	}
}

static void
test_warnings(void)
{
	struct verdict_case t = verdicts[0];
	struct judged j;

	t.kind.to = NOW + 29 * 86400;
	t.kind.from = NOW - 61 * 86400;
	t.kind.late = -86400;
	judge(&j, &t);
	ok(j.v.valid && j.v.warnings.n == 1 && strstr(j.v.warnings.of[0],
	    "was not renewed in time") != NULL, "a renewal that is overdue");
	is_str(j.v.account, WEB_ACCOUNT, "the account that is attested to");
	done(&j);
}

/* Certificates that logs have, and keys that the policy knows. */
struct key_case {
	const char *what, *policy;	/* %s: the key of this certificate */
	struct web_kind logged[2];
	size_t nlogged;
	int change;			/* as in a verdict_case */
	bool unlogged;			/* nobody says what logs have */
	enum attest_result key, all;	/* domain_key, domain_logged */
};

#define STRANGER { .stranger = true }
#define KNOWN "{\"ct\":{\"known_spki\":[\"0x%s\"]}}"
#define OTHER_KNOWN "{\"ct\":{\"known_spki\":[\"0x" \
	"1111111111111111111111111111111111111111111111111111111111111111\"]}}"
#define LOGGED "{\"ct\":{\"logged\":true}}"

static const struct key_case keys[] = {
	{ "one that is attested to", NULL, { { 0 } }, 1, AS_IS, false, ATTEST_NONE,
	    ATTEST_PASS },
	{ "and another one", NULL, { { 0 }, STRANGER }, 2, AS_IS, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "of another domain", NULL, { { 0 }, { .stranger = true,
	    .san = "DNS:b.example.com" } }, 2, AS_IS, false, ATTEST_NONE,
	    ATTEST_PASS },
	{ "for all beside the domain", NULL, { { 0 }, { .stranger = true,
	    .san = "DNS:*.example.com" } }, 2, AS_IS, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "that has ended", NULL, { { 0 }, { .stranger = true,
	    .from = FIRST - 86400, .to = NOW - 1 } }, 2, AS_IS, false, ATTEST_NONE,
	    ATTEST_PASS },
	{ "in its last second", NULL, { { 0 }, { .stranger = true,
	    .from = FIRST - 86400, .to = NOW } }, 2, AS_IS, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "in its first second", NULL, { { 0 }, { .stranger = true, .from = NOW,
	    .to = LAST } }, 2, AS_IS, false, ATTEST_NONE, ATTEST_FAIL },
	{ "that begins later", NULL, { { 0 }, { .stranger = true, .from = NOW + 1,
	    .to = LAST } }, 2, AS_IS, false, ATTEST_NONE, ATTEST_PASS },
	{ "of none that counts", NULL, { { .stranger = true,
	    .san = "DNS:b.example.com" } }, 1, AS_IS, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "of none at all", NULL, { { 0 } }, 0, AS_IS, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "where nothing attests", NULL, { { 0 } }, 1, NO_INGRESS, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "nor to these files", NULL, { { 0 } }, 1, OTHER_LIST, false, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "that the policy knows", KNOWN, { { 0 } }, 1, NO_INGRESS, false, ATTEST_PASS,
	    ATTEST_PASS },
	{ "that it does not know", OTHER_KNOWN, { { 0 } }, 1, NO_INGRESS, false,
	    ATTEST_FAIL, ATTEST_FAIL },
	{ "not asked for", KNOWN, { { 0 } }, 0, AS_IS, true, ATTEST_PASS, ATTEST_NONE },
	{ "asked for, and not there", LOGGED, { { 0 } }, 0, AS_IS, true, ATTEST_NONE,
	    ATTEST_FAIL },
	{ "asked for, and there", LOGGED, { { 0 } }, 1, AS_IS, false, ATTEST_NONE,
	    ATTEST_PASS },
	{ "of no certificate at all", KNOWN, { { 0 } }, 1, BAD_CERT, false,
	    ATTEST_FAIL, ATTEST_PASS },
};

static void
own_key(char hex[static 65])
{
	uint8_t hash[32], *der = NULL;
	int n = i2d_PUBKEY(key(K_OTHER), &der);

	must(n > 0 && EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL));
	hex_encode(hex, hash, 32);
	OPENSSL_free(der);
}

static void
make_logged(const struct key_case *t)
{
	struct text all = { 0 };
	struct err e;
	struct web x;

	put(&all, "\n");
	for (size_t i = 0; i < t->nlogged; i++) {
		web_make(&x, &t->logged[i]);
		put_bytes(&all, x.leaf.p, x.leaf.n);
		put(&all, i == 0 ? "\r\n \n" : "");
		web_free(&x);
	}
	must(logged_parse(&logged, of_text(&all), &e) == 0 && logged.n == t->nlogged);
	free(all.p);
}

static void
test_keys(void)
{
	struct verdict_case t = verdicts[0];
	char own[65], policy[200];
	struct judged j;

	own_key(own);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const struct key_case *k = &keys[i];
		enum attest_result key_is, all_is;

		snprintf(policy, sizeof policy, k->policy ? k->policy : "{}", own);
		t.policy = policy;
		t.change = k->change;
		make_logged(k);
		logged_given = !k->unlogged;
		judge(&j, &t);
		key_is = j.v.checks.of[CHECK_domain_key].result;
		all_is = j.v.checks.of[CHECK_domain_logged].result;
		if (!ok(key_is == k->key && all_is == k->all, "logs have a certificate "
		    "%s: %s, %s", k->what, attest_result_name(k->key),
		    attest_result_name(k->all)))
			diag("%s %s: %s", attest_result_name(key_is),
			    attest_result_name(all_is),
			    j.v.checks.of[CHECK_domain_logged].detail);
		if (k->change == AS_IS)
			ok(j.v.valid == (key_is != ATTEST_FAIL &&
			    all_is != ATTEST_FAIL), "and so is the verdict");
		done(&j);
		logged_free(&logged);
	}
	logged_given = false;
}

/* The same of the connection that evidence came over. */
static void
test_connection_key(void)
{
	struct verdict_case t = verdicts[0];
	struct attest_asked by = { .channel = { .tls = true } };
	char own[65], policy[200];
	struct judged j;

	own_key(own);
	snprintf(policy, sizeof policy, KNOWN, own);
	t.policy = policy;
	t.change = BAD_CERT;
	asked = &by;
	must(hex_decode(by.channel.spki, 32, own) == 0);
	judge(&j, &t);
	ok(check_passed(&j.v.checks, CHECK_domain_key), "a connection with a key that "
	    "the policy knows");
	done(&j);
	by.channel.spki[0] ^= 1;
	t.change = AS_IS;
	judge(&j, &t);
	is_str(j.v.checks.of[CHECK_domain_key].detail, "this connection's is not",
	    "one with another key, though the certificate has it");
	done(&j);
	by.channel.tls = false;
	t.change = BAD_CERT;
	judge(&j, &t);
	ok(j.v.checks.of[CHECK_domain_key].result == ATTEST_FAIL, "one without TLS");
	done(&j);
	asked = NULL;
}

/* What a policy that is written from evidence says of its domain; it holds for it. */
static void
test_written(void)
{
	struct verdict_case t = verdicts[0];
	char own[65];
	struct judged j;
	struct err e;
	json_t *o, *ct;
	char *text;

	own_key(own);
	make_logged(&keys[0]);
	logged_given = true;
	judge(&j, &t);
	text = report_policy(&j.v, &j.in, &e);
	done(&j);
	if (!ok(text != NULL, "a policy from a domain's evidence"))
		diag("%s", e.msg);
	o = json_loads(text ? text : "", 0, NULL);
	ok(json_is_true(json_object_get(json_object_get(o, "ingress"), "required")),
	    "asks for the ingress's");
	is_str(json_string_value(json_object_get(json_object_get(o, "caa"),
	    "accounturi")), WEB_ACCOUNT, "names the account");
	ok(json_is_true(json_object_get(json_object_get(o, "caa"), "dnssec")) &&
	    json_is_true(json_object_get(json_object_get(o, "caa"), "wildcard")),
	    "asks for signatures, and nobody else's wildcard");
	ct = json_object_get(o, "ct");
	ok(json_is_true(json_object_get(ct, "required")) &&
	    json_is_true(json_object_get(ct, "logged")), "and for logs");
	is_str(json_string_value(json_object_get(ct, "known_spki")) + 2, own,
	    "and pins the key");
	json_decref(o);
	t.policy = text;
	judge(&j, &t);
	ok(j.v.valid, "it holds for this evidence");
	done(&j);
	t.kind.stranger = true;
	judge(&j, &t);
	is_int(check_first_failed(&j.v.checks), CHECK_domain_key,
	    "not for another key");
	done(&j);
	logged_free(&logged);
	logged_given = false;
	free(text);
}

static void
write_text(const char *folder, const char *name, const struct text *t)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "wb");
	must(f != NULL && fwrite(t->p, 1, t->n, f) == t->n && fclose(f) == 0);
}

/* What a test of the program needs: the ingress's folder, its certificates, logs. */
static int
write_files(const char *folder)
{
	struct web x, other;
	struct enclave enclave;
	struct text quote = { 0 };
	char *hex;

	web_make(&x, &(struct web_kind){ .promises = 2 });
	web_make(&other, &(struct web_kind){ .promises = 2, .stranger = true });
	enclave_data = x.data;
	enclave_make(&enclave, "");
	hex = malloc(2 * enclave.quote.n + 1);
	must(hex != NULL);
	hex_encode(hex, enclave.quote.p, enclave.quote.n);
	put(&quote, "{\"quote\":\"%s\"}", hex);
	write_text(folder, "quote.json", &quote);
	write_text(folder, "root.der", &enclave.root);
	write_text(folder, "collateral.json", &enclave.collateral);
	write_text(folder, "sha256sum.txt", &x.list);
	write_text(folder, "acme-account.json", &x.account);
	write_text(folder, "cert-" WEB_DOMAIN ".pem", &x.chain);
	write_text(folder, "other.pem", &other.chain);
	write_text(folder, "log-list.json", &x.logs);
	enclave_free(&enclave);
	web_free(&x);
	web_free(&other);
	free(quote.p);
	free(hex);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-w") == 0)
		return write_files(argv[2]);
	test_verdicts();
	test_warnings();
	test_keys();
	test_connection_key();
	test_written();
	return done_testing();
}
