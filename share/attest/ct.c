#include "attest/ct.h"

#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "attest/date.h"
#include "attest/strict.h"

#define LOGS_MAX 1000
#define KEY_MAX 1024		/* bytes of DER */
#define LONG_LIFE (180 * 86400)	/* seconds: longer ones need one promise more */

/* Base64 without blanks; the number of bytes, or -1. */
static int
from_base64(uint8_t *out, size_t room, const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;
	int got;

	if (n == 0 || n % 4 != 0 || n / 4 * 3 > room)
		return -1;
	got = EVP_DecodeBlock(out, (const uint8_t *)text, (int)n);
	return got < 0 ? -1 : got - (text[n - 1] == '=') - (text[n - 2] == '=');
}

static int
take_key(struct ct_log *log, const json_t *o, struct err *e)
{
	uint8_t der[KEY_MAX], id[33], hash[32];
	const uint8_t *p = der;
	int n = from_base64(der, sizeof der, strict_str(o, "key", e));
	int k = from_base64(id, sizeof id, strict_str(o, "log_id", e));

	if (n < 0 || k != 32)
		return err_set(e, EX_DATAERR, "a log without log_id and key");
	memcpy(log->id, id, 32);
	sha256(hash, der, (size_t)n);
	if (memcmp(hash, log->id, 32) != 0)
		return err_set(e, EX_DATAERR, "a log's id is not its key's hash");
	log->key = d2i_PUBKEY(NULL, &p, n);
	if (log->key == NULL || p != der + n) {
		ERR_clear_error();
		return err_set(e, EX_DATAERR, "a log's key is not well-formed");
	}
	return 0;
}

/* "usable": {"timestamp": ..}, and so on: the log was trusted until it was retired. */
static int
take_state(struct ct_log *log, const json_t *o, struct err *e)
{
	const json_t *state = json_object_get(o, "state");

	log->retired = INT64_MAX;
	log->trusted = json_object_get(state, "usable") != NULL ||
	    json_object_get(state, "qualified") != NULL ||
	    json_object_get(state, "readonly") != NULL;
	o = json_object_get(state, "retired");
	if (o == NULL)
		return 0;
	log->trusted = true;
	return strict_date(o, "timestamp", &log->retired, e);
}

static int
take_interval(struct ct_log *log, const json_t *o, struct err *e)
{
	const json_t *i = json_object_get(o, "temporal_interval");

	log->until = INT64_MAX;
	return i == NULL ? 0 : strict_date(i, "start_inclusive", &log->from, e) ||
	    strict_date(i, "end_exclusive", &log->until, e) ? -1 : 0;
}

static int
take_log(struct ct_logs *l, const json_t *o, const char *operator,
    struct err *e)
{
	struct ct_log *log;

	if (l->n == LOGS_MAX)
		return err_set(e, EX_DATAERR, "more than %d logs", LOGS_MAX);
	log = &l->log[l->n++];
	log->operator = operator;
	log->name = json_string_value(json_object_get(o, "description"));
	return take_key(log, o, e) || take_state(log, o, e) ||
	    take_interval(log, o, e) ? -1 : 0;
}

static int
take_operator(struct ct_logs *l, const json_t *o, struct err *e)
{
	static const char *const kinds[] = { "logs", "tiled_logs" };
	const char *name = strict_str(o, "name", e);
	json_t *log;
	size_t i;

	if (name == NULL)
		return -1;
	for (unsigned k = 0; k < 2; k++)
		json_array_foreach(json_object_get(o, kinds[k]), i, log)
			if (take_log(l, log, name, e))
				return err_prefix(e, "%.60s", name);
	return 0;
}

int
ct_logs_parse(struct ct_logs *l, struct bytes text, struct err *e)
{
	json_t *operators, *o;
	size_t i;

	memset(l, 0, sizeof *l);
	l->root = strict_load(text, "log list", e);
	if (l->root == NULL)
		return -1;
	l->log = calloc(LOGS_MAX, sizeof *l->log);
	if (l->log == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	operators = strict_array(l->root, "operators", e);
	if (operators == NULL)
		return err_prefix(e, "log list");
	json_array_foreach(operators, i, o)
		if (take_operator(l, o, e))
			return err_prefix(e, "log list");
	return l->n > 0 ? 0 : err_set(e, EX_DATAERR, "log list: no logs");
}

void
ct_logs_free(struct ct_logs *l)
{
	for (size_t i = 0; i < l->n; i++)
		EVP_PKEY_free(l->log[i].key);
	free(l->log);
	json_decref(l->root);
	memset(l, 0, sizeof *l);
}

static const struct ct_log *
find_log(const struct ct_logs *l, const uint8_t *id)
{
	for (size_t i = 0; i < l->n; i++)
		if (memcmp(l->log[i].id, id, 32) == 0)
			return &l->log[i];
	return NULL;
}

/* What a log signs of a certificate to be (RFC 6962, 3.2), apart from its time. */
struct entry {
	uint8_t issuer[32];	/* SHA-256 of the issuer's key */
	uint8_t *tbs;		/* the certificate without promises and signature */
	int n;
};

static int
make_entry(struct entry *en, const struct chain *c, struct err *e)
{
	X509 *x = X509_dup(c->x[0]);
	int at = x != NULL ? X509_get_ext_by_NID(x, NID_ct_precert_scts, -1) : -1;
	uint8_t *key = NULL;
	int n;

	memset(en, 0, sizeof *en);
	if (at >= 0) {
		X509_EXTENSION_free(X509_delete_ext(x, at));
		en->n = i2d_re_X509_tbs(x, &en->tbs);
	}
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(c->x[1]), &key);
	if (n > 0)
		sha256(en->issuer, key, (size_t)n);
	OPENSSL_free(key);
	X509_free(x);
	return en->n > 0 && en->n < 1 << 16 && n > 0 ? 0 : err_set(e, EX_DATAERR,
	    "the certificate cannot be written again");
}

