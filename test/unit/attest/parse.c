/* What is not well-formed is refused, for its own reason: quotes, JSON, DER, dates. */
#include "attest/date.h"
#include "attest/der.h"
#include "attest/verify.h"
#include "test/lib/enclave.h"
#include "test/lib/tap.h"

static struct enclave x;
static struct chain root;

static struct bytes
bytes_of(const struct text *t)
{
	return (struct bytes){ (const uint8_t *)t->p, t->n };
}

static void
refused(int r, const struct err *e, const char *why)
{
	if (!ok(r != 0 && strstr(e->msg, why) != NULL &&
	    (e->status == EX_DATAERR || e->status == EX_NO ||
	    e->status == EX_CONFIG), "refused: %s", why))
		diag("%s", r ? e->msg : "taken");
}

/* In a quote that holds, a number at an offset. */
static void
test_quotes(void)
{
	static const struct {
		const char *words;
		size_t at, width;
		uint64_t x;
		const char *why;
	} of[] = {
		{ "", 0, 2, 6, "version 6" }, { "", 0, 2, 2, "version 2" },
		{ "", 0, 2, 3, "version 3 is for SGX" },
		{ "", 2, 2, 3, "key type 3" }, { "", 4, 4, 1, "TEE type" },
		{ "", 8, 4, 1, "reserved" },
		{ "", 632, 4, 0xffffffff, "are not there" },
		{ "", 632, 4, 100, "signature data cut off" },
		{ "", 632, 4, 130, "do not fill the signature" },
		{ "", 636 + 128, 2, 5, "of type 5, not 6" },
		{ "", 636 + 130, 4, 1000, "do not fill the signature" },
		{ "", 636 + 134 + 448, 2, 33, "do not fill their place" },
		{ "", 636 + 134 + 448, 2, 0xffff, "do not fill their place" },
		{ "", 636 + 134 + 450 + 32, 2, 6, "certificate of type 6" },
		{ "", 636 + 134 + 450 + 34, 4, 7, "do not fill their place" },
		{ "version=5", 48, 2, 4, "body type 4" },
		{ "version=5", 48, 2, 1, "body type 1" },
		{ "version=5", 48, 2, 0, "body type 0" },
		{ "version=5", 50, 4, 584, "body of 584 bytes" },
		{ "version=5 sgx", 48, 2, 3, "body type 3" },
	};
	struct quote q;
	struct err e;
	uint8_t *p;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		enclave_make(&x, of[i].words);
		put_at((uint8_t *)x.quote.p, of[i].at, of[i].x, of[i].width);
		refused(quote_parse(&q, (uint8_t *)x.quote.p, x.quote.n, &e), &e,
		    of[i].why);
		enclave_free(&x);
	}
	enclave_make(&x, "version=5");
	p = (uint8_t *)x.quote.p;
	refused(quote_parse(&q, p, 47, &e), &e, "47 bytes are no quote");
	refused(quote_parse(&q, p, 53, &e), &e, "cut off");
	refused(quote_parse(&q, p, 705, &e), &e, "cut off");
	refused(quote_parse(&q, p, QUOTE_MAX + 1, &e), &e, "more than");
	for (size_t n = 0; n < x.quote.n; n++) {
		struct bytes part = { malloc(n + !n), n };

		memcpy((void *)part.p, p, n);
		if (quote_parse(&q, part.p, n, &e) == 0)
			break;
		free((void *)part.p);
		if (n == x.quote.n - 1)
			ok(true, "no part of a quote is one");
	}
	enclave_free(&x);
}

/* In a text that is taken, one piece replaced (all of it: NULL). */
struct edit {
	const char *from, *to, *why;
};

static char *
edited(const struct text *t, const struct edit *d)
{
	struct text out = { 0 };
	const char *at = d->from ? strstr(t->p, d->from) : NULL;

	must(d->from == NULL || at != NULL);
	if (at != NULL)
		put_bytes(&out, t->p, (size_t)(at - t->p));
	put(&out, "%s%s", d->to, at ? at + strlen(d->from) : "");
	return out.p;
}

static int
take_collateral(struct bytes b, struct err *e)
{
	struct collateral c;
	int r = collateral_parse(&c, b, &root, e);

	collateral_free(&c);
	return r;
}

static int
take_log(struct bytes b, struct err *e)
{
	struct event_log l;
	int r = event_log_parse(&l, b, e) || event_log_replay(&l, e) ||
	    event_log_app(&l, e) ? -1 : 0;

	event_log_free(&l);
	return r;
}

