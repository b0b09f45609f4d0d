/* The policy on what the other checks have found. */
#include "attest/date.h"
#include "attest/verify.h"

#define LIST(...) (const enum attest_check[]){ __VA_ARGS__, ATTEST_CHECKS }

static void
apply_status(struct attest_verdict *v, const struct policy *p)
{
	struct attest_checks *k = &v->checks;
	const char *name;

	/* What no signature stands for is not judged. */
	if (!v->has_status) {
		check_skip(k, CHECK_tcb_status, "the platform's state is not "
		    "known");
		return;
	}
	name = tcb_status_name(v->status);
	if (v->status != TCB_REVOKED && p->statuses >> v->status & 1)
		check_pass(k, CHECK_tcb_status, "%s", name);
	else
		check_fail(k, CHECK_tcb_status, "%s", name);
}

static void
apply_advisories(struct attest_verdict *v, const struct policy *p)
{
	struct attest_checks *k = &v->checks;

	if (p->root == NULL || !v->has_status)
		return;
	for (size_t i = 0; i < v->nadvisories; i++)
		if (!name_listed(p->advisories, v->advisory[i])) {
			check_fail(k, CHECK_advisories, "%s applies",
			    v->advisory[i]);
			return;
		}
	check_pass(k, CHECK_advisories, "%s", "");
}

static void
verdict(struct attest_checks *k, enum attest_check c, bool good,
    const char *detail)
{
	if (good)
		check_pass(k, c, "%s", "");
	else
		check_fail(k, c, "%s", detail);
}

static void
apply_collateral(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	const struct policy *p = in->policy;
	char text[32];

	if (in->collateral == NULL || !v->has_status)
		return;
	if (p->min_evaluation > 0) {
		if (v->evaluation < p->min_evaluation)
			check_fail(k, CHECK_tcb_evaluation, "it is %llu",
			    (unsigned long long)v->evaluation);
		else
			check_pass(k, CHECK_tcb_evaluation, "%s", "");
	}
	date_text(text, v->tcb_date);
	if (p->min_tcb_date != 0)
		verdict(k, CHECK_tcb_date, v->tcb_date >= p->min_tcb_date, text);
	date_text(text, collateral_made(in->collateral));
	if (p->max_collateral_age != 0)
		verdict(k, CHECK_collateral_age, in->now -
		    collateral_made(in->collateral) <=
		    (int64_t)p->max_collateral_age, text);
}

static void
apply_platform(struct attest_verdict *v, const struct policy *p)
{
	struct attest_checks *k = &v->checks;
	const struct pck *pck = &v->pck;

	if (p->ppid.n + p->instance.n > 0 && check_needs(k,
	    LIST(CHECK_pck_extension), LIST(CHECK_platform)))
		verdict(k, CHECK_platform, value_listed(&p->ppid, pck->ppid) &&
		    (p->instance.n == 0 || (pck->has_instance &&
		    value_listed(&p->instance, pck->instance))),
		    "its PPID or instance is not named");
	if (p->sgx_types != 0 && check_needs(k, LIST(CHECK_pck_extension),
	    LIST(CHECK_sgx_type)))
		verdict(k, CHECK_sgx_type, p->sgx_types >> pck->sgx_type & 1,
		    pck->sgx_type == 0 ? "standard" : pck->sgx_type == 1 ?
		    "scalable" : "scalable with integrity");
	if (p->smt == POLICY_NO && check_needs(k, LIST(CHECK_pck_extension),
	    LIST(CHECK_smt)))
		verdict(k, CHECK_smt, pck->has_configuration && !pck->smt,
		    pck->has_configuration ? "it is on" : "the certificate does "
		    "not tell");
}

static void
apply_value(struct attest_checks *k, enum attest_check c,
    const struct value_list *l, const uint8_t *v)
{
	if (l->n == 0)
		return;
	if (v == NULL)
		check_fail(k, c, "not in such a quote");
	else
		verdict(k, c, value_listed(l, v), "not one of those named");
}

static bool
is_image(const struct os_image *m, const uint8_t *td)
{
	return memcmp(m->mrtd, td + TD_MRTD, 48) == 0 &&
	    memcmp(m->rtmr1, td + TD_RTMR0 + 48, 48) == 0 &&
	    memcmp(m->rtmr2, td + TD_RTMR0 + 96, 48) == 0 &&
	    (!m->has_rtmr0 || memcmp(m->rtmr0, td + TD_RTMR0, 48) == 0);
}

static void
apply_measurements(struct attest_verdict *v, const struct policy *p)
{
	struct attest_checks *k = &v->checks;
	const uint8_t *body = v->quote.body;
	const uint8_t *td = v->quote.tdx ? body : NULL;
	const uint8_t *sgx = v->quote.tdx ? NULL : body;
	bool found = false;

	apply_value(k, CHECK_mrseam, &p->mrseam, td ? td + TD_MRSEAM : NULL);
	apply_value(k, CHECK_mrtd, &p->mrtd, td ? td + TD_MRTD : NULL);
	for (unsigned i = 0; i < 4; i++)
		apply_value(k, CHECK_rtmr0 + i, &p->rtmr[i],
		    td ? td + TD_RTMR0 + 48 * i : NULL);
	for (size_t i = 0; td != NULL && i < p->nimages; i++)
		found = found || is_image(&p->images[i], td);
	if (p->nimages > 0)
		verdict(k, CHECK_os_image, found, "MRTD, RTMR1 and RTMR2 are of "
		    "none of those named");
	apply_value(k, CHECK_mrenclave, &p->mrenclave,
	    sgx ? sgx + SGX_MRENCLAVE : NULL);
	apply_value(k, CHECK_mrsigner, &p->mrsigner,
	    sgx ? sgx + SGX_MRSIGNER : NULL);
	apply_value(k, CHECK_report_data, &p->report_data,
	    quote_report_data(&v->quote));
}

