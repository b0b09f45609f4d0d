#include "attest/verify.h"

/* Without these there is no genuine quote.  Those of a TD alone are TDX's. */
static const struct {
	enum attest_check check;
	bool tdx;
} essential[] = {
	{ CHECK_quote_format, false }, { CHECK_quote_trailer, false },
	{ CHECK_qe_vendor, false }, { CHECK_debug, false },
	{ CHECK_td_attributes, true }, { CHECK_td_xfam, true },
	{ CHECK_td_seam, true },
	{ CHECK_collateral_format, false }, { CHECK_tcb_info_signer, false },
	{ CHECK_tcb_info_signature, false }, { CHECK_tcb_info, false },
	{ CHECK_tcb_info_date, false }, { CHECK_qe_identity_signer, false },
	{ CHECK_qe_identity_signature, false }, { CHECK_qe_identity, false },
	{ CHECK_qe_identity_date, false }, { CHECK_root_crl, false },
	{ CHECK_pck_crl, false }, { CHECK_signer_revocation, false },
	{ CHECK_pck_chain, false }, { CHECK_pck_date, false },
	{ CHECK_pck_extension, false }, { CHECK_pck_revocation, false },
	{ CHECK_fmspc, false }, { CHECK_pce_id, false },
	{ CHECK_qe_report_signature, false }, { CHECK_attestation_key, false },
	{ CHECK_quote_signature, false }, { CHECK_qe_measurement, false },
	{ CHECK_qe_tcb, false }, { CHECK_tdx_module, true },
	{ CHECK_tcb_level, false }, { CHECK_tcb_status, false },
};

static bool
all_passed(const struct attest_verdict *v, enum attest_check from,
    enum attest_check to)
{
	for (size_t i = 0; i < sizeof essential / sizeof *essential; i++)
		if (essential[i].check >= from && essential[i].check <= to &&
		    (v->quote.tdx || !essential[i].tdx) &&
		    !check_passed(&v->checks, essential[i].check))
			return false;
	return true;
}

/* What was never looked at is no yes, of a statement either. */
static bool
statement_holds(const struct attest_verdict *v, const struct attest_input *in)
{
	const struct attest_checks *k = &v->checks;

	if (in->evidence->statement.p == NULL)
		return in->asked == NULL;
	return v->has_statement && check_passed(k, CHECK_statement_date) &&
	    check_passed(k, CHECK_statement_keys) && (in->asked == NULL ||
	    ((in->policy->nonce == POLICY_NO ||
	    check_passed(k, CHECK_statement_nonce)) &&
	    (in->policy->tls == POLICY_TLS_NONE ||
	    check_passed(k, CHECK_statement_tls_key))));
}

void
attest_verify(struct attest_verdict *v, const struct attest_input *in)
{
	struct err e;

	memset(v, 0, sizeof *v);
	check_result(&v->checks, CHECK_quote_format, quote_parse(&v->quote,
	    in->evidence->quote.p, in->evidence->quote.n, &e), &e);
	v->has_quote = check_passed(&v->checks, CHECK_quote_format);
	if (v->has_quote) {
		verify_quote_alone(v, in);
		verify_platform(v, in);
		v->has_status = all_passed(v, CHECK_collateral_format,
		    CHECK_tcb_level) && check_passed(&v->checks,
		    CHECK_quote_format) && check_passed(&v->checks,
		    CHECK_qe_vendor);
		verify_application(v, in);
		verify_statement(v, in);
		apply_policy(v, in);
		verify_domain(v, in);
		verify_gpus(v, in);
	}
	v->valid = check_first_failed(&v->checks) == ATTEST_CHECKS &&
	    all_passed(v, 0, ATTEST_CHECKS) && statement_holds(v, in);
	v->malformed = v->checks.malformed;
}

void
attest_verdict_free(struct attest_verdict *v)
{
	event_log_free(&v->log);
	compose_free(&v->compose);
	gpus_free(&v->gpus);
}