static int
take_compose(struct bytes b, struct err *e)
{
	struct compose c;
	char who[128];
	int r = compose_parse(&c, b, e) || compose_images(&c, e) ||
	    compose_privileges(&c, who, e) ? -1 : 0;

	compose_free(&c);
	return r;
}

static int
take_policy(struct bytes b, struct err *e)
{
	struct policy p;
	int r = policy_parse(&p, b, e);

	policy_free(&p);
	return r;
}

static int
take_evidence(struct bytes b, struct err *e)
{
	struct evidence ev;
	int r = evidence_parse(&ev, b, e);

	evidence_free(&ev);
	return r;
}

static void
edits(const struct text *t, const struct edit *d,
    int (*take)(struct bytes b, struct err *e))
{
	struct err e;

	ok(take(bytes_of(t), &e) == 0, "taken as it is: %.40s", t->p);
	for (; d->to != NULL; d++) {
		char *s = edited(t, d);

		refused(take((struct bytes){ (uint8_t *)s, strlen(s) }, &e), &e,
		    d->why);
		free(s);
	}
}

#define Q(s) "\\\"" s "\\\""

static const struct edit of_collateral[] = {
	{ NULL, "{", "collateral:" }, { NULL, "[]", "no JSON object" },
	{ "root_ca_crl\":\"30", "root_ca_crl\":\"3", "not hexadecimal" },
	{ "root_ca_crl\":\"30", "root_ca_crl\":\"31", "root_ca_crl: the revocation" },
	{ "pck_crl\":\"30", "pck_crl\":\"", "pck_crl: the revocation" },
	{ "\"pck_crl\"", "\"pck_crI\"", "no pck_crl" },
	{ "\"root_ca_crl\"", "\"root_ca_crI\"", "no root_ca_crl" },
	{ "\"qe_identity_issuer_chain\":", "\"qe_identity_issuer_chain\":1,\"a\":",
	    "qe_identity_issuer_chain is not a string" },
	{ "-----BEGIN", "----BEGIN", "no certificates" },
	{ "-----END", "-----ENT", "not base64" },
	{ "END CERTIFICATE-----\\n", "END CERTIFICATE-----\\nx",
	    "something beside the certificates" },
	{ "CERTIFICATE-----\\nM", "CERTIFICATE-----\\n*", "not base64" },
	{ "CERTIFICATE-----\\nMII", "CERTIFICATE-----\\nMIA", "is not well-formed" },
	{ "tcb_info_signature\":\"", "tcb_info_signature\":\"0", "64 bytes" },
	{ "\"tcb_info_signature", "\"tcb_info_sig", "no signature" },
	{ Q("version") ":3", Q("version") ":4", "version 4" },
	{ Q("version") ":2", Q("version") ":3", "version 3" },
	{ Q("TD_QE"), Q("XX_QE"), "XX_QE" }, { Q("TDX"), Q("TDY"), "TDY" },
	{ Q("tcbType") ":0", Q("tcbType") ":1", "type 1" },
	{ Q("tcbType") ":0", Q("tcbType") ":-1", "tcbType is not a number" },
	{ Q("pceId") ":" Q("0000"), Q("pceId") ":" Q("00000"), "pceId is not" },
	{ Q("pceId") ":" Q("0000"), Q("pceId") ":" Q("0x00"), "pceId is not" },
	{ Q("TDX_01"), Q("TDX_1"), "named TDX_1" },
	{ Q("TDX_01"), Q("TDX_03"), "two modules" },
	{ Q("UpToDate"), Q("Revoked!"), "tcbStatus is Revoked!" },
	{ Q("svn") ":5", Q("svn") ":256", "svn is not a number up to 255" },
	{ Q("pcesvn") ":13", Q("pcesvn") ":65536", "pcesvn is not" },
	{ "{" Q("svn") ":5},{" Q("svn") ":5},", "{" Q("svn") ":5},",
	    "15 elements" },
	{ Q("tcbLevels") ":[{" Q("tcb") ":{\\\"sgx",
	    Q("tcbLevels") ":[]," Q("x") ":[{" Q("tcb") ":{\\\"sgx",
	    "tcbLevels has 0 elements" },
	{ Q("tcbLevels") ":[{" Q("tcb") ":{\\\"sgx",
	    Q("tcbLevels") ":1," Q("x") ":[{" Q("tcb") ":{\\\"sgx",
	    "tcbLevels is not an array" },
	{ Q("tdxModule") ":", Q("tdxModul") ":", "no tdxModule" },
	{ Q("tdxModule") ":", Q("tdxModule") ":1," Q("x") ":",
	    "tdxModule is not an object" },
	{ Q("tdxModuleIdentities") ":", Q("tdxModuleIdentities") ":1," Q("x") ":",
	    "tdxModuleIdentities is not an array" },
	{ Q("advisoryIDs") ":[" Q("INTEL-SA-01099") "]", Q("advisoryIDs") ":1",
	    "advisoryIDs is not an array" },
	{ Q("advisoryIDs") ":[" Q("INTEL-SA-01099") "]", Q("advisoryIDs") ":[1]",
	    "advisoryIDs is not an array of names" },
	{ "2027-01-15T", "2027-02-29T", "issueDate is no date" },
	{ NULL, NULL, NULL }
};

