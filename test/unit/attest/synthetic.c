/*
 * Every check refuses what it is there to refuse, by its name: on evidence under a root
 * of our own (test/lib/enclave.h), altered in one place.
 *
 *	synthetic.t -w FOLDER "WORDS"	writes such evidence instead
 *	synthetic.t -s SOCKET FOLDER	serves it as dstack's agent does, of this hour
 *					(test/lib/enclave_agent.h)
 */
#include <unistd.h>

#include "attest/verify.h"
#include "test/lib/enclave.h"
#include "test/lib/enclave_agent.h"
#include "test/lib/tap.h"

#define NOW (FIRST + 1000)

struct expected {
	const char *words;
	enum attest_check first;	/* that fails; ATTEST_CHECKS: none */
	const char *policy;		/* NULL: none */
	int64_t now;			/* 0: NOW */
	bool malformed;
};

struct result {
	struct attest_verdict v;
	struct evidence ev;
	struct collateral c;
	struct policy p;
	struct chain root;
	struct enclave x;
};

/* What the statement beside the quote has, and how it was asked for; NULL: none. */
struct stated {
	struct attest_asked asked, *how;	/* how NULL: from a file */
	struct statement s;
	struct text text;
	struct bytes gpus;
};
static struct stated *stated;

static struct bytes
bytes_of(const struct text *t)
{
	return (struct bytes){ (const uint8_t *)t->p, t->n };
}

/* The last quote's platform, where it is kept. */
static struct platform *platform;

static void
judge(struct result *r, const char *with, const char *policy, int64_t now)
{
	struct attest_checks k = { 0 };
	struct attest_input in = {
		.evidence = &r->ev, .collateral_checks = &k, .root = &r->root,
		.platform = platform, .policy = &r->p, .now = now
	};
	struct err e, missing = { 0 };

	memset(r, 0, sizeof *r);
	enclave_make(&r->x, with);
	must(chain_one(&r->root, bytes_of(&r->x.root), &e) == 0);
	policy_default(&r->p);
	if (policy != NULL && policy_parse(&r->p, (struct bytes){
	    (const uint8_t *)policy, strlen(policy) }, &e))
		diag("policy: %s", e.msg);
	must(evidence_parse(&r->ev, bytes_of(&r->x.quote), &e) == 0);
	if ((!for_sgx() || is("sgx_log")) && !is("no_log"))
		r->ev.event_log = bytes_of(&r->x.event_log);
	if (!for_sgx())
		r->ev.compose = bytes_of(&r->x.compose);
	r->ev.has_report_data = is("wrong_report_data");
	if (stated != NULL) {
		in.asked = stated->how;
		r->ev.gpus = stated->gpus;
		if (stated->text.p != NULL)
			r->ev.statement = bytes_of(&stated->text);
	}
	if (collateral_parse(&r->c, bytes_of(&r->x.collateral), &r->root,
	    &missing) == 0) {
		collateral_verify(&k, &r->c, &r->root, now);
		in.collateral = &r->c;
	}
	in.missing = &missing;
	attest_verify(&r->v, &in);
}

static void
done(struct result *r)
{
	attest_verdict_free(&r->v);
	evidence_free(&r->ev);
	collateral_free(&r->c);
	policy_free(&r->p);
	chain_free(&r->root);
	enclave_free(&r->x);
}

static void
try(const struct expected *x)
{
	struct result r;
	enum attest_check c;

	judge(&r, x->words, x->policy, x->now ? x->now : NOW);
	c = check_first_failed(&r.v.checks);
	if (!ok(c == x->first && r.v.valid == (c == ATTEST_CHECKS) &&
	    r.v.malformed == x->malformed, "%s%s%s: %s",
	    *x->words ? x->words : "genuine", x->policy ? " under " : "",
	    x->policy ? x->policy : "", x->first == ATTEST_CHECKS ? "valid" :
	    attest_check_name(x->first)))
		diag("%s: %s", c == ATTEST_CHECKS ? "none failed" :
		    attest_check_name(c), c == ATTEST_CHECKS ? "" :
		    r.v.checks.of[c].detail);
	done(&r);
}

