/* Any bytes as evidence: a quote in each of its forms, its certificates, their extension. */
#include "attest/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static void
within(struct bytes part, struct bytes whole)
{
	must(part.p >= whole.p && part.n <= whole.n &&
	    part.p + part.n <= whole.p + whole.n);
}

static void
look(struct bytes text)
{
	struct chain c = { 0 };
	struct quote q;
	struct pck pck;
	struct err e;

	if (quote_parse(&q, text.p, text.n, &e))
		return;
	within(q.signed_part, text);
	within(q.cert, text);
	within(q.qe_auth, text);
	within(q.trailer, text);
	must(q.trailer.p + q.trailer.n == text.p + text.n);
	if (chain_pem(&c, q.cert, false, NULL, &e) == 0)
		ignore(pck_read(&pck, c.x[0], &e));
	chain_free(&c);
}

/* As from a file, and over a connection that has no statement's like. */
static void
judge(const struct evidence *ev, const struct attest_asked *asked,
    const struct chain *root)
{
	static const struct err missing = { EX_NO, "none" };
	struct attest_verdict v;
	struct policy p;
	struct attest_input in = {
		.evidence = ev, .asked = asked, .missing = &missing, .root = root,
		.policy = &p
	};

	policy_default(&p);
	attest_verify(&v, &in);
	must(!v.valid && !v.has_status);
	must(!asked || !check_passed(&v.checks, CHECK_statement_nonce));
	attest_verdict_free(&v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static const struct attest_asked asked = { .nonce = { 1 } };
	static struct chain root;
	struct bytes text = { in, len };
	struct evidence ev;
	struct pck pck;
	struct err e;

	if (root.n == 0)
		must(chain_one(&root, intel_root(), &e) == 0);
	ignore(pck_parse(&pck, text));
	if (evidence_parse(&ev, text, &e) == 0) {
		look(ev.quote);
		judge(&ev, NULL, &root);
		judge(&ev, &asked, &root);
	} else {
		must(e.status == EX_DATAERR);
	}
	evidence_free(&ev);
	return 0;
}
