#include "attest/policy.h"

#include <stdlib.h>

#include "attest/chain.h"
#include "base/hex.h"

#define LIST_MAX 10000

void
policy_default(struct policy *p)
{
	memset(p, 0, sizeof *p);
	p->statuses = 1u << TCB_UP_TO_DATE;
	p->max_life = STATEMENT_LIFE;
}

bool
value_listed(const struct value_list *l, const uint8_t *v)
{
	for (size_t i = 0; i < l->n; i++)
		if (memcmp(l->v + i * l->each, v, l->each) == 0)
			return true;
	return l->n == 0;
}

bool
name_listed(const json_t *names, const char *name)
{
	size_t i;
	json_t *s;

	json_array_foreach(names, i, s)
		if (strcmp(json_string_value(s), name) == 0)
			return true;
	return false;
}

/* With 0x or without, in either case: people write these. */
static int
take_hex(uint8_t *out, size_t n, const json_t *v, const char *key, struct err *e)
{
	const char *s = json_string_value(v);

	if (s == NULL || hex_decode(out, n, s))
		return err_set(e, EX_CONFIG, "%s is not %zu bytes in hexadecimal",
		    key, n);
	return 0;
}

static int
take_list(struct value_list *l, json_t *v, size_t each, const char *key,
    struct err *e)
{
	size_t n = json_is_array(v) ? json_array_size(v) : 1, i;

	if (n == 0 || n > LIST_MAX)
		return err_set(e, EX_CONFIG, "%s has %zu values", key, n);
	l->v = calloc(n, each);
	if (l->v == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	l->each = each;
	for (i = 0; i < n; i++, l->n++)
		if (take_hex(l->v + i * each, each, json_is_array(v) ?
		    json_array_get(v, i) : v, key, e))
			return -1;
	return 0;
}

static int
take_names(json_t **out, json_t *v, const char *key, struct err *e)
{
	size_t i;
	json_t *s;

	if (!json_is_array(v))
		return err_set(e, EX_CONFIG, "%s is not an array", key);
	json_array_foreach(v, i, s)
		if (!json_is_string(s))
			return err_set(e, EX_CONFIG, "%s is not an array of names",
			    key);
	*out = v;
	return 0;
}

static int
take_statuses(struct policy *p, json_t *v, struct err *e)
{
	json_t *names, *s;
	enum tcb_status status;
	size_t i;

	if (take_names(&names, v, "tcb_status", e))
		return -1;
	p->statuses = 0;
	json_array_foreach(names, i, s) {
		if (tcb_status_parse(&status, json_string_value(s)) ||
		    status == TCB_REVOKED)
			return err_set(e, EX_CONFIG, "tcb_status: %.40s cannot be "
			    "accepted", json_string_value(s));
		p->statuses |= 1u << status;
	}
	return 0;
}

static int
take_types(struct policy *p, json_t *v, struct err *e)
{
	json_t *t;
	size_t i;

	json_array_foreach(v, i, t) {
		if (!json_is_integer(t) || json_integer_value(t) < 0 ||
		    json_integer_value(t) > 2)
			break;
		p->sgx_types |= 1u << json_integer_value(t);
	}
	return json_is_array(v) && i > 0 && i == json_array_size(v) ? 0 :
	    err_set(e, EX_CONFIG, "sgx_types is not an array of 0, 1 and 2");
}

static int
take_flag(bool *out, const json_t *v, const char *key, struct err *e)
{
	if (!json_is_boolean(v))
		return err_set(e, EX_CONFIG, "%s is not true or false", key);
	*out = json_is_true(v);
	return 0;
}

static int
take_choice(enum policy_choice *out, const json_t *v, const char *key,
    struct err *e)
{
	bool yes = false;

	if (take_flag(&yes, v, key, e))
		return -1;
	*out = yes ? POLICY_YES : POLICY_NO;
	return 0;
}

/* The members of an object, no others than these. */
static int
only(const json_t *o, const char *what, const char *const *keys, size_t n,
    struct err *e)
{
	const char *key;
	json_t *v;
	size_t i;

