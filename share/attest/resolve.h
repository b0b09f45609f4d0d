#ifndef ATTEST_RESOLVE_H
#define ATTEST_RESOLVE_H
/* Asking the DNS what caa_check() and persist_check() look at, with DNSSEC checked here, by
 * libunbound: whoever forwards the questions need not be trusted where zones are signed. */
#include "attest/dns.h"

struct resolve {
	/* "ADDRESS" or "ADDRESS@PORT"; NULL: those of /etc/resolv.conf */
	const char *server;
	/* Lines, DS or DNSKEY records to trust instead of the root's, which are built
	 * in; p NULL: those. */
	struct bytes anchors;
	int timeout_s;		/* for all of it */
};

/* Fills an empty *d with the CAA records of the domain (which may begin with "*.") and of
 * all names above it, and their _validation-persist records, aliases followed.  EX_CONFIG:
 * no such server, or anchors that are none.  EX_TEMPFAIL: no answer in time, or a server
 * failed; signatures that do not hold are no failure here, but d->security.  dns_free()
 * either way. */
CHECKED int resolve_domain(struct dns *d, const char *domain,
    const struct resolve *how, struct err *e);

#endif