#define NONE ATTEST_CHECKS
#define BAD(words, check) { words, CHECK_##check, NULL, 0, false }
#define GOOD(words) { words, NONE, NULL, 0, false }
#define MALFORMED(words, check) { words, CHECK_##check, NULL, 0, true }
#define AT(words, now, check) { words, CHECK_##check, NULL, now, false }
#define UNDER(words, policy, check) { words, CHECK_##check, policy, 0, false }
#define ALLOWED(words, policy) { words, NONE, policy, 0, false }

#define H16(b) b b b b b b b b b b b b b b b b
#define H32(b) H16(b) H16(b)
#define M48(b) H32(b) H16(b)

static const struct expected quotes[] = {
	GOOD(""), GOOD("version=5"), GOOD("version=5 td10"), GOOD("version=3"),
	GOOD("version=4 sgx"), GOOD("version=5 sgx"), GOOD("trailer_zeros"),
	GOOD("auth_len=0"), GOOD("auth_len=1000"), GOOD("intel_answers"),
	GOOD("levels_reversed"), GOOD("tdx_svn=0x030303"),
	GOOD("log_v2"), GOOD("log_v2 log_escape"), GOOD("log_escape"),
	GOOD("log_no_digest"), GOOD("config=1"),
	BAD("vendor", qe_vendor), BAD("trailer", quote_trailer),
	BAD("trailer_hash", quote_trailer),
	BAD("debug", debug), BAD("version=3 debug", debug),
	BAD("no_sept_ve", td_attributes), BAD("pks", td_attributes),
	BAD("td_reserved", td_attributes), BAD("xfam", td_xfam),
	BAD("seam_signer", td_seam), BAD("seam_attributes", td_seam),
	BAD("version=5 service_td", td_service),
	BAD("bad_quote_signature", quote_signature),
	BAD("bad_qe_signature", qe_report_signature),
	BAD("other_key", attestation_key), BAD("qe_data_tail", attestation_key),
	BAD("key_off_curve", quote_signature),
	BAD("qe_signer", qe_measurement), BAD("qe_prodid", qe_measurement),
	BAD("qe_misc", qe_measurement), BAD("qe_attributes", qe_measurement),
	BAD("qe_debug", qe_measurement), BAD("qe_svn=1", qe_tcb),
	MALFORMED("cert_type=6", quote_format),
	MALFORMED("cert_type=0", quote_format),
	BAD("cert_type=4", pck_chain), BAD("cert_type=3", pck_chain),
	GOOD("cert_type=3 collateral_chain"), GOOD("collateral_chain"),
	BAD("cert_type=4 collateral_chain", pck_chain),
	BAD("wrong_report_data", quote_source), GOOD("qe_mask"),
	BAD("qe_mask qe_debug", qe_measurement),
};

static const struct expected certificates[] = {
	MALFORMED("pem_crlf", pck_chain), MALFORMED("pem_blank", pck_chain),
	MALFORMED("pem_text", pck_chain),
	BAD("chain_reversed", pck_chain), BAD("chain_short", pck_chain),
	BAD("pck_expired", pck_date), BAD("pck_early pck_expired", pck_date),
	AT("pck_early", FIRST + 99, pck_date),
	{ "pck_early", NONE, NULL, FIRST + 100, false },
	{ "pck_expired", NONE, NULL, FIRST, false },
	BAD("pck_is_ca", pck_chain), BAD("pck_name", pck_chain),
	BAD("ca_name", pck_crl), BAD("ca_no_ca", pck_crl),
	BAD("ca_no_sign", pck_crl), BAD("quote_ca_name", pck_chain),
	BAD("pck_issuer", pck_chain), BAD("pck_sha384", pck_chain),
	BAD("pck_two_algorithms", pck_chain), BAD("pck_unused_bit", pck_chain),
	BAD("pck_misnamed", pck_chain), BAD("pck_other_issuer", pck_chain),
	BAD("root_pathlen", pck_crl), BAD("ca_pathlen", pck_crl), BAD("ca_no_crl", pck_crl),
	BAD("quote_ca_key", pck_revocation),
	BAD("quote_ca_revoked", pck_revocation),
	BAD("pck_critical", pck_chain), BAD("bad_pck_cert", pck_chain),
	BAD("pck_no_extension", pck_extension),
	BAD("pck_bad_extension", pck_extension),
	BAD("pck_p384", pck_chain), BAD("other_root", pck_chain),
	BAD("signer_name", tcb_info_signer),
	BAD("signer_is_ca_of_pcks", tcb_info_signer),
	BAD("signer_other_root", tcb_info_signer),
	BAD("signer_expired", tcb_info_signer),
	GOOD("qe_other_signer"), BAD("pck_revoked", pck_revocation),
	BAD("ca_revoked", signer_revocation),
	BAD("signer_revoked", signer_revocation),
	BAD("root_revoked", signer_revocation),
	BAD("root_crl_old", root_crl), AT("root_crl_early", FIRST + 99, root_crl),
	BAD("pck_crl_old", pck_crl), AT("pck_crl_early", FIRST + 99, pck_crl),
	BAD("bad_root_crl", root_crl), BAD("bad_pck_crl", pck_crl),
	BAD("crl_other_ca", pck_crl), BAD("crl_critical", root_crl),
};

