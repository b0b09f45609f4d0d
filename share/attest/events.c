#include "attest/events.h"

#include <openssl/evp.h>
#include <stdio.h>

#define EVENTS_MAX 65536
#define RUNTIME_EVENT 0x08000001u

/* An event as the log has it; strings are the log's. */
struct event {
	unsigned imr;
	uint32_t type;
	unsigned version;
	const char *name, *payload, *digest, *preimage;
	size_t name_len, payload_len, digest_len, preimage_len;	/* of text */
};

static const char *
text_of(size_t *n, const json_t *o, const char *key, struct err *e)
{
	const char *s = strict_str(o, key, e);

	*n = s != NULL ? json_string_length(json_object_get(o, key)) : 0;
	return s;
}

static int
parse_event(struct event *v, const json_t *o, struct err *e)
{
	uint64_t imr, type, version = 1;

	memset(v, 0, sizeof *v);
	if (strict_uint(o, "imr", 3, &imr, e) ||
	    strict_uint(o, "event_type", UINT32_MAX, &type, e) ||
	    (v->name = text_of(&v->name_len, o, "event", e)) == NULL ||
	    (v->payload = text_of(&v->payload_len, o, "event_payload", e)) ==
	    NULL)
		return -1;
	if (json_object_get(o, "digest") != NULL &&
	    (v->digest = text_of(&v->digest_len, o, "digest", e)) == NULL)
		return -1;
	if (json_object_get(o, "preimage") != NULL &&
	    (v->preimage = text_of(&v->preimage_len, o, "preimage", e)) == NULL)
		return -1;
	if (json_object_get(o, "version") != NULL &&
	    strict_uint(o, "version", 2, &version, e))
		return -1;
	v->imr = (unsigned)imr;
	v->type = (uint32_t)type;
	v->version = (unsigned)version;
	if (version == 0 || plain_hex_length(v->payload, v->payload_len) < 0)
		return err_set(e, EX_DATAERR, "%s", version == 0 ?
		    "version is 0" : "event_payload is not hexadecimal");
	return 0;
}

/* The digest of an event of run time, fed piece by piece. */
struct digest {
	EVP_MD_CTX *ctx;
	const struct event *v;
	bool same;		/* so far, v->preimage is what is hashed */
	size_t at;		/* of it */
};

static void
feed(struct digest *d, const void *p, size_t n)
{
	const uint8_t *b = p;
	uint8_t x;

	must(EVP_DigestUpdate(d->ctx, p, n) == 1);
	for (size_t i = 0; d->v->preimage != NULL && i < n; i++, d->at += 2)
		d->same = d->same && d->at + 2 <= d->v->preimage_len &&
		    plain_hex(&x, 1, d->v->preimage + d->at, 2) == 0 &&
		    x == b[i];
}

static void
feed_payload(struct digest *d)
{
	uint8_t b[256];
	size_t k;

	for (size_t i = 0; i < d->v->payload_len; i += 2 * k) {
		k = (d->v->payload_len - i) / 2;
		k = k < sizeof b ? k : sizeof b;
		ignore(plain_hex(b, k, d->v->payload + i, 2 * k));
		feed(d, b, k);
	}
}

static void
feed_v1(struct digest *d)
{
	const uint32_t t = d->v->type;
	const uint8_t type[5] = { (uint8_t)t, (uint8_t)(t >> 8),
	    (uint8_t)(t >> 16), (uint8_t)(t >> 24), ':' };

	feed(d, type, sizeof type);
	feed(d, d->v->name, d->v->name_len);
	feed(d, ":", 1);
	feed_payload(d);
}

/* A string as RFC 8785 writes it. */
static void
feed_string(struct digest *d, const char *s, size_t n)
{
	static const char letter[] = "btn\vfr";	/* 8 to 13; there is no \v */
	char esc[8];

	feed(d, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			snprintf(esc, sizeof esc, "\\%c", c);
		else if (c >= 8 && c <= 13 && c != 11)
			snprintf(esc, sizeof esc, "\\%c", letter[c - 8]);
		else if (c < 0x20)
			snprintf(esc, sizeof esc, "\\u%04x", c);
		else {
			feed(d, s + i, 1);
			continue;
		}
		feed(d, esc, strlen(esc));
	}
	feed(d, "\"", 1);
}

