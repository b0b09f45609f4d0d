#ifndef TEST_LIB_ENCLAVE_COLLATERAL_H
#define TEST_LIB_ENCLAVE_COLLATERAL_H
/* What Intel would say of a synthetic enclave's platform. */
#include "test/lib/enclave_pki.h"

static void
put_date(struct text *t, int64_t seconds)
{
	time_t s = (time_t)seconds;
	struct tm tm;
	char text[32];

	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&s, &tm));
	put(t, "\"%s\"", text);
}

static void
put_dates(struct text *t, bool early, bool old)
{
	put(t, "\"issueDate\":");
	put_date(t, early ? START + 100 : START);
	put(t, ",\"nextUpdate\":");
	put_date(t, old ? START - 1 : END);
}

static void
put_level(struct text *t, bool sgx, unsigned svn, unsigned pcesvn, unsigned tdx,
    const char *date, const char *status, const char *advisory)
{
	put(t, "{\"tcb\":{\"sgxtcbcomponents\":[");
	for (int i = 0; i < 16; i++)
		put(t, "%s{\"svn\":%u}", i ? "," : "", svn);
	put(t, "],\"pcesvn\":%u", pcesvn);
	if (!sgx) {
		put(t, ",\"tdxtcbcomponents\":[");
		for (int i = 0; i < 16; i++)
			put(t, "%s{\"svn\":%u}", i ? "," : "",
			    i == 0 ? tdx : i == 2 ? 3 : 0);
		put(t, "]");
	}
	put(t, "},\"tcbDate\":\"%sT00:00:00Z\",\"tcbStatus\":\"%s\"", date, status);
	if (advisory != NULL)
		put(t, ",\"advisoryIDs\":[\"%s\"]", advisory);
	put(t, "}");
}

static void
put_module(struct text *t, unsigned version, unsigned svn, const char *status)
{
	put(t, "{\"id\":\"TDX_%02X\",\"mrsigner\":\"%096d\",\"attributes\":\"%016d\","
	    "\"attributesMask\":\"FFFFFFFFFFFFFFFF\",\"tcbLevels\":[{\"tcb\":"
	    "{\"isvsvn\":%u},\"tcbDate\":\"2026-06-01T00:00:00Z\",\"tcbStatus\":"
	    "\"%s\"},{\"tcb\":{\"isvsvn\":%u},\"tcbDate\":\"2024-06-01T00:00:00Z\","
	    "\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-01099\"]}]}",
	    version, is("module_signer"), is("module_attributes"), svn, status,
	    svn - 3);
}

static bool
for_sgx(void)
{
	return number("version=", 4) == 3 || is("sgx");
}

static void
put_levels(struct text *t)
{
	const char *status = is("unknown_status") ? "Fine" :
	    string("status=", "UpToDate");
	bool sgx = for_sgx(), reversed = is("levels_reversed");

	put(t, "\"tcbLevels\":[");
	if (reversed) {
		put_level(t, sgx, 2, 5, 3, "2023-08-09", "OutOfDate",
		    "INTEL-SA-00837");
		put(t, ",");
	}
	put_level(t, sgx, 5, 13, 5, "2026-05-01", status,
	    strcmp(status, "UpToDate") == 0 ? NULL : "INTEL-SA-00615");
	if (!reversed) {
		put(t, ",");
		put_level(t, sgx, 2, 5, 3, "2023-08-09", "OutOfDate",
		    "INTEL-SA-00837");
	}
	put(t, "]");
}

static void
put_tcb_info(struct text *t)
{
	bool sgx = for_sgx();

	put(t, "{\"id\":\"%s\",\"version\":%u,", string("tcb_id=", sgx ? "SGX" :
	    "TDX"), number("tcb_version=", 3));
	put_dates(t, is("tcb_early"), is("tcb_old"));
	put(t, ",\"fmspc\":\"%s\",\"pceId\":\"%s\",\"tcbType\":0,"
	    "\"tcbEvaluationDataNumber\":%u,", is("fmspc") ? "00A067110000" :
	    "90C06F000000", is("pce_id") ? "0001" : "0000",
	    number("evaluation=", 18));
	if (is("tcb_duplicate"))
		put(t, "\"tcbType\":0,");
	if (!sgx || is("tcb_id=")) {
		put(t, "\"tdxModule\":{\"mrsigner\":\"%096d\",\"attributes\":"
		    "\"%016d\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"},"
		    "\"tdxModuleIdentities\":[", 0, 0);
		if (!is("no_module")) {
			put_module(t, 1, 5, string("module_status=", "UpToDate"));
			put(t, ",");
		}
		put_module(t, 3, 3, "UpToDate");
		put(t, "],");
	}
	put_levels(t);
	put(t, "}");
}

#define QE_MRSIGNER \
	"DC9E2A7C6F948F17474E34A7FC43ED030F7C1563F1BABDDF6340C82E0E54A8C5"

