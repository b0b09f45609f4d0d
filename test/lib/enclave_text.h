#ifndef TEST_LIB_ENCLAVE_TEXT_H
#define TEST_LIB_ENCLAVE_TEXT_H
/* The words that a synthetic enclave is asked for with (test/lib/enclave.h), and texts that
 * grow. */
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/quote.h"
#include "base/err.h"
#include "base/hex.h"
#include "crypto/keccak.h"

#define FIRST 1800000000	/* 2027-01-15T08:00:00Z */
#define LAST (FIRST + 30 * 86400)
/* The same where another time is wanted: seconds later. */
static int64_t enclave_shift;
#define START (FIRST + enclave_shift)
#define END (LAST + enclave_shift)

struct text {
	char *p;
	size_t n;
};

static const char *const known_words[] = {
	/* value: 3, 4, 5; sgx: an SGX quote of versions 4 and 5; td10: TD 1.0 in
	 * version 5 */
	"version=", "sgx", "td10",
	/* the quote's fields */
	"debug", "no_sept_ve", "pks", "td_reserved", "xfam", "seam_signer",
	"seam_attributes", "service_td", "vendor", "config=", "config_other",
	"tdx_svn=",
	"tdx_svn2=", "data_bit", "data_shift",
	/* what surrounds it */
	"trailer", "trailer_zeros", "trailer_hash", "auth_len=", "cert_type=",
	"pem_crlf", "pem_blank", "pem_text", "chain_reversed", "chain_short",
	/* signatures and what binds them */
	"bad_quote_signature", "bad_qe_signature", "other_key", "qe_data_tail",
	"key_off_curve",
	/* the quoting enclave */
	"qe_signer", "qe_prodid", "qe_misc", "qe_attributes", "qe_debug", "qe_mask",
	"qe_svn=",
	/* certificates */
	"pck_expired", "pck_early", "pck_is_ca", "pck_name", "ca_name", "ca_no_ca",
	"ca_no_sign", "ca_no_crl", "ca_pathlen", "pck_two_algorithms", "pck_unused_bit",
	"pck_misnamed", "pck_other_issuer", "quote_ca_name", "quote_ca_key", "quote_ca_revoked",
	"collateral_chain", "pck_issuer", "pck_sha384", "root_pathlen",
	"pck_critical", "pck_no_extension", "pck_bad_extension", "pck_p384",
	"other_root", "signer_name", "signer_is_ca_of_pcks", "signer_other_root",
	"signer_expired", "qe_other_signer", "bad_pck_cert",
	"pck_svn=", "pcesvn=", "sgx_type=", "smt",
	/* lists */
	"pck_revoked", "ca_revoked", "signer_revoked", "root_revoked",
	"root_crl_old", "root_crl_early", "pck_crl_old", "pck_crl_early",
	"bad_root_crl", "bad_pck_crl", "crl_other_ca", "crl_critical",
	/* signed texts */
	"bad_tcb_signature", "bad_qe_identity_signature", "tcb_early", "tcb_old",
	"qe_early", "qe_old", "fmspc", "pce_id", "tcb_id=", "qe_id=", "tcb_version=",
	"tcb_duplicate", "status=", "module_status=", "qe_status=", "no_module",
	"module_signer", "module_attributes",
	"unknown_status", "levels_reversed", "evaluation=", "intel_answers",
	/* the log */
	"log_v2", "log_no_preimage", "log_preimage", "log_digest", "log_no_digest",
	"log_type", "log_type_low", "log_late", "log_late_compose", "log_twice", "log_no_ready",
	"log_no_app", "log_no_provider", "no_log", "sgx_log", "log_register", "log_short_app",
	"log_escape",
	"app=", "gpu=", "gpu_long", "wrong_report_data",
	/* app-compose */
	"compose_other", "compose_tag", "compose_build", "compose_env_file",
	"compose_variable", "compose_privileged", "compose_socket",
	"compose_run", "compose_envs", "compose_logs", "compose_merge",
	"compose_twice", "compose_two", "compose_include", "compose_dstack",
	NULL
};

static const char *words = "";

/* What the enclave attests to, 64 bytes, if not NULL. */
static const uint8_t *enclave_data __attribute__((unused));

/* app-compose.json, if not NULL. */
static const char *enclave_compose __attribute__((unused));

/* With the word gpu=: that evidence's hash, 32 bytes, if not NULL. */
static const uint8_t *enclave_gpu __attribute__((unused));

/* What follows "WORD=" among the words, or "" for a word alone; NULL: not there. */
static const char *
word(const char *w)
{
	static char value[64];
	size_t n = strlen(w), k;
	int i;

	for (i = 0; strcmp(known_words[i], w) != 0; i++)
		must(known_words[i + 1] != NULL);
	for (const char *p = words; *p != '\0'; p += k + (p[k] == ' ')) {
		k = strcspn(p, " ");
		if (k < n || memcmp(p, w, n) != 0 ||
		    (w[n - 1] != '=' && k != n))
			continue;
		must(k - n < sizeof value);
		memcpy(value, p + n, k - n);
		value[k - n] = '\0';
		return value;
	}
	return NULL;
}

static bool
is(const char *w)
{
	return word(w) != NULL;
}

static unsigned
number(const char *w, unsigned otherwise)
{
	const char *v = word(w);

	return v != NULL ? (unsigned)strtoul(v, NULL, 0) : otherwise;
}

static inline const char *
string(const char *w, const char *otherwise)
{
	static char copy[4][64];
	static unsigned at;
	const char *v = word(w);

	return v == NULL ? otherwise : strcpy(copy[at++ % 4], v);
}

__attribute__((format(printf, 2, 3))) static void
put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	t->p = realloc(t->p, t->n + (size_t)n + 1);
	must(t->p != NULL);
	va_start(ap, fmt);
	vsnprintf(t->p + t->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
}

static void
put_bytes(struct text *t, const void *p, size_t n)
{
	t->p = realloc(t->p, t->n + n + 1);
	must(t->p != NULL);
	memcpy(t->p + t->n, p, n);
	t->n += n;
	t->p[t->n] = '\0';
}

static void
put_hex(struct text *t, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(t, "%02x", ((const uint8_t *)p)[i]);
}

/* A JSON string of it. */
static inline void
put_quoted(struct text *t, const char *s)
{
	put(t, "\"");
	for (; *s != '\0'; s++)
		if (*s == '"' || *s == '\\')
			put(t, "\\%c", *s);
		else if (*s == '\n')
			put(t, "\\n");
		else
			put(t, "%c", *s);
	put(t, "\"");
}

static inline void
put_le(struct text *t, uint64_t x, size_t n)
{
	uint8_t b[8];

	for (size_t i = 0; i < n; i++)
		b[i] = (uint8_t)(x >> 8 * i);
	put_bytes(t, b, n);
}

#endif