static uint8_t *
put_be(uint8_t *p, uint64_t x, unsigned bytes)
{
	while (bytes-- > 0)
		*p++ = (uint8_t)(x >> 8 * bytes);
	return p;
}

/* Whether the log signed: SHA-256, with ECDSA or RSA as its key is. */
static bool
signed_by(const struct ct_log *log, const SCT *sct, const struct entry *en)
{
	uint8_t *ext, *sig, *text, *p;
	size_t next = SCT_get0_extensions(sct, &ext);
	size_t nsig = SCT_get0_signature(sct, &sig);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = false;

	text = malloc(2 + 8 + 2 + 32 + 3 + (size_t)en->n + 2 + next);
	if (text != NULL && ctx != NULL) {
		p = put_be(text, 0, 2);		/* version 1, of a certificate */
		p = put_be(p, SCT_get_timestamp(sct), 8);
		p = put_be(p, 1, 2);		/* one to be */
		memcpy(p, en->issuer, 32);
		p = put_be(p + 32, (uint64_t)en->n, 3);
		memcpy(p, en->tbs, (size_t)en->n);
		p = put_be(p + en->n, next, 2);
		if (next > 0)
			memcpy(p, ext, next);
		good = EVP_DigestVerifyInit_ex(ctx, NULL, "SHA256", NULL, NULL,
		    log->key, NULL) == 1 && EVP_DigestVerify(ctx, sig, nsig, text,
		    (size_t)(p - text) + next) == 1;
		ERR_clear_error();
	}
	free(text);
	EVP_MD_CTX_free(ctx);
	return good;
}

/* 1: it counts; 0: not a log's whose word counts; -1: forged. */
static int
judge(const struct ct_logs *l, const SCT *sct, const struct entry *en,
    int64_t until, int64_t now, const struct ct_log **from, struct err *e)
{
	uint8_t *id;
	size_t n = SCT_get0_log_id(sct, &id);
	uint64_t time = SCT_get_timestamp(sct) / 1000;
	const struct ct_log *log;

	if (SCT_get_version(sct) != SCT_VERSION_V1 || n != 32)
		return 0;
	log = *from = find_log(l, id);
	if (log == NULL)
		return 0;
	if (!signed_by(log, sct, en))
		return err_set(e, EX_NO, "%.80s did not sign the promise that names "
		    "it", log->name ? log->name : log->operator);
	return log->trusted && time <= (uint64_t)now && (int64_t)time <
	    log->retired && until >= log->from && until < log->until;
}

struct seen {
	unsigned n, operators;
	const struct ct_log *log[LOGS_MAX];
};

static void
count(struct seen *s, const struct ct_log *log)
{
	bool new = true;

	for (unsigned i = 0; i < s->n; i++) {
		if (s->log[i] == log)
			return;
		new &= strcmp(s->log[i]->operator, log->operator) != 0;
	}
	s->log[s->n++] = log;
	s->operators += new;
}

int
ct_count(const struct ct_logs *l, const struct chain *c, int64_t now,
    unsigned *promises, unsigned *operators, struct err *e)
{
	STACK_OF(SCT) *scts = X509_get_ext_d2i(c->x[0], NID_ct_precert_scts, NULL,
	    NULL);
	const struct ct_log *log;
	struct seen *seen = calloc(1, sizeof *seen);
	struct entry en = { 0 };
	int64_t from, until;
	int r = 0;

	*promises = *operators = 0;
	cert_dates(c->x[0], &from, &until);
	if (seen == NULL)
		r = err_set(e, EX_OSERR, "out of memory");
	else if (scts == NULL)
		r = X509_get_ext_by_NID(c->x[0], NID_ct_precert_scts, -1) < 0 ? 0 :
		    err_set(e, EX_DATAERR, "the promises are not well-formed");
	else if (c->n < 2)
		r = err_set(e, EX_NO, "the issuer's certificate is needed, after "
		    "the first");
	else
		r = make_entry(&en, c, e);
	ERR_clear_error();
	for (int i = 0; r == 0 && i < sk_SCT_num(scts); i++) {
		int good = judge(l, sk_SCT_value(scts, i), &en, until, now, &log, e);

		if (good > 0)
			count(seen, log);
		r = good < 0 ? -1 : 0;
	}
	if (r == 0) {
		*promises = seen->n;
		*operators = seen->operators;
	}
	OPENSSL_free(en.tbs);
	SCT_LIST_free(scts);
	free(seen);
	return r;
}

int
ct_check(const struct ct_logs *l, const struct chain *c, int64_t now,
    struct err *e)
{
	unsigned promises, operators, need;
	int64_t from, until;

	if (ct_count(l, c, now, &promises, &operators, e))
		return -1;
	cert_dates(c->x[0], &from, &until);
	need = until - from > LONG_LIFE ? 3 : 2;
	if (promises < need || operators < 2)
		return err_set(e, EX_NO, "%u promises of %u operators, not %u of 2",
		    promises, operators, need);
	return 0;
}
