/*
 * NVIDIA's GPUs: genuine reports and reference measurements
 * (test/vectors/attest/nvidia), and ones under roots of our own, altered in one place
 * (test/lib/gpus.h).
 */
#include "attest/rim.h"
#include "attest/verify.h"
#include "base/io.h"
#include "test/lib/gpus.h"
#include "test/lib/tap.h"

#define NOW (FIRST + 1000)
#define V "test/vectors/attest/nvidia/"

static struct bytes
bytes_of(const struct text *t)
{
	return (struct bytes){ (const uint8_t *)t->p, t->n };
}

static void
root_of(struct chain *c, struct bytes der)
{
	struct err e;

	memset(c, 0, sizeof *c);
	must(chain_one(c, der, &e) == 0);
}

struct expected {
	const char *words;
	enum attest_check first;
	bool malformed;
	int rims;		/* how many of driver, VBIOS are given */
	const char *policy;
};

static void
check_one(const struct expected *x)
{
	struct attest_checks k = { 0 };
	struct chain root, gpu_root, rim_root;
	struct collateral c;
	struct gpu_made m;
	struct policy p;
	struct evidence ev;
	struct attest_verdict v;
	struct bytes rims[2];
	struct err e;
	enum attest_check first;
	uint8_t hash[32];
	struct enclave bound;

	gpus_make(&m, x->words);
	sha256(hash, m.evidence.p, m.evidence.n);
	hash[0] ^= strstr(x->words, "bound_other") != NULL;
	enclave_gpu = strstr(x->words, "unbound") ? NULL : hash;
	enclave_make(&bound, enclave_gpu ? "gpu=0" : "");
	enclave_gpu = NULL;
	root_of(&root, bytes_of(&bound.root));
	root_of(&gpu_root, strstr(x->words, "other_gpu_root") ? nvidia_root() :
	    bytes_of(&m.gpu_root));
	root_of(&rim_root, strstr(x->words, "other_rim_root") ?
	    nvidia_rim_root() : bytes_of(&m.rim_root));
	policy_default(&p);
	must(x->policy == NULL || policy_parse(&p, (struct bytes){
	    (const uint8_t *)x->policy, strlen(x->policy) }, &e) == 0);
	must(evidence_parse(&ev, bytes_of(&bound.quote), &e) == 0 &&
	    collateral_parse(&c, bytes_of(&bound.collateral), &root, &e) == 0);
	collateral_verify(&k, &c, &root, NOW);
	ev.event_log = bytes_of(&bound.event_log);
	if (strcmp(x->words, "none") != 0)
		ev.gpus = bytes_of(&m.evidence);
	rims[0] = bytes_of(&m.driver);
	rims[1] = bytes_of(&m.vbios);
	ev.rims = rims;
	ev.nrims = (size_t)x->rims;
	attest_verify(&v, &(struct attest_input){ .evidence = &ev,
	    .collateral = &c, .collateral_checks = &k, .root = &root,
	    .gpu_root = &gpu_root, .rim_root = &rim_root, .policy = &p,
	    .now = NOW });
	first = check_first_failed(&v.checks);
	if (!ok(first == x->first && v.valid == (first == ATTEST_CHECKS) &&
	    v.malformed == x->malformed, "%s: %s", x->words,
	    x->first == ATTEST_CHECKS ? "valid" : attest_check_name(x->first)))
		diag("%s: %s", first == ATTEST_CHECKS ? "none" :
		    attest_check_name(first), first == ATTEST_CHECKS ? "" :
		    v.checks.of[first].detail);
	attest_verdict_free(&v);
	evidence_free(&ev);
	collateral_free(&c);
	policy_free(&p);
	chain_free(&root);
	chain_free(&gpu_root);
	chain_free(&rim_root);
	gpus_made_free(&m);
	enclave_free(&bound);
}

#define H16(b) b b b b b b b b b b b b b b b b
#define H32(b) H16(b) H16(b)

