/* The quote under the collateral: who signed it, and the state of what it came from. */
#include "attest/verify.h"

#define LIST(...) (const enum attest_check[]){ __VA_ARGS__, ATTEST_CHECKS }

static void
check_kinds(struct attest_checks *k, const struct collateral *c,
    const struct quote *q)
{
	const char *want = q->tdx ? "TDX" : "SGX";

	if (c->tcb.tdx == q->tdx)
		check_pass(k, CHECK_tcb_info, "%s", "");
	else
		check_fail(k, CHECK_tcb_info, "not about %s", want);
	if (c->qe.tdx == q->tdx)
		check_pass(k, CHECK_qe_identity, "%s", "");
	else
		check_fail(k, CHECK_qe_identity, "not about %s", want);
}

/* The quote's certificates; those of the collateral where it has none. */
static int
read_chain(struct chain *c, const struct quote *q, const struct attest_input *in,
    struct err *e)
{
	const struct chain *const known[] = {
		in->root, &in->collateral->pck_ca,
		in->platform != NULL ? &in->platform->chain : NULL, NULL
	};

	if (q->cert_type == CERT_PCK_CHAIN)
		return chain_pem(c, q->cert, false, known, e);
	if (q->cert_type == CERT_PCK_LEAF || in->collateral->pck_chain.n == 0)
		return err_set(e, EX_NO, "the quote has certification data of type "
		    "%u, no chain", q->cert_type);
	return chain_copy(c, &in->collateral->pck_chain, e);
}

/* The same certificates as the last quote's. */
static bool
is_known(const struct chain *c, const struct attest_input *in)
{
	return in->platform != NULL && chain_equal(c, &in->platform->chain);
}

static int
check_chain(const struct chain *c, const struct attest_input *in, bool ca_known,
    struct err *e)
{
	size_t verified = is_known(c, in) && in->platform->chain_holds ? c->n :
	    ca_known ? 2 : 0;

	if (chain_verify(c, &pck_rule, in->root, verified, e))
		return -1;
	if (!pck_ca_named(c->x[1]))
		return err_set(e, EX_NO, "certificate 2 is not one of Intel's CAs "
		    "for platforms");
	return 0;
}

static int
check_unrevoked(const struct chain *c, const struct collateral *coll,
    struct err *e)
{
	if (!same_subject(c->x[1], coll->pck_ca.x[0]))
		return err_set(e, EX_NO, "the revocation list is another CA's");
	if (crl_lists(coll->root_crl, c->x[1]))
		return err_set(e, EX_NO, "the platforms' CA is revoked");
	if (crl_lists(coll->pck_crl, c->x[0]))
		return err_set(e, EX_NO, "the platform's certificate is revoked");
	return 0;
}

static void
verify_chain(struct attest_verdict *v, const struct attest_input *in,
    const struct chain *c)
{
	struct attest_checks *k = &v->checks;
	const struct collateral *coll = in->collateral;
	/* The same CA as the revocation list's needs its signature looked at once. */
	bool ca_known = check_passed(k, CHECK_pck_crl) && c->n == 3 &&
	    bytes_equal(c->der[1], coll->pck_ca.der[0]);
	struct err e;

	check_result(k, CHECK_pck_chain, check_chain(c, in, ca_known, &e), &e);
	check_result(k, CHECK_pck_date, chain_date(c, in->now, &e), &e);
	if (check_needs(k, LIST(CHECK_pck_chain), LIST(CHECK_pck_extension)))
		check_result(k, CHECK_pck_extension,
		    pck_read(&v->pck, c->x[0], &e), &e);
	if (check_needs(k, LIST(CHECK_pck_chain, CHECK_root_crl, CHECK_pck_crl),
	    LIST(CHECK_pck_revocation)))
		check_result(k, CHECK_pck_revocation,
		    check_unrevoked(c, coll, &e), &e);
}