static const struct expected levels[] = {
	BAD("bad_tcb_signature", tcb_info_signature),
	BAD("bad_qe_identity_signature", qe_identity_signature),
	AT("tcb_early", FIRST + 99, tcb_info_date), BAD("tcb_old", tcb_info_date),
	AT("qe_early", FIRST + 99, qe_identity_date), BAD("qe_old", qe_identity_date),
	{ "", NONE, NULL, FIRST, false }, { "", NONE, NULL, LAST, false },
	AT("", FIRST - 1, tcb_info_date), AT("", LAST + 1, tcb_info_date),
	BAD("fmspc", fmspc), BAD("pce_id", pce_id),
	BAD("tcb_id=SGX", tcb_info), BAD("qe_id=QE", qe_identity),
	MALFORMED("version=3 tcb_id=TDX", collateral_format),
	MALFORMED("tcb_version=2", collateral_format),
	MALFORMED("tcb_duplicate", collateral_format),
	MALFORMED("unknown_status", collateral_format),
	BAD("no_module", tdx_module), BAD("module_signer", tdx_module),
	BAD("module_attributes", tdx_module),
	 BAD("tdx_svn=0x030101", tdx_module),
	BAD("tdx_svn=0x030705", tdx_module),
	BAD("tdx_svn=0x020105", tcb_level), BAD("pck_svn=1", tcb_level),
	BAD("pcesvn=4", tcb_level),
	/* Version 0 is judged by all its components. */
	GOOD("tdx_svn=0x030005"), BAD("tdx_svn=0x030002", tcb_level),
	/* As of now the module is too old for every level. */
	BAD("version=5 tdx_svn2=0x020105", tcb_level),
	BAD("version=5 tdx_svn2=0x030705", tcb_level),
};

