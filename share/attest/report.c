#include "attest/report.h"

#include <stdlib.h>

#include "attest/date.h"
#include "base/hex.h"
#include "crypto/hpke.h"

static void
put_checks(struct jw *j, const struct attest_checks *k)
{
	jw_array(j, "checks");
	for (enum attest_check c = 0; c < ATTEST_CHECKS; c++) {
		if (k->of[c].result == ATTEST_NONE)
			continue;
		jw_object(j, NULL);
		jw_str(j, "name", attest_check_name(c));
		jw_str(j, "result", attest_result_name(k->of[c].result));
		jw_str(j, "detail", k->of[c].detail);
		jw_end(j);
	}
	jw_end(j);
}

static void
put_warnings(struct jw *j, const struct attest_warnings *w)
{
	if (w->n == 0)
		return;
	jw_array(j, "warnings");
	for (size_t i = 0; i < w->n; i++)
		jw_str(j, NULL, w->of[i]);
	jw_end(j);
}

static void
put_measurements(struct jw *j, const struct quote *q)
{
	char key[8];

	jw_str(j, "tee", q->tdx ? "tdx" : "sgx");
	if (q->tdx) {
		jw_hex(j, "mrtd", q->body + TD_MRTD, 48);
		for (unsigned i = 0; i < 4; i++) {
			snprintf(key, sizeof key, "rtmr%u", i);
			jw_hex(j, key, q->body + TD_RTMR0 + 48 * i, 48);
		}
		jw_hex(j, "mrseam", q->body + TD_MRSEAM, 48);
		jw_hex(j, "mrconfigid", q->body + TD_MRCONFIGID, 48);
	} else {
		jw_hex(j, "mrenclave", q->body + SGX_MRENCLAVE, 32);
		jw_hex(j, "mrsigner", q->body + SGX_MRSIGNER, 32);
		jw_u64(j, "isvprodid", le16(q->body + SGX_ISVPRODID));
		jw_u64(j, "isvsvn", le16(q->body + SGX_ISVSVN));
	}
	jw_hex(j, "report_data", quote_report_data(q), 64);
}

static void
put_domain(struct jw *j, const struct attest_verdict *v,
    const struct attest_input *in)
{
	if (in->domain != NULL && in->domain->name != NULL)
		jw_str(j, "domain", in->domain->name);
	if (v->account != NULL)
		jw_str(j, "acme_account", v->account);
	if (v->has_certificate)
		jw_hex(j, "certificate_key", v->certificate_key, 32);
}

/* The key provider's event as text; n 0: none, or too long. */
static size_t
provider_text(char *out, size_t room, const struct app *a)
{
	size_t n = a->key_provider ? strlen(a->key_provider) / 2 : 0;

	if (n > room || plain_hex((uint8_t *)out, n, a->key_provider ?
	    a->key_provider : "", 2 * n))
		return 0;
	return n;
}

static void
put_application(struct jw *j, const struct attest_verdict *v)
{
	const struct app *a = &v->log.app;
	char text[4096];
	size_t n = provider_text(text, sizeof text, a);

	jw_hex(j, "app_id", a->id, sizeof a->id);
	jw_hex(j, "compose_hash", a->compose_hash, 32);
	if (a->instance_len > 0)
		jw_hex(j, "instance_id", a->instance, a->instance_len);
	if (a->has_os_image)
		jw_hex(j, "os_image_hash", a->os_image, 32);
	if (n > 0)
		jw_strn(j, "key_provider", text, n);
	if (v->quoting[0] != '\0')
		jw_str(j, "quoting_services", v->quoting);
}

/* What may be sealed to, and on what ground. */
static void
put_statement(struct jw *j, const struct attest_verdict *v,
    const struct attest_input *in)
{
	const struct statement *s = &v->statement;
	const struct statement_key *k = statement_key(s, HPKE_X25519);
	struct bytes text = in->evidence->statement;
	uint8_t hash[32];

	statement_sha256(hash, (const char *)text.p, text.n);
	jw_hex(j, "statement_sha256", hash, sizeof hash);
	if (k != NULL) {
		jw_hex(j, "public_key", k->key, k->len);
		sha256(hash, k->key, k->len);
		jw_hex(j, "fingerprint", hash, sizeof hash);
	}
	k = statement_key(s, HPKE_XWING);
	if (k != NULL) {
		jw_hex(j, "xwing_public_key", k->key, k->len);
		sha256(hash, k->key, k->len);
		jw_hex(j, "xwing_fingerprint", hash, sizeof hash);
	}
	if (check_passed(&v->checks, CHECK_statement_tls_key))
		jw_hex(j, "tls_key", s->spki.v, sizeof s->spki.v);
	jw_hex(j, "fulfiller", s->fulfiller, sizeof s->fulfiller);
	jw_u64(j, "not_after", s->not_after);
}

