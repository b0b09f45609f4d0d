/* What runs in the TD, as dstack tells it: the event log and app-compose. */
#include "attest/verify.h"

#include "crypto/keccak.h"

#define LIST(...) (const enum attest_check[]){ __VA_ARGS__, ATTEST_CHECKS }

static int
check_registers(const struct attest_verdict *v, struct err *e)
{
	for (unsigned i = 0; i < 4; i++)
		if (memcmp(v->log.rtmr[i], v->quote.body + TD_RTMR0 + 48 * i,
		    48) != 0)
			return err_set(e, EX_NO, "the log does not give register "
			    "%u", i);
	return 0;
}

/* The TD's configuration as dstack's second form of it binds it. */
static int
config_v2(uint8_t out[static 32], const struct app *a, struct err *e)
{
	static const char *const kinds[] = { "none", "local-sgx", "kms", "tpm" };
	uint8_t text[4096], in[32 + 20 + 1 + 2048];
	size_t n = a->key_provider ? strlen(a->key_provider) / 2 : 0, k;
	const char *name, *id;
	json_t *o = NULL;
	long len;

	if (n > 0 && n <= sizeof text && plain_hex(text, n, a->key_provider,
	    2 * n) == 0)
		o = strict_load((struct bytes){ text, n }, "key-provider", e);
	name = json_string_value(json_object_get(o, "name"));
	id = json_string_value(json_object_get(o, "id"));
	for (k = 0; name != NULL && k < 4 && strcmp(kinds[k], name) != 0; k++)
		;
	len = id != NULL ? plain_hex_length(id, strlen(id)) : -1;
	if (name == NULL || k == 4 || len < 0 || len > 2048) {
		json_decref(o);
		return err_set(e, EX_NO, "the log names no key provider");
	}
	memcpy(in, a->compose_hash, 32);
	memcpy(in + 32, a->id, 20);
	in[52] = (uint8_t)k;
	ignore(plain_hex(in + 53, (size_t)len, id, strlen(id)));
	keccak256(out, in, 53 + (size_t)len);
	json_decref(o);
	return 0;
}

static void
check_config(struct attest_verdict *v)
{
	struct attest_checks *k = &v->checks;
	const uint8_t *id = v->quote.body + TD_MRCONFIGID;
	uint8_t want[32];
	struct err e;
	int r = 0;

	if (is_zero(id, 48))
		return;
	if (id[0] == 1)
		memcpy(want, v->log.app.compose_hash, 32);
	else if (id[0] == 2)
		r = config_v2(want, &v->log.app, &e);
	else {
		check_skip(k, CHECK_mr_config, "version %u is not known", id[0]);
		return;
	}
	if (r == 0 && (memcmp(id + 1, want, 32) != 0 || !is_zero(id + 33, 15)))
		r = err_set(&e, EX_NO, "MRCONFIGID is about another application");
	check_result(k, CHECK_mr_config, r, &e);
}

static void
verify_log(struct attest_verdict *v, struct bytes text)
{
	struct attest_checks *k = &v->checks;
	struct err e;

	if (text.p == NULL)
		return;
	check_result(k, CHECK_event_log_format,
	    event_log_parse(&v->log, text, &e), &e);
	if (!check_needs(k, LIST(CHECK_event_log_format), LIST(
	    CHECK_event_digests, CHECK_event_replay, CHECK_event_order)))
		return;
	check_result(k, CHECK_event_digests, event_log_replay(&v->log, &e), &e);
	if (!v->quote.tdx)
		check_fail(k, CHECK_event_replay, "an SGX quote has no registers");
	else if (check_needs(k, LIST(CHECK_event_digests),
	    LIST(CHECK_event_replay)))
		check_result(k, CHECK_event_replay, check_registers(v, &e), &e);
	check_result(k, CHECK_event_order, event_log_app(&v->log, &e), &e);
	v->has_app = check_passed(k, CHECK_event_replay) &&
	    check_passed(k, CHECK_event_order);
	if (v->has_app)
		check_config(v);
}

static void
verify_compose(struct attest_verdict *v, struct bytes text)
{
	struct attest_checks *k = &v->checks;
	struct err e;

	if (text.p == NULL)
		return;
	check_result(k, CHECK_compose_format,
	    compose_parse(&v->compose, text, &e), &e);
	if (!check_needs(k, LIST(CHECK_compose_format), LIST(CHECK_compose_file)))
		return;
	sha256(v->compose_file_hash, v->compose.text.p, v->compose.text.n);
	if (!v->has_app)
		check_fail(k, CHECK_compose_file, "there is no event log that holds "
		    "to measure it by");
	else if (memcmp(v->compose_file_hash, v->log.app.compose_hash, 32) != 0)
		check_fail(k, CHECK_compose_file, "its SHA-256 is not the event "
		    "compose-hash");
	else
		check_pass(k, CHECK_compose_file, "%s", "");
}

void
verify_application(struct attest_verdict *v, const struct attest_input *in)
{
	verify_log(v, in->evidence->event_log);
	verify_compose(v, in->evidence->compose);
}