static const struct expected policies[] = {
	BAD("pck_svn=4", tcb_status),
	ALLOWED("pck_svn=4", "{\"tcb_status\":[\"OutOfDate\"],"
	    "\"advisories_allowed\":[\"INTEL-SA-00837\"]}"),
	UNDER("pck_svn=4", "{\"tcb_status\":[\"OutOfDate\"]}", advisories),
	UNDER("", "{\"tcb_status\":[\"OutOfDate\"]}", tcb_status),
	ALLOWED("debug", "{\"allow_debug\":true}"),
	ALLOWED("pks", "{\"tdattributes\":[\"0x0000005000000000\"]}"),
	UNDER("", "{\"tdattributes\":[\"0x0000005000000000\"]}", td_attributes),
	ALLOWED("xfam", "{\"xfam\":[\"0x0b00000000000000\"]}"),
	UNDER("", "{\"xfam\":[\"0x0b00000000000000\"]}", td_xfam),
	ALLOWED("", "{\"min_eval_number\":18}"),
	UNDER("", "{\"min_eval_number\":19}", tcb_evaluation),
	UNDER("evaluation=17", "{\"min_eval_number\":18}", tcb_evaluation),
	ALLOWED("", "{\"min_tcb_date\":\"2026-05-01T00:00:00Z\"}"),
	UNDER("", "{\"min_tcb_date\":\"2026-05-01T00:00:01Z\"}", tcb_date),
	ALLOWED("", "{\"max_collateral_age\":1000}"),
	UNDER("", "{\"max_collateral_age\":999}", collateral_age),
	ALLOWED("", "{\"ppid_allow\":[\"77777777777777777777777777777777\"]}"),
	UNDER("", "{\"ppid_allow\":[\"77777777777777777777777777777778\"]}",
	    platform),
	UNDER("", "{\"platform_instance_allow\":"
	    "[\"00000000000000000000000000000000\"]}", platform),
	ALLOWED("", "{\"sgx_types\":[1,2]}"),
	UNDER("sgx_type=0", "{\"sgx_types\":[1,2]}", sgx_type),
	ALLOWED("", "{\"allow_smt\":false}"),
	UNDER("smt", "{\"allow_smt\":false}", smt),
	ALLOWED("smt", "{\"allow_smt\":true}"), GOOD("smt"),
	ALLOWED("", "{\"mrtd\":[\"" M48("11") "\"],\"mrseam\":[\"" M48("5e") "\"]}"),
	UNDER("", "{\"mrtd\":[\"" M48("12") "\"]}", mrtd),
	UNDER("", "{\"mrseam\":[\"" M48("12") "\"]}", mrseam),
	UNDER("", "{\"rtmr0\":\"" M48("00") "\"}", rtmr0),
	UNDER("", "{\"rtmr1\":\"" M48("00") "\"}", rtmr1),
	UNDER("", "{\"rtmr2\":\"" M48("00") "\"}", rtmr2),
	UNDER("", "{\"rtmr3\":\"" M48("00") "\"}", rtmr3),
	UNDER("version=3", "{\"mrtd\":[\"" M48("11") "\"]}", mrtd),
	UNDER("", "{\"os_images\":[{\"mrtd\":\"" M48("11") "\",\"rtmr1\":\""
	    M48("00") "\",\"rtmr2\":\"" M48("00") "\"}]}", os_image),
	ALLOWED("version=3", "{\"mrenclave\":\"" H32("33") "\",\"mrsigner\":\""
	    H32("44") "\"}"),
	UNDER("version=3", "{\"mrenclave\":\"" H32("34") "\"}", mrenclave),
	UNDER("version=3", "{\"mrsigner\":\"" H32("34") "\"}", mrsigner),
	ALLOWED("", "{\"report_data\":\"" H32("42") H32("00") "\"}"),
	/* The right hash in the wrong half. */
	UNDER("", "{\"report_data\":\"" H32("00") H32("42") "\"}", report_data),
	{ "", NONE, "{\"comment\":\"any\"}", 0, false },
};