static const struct edit of_log[] = {
	{ NULL, "{}", "no array of events" }, { NULL, "{\"event_log\":1}",
	    "no array of events" },
	{ NULL, "{\"event_log\":\"[\"}", "event log:" }, { NULL, "[1]", "no imr" },
	{ "\"imr\":0", "\"imr\":4", "imr is not a number up to 3" },
	{ "\"event_payload\":\"\"", "\"event_payload\":\"0G\"", "event_payload" },
	{ "\"event_payload\":\"\"", "\"event_payload\":\"0A\"", "event_payload" },
	{ "\"event\":\"\"", "\"event\":1", "event is not a string" },
	{ "\"digest\":\"", "\"digest\":1,\"x\":\"", "digest is not a string" },
	{ "\"digest\":\"", "\"digest\":\"00", "no digest of 48 bytes" },
	{ "\"imr\":3", "\"version\":0,\"imr\":3", "version is 0" },
	{ "\"imr\":3", "\"version\":3,\"imr\":3", "version is not" },
	{ "\"imr\":3", "\"preimage\":1,\"imr\":3", "preimage is not a string" },
	{ "\"imr\":3", "\"preimage\":\"00\",\"imr\":3", "the preimage is not" },
	{ NULL, NULL, NULL }
};

static const struct edit of_compose[] = {
	{ NULL, "[]", "no JSON object" }, { NULL, "{\"app_compose\":\"[]\"}",
	    "no JSON object" },
	{ NULL, "{\"app_compose\":\"{\"}", "app-compose:" },
	{ "\"allowed_envs\":[]", "\"allowed_envs\":1", "not an array" },
	{ "\"allowed_envs\":[]", "\"allowed_envs\":[1]", "array of names" },
	{ "docker_compose_file", "docker_compose_fill", "no docker_compose_file" },
	{ "services:", "service:", "services is not a mapping" },
	{ "services:", "- services:", "docker_compose_file is not" },
	{ "services:\\n", "services: [}\\n", "docker_compose_file: " },
	{ "image:", "imagine:", "has no image" },
	{ "    volumes:", "    ? [a]\\n    : b\\n    volumes:", "no plain name" },
	{ "volumes:\\n      - data:/data", "volumes: data", "volumes is no list" },
	{ "- data:/data", "- /var/run:/run", "docker's socket" },
	{ "- data:/data", "- /:/host", "docker's socket" },
	{ "- data:/data\\n", "- data:/data\\n...\\n}\\n", "something follows" },
	{ "@sha256:0", "@sha256:G", "not pinned" },
	{ "@sha256:0", "@sha256:", "not pinned" },
	{ "example/prover@", "|-\\n      @", "not pinned" },
	{ NULL, NULL, NULL }
};

static const struct edit of_policy[] = {
	{ NULL, "[]", "no JSON object" }, { NULL, "{\"a\":1}", "a is not known" },
	{ NULL, "{\"mrtd\":[]}", "mrtd has 0 values" },
	{ NULL, "{\"mrtd\":\"00\"}", "mrtd is not 48 bytes" },
	{ NULL, "{\"tcb_status\":\"UpToDate\"}", "tcb_status is not an array" },
	{ NULL, "{\"tcb_status\":[1]}", "array of names" },
	{ NULL, "{\"tcb_status\":[\"Revoked\"]}", "cannot be accepted" },
	{ NULL, "{\"sgx_types\":[3]}", "sgx_types" },
	{ NULL, "{\"sgx_types\":1}", "sgx_types" },
	{ NULL, "{\"allow_smt\":1}", "allow_smt is not true" },
	{ NULL, "{\"require_tls\":\"keys\"}", "require_tls is not key" },
	{ NULL, "{\"require_tls\":true}", "require_tls is not key" },
	{ NULL, "{\"os_images\":[]}", "os_images is not" },
	{ NULL, "{\"os_images\":[{}]}", "mrtd is not" },
	{ NULL, "{\"os_images\":[1]}", "os_images is not an object" },
	{ NULL, "{\"os_images\":[{\"rtmr\":1}]}", "rtmr is not known" },
	{ NULL, "{\"key_provider\":{}}", "key_provider has no name" },
	{ NULL, "{\"key_provider\":{\"name\":1}}", "key_provider has no name" },
	{ NULL, "{\"min_eval_number\":-1}", "min_eval_number is not" },
	{ NULL, "{\"min_tcb_date\":\"2026\"}", "min_tcb_date is no date" },
	{ NULL, "{\"gpu\":{\"x\":1}}", "x is not known" },
	{ NULL, "{\"caa\":[]}", "caa is not an object" },
	{ NULL, "{\"caa\":{\"dns\":true}}", "dns is not known" },
	{ NULL, "{\"caa\":{\"issuer\":\"\"}}", "issuer is no text" },
	{ NULL, "{\"caa\":{\"wildcard\":1}}", "wildcard is not true" },
	{ NULL, "{\"ct\":true}", "ct is not an object" },
	{ NULL, "{\"ingress\":{\"required\":1}}", "required is not true" },
	{ NULL, NULL, NULL }
};

