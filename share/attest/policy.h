#ifndef ATTEST_POLICY_H
#define ATTEST_POLICY_H
/*
 * What a verifier accepts: sp1-attest(5).  A member that is not in the file is not
 * asked about, but for those whose defaults are told here.
 */
#include "attest/strict.h"
#include "attest/tcb.h"

/* Values of one length, any of which will do; n 0: not asked about. */
struct value_list {
	uint8_t *v;
	size_t n, each;		/* each: bytes of one */
};

struct os_image {
	uint8_t mrtd[48], rtmr1[48], rtmr2[48];
	bool has_rtmr0;
	uint8_t rtmr0[48];
};

enum policy_choice {
	POLICY_UNSAID,	/* the default: refused where it is seen */
	POLICY_NO,	/* refused, and so is evidence that does not tell */
	POLICY_YES,	/* allowed */
};

/* How the statement must name the connection that it came over. */
enum policy_tls {
	POLICY_TLS_KEY,		/* by its key; the default */
	POLICY_TLS_EXPORTER,	/* by its exporter too */
	POLICY_TLS_NONE,	/* not at all: TLS may end before the enclave */
};

#define STATEMENT_LIFE 7200	/* seconds, the default */

struct policy {
	json_t *root;			/* NULL: no file, the defaults */
	uint8_t sha256[32];		/* of the file */
	unsigned statuses;		/* bit 1 << TCB_...; default UpToDate */
	json_t *advisories;		/* names; default, with a file: none */
	bool allow_debug;
	uint64_t min_evaluation;
	int64_t min_tcb_date;		/* 0: any */
	uint64_t max_collateral_age;	/* seconds; 0: any */
	unsigned sgx_types;		/* bits; 0: any */
	enum policy_choice smt;		/* unsaid: not asked about */
	struct value_list tdattributes, xfam;	/* default: rules of their own */
	struct value_list ppid, instance;
	struct value_list mrseam, mrtd, rtmr[4], mrenclave, mrsigner, report_data;
	size_t nimages;
	struct os_image *images;
	struct value_list app_id, compose_hash;
	const char *provider_name, *provider_id;	/* NULL: any */
	enum policy_choice unpinned_images, privileged, public_logs;
	json_t *variables;		/* names; NULL: unsaid, none allowed */
	enum policy_choice nonce;	/* unsaid: where one was asked with */
	enum policy_tls tls;
	uint64_t max_life;		/* of a statement, seconds from now */
	bool ingress_required, ct_required, ct_logged;
	struct value_list known_spki;	/* keys that certificates may have */
	bool caa_required, caa_dnssec, caa_wildcard;
	const char *caa_issuer, *caa_account;	/* NULL: Let's Encrypt, the attested */
	bool gpu_required;
	struct value_list gpu_nonce;
};

/* Without a file. */
void policy_default(struct policy *p);
/* EX_CONFIG names the member; unknown ones are refused.  policy_free() either way. */
CHECKED int policy_parse(struct policy *p, struct bytes text, struct err *e);
/* Frees lists, images and the JSON, not *p, and clears it. */
void policy_free(struct policy *p);

/* Whether the list has it, or is not asked about. */
bool value_listed(const struct value_list *l, const uint8_t *v);
/* Whether an array of strings has it. */
bool name_listed(const json_t *names, const char *name);

#endif
