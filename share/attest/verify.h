#ifndef ATTEST_VERIFY_H
#define ATTEST_VERIFY_H
/*
 * The verdict on evidence: every check of a quote in the order of Intel's library, the
 * stricter ones of this one, dstack's event log and app-compose, the policy.
 *
 *	collateral_parse(&c, text, &e);
 *	collateral_verify(&k, &c, &root, now);		once for any number of quotes
 *	attest_verify(&v, &(struct attest_input){ ... });
 *	if (v.valid) ... attest_verdict_free(&v);
 */
#include "attest/caa.h"
#include "attest/chain.h"
#include "attest/collateral.h"
#include "attest/compose.h"
#include "attest/ct.h"
#include "attest/dns.h"
#include "attest/events.h"
#include "attest/evidence.h"
#include "attest/gpu.h"
#include "attest/ingress.h"
#include "attest/logged.h"
#include "attest/pck.h"
#include "attest/policy.h"
#include "attest/quote.h"
#include "attest/verdict.h"
#include "base/channel.h"
#include "crypto/statement.h"

#define ADVISORIES_MAX 128

/* How evidence was asked for over a connection. */
struct attest_asked {
	uint8_t nonce[32];
	struct channel channel;		/* of the answer */
};

/* The domain that is asked about.  All zero: none. */
struct domain {
	const char *name;	/* as dns_name() makes it; NULL: not told */
	struct bytes cert;	/* in use there, DER or PEM, its chain may follow; p NULL:
				 * not known */
	const struct dns *dns;	/* NULL: not asked */
	const struct ct_logs *logs;	/* NULL: none are known */
	const struct logged *logged;	/* NULL: nobody says what logs have */
};

/* The last quote's platform, which most likely is the next one's too: certificates that
 * need not be read again, signatures that hold.  All zero: none. */
struct platform {
	struct chain chain;
	bool chain_holds;	/* up to the root in it */
	bool report_holds;	/* under the first certificate's key: */
	uint8_t qe_report[QUOTE_SGX], qe_signature[64];
};

struct attest_input {
	const struct evidence *evidence;
	const struct attest_asked *asked;	/* NULL: from a file */
	const struct collateral *collateral;	/* NULL: none, see .missing */
	const struct attest_checks *collateral_checks;
	const struct err *missing;		/* why there is no collateral */
	const struct chain *root;		/* the pinned one */
	struct platform *platform;	/* chain_free() its chain at the end; NULL: not
					 * kept */
	const struct chain *gpu_root, *rim_root;	/* for evidence with GPUs */
	struct ingress *ingress;	/* NULL: none; its account is filled in */
	struct err ingress_bad;		/* status 0, or why it is malformed */
	const struct domain *domain;	/* NULL: not asked about */
	const struct policy *policy;
	int64_t now;				/* seconds since 1970 */
};

/* What is known.  All but the checks counts only when `valid`; strings and bytes in it
 * are the input's. */
struct attest_verdict {
	struct attest_checks checks;
	bool valid;		/* under the policy */
	bool malformed;		/* bytes that are not well-formed were the reason */
	bool has_status;	/* every check of Intel's passed: */
	enum tcb_status status;
	size_t nadvisories;
	const char *advisory[ADVISORIES_MAX];
	uint64_t evaluation;	/* the lower one of the collateral's two */
	int64_t tcb_date;	/* of the oldest level that applies */
	bool has_quote;		/* it is well-formed: */
	struct quote quote;
	struct pck pck;
	bool has_app;		/* the event log replays and is in order: */
	struct event_log log;
	bool has_statement;	/* the enclave attests to it: */
	struct statement statement;
	struct compose compose;
	uint8_t compose_file_hash[32];
	char quoting[128];	/* services that can have quotes made */
	const char *account;	/* ACME, attested to; NULL */
	bool has_certificate;	/* of the domain, at hand: */
	uint8_t certificate_key[32];	/* SHA-256 of its SubjectPublicKeyInfo */
	struct attest_warnings warnings;
	struct gpus gpus;
};

/* Makes all checks, of quote_format first: if that fails, the others are not made.
 * Fills *v; what it has points into *in, which must stay.  attest_verdict_free(). */
void attest_verify(struct attest_verdict *v, const struct attest_input *in);
/* Frees log, composition and GPUs, not *v. */
void attest_verdict_free(struct attest_verdict *v);

/* Parts of it, in their order: quote_check.c, platform.c, application.c,
 * statement_check.c, apply.c, domain.c, gpu_check.c.  Each adds results to v->checks, and to
 * *v what it learned. */

/* What the quote says without other evidence: quote_trailer to td_service. */
void verify_quote_alone(struct attest_verdict *v, const struct attest_input *in);
/* The quote under the collateral: collateral_format to tcb_level. */
void verify_platform(struct attest_verdict *v, const struct attest_input *in);
/* dstack's log and app-compose, as far as the evidence has them. */
void verify_application(struct attest_verdict *v, const struct attest_input *in);
/* The statement, if there is one; over a connection there must be. */
void verify_statement(struct attest_verdict *v, const struct attest_input *in);
/* What the policy asks of platform, measurements and application. */
void apply_policy(struct attest_verdict *v, const struct attest_input *in);
/* The ingress's evidence, the domain's certificate and its DNS, as far as *in has them.  What
 * the policy requires of them and is not there fails. */
void verify_domain(struct attest_verdict *v, const struct attest_input *in);
/* The evidence of GPUs.  That there is none fails if the policy requires it. */
void verify_gpus(struct attest_verdict *v, const struct attest_input *in);

#endif