static const struct expected applications[] = {
	BAD("log_digest", event_digests), BAD("log_v2 log_digest", event_digests),
	BAD("log_v2 log_no_preimage", event_digests),
	BAD("log_v2 log_preimage", event_digests),
	BAD("log_type", event_digests), BAD("log_type_low", event_digests),
	BAD("log_register", event_replay),
	BAD("log_late_compose", event_order), BAD("log_late", event_order),
	 BAD("log_twice", event_order),
	BAD("log_no_ready", event_order), BAD("log_no_app", event_order),
	BAD("log_short_app", event_order), BAD("gpu_long", event_order),
	BAD("compose_other", compose_file),
	BAD("config=1 compose_other", compose_file),
	GOOD("config=2"), BAD("config=1 config_other", mr_config),
	BAD("config=2 config_other", mr_config),
	BAD("config=2 log_no_provider", mr_config),
	BAD("version=3 sgx_log", event_replay), BAD("no_log", compose_file),
	GOOD("config=4"),
	UNDER("", "{\"app_id\":\"1111111111111111111111111111111111111111\"}",
	    app_id),
	/* The composition is right, the application is another. */
	UNDER("app=0x22", "{\"app_id\":"
	    "\"1111111111111111111111111111111111111111\"}", app_id),
	ALLOWED("app=0x11", "{\"app_id\":"
	    "\"1111111111111111111111111111111111111111\"}"),
	UNDER("", "{\"compose_hash\":[\"" H32("11") "\"]}", compose_hash),
	UNDER("version=3", "{\"app_id\":"
	    "\"1111111111111111111111111111111111111111\"}", app_id),
	UNDER("version=3", "{\"compose_hash\":[\"" H32("11") "\"]}", compose_hash),
	UNDER("version=3", "{\"key_provider\":{\"name\":\"kms\"}}", key_provider),
	ALLOWED("", "{\"key_provider\":{\"name\":\"kms\",\"id\":\"3059\"}}"),
	UNDER("", "{\"key_provider\":{\"name\":\"local-sgx\"}}", key_provider),
	UNDER("log_no_provider", "{\"key_provider\":{\"name\":\"kms\"}}",
	    key_provider),
	UNDER("", "{\"key_provider\":{\"name\":\"kms\",\"id\":\"305a\"}}",
	    key_provider),
	GOOD("compose_tag compose_privileged compose_envs compose_logs"),
	UNDER("compose_tag", "{}", compose_images),
	ALLOWED("compose_tag", "{\"allow_unpinned_images\":true}"),
	UNDER("compose_variable", "{}", compose_images),
	UNDER("compose_build", "{}", compose_images),
	UNDER("compose_env_file", "{}", compose_images),
	UNDER("compose_merge", "{}", compose_images),
	UNDER("compose_twice", "{}", compose_images),
	UNDER("compose_two", "{}", compose_images),
	UNDER("compose_include", "{}", compose_images),
	UNDER("compose_privileged", "{}", compose_privileges),
	UNDER("compose_socket", "{}", compose_privileges),
	UNDER("compose_run", "{}", compose_privileges),
	ALLOWED("compose_run", "{\"allow_privileged\":true}"),
	ALLOWED("compose_dstack", "{}"),
	UNDER("compose_envs", "{}", compose_variables),
	ALLOWED("compose_envs", "{\"allowed_envs\":[\"RPC_URL\"]}"),
	UNDER("compose_logs", "{}", compose_logs),
	ALLOWED("compose_logs", "{\"public_logs\":true}"),
	UNDER("version=3", "{\"allow_unpinned_images\":false}", compose_images),
	UNDER("version=3", "{\"allow_privileged\":false}", compose_privileges),
	UNDER("version=3", "{\"allowed_envs\":[]}", compose_variables),
	UNDER("version=3", "{\"public_logs\":false}", compose_logs),
	ALLOWED("version=3", "{}"),
};

static void
all(const struct expected *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		try(&x[i]);
}

/* Intel's word for the platform, whatever the policy says of it. */
static void
test_statuses(void)
{
	static const struct {
		const char *words, *status;
	} of[] = {
		{ "", "UpToDate" }, { "pck_svn=4", "OutOfDate" },
		{ "status=SWHardeningNeeded", "SWHardeningNeeded" },
		{ "status=ConfigurationNeeded", "ConfigurationNeeded" },
		{ "status=ConfigurationAndSWHardeningNeeded",
		    "ConfigurationAndSWHardeningNeeded" },
		{ "status=OutOfDateConfigurationNeeded",
		    "OutOfDateConfigurationNeeded" },
		{ "status=Revoked", "Revoked" },
		{ "module_status=Revoked", "Revoked" },
		{ "qe_status=Revoked", "Revoked" },
		{ "tdx_svn=0x030103", "OutOfDate" },
		{ "module_status=OutOfDate status=ConfigurationNeeded",
		    "OutOfDateConfigurationNeeded" },
		{ "module_status=OutOfDate status=SWHardeningNeeded", "OutOfDate" },
		{ "qe_svn=2", "OutOfDate" },
		{ "qe_svn=3 status=ConfigurationAndSWHardeningNeeded",
		    "OutOfDateConfigurationNeeded" },
		{ "qe_status=ConfigurationNeeded", "UpToDate" },
		{ "version=5 tdx_svn=0x030103 tdx_svn2=0x030105",
		    "TDRelaunchAdvised" },
		{ "version=5 tdx_svn=0x030103 tdx_svn2=0x030105 "
		    "status=ConfigurationNeeded",
		    "TDRelaunchAdvisedConfigurationNeeded" },
		{ "version=5 tdx_svn=0x030103 tdx_svn2=0x030103", "OutOfDate" },
		{ "version=5 tdx_svn=0x030105 tdx_svn2=0x030103", "UpToDate" },
		{ "version=5 qe_svn=2 tdx_svn2=0x030105", "OutOfDate" },
	};
	struct result r;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		judge(&r, of[i].words, NULL, NOW);
		is_str(r.v.has_status ? tcb_status_name(r.v.status) : "none",
		    of[i].status, "status of '%s'", of[i].words);
		ok(r.v.valid == (strcmp(of[i].status, "UpToDate") == 0),
		    "and the verdict");
		done(&r);
	}
}