static const struct edit of_evidence[] = {
	{ NULL, "", "not hexadecimal" }, { NULL, "AB", "not hexadecimal" },
	{ NULL, "0xab", "not hexadecimal" }, { NULL, "abc", "not hexadecimal" },
	{ NULL, "{}", "has none" }, { NULL, "{\"quote\":1}", "not hexadecimal" },
	{ NULL, "{\"quote\":\"\"}", "not hexadecimal" },
	{ NULL, "[256]", "element 0 is no byte" }, { NULL, "[\"a\"]", "no byte" },
	{ NULL, "{\"quote\":\"00\",\"report_data\":\"00\"}", "report_data is not" },
	{ NULL, "{\"quote\":\"00\",\"statement\":1}", "statement is no string" },
	{ NULL, "{\"quote\":\"00\",\"statement\":\"\",\"gpu_evidence\":[]}",
	    "gpu_evidence is no string" },
	{ NULL, "[0] [0]", "quote:" }, { NULL, NULL, NULL }
};

static void
test_texts(void)
{
	struct text policy = { 0 }, hex = { 0 };

	enclave_make(&x, "log_no_digest");
	put(&policy, "{}");
	put(&hex, " 0400ab\n");
	edits(&x.event_log, of_log, take_log);
	edits(&x.compose, of_compose, take_compose);
	edits(&x.collateral, of_collateral, take_collateral);
	edits(&policy, of_policy, take_policy);
	edits(&hex, of_evidence, take_evidence);
	free(policy.p);
	free(hex.p);
	enclave_free(&x);
}

/* More than anybody has: refused before it is looked at. */
static void
test_sizes(void)
{
	static const uint8_t few[1] = { '{' };
	struct text many = { 0 };
	struct err e;

#define LONGER(max) ((struct bytes){ few, (max) + 1 })
	refused(take_collateral(LONGER(COLLATERAL_MAX), &e), &e, "more than");
	refused(take_evidence(LONGER(EVIDENCE_MAX), &e), &e, "more than");
	refused(take_log(LONGER(EVENT_LOG_MAX), &e), &e, "more than");
	refused(take_compose(LONGER(COMPOSE_MAX), &e), &e, "more than");
	put(&many, "[1");
	for (int i = 0; i < 65536; i++)
		put_bytes(&many, ",1", 2);
	put(&many, "]");
	refused(take_log(bytes_of(&many), &e), &e, "more than 65536 events");
	many.n = 0;
	put(&many, "{\"docker_compose_file\":\"");
	for (int i = 0; i < 1001; i++)
		put(&many, "k%d: 1\\n", i);
	put(&many, "services: {}\"}");
	refused(take_compose(bytes_of(&many), &e), &e, "more than 1000 keys");
	free(many.p);
}

