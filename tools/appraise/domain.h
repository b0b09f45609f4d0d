#ifndef APPRAISE_DOMAIN_H
#define APPRAISE_DOMAIN_H
/*
 * The domain that an enclave serves, as files and the DNS tell of it:
 *
 *	domain_read(&d, &o, &e);	files
 *	domain_name(&d, &o, &e);
 *	domain_ask(&d, &o, &e);		the DNS
 *	...				the sandbox
 *	domain_take(&in, &d, &o, &e);	what came, understood
 *	domain_free(&d);
 *
 * Without the options for one, each does nothing.
 */
#include "appraise/options.h"
#include "attest/verify.h"

/* All zero at first. */
struct domain_inputs {
	struct bytes anchor, cert, dns_text, logs_text, logged_text;
	char name[DNS_NAME];
	struct ingress ingress;
	struct err ingress_bad;		/* status 0, or why it is malformed */
	struct dns dns;
	struct ct_logs logs;
	struct logged logged;
	struct domain domain;
};

/* Reads the files.  Fails as read_file() and ingress_read(). */
CHECKED int domain_read(struct domain_inputs *d, const struct options *o,
    struct err *e);
/* Takes the name as dns_name() does, and fails so. */
CHECKED int domain_name(struct domain_inputs *d, const struct options *o,
    struct err *e);
/* Asks the DNS, unless a file tells what it says.  Fails as resolve_domain(). */
CHECKED int domain_ask(struct domain_inputs *d, const struct options *o,
    struct err *e);
/* Parses what was read, and puts it into *in, which points into *d from then on.  Fails as
 * dns_parse(), ct_logs_parse() and logged_parse(). */
CHECKED int domain_take(struct attest_input *in, struct domain_inputs *d,
    const struct options *o, struct err *e);
/* Frees records, logs, certificates and the ingress, not what was read of other files. */
void domain_free(struct domain_inputs *d);

#endif
