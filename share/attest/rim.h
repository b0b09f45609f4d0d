#ifndef ATTEST_RIM_H
#define ATTEST_RIM_H
/*
 * NVIDIA's reference measurements (RIM): a SWID tag in XML for a driver or a VBIOS,
 * signed with XML-DSig by a chain that is in it.  libxml2 and libxmlsec1 read and
 * verify it, no network and no external entity being allowed.
 */
#include "attest/chain.h"

#define RIM_MAX ((size_t)1 << 20)
#define RIM_MEASUREMENTS 64
#define RIM_ALTERNATIVES 16

struct rim {
	char version[64];		/* of the driver or VBIOS */
	struct {
		bool active;
		size_t n;
		uint8_t digest[RIM_ALTERNATIVES][48];	/* any will do */
	} of[RIM_MEASUREMENTS];		/* measurement i + 1 of a report */
	struct chain chain;
	int signature;			/* 0: it holds; else *why says */
	struct err why;
};

/* To be called once, before sandbox(): the libraries read files. */
CHECKED int rim_start(struct err *e);

/* EX_DATAERR; rim_free() either way.  Whether the signature holds, and is all of the
 * text's, is in r->signature, since another file may be the right one. */
CHECKED int rim_parse(struct rim *r, struct bytes text, struct err *e);
/* Frees the chain; the rest of *r is plain. */
void rim_free(struct rim *r);
/* Its signature, and the chain to `root` at `now`; EX_NO. */
CHECKED int rim_check(const struct rim *r, const struct chain *root, int64_t now,
    struct err *e);
/* NVIDIA's root of reference measurements as built in, DER. */
struct bytes nvidia_rim_root(void);

#endif