static void
test_dates(void)
{
	static const struct {
		const char *text;
		int64_t seconds;	/* -1: none */
	} of[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2000-02-29T12:00:00Z", 951825600 },
		{ "2026-02-18T10:58:51Z", 1771412331 },
		{ "2027-01-15T08:00:00Z", FIRST },
		{ "9999-12-31T23:59:59Z", 253402300799 },
		{ "1969-12-31T23:59:59Z", -1 }, { "2100-02-29T00:00:00Z", -1 },
		{ "2026-13-01T00:00:00Z", -1 }, { "2026-00-01T00:00:00Z", -1 },
		{ "2026-04-31T00:00:00Z", -1 }, { "2026-01-00T00:00:00Z", -1 },
		{ "2026-01-01T24:00:00Z", -1 }, { "2026-01-01T00:60:00Z", -1 },
		{ "2026-01-01T00:00:60Z", -1 }, { "2026-01-01T00:00:00", -1 },
		{ "2026-01-01 00:00:00Z", -1 }, { "2026-1-01T00:00:00Z", -1 },
		{ "+026-01-01T00:00:00Z", -1 }, { "2026-01-01T00:00:00z", -1 },
	};
	char text[32];
	int64_t s;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		if (date_parse(&s, of[i].text))
			s = -1;
		is_int(s, of[i].seconds, "%s", of[i].text);
		if (s < 0)
			continue;
		date_text(text, s);
		is_str(text, of[i].text, "and back");
	}
	date_text(text, -1);
	is_str(text, "?", "no date before 1970");
	for (s = 0; s < 253402300799; s += 86400 * 97 + 12345) {
		int64_t again = -1;

		date_text(text, s);
		if (date_parse(&again, text) || again != s)
			break;
	}
	ok(s >= 253402300799, "every date reads back");
}

static void
test_der(void)
{
	static const struct {
		const char *hex;
		uint32_t x;
		bool good;
	} of[] = {
		{ "020105", 5, true }, { "02020080", 128, true },
		{ "020500ffffffff", UINT32_MAX, true }, { "0200", 0, false },
		{ "020180", 0, false }, { "02020005", 0, false },
		{ "0201", 0, false }, { "02810105", 0, false },
		{ "0280", 0, false }, { "030105", 0, false },
		{ "02060100000000ff", 0, false }, { "028201", 0, false },
	};
	uint8_t der[16];
	struct bytes in;
	uint32_t v = 0;
	bool yes;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		in = (struct bytes){ der, strlen(of[i].hex) / 2 };
		must(plain_hex(der, in.n, of[i].hex, 2 * in.n) == 0);
		ok((der_uint(&v, &in, DER_INTEGER, UINT32_MAX) == 0) ==
		    of[i].good && (!of[i].good || v == of[i].x), "INTEGER %s",
		    of[i].hex);
	}
	in = (struct bytes){ (const uint8_t *)"\1\1\377\1\1\1", 6 };
	ok(der_bool(&yes, &in) == 0 && yes, "BOOLEAN");
	ok(der_bool(&yes, &in) != 0, "which has two values");
}

/* The bytes of a member, as they are in the text. */
static void
test_slices(void)
{
	static const char text[] = "{ \"a\" : [1, {\"b\":2}] , \"b\":\"\\\"}\",\"c\" :3 }";
	static const struct {
		const char *key, *is;
	} of[] = { { "a", "[1, {\"b\":2}]" }, { "b", "\"\\\"}\"" }, { "c", "3" } };
	struct bytes in = { (const uint8_t *)text, sizeof text - 1 }, out;
	struct err e;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		ok(strict_slice(&out, in, of[i].key, &e) == 0 &&
		    out.n == strlen(of[i].is) && memcmp(out.p, of[i].is,
		    out.n) == 0, "the text of %s", of[i].key);
	refused(strict_slice(&out, in, "d", &e), &e, "no d");
}

static void
test_certificates(void)
{
	struct text two = { 0 };
	struct chain c = { 0 };
	struct err e;

	enclave_make(&x, "");
	put_bytes(&two, x.root.p, x.root.n);
	put_bytes(&two, "", 1);
	refused(chain_one(&c, bytes_of(&two), &e), &e, "is not well-formed");
	chain_free(&c);
	refused(chain_one(&c, (struct bytes){ (const uint8_t *)"-", 1 }, &e), &e,
	    "no certificates");
	chain_free(&c);
	two.n = 0;
	words = "";
	for (int i = 0; i < CHAIN_MAX + 1; i++)
		put_pem(&two, root.x[0]);
	refused(chain_pem(&c, bytes_of(&two), false, NULL, &e), &e, "more than 8");
	chain_free(&c);
	refused(chain_one(&c, bytes_of(&two), &e), &e, "more than 8");
	chain_free(&c);
	two.n /= 3;
	refused(chain_one(&c, bytes_of(&two), &e), &e, "certificates, not one");
	chain_free(&c);
	free(two.p);
	enclave_free(&x);
}

int
main(void)
{
	struct err e;

	must(chain_one(&root, intel_root(), &e) == 0);
	test_quotes();
	test_texts();
	test_sizes();
	test_dates();
	test_der();
	test_slices();
	test_certificates();
	chain_free(&root);
	return done_testing();
}
