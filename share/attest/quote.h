#ifndef ATTEST_QUOTE_H
#define ATTEST_QUOTE_H
/*
 * Intel's quotes: SGX of version 3, and TDX and SGX of versions 4 and 5, with ECDSA
 * P-256 (Intel, "TDX DCAP Quoting Library API", appendix 3).  Nothing is copied: all
 * that a struct quote points to is in the caller's bytes.
 */
#include "attest/bytes.h"
#include "base/err.h"

/* Larger ones do not exist: what the kernel hands out has at most 32 KiB. */
#define QUOTE_MAX ((size_t)64 << 10)

/* Lengths of the three bodies. */
enum {
	QUOTE_SGX = 384,
	QUOTE_TD10 = 584,
	QUOTE_TD15 = 648,
};

/* Offsets in a TD report. */
enum {
	TD_TCB_SVN = 0,			/* 16 */
	TD_MRSEAM = 16,			/* 48, as all that begin with MR and RT */
	TD_MRSIGNERSEAM = 64,
	TD_SEAMATTRIBUTES = 112,	/* 8 */
	TD_ATTRIBUTES = 120,		/* 8 */
	TD_XFAM = 128,			/* 8 */
	TD_MRTD = 136,
	TD_MRCONFIGID = 184,
	TD_MROWNER = 232,
	TD_MROWNERCONFIG = 280,
	TD_RTMR0 = 328,			/* four of them */
	TD_REPORTDATA = 520,		/* 64 */
	TD_TCB_SVN2 = 584,		/* 16; from here on TD 1.5 alone */
	TD_MRSERVICETD = 600,
};

/* Offsets in an SGX report, the quoting enclave's too. */
enum {
	SGX_CPUSVN = 0,			/* 16 */
	SGX_MISCSELECT = 16,		/* 4 */
	SGX_ATTRIBUTES = 48,		/* 16 */
	SGX_MRENCLAVE = 64,		/* 32 */
	SGX_MRSIGNER = 128,		/* 32 */
	SGX_ISVPRODID = 256,		/* 2 */
	SGX_ISVSVN = 258,		/* 2 */
	SGX_REPORTDATA = 320,		/* 64 */
};

/* What a quote brings along for its quoting enclave's key. */
enum {
	CERT_PPID_PLAIN = 1,
	CERT_PPID_RSA3072 = 3,
	CERT_PCK_LEAF = 4,
	CERT_PCK_CHAIN = 5,		/* PEM: leaf, intermediate, root */
	CERT_QE_REPORT = 6,		/* wraps the others in versions 4 and 5 */
};

struct quote {
	unsigned version;
	bool tdx;
	const uint8_t *vendor;		/* 16: who wrote the quoting enclave */
	const uint8_t *body;
	size_t body_len;		/* QUOTE_SGX, QUOTE_TD10, QUOTE_TD15 */
	struct bytes signed_part;	/* what the attestation key signs */
	const uint8_t *signature;	/* 64: r, s, big-endian */
	const uint8_t *key;		/* 64: the attestation key, x, y */
	const uint8_t *qe_report;	/* QUOTE_SGX bytes */
	const uint8_t *qe_signature;	/* 64 */
	struct bytes qe_auth;
	unsigned cert_type;		/* CERT_... */
	struct bytes cert;
	struct bytes trailer;		/* what follows: nobody signs it */
};

/* Header, lengths and nothing else; EX_DATAERR says what is wrong. */
CHECKED int quote_parse(struct quote *q, const uint8_t *p, size_t n,
    struct err *e);

/* The 64 bytes that the attested program chose. */
const uint8_t *quote_report_data(const struct quote *q);

#endif