static void
test_advisories(void)
{
	struct result r;

	judge(&r, "pck_svn=4 tdx_svn=0x030103 qe_svn=2", NULL, NOW);
	ok(r.v.nadvisories == 3 &&
	    strcmp(r.v.advisory[0], "INTEL-SA-00837") == 0 &&
	    strcmp(r.v.advisory[1], "INTEL-SA-01099") == 0 &&
	    strcmp(r.v.advisory[2], "INTEL-SA-00477") == 0,
	    "the platform's, the module's, the quoting enclave's advisories");
	is_int(r.v.tcb_date, 1691539200, "the oldest level's date");
	done(&r);
	judge(&r, "bad_tcb_signature", NULL, NOW);
	ok(!r.v.has_status, "an unsigned text gives no status");
	done(&r);
}

enum change {
	AS_IT_IS, NO_STATEMENT, SPELLING, FROM_FILE, NO_NONCE, OTHER_NONCE, NO_KEY,
	OTHER_KEY, NO_TLS, NO_EXPORTER, OTHER_EXPORTER, CLIENT_WITHOUT, ENDED, LAST_SECOND,
	FAR_OFF, AS_FAR_AS_MAY_BE, NO_SEAL_KEY, SHORT_SEAL_KEY, XWING_KEY,
	SHORT_XWING_KEY, OTHER_COMPOSE, NO_COMPOSE, GPU, GPU_OTHER, GPU_MISSING
};

/* What is said of this call, with one thing changed; it is attested to as it is then. */
static void
state(struct stated *t, enum change change)
{
	static char text[STATEMENT_MAX];
	static uint8_t data[64];
	struct statement *s = &t->s;
	struct channel *c = &t->asked.channel;
	size_t n;

	memset(t, 0, sizeof *t);
	t->how = change == FROM_FILE ? NULL : &t->asked;
	memset(t->asked.nonce, 7, 32);
	c->tls = change != NO_TLS;
	memset(c->spki, 8, 32);
	c->has_exporter = change != CLIENT_WITHOUT;
	memset(c->exporter, 9, 32);
	s->nonce.there = change != NO_NONCE;
	memset(s->nonce.v, change == OTHER_NONCE ? 6 : 7, 32);
	s->spki.there = change != NO_KEY;
	memset(s->spki.v, change == OTHER_KEY ? 6 : 8, 32);
	s->exporter.there = change != NO_EXPORTER;
	memset(s->exporter.v, change == OTHER_EXPORTER ? 6 : 9, 32);
	s->not_after = (uint64_t)NOW + (change == ENDED ? 0 : change == LAST_SECOND ?
	    1 : change == FAR_OFF ? 7201 : change == AS_FAR_AS_MAY_BE ? 7200 : 3600);
	s->nkeys = 1;
	s->keys[0].kem = change == NO_SEAL_KEY ? 0x10 : 0x20;
	s->keys[0].len = change == SHORT_SEAL_KEY ? 31 : 32;
	if (change == XWING_KEY || change == SHORT_XWING_KEY) {
		s->nkeys = 2;
		s->keys[1].kem = 0x647a;
		s->keys[1].len = change == XWING_KEY ? 1216 : 1215;
	}
	s->gpu.there = change >= GPU && change <= GPU_MISSING;
	t->gpus = (struct bytes){ (const uint8_t *)"[]",
	    change == GPU_MISSING ? 0 : 2 };
	if (!s->gpu.there || change == GPU_MISSING)
		t->gpus.p = NULL;
	sha256(s->gpu.v, change == GPU_OTHER ? "{}" : "[]", 2);
	s->compose.there = change != NO_COMPOSE;
	if (change != OTHER_COMPOSE) {
		struct text compose = { 0 };

		words = "";
		put_compose(&compose);
		sha256(s->compose.v, compose.p, compose.n);
		free(compose.p);
	}
	n = statement_write(text, s);
	if (change == SPELLING)
		memcpy(text + n++, " ", 2);
	statement_report_data(data, text, n);
	enclave_data = data;
	if (change != NO_STATEMENT)
		t->text = (struct text){ text, n };
}