static void
put_platform(struct jw *j, const struct attest_verdict *v)
{
	char date[32];

	date_text(date, v->tcb_date);
	jw_str(j, "tcb_date", date);
	jw_u64(j, "tcb_evaluation_number", v->evaluation);
	jw_hex(j, "fmspc", v->pck.fmspc, 6);
	jw_hex(j, "ppid", v->pck.ppid, 16);
	if (v->pck.has_instance)
		jw_hex(j, "platform_instance", v->pck.instance, 16);
}

int
report_record(FILE *f, const struct attest_verdict *v,
    const struct attest_input *in, const char *name, struct err *e)
{
	enum attest_check first = check_first_failed(&v->checks);
	uint8_t root[32];
	struct jw j;

	jw_start(&j, f);
	jw_object(&j, NULL);
	if (name != NULL)
		jw_str(&j, in->asked != NULL ? "url" : "quote", name);
	jw_bool(&j, "valid", v->valid);
	if (v->has_status)
		jw_str(&j, "status", tcb_status_name(v->status));
	else
		jw_null(&j, "status");
	jw_array(&j, "advisories");
	for (size_t i = 0; v->has_status && i < v->nadvisories; i++)
		jw_str(&j, NULL, v->advisory[i]);
	jw_end(&j);
	if (first == ATTEST_CHECKS)
		jw_null(&j, "reason");
	else
		jw_str(&j, "reason", attest_check_name(first));
	put_checks(&j, &v->checks);
	put_warnings(&j, &v->warnings);
	jw_i64(&j, "now", in->now);
	sha256(root, in->root->der[0].p, in->root->der[0].n);
	jw_hex(&j, "trust_root", root, sizeof root);
	if (in->policy->root != NULL)
		jw_hex(&j, "policy_sha256", in->policy->sha256, 32);
	if (v->valid) {
		put_measurements(&j, &v->quote);
		if (v->has_app)
			put_application(&j, v);
		if (v->has_statement)
			put_statement(&j, v, in);
		put_platform(&j, v);
		put_domain(&j, v, in);
	}
	jw_end(&j);
	return jw_finish(&j, "standard output", e);
}

static void
table_line(FILE *f, const char *name, const uint8_t *p, size_t n)
{
	fprintf(f, "  %-24s 0x", name);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%02x", p[i]);
	fputc('\n', f);
}

/* What others wrote may hold anything: only what is printable reaches a terminal. */
static void
table_text(FILE *f, const char *s)
{
	for (; *s != '\0'; s++)
		fputc(*s >= ' ' && *s <= '~' ? *s : '?', f);
}

static void
table_checks(FILE *f, const struct attest_checks *k)
{
	for (enum attest_check c = 0; c < ATTEST_CHECKS; c++) {
		if (k->of[c].result == ATTEST_NONE)
			continue;
		fprintf(f, "  %-8s %-22s %s", attest_result_name(k->of[c].result),
		    attest_check_name(c), attest_check_what(c));
		fprintf(f, "%s%s\n", k->of[c].detail[0] ? ": " : "",
		    k->of[c].detail);
	}
}

static void
table_facts(FILE *f, const struct attest_verdict *v)
{
	const struct quote *q = &v->quote;
	char key[8];

	if (q->tdx) {
		table_line(f, "mrtd", q->body + TD_MRTD, 48);
		for (unsigned i = 0; i < 4; i++) {
			snprintf(key, sizeof key, "rtmr%u", i);
			table_line(f, key, q->body + TD_RTMR0 + 48 * i, 48);
		}
	} else {
		table_line(f, "mrenclave", q->body + SGX_MRENCLAVE, 32);
		table_line(f, "mrsigner", q->body + SGX_MRSIGNER, 32);
	}
	table_line(f, "report_data", quote_report_data(q), 64);
	if (v->has_app) {
		table_line(f, "app_id", v->log.app.id, 20);
		table_line(f, "compose_hash", v->log.app.compose_hash, 32);
	}
	if (v->has_statement && statement_key(&v->statement, HPKE_X25519))
		table_line(f, "public_key", statement_key(&v->statement,
		    HPKE_X25519)->key, 32);
}