static const struct expected made[] = {
	{ "", ATTEST_CHECKS, false, 2, NULL },
	{ "two", ATTEST_CHECKS, false, 2, NULL },
	{ "unbound", CHECK_gpu_binding, false, 2, NULL },
	{ "bound_other", CHECK_gpu_binding, false, 2, NULL },
	{ "no_driver", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "none", CHECK_gpu_format, false, 2, "{\"gpu\":{\"required\":true}}" },
	{ "none", ATTEST_CHECKS, false, 2, NULL },
	{ "cut", CHECK_gpu_format, true, 2, NULL },
	{ "other_gpu_root", CHECK_gpu_chain, false, 2, NULL },
	{ "gpu_root_name", CHECK_gpu_chain, false, 2, NULL },
	{ "gpu_expired", CHECK_gpu_chain, false, 2, NULL },
	{ "firmware", CHECK_gpu_firmware, false, 2, NULL },
	{ "no_firmware", CHECK_gpu_firmware, false, 2, NULL },
	{ "leaf_without", CHECK_gpu_firmware, false, 2, NULL },
	{ "signature", CHECK_gpu_signature, false, 2, NULL },
	{ "nonce", CHECK_gpu_nonce, false, 2, NULL },
	{ "", ATTEST_CHECKS, false, 2, "{\"gpu\":{\"nonce\":\"" H32("77") "\"}}" },
	{ "", CHECK_gpu_nonce, false, 2, "{\"gpu\":{\"nonce\":\"" H32("76") "\"}}" },
	{ "", CHECK_gpu_driver_rim, false, 0, NULL },
	{ "", CHECK_gpu_vbios_rim, false, 1, NULL },
	{ "driver_version", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "other_rim_root", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "rim_expired", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "rim_signature", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "rim_altered", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "transform", CHECK_gpu_driver_rim, false, 2, NULL },
	{ "measurement", CHECK_gpu_measurements, false, 2, NULL },
	{ "overlap", CHECK_gpu_measurements, false, 2, NULL },
};

/* A number at an offset of a report that holds. */
static void
malformed_reports(void)
{
	enum { ANSWER = 37, RECORD = ANSWER + 8, OPAQUE = RECORD + 8 * 55 + 34 };
	static const struct {
		size_t at, width;
		uint64_t x;
		const char *why;
	} of[] = {
		{ 0, 1, 0x12, "no SPDM measurements" },
		{ ANSWER + 1, 1, 0x61, "no SPDM measurements" },
		{ ANSWER + 4, 1, 7, "something follows the measurements" },
		{ ANSWER + 4, 1, 9, "measurement 9 is not one" },
		{ ANSWER + 4, 1, 65, "measurements cut off" },
		{ ANSWER + 5, 3, 0xffffff, "measurements cut off" },
		{ RECORD, 1, 2, "measurement 1 is not one" },
		{ RECORD + 1, 1, 2, "measurement 1 is not one" },
		{ RECORD + 2, 2, 50, "measurement 1 is not one" },
		{ RECORD + 5, 2, 47, "measurement 1 is not one" },
		{ OPAQUE - 2, 2, 1, "no signature at the end" },
		{ OPAQUE + 2, 2, 500, "opaque data cut off" },
		{ OPAQUE, 2, 20, "a firmware id of 10 bytes" },
	};
	struct text good = { 0 };
	struct gpu_report r;
	uint8_t firmware[48] = { 0 };
	struct err e;

	gpu_words = "no_firmware";
	put_report(&good, firmware);
	ok(gpu_report_parse(&r, bytes_of(&good), &e) == 0, "a report");
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct text t = { 0 };
		int got;

		put_bytes(&t, good.p, good.n);
		put_at((uint8_t *)t.p, of[i].at, of[i].x, of[i].width);
		got = gpu_report_parse(&r, bytes_of(&t), &e);
		if (!ok(got != 0 && strstr(e.msg, of[i].why) != NULL,
		    "report refused: %s", of[i].why))
			diag("%s", got ? e.msg : "taken");
		free(t.p);
	}
	for (size_t n = 0; n < good.n; n++) {
		uint8_t *part = malloc(n + !n);

		memcpy(part, good.p, n);
		if (gpu_report_parse(&r, (struct bytes){ part, n }, &e) == 0)
			ok(false, "%zu bytes of a report are one", n);
		free(part);
	}
	free(good.p);
}