static void
check_kind(struct attest_verdict *v, const struct tcb_info *t)
{
	struct attest_checks *k = &v->checks;

	if (!check_needs(k, LIST(CHECK_pck_extension),
	    LIST(CHECK_fmspc, CHECK_pce_id)))
		return;
	if (memcmp(v->pck.fmspc, t->fmspc, 6) == 0)
		check_pass(k, CHECK_fmspc, "%s", "");
	else
		check_fail(k, CHECK_fmspc, "the platform is of another kind than "
		    "the collateral");
	if (memcmp(v->pck.pce_id, t->pce_id, 2) == 0)
		check_pass(k, CHECK_pce_id, "%s", "");
	else
		check_fail(k, CHECK_pce_id, "the platform has another provisioning "
		    "enclave");
}

static int
check_binding(const struct quote *q, struct err *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const uint8_t *data = q->qe_report + SGX_REPORTDATA;
	uint8_t hash[32];

	must(ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
	    EVP_DigestUpdate(ctx, q->key, 64) == 1 &&
	    EVP_DigestUpdate(ctx, q->qe_auth.p, q->qe_auth.n) == 1 &&
	    EVP_DigestFinal_ex(ctx, hash, NULL) == 1);
	EVP_MD_CTX_free(ctx);
	if (memcmp(data, hash, 32) != 0)
		return err_set(e, EX_NO, "the quoting enclave's report is about "
		    "another key");
	if (!is_zero(data + 32, 32))
		return err_set(e, EX_NO, "the quoting enclave's report has more "
		    "than the key's hash");
	return 0;
}

static int
check_signature(const struct quote *q, struct err *e)
{
	EVP_PKEY *key = p256_key(q->key, e);
	int r;

	if (key == NULL)
		return -1;
	r = sig_verify(key, EVP_sha256(), q->signature, 64, q->signed_part, e);
	EVP_PKEY_free(key);
	return r;
}

static bool
masked_equal(const uint8_t *got, const uint8_t *want, const uint8_t *mask,
    size_t n)
{
	uint8_t d = 0;

	for (size_t i = 0; i < n; i++)
		d |= (uint8_t)((got[i] ^ want[i]) & mask[i]);
	return d == 0;
}

static int
check_qe(const uint8_t *r, const struct qe_identity *q, struct err *e)
{
	if (memcmp(r + SGX_MRSIGNER, q->mrsigner, 32) != 0)
		return err_set(e, EX_NO, "MRSIGNER");
	if (le16(r + SGX_ISVPRODID) != q->isvprodid)
		return err_set(e, EX_NO, "ISVPRODID %u, not %u",
		    le16(r + SGX_ISVPRODID), q->isvprodid);
	if (!masked_equal(r + SGX_MISCSELECT, q->miscselect, q->miscselect_mask, 4))
		return err_set(e, EX_NO, "MISCSELECT");
	if (!masked_equal(r + SGX_ATTRIBUTES, q->attributes, q->attributes_mask,
	    16))
		return err_set(e, EX_NO, "ATTRIBUTES");
	if (r[SGX_ATTRIBUTES] & 0x02)
		return err_set(e, EX_NO, "it can be debugged");
	return 0;
}

static int
check_report(const struct quote *q, const struct chain *c,
    const struct attest_input *in, struct err *e)
{
	const struct platform *p = in->platform;

	/* A platform's reports are the same until its enclave makes another key. */
	if (is_known(c, in) && p->report_holds &&
	    memcmp(p->qe_report, q->qe_report, sizeof p->qe_report) == 0 &&
	    memcmp(p->qe_signature, q->qe_signature, 64) == 0)
		return 0;
	return sig_verify(cert_key(c->x[0]), EVP_sha256(), q->qe_signature, 64,
	    (struct bytes){ q->qe_report, QUOTE_SGX }, e);
}