void
report_table(FILE *f, const struct attest_verdict *v,
    const struct attest_input *in, const char *name)
{
	enum attest_check first = check_first_failed(&v->checks);
	char date[32];

	table_text(f, name);
	if (v->valid)
		fprintf(f, ": valid, %s\n", tcb_status_name(v->status));
	else
		fprintf(f, ": not valid: %s\n", first == ATTEST_CHECKS ?
		    "not every check was made" : attest_check_name(first));
	table_checks(f, &v->checks);
	if (v->valid)
		table_facts(f, v);
	for (size_t i = 0; v->has_status && i < v->nadvisories; i++) {
		fputs("  advisory ", f);
		table_text(f, v->advisory[i]);
		fputc('\n', f);
	}
	for (size_t i = 0; i < v->warnings.n; i++)
		fprintf(f, "  warning  %s\n", v->warnings.of[i]);
	date_text(date, in->now);
	fprintf(f, "  as of %s, %s; attacks on the machine itself are not seen\n",
	    date, in->policy->root ? "under the policy given" :
	    "without a policy: any program will do");
}

static void
set_hex(json_t *o, const char *key, const uint8_t *p, size_t n)
{
	char text[2 + 2 * 64 + 1] = "0x";

	must(n <= 64);
	hex_encode(text + 2, p, n);
	must(json_object_set_new(o, key, json_string(text)) == 0);
}

/* It came over a connection: so shall it be. */
static void
policy_statement(json_t *o, const struct attest_verdict *v,
    const struct attest_input *in)
{
	const struct attest_checks *k = &v->checks;

	if (in->asked == NULL || !v->has_statement)
		return;
	must(json_object_set_new(o, "require_nonce", json_true()) == 0 &&
	    json_object_set_new(o, "require_tls", json_string(
	    check_passed(k, CHECK_statement_exporter) ? "exporter" :
	    check_passed(k, CHECK_statement_tls_key) ? "key" : "none")) == 0);
}

static void
policy_platform(json_t *o, const struct attest_verdict *v)
{
	json_t *names = json_array(), *status = json_array();

	must(names != NULL && status != NULL);
	for (size_t i = 0; i < v->nadvisories; i++)
		json_array_append_new(names, json_string(v->advisory[i]));
	json_array_append_new(status, json_string(tcb_status_name(v->status)));
	must(json_object_set_new(o, "tcb_status", status) == 0 &&
	    json_object_set_new(o, "advisories_allowed", names) == 0 &&
	    json_object_set_new(o, "min_eval_number",
	    json_integer((json_int_t)v->evaluation)) == 0);
}

static void
policy_measurements(json_t *o, const struct quote *q)
{
	static const char *const keys[] = { "rtmr0", "rtmr1", "rtmr2" };

	if (!q->tdx) {
		set_hex(o, "mrenclave", q->body + SGX_MRENCLAVE, 32);
		set_hex(o, "mrsigner", q->body + SGX_MRSIGNER, 32);
		return;
	}
	set_hex(o, "mrseam", q->body + TD_MRSEAM, 48);
	set_hex(o, "mrtd", q->body + TD_MRTD, 48);
	for (unsigned i = 0; i < 3; i++)
		set_hex(o, keys[i], q->body + TD_RTMR0 + 48 * i, 48);
}

/* Register 3 grows while the application runs: its first events are pinned where they
 * are known, not its value. */