static void
malformed_evidence(void)
{
	static const struct {
		const char *text, *why;
	} of[] = {
		{ "{}", "not an array of 1" }, { "[]", "not an array of 1" },
		{ "[1]", "no certificate" },
		{ "[{\"certificate\":\"*\"}]", "certificate is not base64" },
		{ "[{\"certificate\":\"\"}]", "certificate is not base64" },
		{ "[{\"certificate\":\"AAAA\"}]", "no certificates" },
		{ "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "not an array of 1 to 16" },
	};
	struct gpus g;
	struct err e;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		int got = gpus_parse(&g, (struct bytes){
		    (const uint8_t *)of[i].text, strlen(of[i].text) }, &e);

		if (!ok(got != 0 && strstr(e.msg, of[i].why) != NULL,
		    "evidence refused: %s", of[i].text))
			diag("%s", got ? e.msg : "taken");
		gpus_free(&g);
	}
	ok(gpus_parse(&g, (struct bytes){ (const uint8_t *)"[",
	    GPU_EVIDENCE_MAX + 1 }, &e) != 0 && strstr(e.msg, "more than"),
	    "too much of it");
	gpus_free(&g);
}

static struct bytes
slurp(const char *path)
{
	struct bytes b;
	uint8_t *p;
	struct err e;

	if (read_file(path, GPU_EVIDENCE_MAX, &p, &b.n, &e))
		die_err(&e);
	b.p = p;
	return b;
}

static void
judge_real(const char *name, const struct gpu *g)
{
	struct chain root;
	struct err e;

	root_of(&root, nvidia_root());
	ok(gpu_check_chain(g, &root, NOW, &e) == 0, "%s: chain", name);
	ok(gpu_check_firmware(g, &e) == 0, "%s: firmware", name);
	ok(gpu_check_signature(g, &e) == 0, "%s: signature", name);
	chain_free(&root);
}

/* A report in hexadecimal and its chain in PEM. */
static void
real_parts(const char *name, const char *report, const char *pem)
{
	struct bytes hex = slurp(report), chain = slurp(pem), raw;
	struct gpu g = { 0 };
	struct err e;

	while (hex.n > 0 && hex.p[hex.n - 1] <= ' ')
		hex.n--;
	raw.n = hex.n / 2;
	g.bytes = malloc(raw.n);
	raw.p = g.bytes;
	must(plain_hex(g.bytes, raw.n, (const char *)hex.p, hex.n) == 0 &&
	    chain_pem(&g.chain, chain, true, NULL, &e) == 0);
	if (ok(gpu_report_parse(&g.report, raw, &e) == 0, "%s: report", name))
		judge_real(name, &g);
	g.bytes[100] ^= 1;
	ok(gpu_check_signature(&g, &e) != 0, "%s: altered", name);
	chain_free(&g.chain);
	free(g.bytes);
	free((void *)hex.p);
	free((void *)chain.p);
}

static void
real_evidence(const char *path)
{
	struct bytes text = slurp(path);
	struct gpus g;
	struct err e;

	if (ok(gpus_parse(&g, text, &e) == 0 && g.n == 1, "%s", path)) {
		judge_real(path, &g.of[0]);
		ok(memcmp(g.of[0].nonce, g.of[0].report.nonce, 32) == 0,
		    "and its nonce");
	}
	gpus_free(&g);
	free((void *)text.p);
}