	if (!json_is_object(o))
		return err_set(e, EX_CONFIG, "%s is not an object", what);
	json_object_foreach((json_t *)o, key, v) {
		for (i = 0; i < n && strcmp(keys[i], key) != 0; i++)
			;
		if (i == n)
			return err_set(e, EX_CONFIG, "%s: %.40s is not known", what,
			    key);
	}
	return 0;
}

static int
take_image(struct os_image *m, const json_t *o, struct err *e)
{
	static const char *const keys[] = {
		"name", "mrtd", "rtmr0", "rtmr1", "rtmr2"
	};

	if (only(o, "os_images", keys, 5, e) ||
	    take_hex(m->mrtd, 48, json_object_get(o, "mrtd"), "mrtd", e) ||
	    take_hex(m->rtmr1, 48, json_object_get(o, "rtmr1"), "rtmr1", e) ||
	    take_hex(m->rtmr2, 48, json_object_get(o, "rtmr2"), "rtmr2", e))
		return -1;
	m->has_rtmr0 = json_object_get(o, "rtmr0") != NULL;
	return m->has_rtmr0 ? take_hex(m->rtmr0, 48, json_object_get(o, "rtmr0"),
	    "rtmr0", e) : 0;
}

static int
take_images(struct policy *p, json_t *v, struct err *e)
{
	size_t n = json_array_size(v);

	if (!json_is_array(v) || n == 0 || n > LIST_MAX)
		return err_set(e, EX_CONFIG, "os_images is not an array of images");
	p->images = calloc(n, sizeof *p->images);
	if (p->images == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	for (; p->nimages < n; p->nimages++)
		if (take_image(&p->images[p->nimages],
		    json_array_get(v, p->nimages), e))
			return -1;
	return 0;
}

static int
take_provider(struct policy *p, const json_t *o, struct err *e)
{
	static const char *const keys[] = { "name", "id" };
	json_t *name = json_object_get(o, "name"), *id = json_object_get(o, "id");

	if (only(o, "key_provider", keys, 2, e))
		return -1;
	if ((name != NULL && !json_is_string(name)) ||
	    (id != NULL && !json_is_string(id)) || (name == NULL && id == NULL))
		return err_set(e, EX_CONFIG, "key_provider has no name or id");
	p->provider_name = json_string_value(name);
	p->provider_id = json_string_value(id);
	return 0;
}

static int
take_gpu(struct policy *p, const json_t *o, struct err *e)
{
	static const char *const keys[] = { "required", "nonce" };
	json_t *v;

	if (only(o, "gpu", keys, 2, e))
		return -1;
	v = json_object_get(o, "required");
	if (v != NULL && take_flag(&p->gpu_required, v, "gpu.required", e))
		return -1;
	v = json_object_get(o, "nonce");
	return v == NULL ? 0 : take_list(&p->gpu_nonce, v, 32, "gpu.nonce", e);
}

/* A member that may be missing. */
static int
take_maybe(bool *out, const json_t *o, const char *key, struct err *e)
{
	const json_t *v = json_object_get(o, key);

	return v == NULL ? 0 : take_flag(out, v, key, e);
}

static int
take_text(const char **out, const json_t *o, const char *key, struct err *e)
{
	const json_t *v = json_object_get(o, key);

	*out = json_string_value(v);
	return v == NULL || (*out != NULL && **out != '\0') ? 0 :
	    err_set(e, EX_CONFIG, "%s is no text", key);
}

static int
take_caa(struct policy *p, const json_t *o, struct err *e)
{
	static const char *const keys[] = {
		"issuer", "accounturi", "dnssec", "wildcard"
	};

	p->caa_required = true;
	return only(o, "caa", keys, 4, e) ||
	    take_text(&p->caa_issuer, o, "issuer", e) ||
	    take_text(&p->caa_account, o, "accounturi", e) ||
	    take_maybe(&p->caa_dnssec, o, "dnssec", e) ||
	    take_maybe(&p->caa_wildcard, o, "wildcard", e) ? -1 : 0;
}

static int
take_ingress(struct policy *p, const json_t *o, struct err *e)
{
	static const char *const keys[] = { "required" };

	return only(o, "ingress", keys, 1, e) ||
	    take_maybe(&p->ingress_required, o, "required", e) ? -1 : 0;
}

static int
take_ct(struct policy *p, const json_t *o, struct err *e)
{
	static const char *const keys[] = { "required", "logged", "known_spki" };
	json_t *v;

	if (only(o, "ct", keys, 3, e) ||
	    take_maybe(&p->ct_required, o, "required", e) ||
	    take_maybe(&p->ct_logged, o, "logged", e))
		return -1;
	v = json_object_get(o, "known_spki");
	return v == NULL ? 0 : take_list(&p->known_spki, v, 32, "ct.known_spki", e);
}

static int
take_tls(struct policy *p, const json_t *v, struct err *e)
{
	static const char *const words[] = { "key", "exporter", "none" };
	const char *word = json_string_value(v);

	for (size_t i = 0; word != NULL && i < 3; i++)
		if (strcmp(words[i], word) == 0) {
			p->tls = (enum policy_tls)i;
			return 0;
		}
	return err_set(e, EX_CONFIG, "require_tls is not key, exporter or none");
}

static int
take_number(uint64_t *out, const json_t *v, const char *key, struct err *e)
{
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return err_set(e, EX_CONFIG, "%s is not a number", key);
	*out = (uint64_t)json_integer_value(v);
	return 0;
}

static int
take_date(struct policy *p, struct err *e)
{
	if (strict_date(p->root, "min_tcb_date", &p->min_tcb_date, e) == 0)
		return 0;
	e->status = EX_CONFIG;
	return -1;
}

/* Members that are lists of values. */
static int
take_values(struct policy *p, const char *key, json_t *v, bool *known,
    struct err *e)
{
	const struct {
		const char *key;
		struct value_list *list;
		size_t each;
	} lists[] = {
		{ "tdattributes", &p->tdattributes, 8 }, { "xfam", &p->xfam, 8 },
		{ "ppid_allow", &p->ppid, 16 },
		{ "platform_instance_allow", &p->instance, 16 },
		{ "mrseam", &p->mrseam, 48 }, { "mrtd", &p->mrtd, 48 },
		{ "rtmr0", &p->rtmr[0], 48 }, { "rtmr1", &p->rtmr[1], 48 },
		{ "rtmr2", &p->rtmr[2], 48 }, { "rtmr3", &p->rtmr[3], 48 },
		{ "mrenclave", &p->mrenclave, 32 },
		{ "mrsigner", &p->mrsigner, 32 },
		{ "report_data", &p->report_data, 64 },
		{ "app_id", &p->app_id, 20 },
		{ "compose_hash", &p->compose_hash, 32 },
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (strcmp(lists[i].key, key) == 0)
			return take_list(lists[i].list, v, lists[i].each, key, e);
	*known = false;
	return 0;
}

static int
take_member(struct policy *p, const char *key, json_t *v, struct err *e)
{
	bool known = true;

	if (take_values(p, key, v, &known, e))
		return -1;
	if (known || strcmp(key, "comment") == 0)
		return 0;
	if (strcmp(key, "tcb_status") == 0)
		return take_statuses(p, v, e);
	if (strcmp(key, "advisories_allowed") == 0)
		return take_names(&p->advisories, v, key, e);
	if (strcmp(key, "min_eval_number") == 0)
		return take_number(&p->min_evaluation, v, key, e);
	if (strcmp(key, "min_tcb_date") == 0)
		return take_date(p, e);
	if (strcmp(key, "max_collateral_age") == 0)
		return take_number(&p->max_collateral_age, v, key, e);
	if (strcmp(key, "allow_debug") == 0)
		return take_flag(&p->allow_debug, v, key, e);
	if (strcmp(key, "sgx_types") == 0)
		return take_types(p, v, e);
	if (strcmp(key, "allow_smt") == 0)
		return take_choice(&p->smt, v, key, e);
	if (strcmp(key, "os_images") == 0)
		return take_images(p, v, e);
	if (strcmp(key, "key_provider") == 0)
		return take_provider(p, v, e);
	if (strcmp(key, "allow_unpinned_images") == 0)
		return take_choice(&p->unpinned_images, v, key, e);
	if (strcmp(key, "allow_privileged") == 0)
		return take_choice(&p->privileged, v, key, e);
	if (strcmp(key, "public_logs") == 0)
		return take_choice(&p->public_logs, v, key, e);
	if (strcmp(key, "allowed_envs") == 0)
		return take_names(&p->variables, v, key, e);
	if (strcmp(key, "require_nonce") == 0)
		return take_choice(&p->nonce, v, key, e);
	if (strcmp(key, "require_tls") == 0)
		return take_tls(p, v, e);
	if (strcmp(key, "max_statement_life") == 0)
		return take_number(&p->max_life, v, key, e);
	if (strcmp(key, "ingress") == 0)
		return take_ingress(p, v, e);
	if (strcmp(key, "ct") == 0)
		return take_ct(p, v, e);
	if (strcmp(key, "caa") == 0)
		return take_caa(p, v, e);
	if (strcmp(key, "gpu") == 0)
		return take_gpu(p, v, e);
	return err_set(e, EX_CONFIG, "%.40s is not known", key);
}

int
policy_parse(struct policy *p, struct bytes text, struct err *e)
{
	const char *key;
	json_t *v;

	policy_default(p);
	sha256(p->sha256, text.p, text.n);
	p->root = strict_load(text, "policy", e);
	if (p->root == NULL || !json_is_object(p->root)) {
		if (p->root != NULL)
			err_set(e, EX_CONFIG, "policy: no JSON object");
		e->status = EX_CONFIG;
		return -1;
	}
	json_object_foreach(p->root, key, v)
		if (take_member(p, key, v, e))
			return err_prefix(e, "policy");
	return 0;
}

void
policy_free(struct policy *p)
{
	struct value_list *const lists[] = {
		&p->tdattributes, &p->xfam, &p->ppid, &p->instance, &p->mrseam,
		&p->mrtd, &p->rtmr[0], &p->rtmr[1], &p->rtmr[2], &p->rtmr[3],
		&p->mrenclave, &p->mrsigner, &p->report_data, &p->app_id,
		&p->compose_hash, &p->gpu_nonce, &p->known_spki,
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		free(lists[i]->v);
	free(p->images);
	json_decref(p->root);
	memset(p, 0, sizeof *p);
}