static int
check_provider(const struct app *a, const struct policy *p, struct err *e)
{
	uint8_t text[4096];
	size_t n = a->key_provider ? strlen(a->key_provider) / 2 : 0;
	const char *name, *id;
	json_t *o;
	int r = 0;

	if (n == 0 || n > sizeof text || plain_hex(text, n, a->key_provider, 2 * n))
		return err_set(e, EX_NO, "the log names no key provider");
	o = strict_load((struct bytes){ text, n }, "key-provider", e);
	name = json_string_value(json_object_get(o, "name"));
	id = json_string_value(json_object_get(o, "id"));
	if (p->provider_name != NULL && (name == NULL ||
	    strcmp(name, p->provider_name) != 0))
		r = err_set(e, EX_NO, "it is %.40s", name ? name : "not named");
	else if (p->provider_id != NULL && (id == NULL ||
	    strcmp(id, p->provider_id) != 0))
		r = err_set(e, EX_NO, "its id is %.120s", id ? id : "not told");
	json_decref(o);
	return r;
}

static void
apply_app(struct attest_verdict *v, const struct policy *p)
{
	struct attest_checks *k = &v->checks;
	const struct app *a = &v->log.app;
	bool provider = p->provider_name != NULL || p->provider_id != NULL;
	struct err e;

	if (!v->has_app) {
		if (p->app_id.n > 0)
			check_fail(k, CHECK_app_id, "no event log tells it");
		if (p->compose_hash.n > 0)
			check_fail(k, CHECK_compose_hash, "no event log tells it");
		if (provider)
			check_fail(k, CHECK_key_provider, "no event log tells it");
		return;
	}
	apply_value(k, CHECK_app_id, &p->app_id, a->id);
	apply_value(k, CHECK_compose_hash, &p->compose_hash, a->compose_hash);
	if (provider)
		check_result(k, CHECK_key_provider, check_provider(a, p, &e), &e);
}

static int
check_variables(const struct compose *c, const struct policy *p, struct err *e)
{
	size_t i;
	json_t *name;

	json_array_foreach(c->variables, i, name)
		if (!name_listed(p->variables, json_string_value(name)))
			return err_set(e, EX_NO, "%.80s may be set by whoever "
			    "deploys it", json_string_value(name));
	return 0;
}

/* One rule about app-compose: r, *e say how it stands. */
static void
apply_rule(struct attest_verdict *v, const struct policy *p, enum attest_check c,
    enum policy_choice choice, int r, const struct err *e)
{
	struct attest_checks *k = &v->checks;

	if (p->root == NULL || choice == POLICY_YES)
		check_skip(k, c, "not asked about%s%s", r ? ": " : "",
		    r ? e->msg : "");
	else
		check_result(k, c, r, e);
}

static void
apply_compose(struct attest_verdict *v, const struct policy *p)
{
	struct attest_checks *k = &v->checks;
	const struct compose *c = &v->compose;
	struct err e;
	int r;
	const struct {
		enum attest_check check;
		bool asked;
	} rules[] = {
		{ CHECK_compose_images, p->unpinned_images == POLICY_NO },
		{ CHECK_compose_privileges, p->privileged == POLICY_NO },
		{ CHECK_compose_variables, p->variables != NULL },
		{ CHECK_compose_logs, p->public_logs == POLICY_NO },
	};

	if (!check_passed(k, CHECK_compose_format)) {
		for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
			if (rules[i].asked)
				check_fail(k, rules[i].check, "there is no "
				    "app-compose to tell");
		return;
	}
	r = compose_images(c, &e);
	apply_rule(v, p, CHECK_compose_images, p->unpinned_images, r, &e);
	r = compose_privileges(c, v->quoting, &e);
	apply_rule(v, p, CHECK_compose_privileges, p->privileged, r, &e);
	r = check_variables(c, p, &e);
	apply_rule(v, p, CHECK_compose_variables, POLICY_UNSAID, r, &e);
	r = c->public_logs ? err_set(&e, EX_NO, "anybody can read what it logs") :
	    0;
	apply_rule(v, p, CHECK_compose_logs, p->public_logs, r, &e);
}

void
apply_policy(struct attest_verdict *v, const struct attest_input *in)
{
	apply_status(v, in->policy);
	apply_advisories(v, in->policy);
	apply_collateral(v, in);
	apply_platform(v, in->policy);
	apply_measurements(v, in->policy);
	apply_app(v, in->policy);
	apply_compose(v, in->policy);
}