static void
feed_v2(struct digest *d)
{
	char type[32];

	feed(d, "{\"name\":", 8);
	feed_string(d, d->v->name, d->v->name_len);
	feed(d, ",\"payload\":\"", 12);
	feed(d, d->v->payload, d->v->payload_len);
	snprintf(type, sizeof type, "\",\"type\":%u}", d->v->type);
	feed(d, type, strlen(type));
}

static int
runtime_digest(uint8_t out[static 48], const struct event *v, struct err *e)
{
	struct digest d = { EVP_MD_CTX_new(), v, true, 0 };
	uint8_t given[48];

	must(d.ctx != NULL &&
	    EVP_DigestInit_ex(d.ctx, EVP_sha384(), NULL) == 1);
	if (v->version == 1)
		feed_v1(&d);
	else
		feed_v2(&d);
	must(EVP_DigestFinal_ex(d.ctx, out, NULL) == 1);
	EVP_MD_CTX_free(d.ctx);
	/* The compact forms leave the digest out. */
	if (v->digest_len != 0 && (plain_hex(given, 48, v->digest, v->digest_len) ||
	    memcmp(given, out, 48) != 0))
		return err_set(e, EX_NO, "event %.40s: the digest is not that of "
		    "its content", v->name);
	if (v->version == 2 && v->preimage == NULL)
		return err_set(e, EX_NO, "event %.40s: no preimage", v->name);
	if (v->preimage != NULL && (!d.same || d.at != v->preimage_len))
		return err_set(e, EX_NO, "event %.40s: the preimage is not its "
		    "content", v->name);
	return 0;
}

static int
event_digest(uint8_t out[static 48], const struct event *v, struct err *e)
{
	if (v->imr == 3 && v->type != RUNTIME_EVENT)
		return err_set(e, EX_NO, "event %.40s of type 0x%x in register 3",
		    v->name, v->type);
	if (v->imr != 3 && v->type == RUNTIME_EVENT)
		return err_set(e, EX_NO, "event %.40s of run time in register %u",
		    v->name, v->imr);
	if (v->imr == 3)
		return runtime_digest(out, v, e);
	/* Firmware's: what it hashed is not in the log. */
	if (plain_hex(out, 48, v->digest != NULL ? v->digest : "", v->digest_len))
		return err_set(e, EX_NO, "an event of register %u has no digest of "
		    "48 bytes", v->imr);
	return 0;
}

static int
parse_array(json_t **out, struct bytes text, struct err *e)
{
	json_t *o, *inner, *all = strict_load(text, "event log", e);

	*out = NULL;
	if (all == NULL)
		return -1;
	inner = json_object_get(all, "event_log");
	if (json_is_string(inner)) {
		o = strict_load((struct bytes){
		    (const uint8_t *)json_string_value(inner),
		    json_string_length(inner) }, "event log", e);
		json_decref(all);
		if (o == NULL)
			return -1;
	} else {
		o = json_incref(inner != NULL ? inner : all);
		json_decref(all);
	}
	*out = o;
	if (!json_is_array(o))
		return err_set(e, EX_DATAERR, "event log: no array of events");
	if (json_array_size(o) > EVENTS_MAX)
		return err_set(e, EX_DATAERR, "event log: more than %d events",
		    EVENTS_MAX);
	return 0;
}

int
event_log_parse(struct event_log *l, struct bytes text, struct err *e)
{
	struct event v;
	json_t *o;
	size_t i;

	memset(l, 0, sizeof *l);
	if (text.n > EVENT_LOG_MAX)
		return err_set(e, EX_DATAERR, "event log: more than %zu bytes",
		    EVENT_LOG_MAX);
	if (parse_array(&l->events, text, e))
		return -1;
	json_array_foreach(l->events, i, o)
		if (parse_event(&v, o, e))
			return err_prefix(e, "event log: event %zu", i);
	return 0;
}

void
event_log_free(struct event_log *l)
{
	json_decref(l->events);
	l->events = NULL;
}

