/* Any bytes as collateral, event log, app-compose and policy. */
#include "attest/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static void
collateral(struct bytes text)
{
	struct attest_checks k = { 0 };
	static struct chain root;
	struct collateral c;
	struct err e;

	if (root.n == 0)
		must(chain_one(&root, intel_root(), &e) == 0);
	if (collateral_parse(&c, text, &root, &e) == 0)
		collateral_verify(&k, &c, &root, 1751000000);
	else
		must(e.status == EX_DATAERR);
	collateral_free(&c);
}

static void
event_log(struct bytes text)
{
	struct event_log l;
	struct err e;

	if (event_log_parse(&l, text, &e) == 0) {
		if (event_log_replay(&l, &e))
			must(e.status == EX_NO);
		if (event_log_app(&l, &e))
			must(e.status == EX_NO);
	} else {
		must(e.status == EX_DATAERR);
	}
	event_log_free(&l);
}

static void
compose(struct bytes text)
{
	struct compose c;
	char who[128];
	struct err e;

	if (compose_parse(&c, text, &e) == 0) {
		ignore(compose_images(&c, &e));
		ignore(compose_privileges(&c, who, &e));
		must(strlen(who) < sizeof who);
	}
	compose_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct bytes text = { in, len };
	struct policy p;
	struct err e;

	collateral(text);
	event_log(text);
	compose(text);
	if (policy_parse(&p, text, &e))
		must(e.status == EX_CONFIG);
	policy_free(&p);
	return 0;
}