static void
test_statements(void)
{
	static const struct {
		enum change change;
		const char *words;
		enum attest_check first;
		const char *policy;
		bool malformed;
	} of[] = {
		{ AS_IT_IS, "", NONE, NULL, false },
		{ NO_STATEMENT, "", CHECK_statement_format, NULL, false },
		{ SPELLING, "", CHECK_statement_format, NULL, true },
		{ AS_IT_IS, "data_bit", CHECK_statement_binding, NULL, false },
		{ AS_IT_IS, "data_shift", CHECK_statement_binding, NULL, false },
		{ AS_IT_IS, "version=3", NONE, NULL, false },
		{ FROM_FILE, "", NONE, NULL, false },
		{ FROM_FILE, "", CHECK_statement_nonce, "{\"require_nonce\":true}",
		    false },
		{ NO_NONCE, "", CHECK_statement_nonce, NULL, false },
		{ NO_NONCE, "", NONE, "{\"require_nonce\":false}", false },
		{ OTHER_NONCE, "", CHECK_statement_nonce, NULL, false },
		{ OTHER_NONCE, "", NONE, "{\"require_nonce\":false}", false },
		{ NO_KEY, "", CHECK_statement_tls_key, NULL, false },
		{ NO_KEY, "", NONE, "{\"require_tls\":\"none\"}", false },
		{ OTHER_KEY, "", CHECK_statement_tls_key, NULL, false },
		{ OTHER_KEY, "", CHECK_statement_tls_key,
		    "{\"require_tls\":\"none\"}", false },
		{ NO_TLS, "", CHECK_statement_tls_key, NULL, false },
		{ NO_EXPORTER, "", NONE, NULL, false },
		{ NO_EXPORTER, "", CHECK_statement_exporter,
		    "{\"require_tls\":\"exporter\"}", false },
		{ AS_IT_IS, "", NONE, "{\"require_tls\":\"exporter\"}", false },
		{ OTHER_EXPORTER, "", CHECK_statement_exporter, NULL, false },
		{ CLIENT_WITHOUT, "", CHECK_statement_exporter, NULL, false },
		{ ENDED, "", CHECK_statement_date, NULL, false },
		{ LAST_SECOND, "", NONE, NULL, false },
		{ FAR_OFF, "", CHECK_statement_date, NULL, false },
		{ AS_FAR_AS_MAY_BE, "", NONE, NULL, false },
		{ FAR_OFF, "", NONE, "{\"max_statement_life\":7201}", false },
		{ NO_SEAL_KEY, "", CHECK_statement_keys, NULL, false },
		{ SHORT_SEAL_KEY, "", CHECK_statement_keys, NULL, false },
		{ XWING_KEY, "", NONE, NULL, false },
		{ SHORT_XWING_KEY, "", CHECK_statement_keys, NULL, false },
		{ OTHER_COMPOSE, "", CHECK_statement_compose, NULL, false },
		{ OTHER_COMPOSE, "version=3", NONE, NULL, false },
		{ NO_COMPOSE, "", NONE, NULL, false },
		/* What it names is there, and is no evidence. */
		{ GPU, "", CHECK_gpu_format, NULL, true },
		{ GPU_OTHER, "", CHECK_statement_gpu, NULL, true },
		{ GPU_MISSING, "", CHECK_statement_gpu, NULL, false },
	};
	struct stated t;

	stated = &t;
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		state(&t, of[i].change);
		try(&(struct expected){ of[i].words, of[i].first, of[i].policy, 0,
		    of[i].malformed });
	}
	stated = NULL;
	enclave_data = NULL;
}