static void
verify_signatures(struct attest_verdict *v, const struct attest_input *in,
    const struct chain *c)
{
	struct attest_checks *k = &v->checks;
	const struct quote *q = &v->quote;
	struct err e;

	if (check_needs(k, LIST(CHECK_pck_chain),
	    LIST(CHECK_qe_report_signature)))
		check_result(k, CHECK_qe_report_signature,
		    check_report(q, c, in, &e), &e);
	check_result(k, CHECK_attestation_key, check_binding(q, &e), &e);
	check_result(k, CHECK_quote_signature, check_signature(q, &e), &e);
	check_result(k, CHECK_qe_measurement,
	    check_qe(q->qe_report, &in->collateral->qe, &e), &e);
}

static void
add_advisories(struct attest_verdict *v, const struct tcb_level *l)
{
	size_t i, j;
	json_t *id;

	json_array_foreach(l->advisories, i, id) {
		for (j = 0; j < v->nadvisories && strcmp(v->advisory[j],
		    json_string_value(id)) != 0; j++)
			;
		if (j == v->nadvisories && j < ADVISORIES_MAX)
			v->advisory[v->nadvisories++] = json_string_value(id);
	}
}

static void
apply_level(struct attest_verdict *v, const struct tcb_level *l)
{
	add_advisories(v, l);
	if (v->tcb_date == 0 || l->date < v->tcb_date)
		v->tcb_date = l->date;
}

/* The module that ran under a TEE_TCB_SVN: its level, NULL for a module without. */
static int
find_module(const struct tcb_level **out, const struct tcb_info *t,
    const uint8_t *svn, const uint8_t *td, struct err *e)
{
	const struct tdx_module *m = tdx_module_find(t, svn);

	*out = NULL;
	if (m == NULL)
		return err_set(e, EX_NO, "no module TDX_%02X is known", svn[1]);
	if (memcmp(td + TD_MRSIGNERSEAM, m->mrsigner, 48) != 0)
		return err_set(e, EX_NO, "MRSIGNERSEAM");
	if (!masked_equal(td + TD_SEAMATTRIBUTES, m->attributes, m->mask, 8))
		return err_set(e, EX_NO, "SEAMATTRIBUTES");
	if (svn[1] == 0)
		return 0;
	*out = isv_find(&m->levels, svn[0]);
	if (*out == NULL)
		return err_set(e, EX_NO, "TDX_%02X's version %u is below all that "
		    "are known", svn[1], svn[0]);
	return 0;
}

/* A platform's level and its status with the module's. */
static int
find_platform(const struct tcb_level **out, enum tcb_status *status,
    const struct attest_verdict *v, const struct tcb_info *t, const uint8_t *svn,
    const struct tcb_level *module, struct err *e)
{
	*out = tcb_find(t, v->pck.svn, v->pck.pcesvn, svn);
	if (*out == NULL)
		return err_set(e, EX_NO, "the platform is below all TCB levels");
	*status = module == NULL ? (*out)->status :
	    tcb_converge((*out)->status, module->status);
	return 0;
}

/* A TD 1.5 may run under another module than it began with. */
static int
judge_current(enum tcb_status *status, const struct attest_verdict *v,
    const struct tcb_info *t, const struct tcb_level *qe, struct err *e)
{
	const uint8_t *td = v->quote.body, *svn = td + TD_TCB_SVN2;
	const struct tcb_level *module, *level;
	enum tcb_status now = TCB_REVOKED;

	if (v->quote.body_len != QUOTE_TD15)
		return 0;
	if (find_module(&module, t, svn, td, e) ||
	    find_platform(&level, &now, v, t, svn, module, e))
		return err_prefix(e, "TEE_TCB_SVN2");
	*status = tcb_relaunch(*status, tcb_converge(now, qe->status));
	return 0;
}