int
event_log_replay(struct event_log *l, struct err *e)
{
	uint8_t both[96];
	struct event v;
	json_t *o;
	size_t i;

	memset(l->rtmr, 0, sizeof l->rtmr);
	json_array_foreach(l->events, i, o) {
		if (parse_event(&v, o, e) || event_digest(both + 48, &v, e))
			return -1;
		memcpy(both, l->rtmr[v.imr], 48);
		must(EVP_Digest(both, sizeof both, l->rtmr[v.imr], NULL,
		    EVP_sha384(), NULL) == 1);
	}
	return 0;
}

/* What dstack writes, each once, before system-ready. */
static const char *const known[] = {
	"system-ready", "app-id", "compose-hash", "instance-id", "os-image-hash",
	"key-provider", "gpu-attestation", "gpu-policy-hash", "system-preparing",
	"boot-mr-done", "storage-fs", "rootfs-hash",
};
#define NKNOWN (sizeof known / sizeof *known)
enum { READY, APP_ID, COMPOSE_HASH, INSTANCE_ID, OS_IMAGE, KEY_PROVIDER, GPU };

static int
payload(uint8_t *out, size_t n, const struct event *v, struct err *e)
{
	if (plain_hex(out, n, v->payload, v->payload_len))
		return err_set(e, EX_NO, "event %s: %zu bytes, not %zu", v->name,
		    v->payload_len / 2, n);
	return 0;
}

/* The evidence's hash, in the event's JSON. */
static int
take_gpu(struct app *a, const struct event *v, struct err *e)
{
	uint8_t text[4096];
	size_t n = v->payload_len / 2;
	json_t *o;
	int r;

	if (n > sizeof text || plain_hex(text, n, v->payload, v->payload_len))
		return err_set(e, EX_NO, "event %s: too long", v->name);
	o = strict_load((struct bytes){ text, n }, v->name, e);
	if (o == NULL) {
		e->status = EX_NO;
		return -1;
	}
	/* Before the version that has it, nothing is bound. */
	r = json_object_get(o, "evidence_sha256") == NULL ? 0 :
	    strict_hex(o, "evidence_sha256", a->gpu_evidence, 32, e);
	a->has_gpu = r == 0 && json_object_get(o, "evidence_sha256") != NULL;
	json_decref(o);
	if (r != 0)
		e->status = EX_NO;
	return r;
}

static int
take_known(struct app *a, size_t which, const struct event *v, struct err *e)
{
	switch (which) {
	case APP_ID:
		return payload(a->id, sizeof a->id, v, e);
	case COMPOSE_HASH:
		return payload(a->compose_hash, 32, v, e);
	case INSTANCE_ID:
		a->instance_len = v->payload_len == 0 ? 0 : sizeof a->instance;
		return payload(a->instance, a->instance_len, v, e);
	case OS_IMAGE:
		a->has_os_image = true;
		return payload(a->os_image, 32, v, e);
	case KEY_PROVIDER:
		a->key_provider = v->payload;
		return 0;
	case GPU:
		return take_gpu(a, v, e);
	default:
		return 0;
	}
}

int
event_log_app(struct event_log *l, struct err *e)
{
	unsigned seen = 0, needed = 1u << READY | 1u << APP_ID | 1u << COMPOSE_HASH;
	struct event v;
	json_t *o;
	size_t i, which;

	memset(&l->app, 0, sizeof l->app);
	json_array_foreach(l->events, i, o) {
		if (parse_event(&v, o, e))
			return -1;
		for (which = 0; v.imr == 3 && which < NKNOWN; which++) {
			if (strcmp(known[which], v.name) != 0)
				continue;
			if (seen >> READY & 1)
				return err_set(e, EX_NO, "event %s after "
				    "system-ready", v.name);
			if (seen >> which & 1)
				return err_set(e, EX_NO, "event %s twice", v.name);
			seen |= 1u << which;
			if (take_known(&l->app, which, &v, e))
				return -1;
		}
	}
	for (which = 0; which < NKNOWN; which++)
		if ((needed & ~seen) >> which & 1)
			return err_set(e, EX_NO, "no event %s", known[which]);
	return 0;
}