static void
put_qe_identity(struct text *t)
{
	put(t, "{\"id\":\"%s\",\"version\":2,", string("qe_id=", for_sgx() ? "QE" :
	    "TD_QE"));
	put_dates(t, is("qe_early"), is("qe_old"));
	put(t, ",\"tcbEvaluationDataNumber\":18,\"miscselect\":\"00000001\","
	    "\"miscselectMask\":\"FFFFFFFF\",\"attributes\":"
	    "\"11000000000000000000000000000000\",\"attributesMask\":"
	    "\"%sFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"" QE_MRSIGNER "\","
	    "\"isvprodid\":2,\"tcbLevels\":[{\"tcb\":{\"isvsvn\":4},\"tcbDate\":"
	    "\"2026-05-01T00:00:00Z\",\"tcbStatus\":\"%s\"},{\"tcb\":{\"isvsvn\":2},"
	    "\"tcbDate\":\"2023-05-01T00:00:00Z\",\"tcbStatus\":\"OutOfDate\","
	    "\"advisoryIDs\":[\"INTEL-SA-00477\"]}]}",
	    is("qe_mask") ? "F9" : "FB", string("qe_status=", "UpToDate"));
}

static void
put_signature(struct text *t, EVP_PKEY *by, const struct text *signed_text,
    bool bad)
{
	uint8_t s[64];

	sign(s, by, signed_text->p, signed_text->n);
	s[40] ^= bad;
	put_hex(t, s, sizeof s);
}

/* A signed text, beside its signature or as Intel answers. */
static void
put_signed(struct text *t, const char *name, const char *inner,
    const struct text *body, EVP_PKEY *by, bool bad)
{
	put(t, ",\"%s\":", name);
	if (is("intel_answers")) {
		put(t, "{\"%s\": %s ,\"signature\":\"", inner, body->p);
		put_signature(t, by, body, bad);
		put(t, "\"}");
		return;
	}
	put_quoted(t, body->p);
	put(t, ",\"%s_signature\":\"", name);
	put_signature(t, by, body, bad);
	put(t, "\"");
}

static void
put_chain(struct text *t, const char *name, X509 *a, X509 *b)
{
	struct text pem = { 0 };
	const char *saved = words;

	words = "";	/* the quote's alone is altered */
	put_pem(&pem, a);
	put_pem(&pem, b);
	words = saved;
	put(t, "\"%s\":", name);
	put_quoted(t, pem.p);
	free(pem.p);
}

static void
put_lists(struct text *t)
{
	int of_root = is("ca_revoked") ? 2 : is("quote_ca_revoked") ? 12 :
	    is("signer_revoked") ? 4 : is("root_revoked") ? 1 : 0;

	put(t, ",\"root_ca_crl\":\"");
	put_crl(t, ROOT_NAME, key(is("bad_root_crl") ? K_OTHER : K_ROOT),
	    is("root_crl_early") ? START + 100 : START,
	    is("root_crl_old") ? START - 1 : END, of_root);
	put(t, "\",\"pck_crl\":\"");
	put_crl(t, is("crl_other_ca") ? "Intel SGX PCK Processor CA" :
	    is("ca_name") ? OTHER_NAME : CA_NAME,
	    key(is("bad_pck_crl") ? K_OTHER : K_CA),
	    is("pck_crl_early") ? START + 100 : START,
	    is("pck_crl_old") ? START - 1 : END, is("pck_revoked") ? 3 : 0);
	put(t, "\"");
}

static void
put_collateral(struct text *t, X509 *root, X509 *ca, X509 *pck)
{
	int other = is("qe_other_signer") ? K_OTHER : K_SIGNER;
	int of_tcb = is("signer_is_ca_of_pcks") ? K_PCK : K_SIGNER;
	X509 *signer = is("signer_is_ca_of_pcks") ? make_pck() :
	    make_signer(K_SIGNER);
	X509 *qe_signer = make_signer(other);
	struct text tcb = { 0 }, qe = { 0 }, pem = { 0 };

	put_tcb_info(&tcb);
	put_qe_identity(&qe);
	put(t, "{");
	put_chain(t, "pck_crl_issuer_chain", ca, root);
	put_lists(t);
	put(t, ",");
	put_chain(t, "tcb_info_issuer_chain", signer, root);
	put_signed(t, "tcb_info", "tcbInfo", &tcb, key(of_tcb),
	    is("bad_tcb_signature"));
	put(t, ",");
	put_chain(t, "qe_identity_issuer_chain", qe_signer, root);
	put_signed(t, "qe_identity", "enclaveIdentity", &qe, key(other),
	    is("bad_qe_identity_signature"));
	if (is("collateral_chain")) {
		put_pem(&pem, pck);
		put_pem(&pem, ca);
		put_pem(&pem, root);
		put(t, ",\"pck_certificate_chain\":");
		put_quoted(t, pem.p);
		free(pem.p);
	}
	put(t, "}");
	X509_free(signer);
	X509_free(qe_signer);
	free(tcb.p);
	free(qe.p);
}

#endif