static void
real_rims(void)
{
	struct bytes text = slurp(V "NV_GPU_DRIVER_GH100_550.144.03.xml");
	struct bytes old = slurp(V "NV_GPU_DRIVER_GH100_570.124.03_expired.xml");
	char *altered = malloc(text.n);
	struct chain root;
	struct rim r;
	struct err e;

	must(altered != NULL);
	root_of(&root, nvidia_rim_root());
	ok(rim_parse(&r, text, &e) == 0 && r.signature == 0, "a RIM's signature");
	is_str(r.version, "550.144.03", "its version");
	ok(!r.of[6].active && r.of[7].active && r.of[7].n == 1, "a measurement");
	is_hex(r.of[7].digest[0], 48, "4a5e4b3d501fe31f91bd8b6f2921b58437704a504"
	    "dbedba971440e840c938c805612689ae3ac04b1009515a179063d49", "and another");
	ok(rim_check(&r, &root, 1740000000, &e) == 0, "it is NVIDIA's");
	ok(rim_check(&r, &root, 1900000000, &e) != 0, "until its chain expires");
	rim_free(&r);
	ok(rim_parse(&r, old, &e) == 0 && r.signature != 0 &&
	    rim_check(&r, &root, 1772000000, &e) != 0, "a sample whose signature "
	    "xmlsec1(1) does not verify either");
	rim_free(&r);
	memcpy(altered, text.p, text.n);
	memcpy(strstr(altered, "4a5e4b3d50"), "5a5e4b3d50", 10);
	ok(rim_parse(&r, (struct bytes){ (uint8_t *)altered, text.n }, &e) == 0 &&
	    rim_check(&r, &root, 1740000000, &e) != 0, "one altered");
	rim_free(&r);
	chain_free(&root);
	free(altered);
	free((void *)text.p);
	free((void *)old.p);
}

static void
malformed_rims(void)
{
	static const struct {
		const char *from, *to, *why;
	} of[] = {
		{ NULL, "x", "no XML" }, { NULL, "<a/>", "no SWID tag" },
		{ "SoftwareIdentity xmlns", "SoftwareIdentitx xmlns", "no XML" },
		{ "<Soft", "<!DOCTYPE a><Soft", "no SWID tag" },
		{ "colloquialVersion", "colloquialVersiom", "no version" },
		{ "<ds:Signature x", "<ds:Signature xmlns:ds=\"" DS_NS "\">"
		    "</ds:Signature><ds:Signature x", "no single signature" },
		{ "<Payload>", "<Payload></Payload><Payload>", "no single payload" },
		{ "<ds:X509Certificate>", "<ds:X509Certificate>*", "not base64" },
		{ "index=\"1\"", "index=\"0\"", "a measurement" },
		{ "index=\"1\"", "index=\"64\"", "a measurement" },
		{ "alternatives=\"2\"", "alternatives=\"0\"", "a measurement" },
		{ "alternatives=\"2\"", "alternatives=\"3\"", "a measurement" },
		{ "active=\"True\"", "active=\"maybe\"", "a measurement" },
	};
	struct gpu_made m;
	struct rim r;
	struct err e;

	ok(rim_parse(&r, (struct bytes){ (const uint8_t *)"<", RIM_MAX + 1 },
	    &e) != 0, "too much of one");
	rim_free(&r);
	gpus_make(&m, "");
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct text t = { 0 };
		const char *at = of[i].from ? strstr(m.driver.p, of[i].from) : NULL;
		int got;

		must(of[i].from == NULL || at != NULL);
		if (at != NULL)
			put_bytes(&t, m.driver.p, (size_t)(at - m.driver.p));
		put(&t, "%s%s", of[i].to, at ? at + strlen(of[i].from) : "");
		got = rim_parse(&r, bytes_of(&t), &e);
		if (!ok(got != 0 && strstr(e.msg, of[i].why) != NULL &&
		    e.status == EX_DATAERR, "RIM refused: %s", of[i].why))
			diag("%s", got ? e.msg : "taken");
		rim_free(&r);
		free(t.p);
	}
	gpus_made_free(&m);
}

int
main(void)
{
	struct err e;

	if (rim_start(&e))
		die_err(&e);
	real_parts("Hopper", V "gpu-hopper-report.txt", V "gpu-hopper-certs.pem");
	real_parts("Blackwell", V "blackwellAttestationReport.txt",
	    V "blackwellCertChain.txt");
	real_evidence(V "hopper_evidence.json");
	real_evidence(V "hopper_evidence_cert_hold.json");
	real_rims();
	malformed_rims();
	malformed_reports();
	malformed_evidence();
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		check_one(&made[i]);
	return done_testing();
}
