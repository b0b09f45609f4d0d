/* What a quote shows without collateral.  A signature makes it true only later. */
#include "attest/verify.h"

static const uint8_t intel_vendor[16] = {
	0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
	0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07
};

/* TDATTRIBUTES (Intel, "TDX Module ABI", 3.4.1). */
#define TD_DEBUG ((uint64_t)1)
#define TD_SEPT_VE_DISABLE ((uint64_t)1 << 28)
/* XFAM: x87 and SSE always, and no bit that no TDX module knows. */
#define XFAM_ALWAYS 0x3u
#define XFAM_KNOWN 0x6dbe7u
/* An enclave's ATTRIBUTES */
#define SGX_DEBUG 0x02

static void
check_trailer(struct attest_checks *k, const struct quote *q)
{
	if (is_zero(q->trailer.p, q->trailer.n))
		check_pass(k, CHECK_quote_trailer, "%zu bytes of zeros",
		    q->trailer.n);
	else
		check_fail(k, CHECK_quote_trailer, "%zu bytes that nobody signed "
		    "follow the quote", q->trailer.n);
}

static void
check_source(struct attest_checks *k, const struct quote *q,
    const struct evidence *ev)
{
	if (!ev->has_report_data)
		return;
	if (memcmp(ev->report_data, quote_report_data(q), 64) == 0)
		check_pass(k, CHECK_quote_source, "%s", "");
	else
		check_fail(k, CHECK_quote_source, "report_data beside the quote is "
		    "not the quote's");
}

static void
check_debug(struct attest_checks *k, bool debug, const struct policy *p)
{
	if (debug && !p->allow_debug)
		check_fail(k, CHECK_debug, "its memory can be read by the host");
	else
		check_pass(k, CHECK_debug, "%s", debug ? "debug, as allowed" : "");
}

static void
check_td_attributes(struct attest_checks *k, const uint8_t *td,
    const struct policy *p)
{
	uint64_t a = le64(td + TD_ATTRIBUTES);

	if (p->tdattributes.n > 0) {
		if (value_listed(&p->tdattributes, td + TD_ATTRIBUTES))
			check_pass(k, CHECK_td_attributes, "%s", "");
		else
			check_fail(k, CHECK_td_attributes, "0x%016llx is not one of "
			    "those named", (unsigned long long)a);
	} else if (!(a & TD_SEPT_VE_DISABLE)) {
		check_fail(k, CHECK_td_attributes, "SEPT_VE_DISABLE is not set");
	} else if (a & ~(TD_SEPT_VE_DISABLE | TD_DEBUG)) {
		check_fail(k, CHECK_td_attributes, "0x%016llx has more than "
		    "SEPT_VE_DISABLE", (unsigned long long)a);
	} else {
		check_pass(k, CHECK_td_attributes, "%s", "");
	}
}

static void
check_xfam(struct attest_checks *k, const uint8_t *td, const struct policy *p)
{
	uint64_t x = le64(td + TD_XFAM);

	if (p->xfam.n > 0 ? value_listed(&p->xfam, td + TD_XFAM) :
	    (x & XFAM_ALWAYS) == XFAM_ALWAYS && !(x & ~(uint64_t)XFAM_KNOWN))
		check_pass(k, CHECK_td_xfam, "%s", "");
	else
		check_fail(k, CHECK_td_xfam, "0x%llx", (unsigned long long)x);
}

static void
check_td(struct attest_checks *k, const struct quote *q, const struct policy *p)
{
	const uint8_t *td = q->body;

	check_debug(k, le64(td + TD_ATTRIBUTES) & TD_DEBUG, p);
	check_td_attributes(k, td, p);
	check_xfam(k, td, p);
	if (!is_zero(td + TD_MRSIGNERSEAM, 48) ||
	    !is_zero(td + TD_SEAMATTRIBUTES, 8))
		check_fail(k, CHECK_td_seam, "MRSIGNERSEAM or SEAMATTRIBUTES is not "
		    "zero");
	else
		check_pass(k, CHECK_td_seam, "%s", "");
	if (q->body_len < QUOTE_TD15)
		return;
	if (!is_zero(td + TD_MRSERVICETD, 48))
		check_fail(k, CHECK_td_service, "MRSERVICETD is not zero");
	else
		check_pass(k, CHECK_td_service, "%s", "");
}

void
verify_quote_alone(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	const struct quote *q = &v->quote;

	check_trailer(k, q);
	check_source(k, q, in->evidence);
	if (memcmp(q->vendor, intel_vendor, sizeof intel_vendor) == 0)
		check_pass(k, CHECK_qe_vendor, "%s", "");
	else
		check_fail(k, CHECK_qe_vendor, "the vendor is not Intel");
	if (q->tdx)
		check_td(k, q, in->policy);
	else
		check_debug(k, q->body[SGX_ATTRIBUTES] & SGX_DEBUG, in->policy);
}