static void
policy_application(json_t *o, const struct attest_verdict *v)
{
	const struct app *a = &v->log.app;
	char text[4096];
	size_t n = provider_text(text, sizeof text, a);
	json_t *provider = NULL;
	struct err e;

	if (!v->has_app) {
		if (v->quote.tdx)
			set_hex(o, "rtmr3", v->quote.body + TD_RTMR0 + 144, 48);
		return;
	}
	set_hex(o, "app_id", a->id, sizeof a->id);
	set_hex(o, "compose_hash", a->compose_hash, 32);
	if (n > 0)
		provider = strict_load((struct bytes){ (uint8_t *)text, n },
		    "key-provider", &e);
	if (json_is_string(json_object_get(provider, "name")) &&
	    json_is_string(json_object_get(provider, "id")))
		json_object_set_new(o, "key_provider", json_pack("{s:O,s:O}",
		    "name", json_object_get(provider, "name"),
		    "id", json_object_get(provider, "id")));
	json_decref(provider);
}

static void
set_true(json_t *o, const char *key, bool set)
{
	if (set)
		must(json_object_set_new(o, key, json_true()) == 0);
}

/* Who may get certificates for the domain, and what its keys are. */
static void
policy_domain(json_t *o, const struct attest_verdict *v,
    const struct attest_input *in)
{
	const struct attest_checks *k = &v->checks;
	const struct policy *p = in->policy;
	const char *account = p->caa_account ? p->caa_account : v->account;
	json_t *ingress = json_object(), *caa = json_object(), *ct = json_object();

	set_true(ingress, "required", check_passed(k, CHECK_ingress_files));
	if (check_passed(k, CHECK_domain_caa)) {
		must(account != NULL && json_object_set_new(caa, "accounturi",
		    json_string(account)) == 0);
		if (p->caa_issuer != NULL)
			json_object_set_new(caa, "issuer", json_string(p->caa_issuer));
		set_true(caa, "dnssec", check_passed(k, CHECK_domain_dnssec));
		set_true(caa, "wildcard", check_passed(k, CHECK_domain_wildcard));
	}
	set_true(ct, "required", check_passed(k, CHECK_domain_logs));
	set_true(ct, "logged", check_passed(k, CHECK_domain_logged));
	if (v->has_certificate)
		set_hex(ct, "known_spki", v->certificate_key, 32);
	if (json_object_size(ingress) > 0)
		json_object_set(o, "ingress", ingress);
	if (json_object_size(caa) > 0)
		json_object_set(o, "caa", caa);
	if (json_object_size(ct) > 0)
		json_object_set(o, "ct", ct);
	json_decref(ingress);
	json_decref(caa);
	json_decref(ct);
}

/* What app-compose allows now and the defaults do not. */
static void
policy_compose(json_t *o, const struct attest_verdict *v)
{
	const struct compose *c = &v->compose;
	char who[128];
	struct err e;

	if (!check_passed(&v->checks, CHECK_compose_file))
		return;
	json_object_set_new(o, "allow_unpinned_images",
	    json_boolean(compose_images(c, &e) != 0));
	json_object_set_new(o, "allow_privileged",
	    json_boolean(compose_privileges(c, who, &e) != 0));
	json_object_set_new(o, "public_logs", json_boolean(c->public_logs));
	json_object_set_new(o, "allowed_envs", c->variables != NULL ?
	    json_deep_copy(c->variables) : json_array());
}

char *
report_policy(const struct attest_verdict *v, const struct attest_input *in,
    struct err *e)
{
	enum attest_check c = check_first_failed(&v->checks);
	json_t *o;
	char *text;

	/* What the policy itself is about may fail: it is there to be decided. */
	if (!v->has_status || v->status == TCB_REVOKED || (c != ATTEST_CHECKS &&
	    c != CHECK_tcb_status)) {
		err_set(e, v->malformed ? EX_DATAERR : EX_NO,
		    "no policy from this evidence: %s: %s",
		    c < ATTEST_CHECKS ? attest_check_name(c) : "status",
		    c < ATTEST_CHECKS ? v->checks.of[c].detail : "not known");
		return NULL;
	}
	o = json_object();
	must(o != NULL);
	json_object_set_new(o, "comment", json_string("seen, not proven right: read "
	    "each value, and find out elsewhere what it stands for"));
	policy_platform(o, v);
	policy_measurements(o, &v->quote);
	policy_statement(o, v, in);
	policy_application(o, v);
	policy_compose(o, v);
	policy_domain(o, v, in);
	text = json_dumps(o, JSON_INDENT(2));
	must(text != NULL);
	json_decref(o);
	return text;
}