static int
judge(struct attest_verdict *v, const struct tcb_info *t,
    const struct tcb_level *module, const struct tcb_level *qe, struct err *e)
{
	const uint8_t *svn = v->quote.tdx ? v->quote.body + TD_TCB_SVN : NULL;
	const struct tcb_level *level;

	if (find_platform(&level, &v->status, v, t, svn, module, e))
		return -1;
	apply_level(v, level);
	if (module != NULL)
		apply_level(v, module);
	add_advisories(v, qe);
	v->status = tcb_converge(v->status, qe->status);
	return v->quote.tdx ? judge_current(&v->status, v, t, qe, e) : 0;
}

static void
verify_levels(struct attest_verdict *v, const struct collateral *c)
{
	struct attest_checks *k = &v->checks;
	const struct tcb_level *qe, *module = NULL;
	const uint8_t *td = v->quote.body;
	struct err e;

	qe = isv_find(&c->qe.levels, le16(v->quote.qe_report + SGX_ISVSVN));
	if (qe != NULL)
		check_pass(k, CHECK_qe_tcb, "%s", tcb_status_name(qe->status));
	else
		check_fail(k, CHECK_qe_tcb, "the quoting enclave is below all "
		    "levels that are known");
	if (v->quote.tdx && check_needs(k, LIST(CHECK_tcb_info),
	    LIST(CHECK_tdx_module)))
		check_result(k, CHECK_tdx_module,
		    find_module(&module, &c->tcb, td + TD_TCB_SVN, td, &e), &e);
	if ((v->quote.tdx && !check_needs(k, LIST(CHECK_tdx_module),
	    LIST(CHECK_tcb_level))) ||
	    !check_needs(k, LIST(CHECK_tcb_info, CHECK_qe_tcb,
	    CHECK_pck_extension, CHECK_fmspc), LIST(CHECK_tcb_level)))
		return;
	check_result(k, CHECK_tcb_level, judge(v, &c->tcb, module, qe, &e), &e);
	v->evaluation = c->tcb.evaluation < c->qe.evaluation ? c->tcb.evaluation :
	    c->qe.evaluation;
}

/* Takes the chain. */
static void
keep_platform(struct platform *p, const struct chain *c,
    const struct attest_verdict *v)
{
	chain_free(&p->chain);
	p->chain = *c;
	p->chain_holds = check_passed(&v->checks, CHECK_pck_chain);
	p->report_holds = check_passed(&v->checks, CHECK_qe_report_signature);
	memcpy(p->qe_report, v->quote.qe_report, sizeof p->qe_report);
	memcpy(p->qe_signature, v->quote.qe_signature, sizeof p->qe_signature);
}

void
verify_platform(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	const struct collateral *c = in->collateral;
	struct chain chain = { 0 };
	struct err e;

	if (c == NULL) {
		check_error(k, CHECK_collateral_format, in->missing);
		for (enum attest_check i = CHECK_collateral_format;
		    i <= CHECK_tcb_level; i++)
			if (v->quote.tdx || i != CHECK_tdx_module)
				check_skip(k, i, "needs collateral_format");
		return;
	}
	check_pass(k, CHECK_collateral_format, "%s", "");
	for (enum attest_check i = 0; i < ATTEST_CHECKS; i++)
		if (in->collateral_checks->of[i].result != ATTEST_NONE)
			k->of[i] = in->collateral_checks->of[i];
	check_kinds(k, c, &v->quote);
	if (read_chain(&chain, &v->quote, in, &e)) {
		check_error(k, CHECK_pck_chain, &e);
		for (enum attest_check i = CHECK_pck_date;
		    i <= CHECK_pck_revocation; i++)
			check_skip(k, i, "needs pck_chain");
	} else {
		verify_chain(v, in, &chain);
	}
	check_kind(v, &c->tcb);
	verify_signatures(v, in, &chain);
	verify_levels(v, c);
	if (in->platform != NULL)
		keep_platform(in->platform, &chain, v);
	else
		chain_free(&chain);
}
