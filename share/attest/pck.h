#ifndef ATTEST_PCK_H
#define ATTEST_PCK_H
/*
 * What Intel's certificate of a platform tells of it: the extension
 * 1.2.840.113741.1.13.1 (Intel, "SGX PCK Certificate and CRL Profile").
 */
#include <openssl/x509.h>

#include "attest/bytes.h"
#include "base/err.h"

struct pck {
	uint8_t ppid[16], fmspc[6], pce_id[2];
	uint8_t svn[16];		/* the 16 components' */
	uint16_t pcesvn;
	uint32_t sgx_type;		/* 0 standard, 1 scalable, 2 with integrity */
	bool has_instance;
	uint8_t instance[16];		/* of the platform */
	bool has_configuration;		/* the next three */
	bool dynamic, cached_keys, smt;
};

/* EX_NO: there is no such extension, two of them, or it has not the form. */
CHECKED int pck_read(struct pck *p, X509 *leaf, struct err *e);
/* The extension's content alone. */
CHECKED int pck_parse(struct pck *p, struct bytes der);

#endif