static void
test_details(void)
{
	struct attest_checks k = { 0 };

	check_fail(&k, CHECK_event_order, "event \33[2J\n\xc3\xa9");
	is_str(k.of[CHECK_event_order].detail, "event ?[2J???", "what strangers "
	    "wrote moves no cursor");
	check_pass(&k, CHECK_event_order, "%s", "");
	ok(!check_passed(&k, CHECK_event_order), "a failure stays");
}

static int
write_files(const char *folder, const char *with)
{
	struct enclave x;

	enclave_make(&x, with);
	write_text(folder, "root.der", &x.root);
	write_text(folder, "quote.bin", &x.quote);
	write_text(folder, "collateral.json", &x.collateral);
	write_text(folder, "event-log.json", &x.event_log);
	write_text(folder, "app-compose.json", &x.compose);
	enclave_free(&x);
	return 0;
}

/* Another verdict on r's quote, under its collateral, with the platform kept. */
static void
judge_again(struct result *r, struct platform *p, enum attest_check first)
{
	struct attest_checks k = { 0 };
	struct attest_input in = {
		.evidence = &r->ev, .collateral = &r->c, .collateral_checks = &k,
		.root = &r->root, .platform = p, .policy = &r->p, .now = NOW
	};
	enum attest_check c;

	attest_verdict_free(&r->v);
	collateral_verify(&k, &r->c, &r->root, NOW);
	attest_verify(&r->v, &in);
	c = check_first_failed(&r->v.checks);
	ok(c == first, "after another of its platform: %s", first == NONE ? "valid" :
	    attest_check_name(first));
}

/* What is known of a platform is known of these bytes alone. */
static void
test_platform(void)
{
	static const struct {
		size_t at;
		enum attest_check first;
	} of[] = {
		{ 48 + TD_REPORTDATA, CHECK_quote_signature },
		{ 636 + 134 + SGX_CPUSVN, CHECK_qe_report_signature },
		{ 636 + 134 + QUOTE_SGX - 1, CHECK_qe_report_signature },
		{ 636 + 134 + QUOTE_SGX, CHECK_qe_report_signature },
		{ 636 + 134 + QUOTE_SGX + 63, CHECK_qe_report_signature },
	};
	struct platform p = { 0 };
	struct result r;
	uint8_t *quote;

	platform = &p;
	judge(&r, "", NULL, NOW);
	ok(r.v.valid && p.chain_holds && p.report_holds, "a platform is kept");
	judge_again(&r, &p, NONE);
	quote = (uint8_t *)r.ev.quote.p;
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		quote[of[i].at] ^= 1;
		judge_again(&r, &p, of[i].first);
		judge_again(&r, &p, of[i].first);
		quote[of[i].at] ^= 1;
		judge_again(&r, &p, NONE);
	}
	done(&r);
	/* Another's certificate, of the same names and keys. */
	judge(&r, "bad_pck_cert", NULL, NOW);
	ok(check_first_failed(&r.v.checks) == CHECK_pck_chain, "another's");
	judge_again(&r, &p, CHECK_pck_chain);
	done(&r);
	/* A report that holds under another's certificate. */
	platform = NULL;
	judge(&r, "bad_qe_signature", NULL, NOW);
	p.report_holds = true;
	memcpy(p.qe_report, r.v.quote.qe_report, sizeof p.qe_report);
	memcpy(p.qe_signature, r.v.quote.qe_signature, sizeof p.qe_signature);
	judge_again(&r, &p, CHECK_qe_report_signature);
	done(&r);
	chain_free(&p.chain);
}

#define ALL(list) all(list, sizeof list / sizeof *list)

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "-w") == 0)
		return write_files(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "-s") == 0)
		agent_serve(argv[2], argv[3]);
	ALL(quotes);
	ALL(certificates);
	ALL(levels);
	ALL(policies);
	ALL(applications);
	test_statuses();
	test_advisories();
	test_details();
	test_platform();
	test_statements();
	return done_testing();
}
