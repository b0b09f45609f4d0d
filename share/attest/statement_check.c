/* The statement of sp1-evidence(5): attested to, for this call and over this connection. */
#include "attest/verify.h"
#include "crypto/hpke.h"

#define LIST(...) (const enum attest_check[]){ __VA_ARGS__, ATTEST_CHECKS }

/* All 64 bytes, where REPORTDATA is, and nowhere else. */
static void
check_binding(struct attest_verdict *v, struct bytes text)
{
	uint8_t want[64];

	statement_report_data(want, (const char *)text.p, text.n);
	if (memcmp(want, quote_report_data(&v->quote), 64) != 0)
		check_fail(&v->checks, CHECK_statement_binding, "REPORTDATA is not "
		    "the statement's hash");
	else
		check_pass(&v->checks, CHECK_statement_binding, "%s", "");
	v->has_statement = check_passed(&v->checks, CHECK_statement_binding);
}

static void
check_nonce(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	const struct statement_hash *h = &v->statement.nonce;

	if (in->policy->nonce == POLICY_NO)
		check_skip(k, CHECK_statement_nonce, "not asked about");
	else if (in->asked == NULL && in->policy->nonce == POLICY_UNSAID)
		check_skip(k, CHECK_statement_nonce, "it comes from a file");
	else if (in->asked == NULL)
		check_fail(k, CHECK_statement_nonce, "it comes from a file");
	else if (!h->there)
		check_fail(k, CHECK_statement_nonce, "it has none");
	else if (memcmp(h->v, in->asked->nonce, 32) != 0)
		check_fail(k, CHECK_statement_nonce, "it answers another call");
	else
		check_pass(k, CHECK_statement_nonce, "%s", "");
}

static void
check_tls_key(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	const struct statement_hash *h = &v->statement.spki;
	const struct channel *c = in->asked != NULL ? &in->asked->channel : NULL;

	if (c == NULL)
		check_skip(k, CHECK_statement_tls_key, "it comes from a file");
	else if (!h->there && in->policy->tls == POLICY_TLS_NONE)
		check_skip(k, CHECK_statement_tls_key, "not asked about: TLS does not "
		    "end in the enclave");
	else if (!h->there)
		check_fail(k, CHECK_statement_tls_key, "it names none: TLS does not "
		    "end in the enclave");
	else if (!c->tls)
		check_fail(k, CHECK_statement_tls_key, "this connection has no TLS");
	else if (memcmp(h->v, c->spki, 32) != 0)
		check_fail(k, CHECK_statement_tls_key, "this connection's key is "
		    "another");
	else
		check_pass(k, CHECK_statement_tls_key, "%s", "");
}

static void
check_exporter(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	const struct statement_hash *h = &v->statement.exporter;
	const struct channel *c = in->asked != NULL ? &in->asked->channel : NULL;

	if (c == NULL)
		check_skip(k, CHECK_statement_exporter, "it comes from a file");
	else if (!h->there && in->policy->tls == POLICY_TLS_EXPORTER)
		check_fail(k, CHECK_statement_exporter, "it has no exporter");
	else if (!h->there)
		check_skip(k, CHECK_statement_exporter, "it has no exporter");
	else if (!c->has_exporter || memcmp(h->v, c->exporter, 32) != 0)
		check_fail(k, CHECK_statement_exporter, "it was made for another "
		    "connection");
	else
		check_pass(k, CHECK_statement_exporter, "%s", "");
}

static void
check_date(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	int64_t left = (int64_t)v->statement.not_after - in->now;

	if (left <= 0)
		check_fail(k, CHECK_statement_date, "it ended %lld seconds ago",
		    (long long)-left);
	else if ((uint64_t)left > in->policy->max_life)
		check_fail(k, CHECK_statement_date, "it holds for %lld seconds, more "
		    "than %llu", (long long)left,
		    (unsigned long long)in->policy->max_life);
	else
		check_pass(k, CHECK_statement_date, "%s", "");
}

static void
check_keys(struct attest_verdict *v)
{
	const struct statement_key *key = statement_key(&v->statement, HPKE_X25519);
	const struct statement_key *xwing = statement_key(&v->statement, HPKE_XWING);

	if (key == NULL || key->len != X25519_KEY)
		check_fail(&v->checks, CHECK_statement_keys, "it names no X25519 key");
	else if (xwing != NULL && xwing->len != XWING_PUBLIC)
		check_fail(&v->checks, CHECK_statement_keys, "its X-Wing key is none");
	else
		check_pass(&v->checks, CHECK_statement_keys, "%s", "");
}

static void
check_compose(struct attest_verdict *v)
{
	struct attest_checks *k = &v->checks;
	const struct statement_hash *h = &v->statement.compose;

	if (!v->has_app && !h->there)
		return;
	if (!v->has_app)
		check_skip(k, CHECK_statement_compose, "no event log tells it");
	else if (!h->there)
		check_skip(k, CHECK_statement_compose, "it names none");
	else if (memcmp(h->v, v->log.app.compose_hash, 32) != 0)
		check_fail(k, CHECK_statement_compose, "the event compose-hash is "
		    "another");
	else
		check_pass(k, CHECK_statement_compose, "%s", "");
}

static void
check_gpu(struct attest_verdict *v, struct bytes gpus)
{
	struct attest_checks *k = &v->checks;
	const struct statement_hash *h = &v->statement.gpu;
	uint8_t hash[32];

	if (!h->there)
		return;
	if (gpus.p == NULL) {
		check_fail(k, CHECK_statement_gpu, "there is no GPU evidence, and it "
		    "names some");
		return;
	}
	sha256(hash, gpus.p, gpus.n);
	if (memcmp(hash, h->v, 32) != 0)
		check_fail(k, CHECK_statement_gpu, "the GPU evidence is another");
	else
		check_pass(k, CHECK_statement_gpu, "%s", "");
}

void
verify_statement(struct attest_verdict *v, const struct attest_input *in)
{
	struct attest_checks *k = &v->checks;
	struct bytes text = in->evidence->statement;
	struct err e;

	if (text.p == NULL) {
		if (in->asked != NULL || in->policy->nonce == POLICY_YES)
			check_fail(k, CHECK_statement_format, "there is no statement");
		return;
	}
	check_result(k, CHECK_statement_format, statement_parse(&v->statement,
	    (const char *)text.p, text.n, &e), &e);
	if (!check_needs(k, LIST(CHECK_statement_format),
	    LIST(CHECK_statement_binding, CHECK_statement_nonce,
	    CHECK_statement_tls_key, CHECK_statement_exporter,
	    CHECK_statement_date, CHECK_statement_keys, CHECK_statement_compose)))
		return;
	check_binding(v, text);
	check_nonce(v, in);
	check_tls_key(v, in);
	check_exporter(v, in);
	check_date(v, in);
	check_keys(v);
	check_compose(v);
	check_gpu(v, in->evidence->gpus);
}
