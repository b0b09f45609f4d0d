#ifndef APPRAISE_TRUST_H
#define APPRAISE_TRUST_H
/*
 * What verdicts rest on: roots of certificates, and the policy.
 */
#include "appraise/inputs.h"

/* All zero at first. */
struct trust {
	struct chain root, gpu_root, rim_root;
	struct policy policy;
};

/* Intel's root, which collateral is parsed with; another, from a file, is said on standard
 * error.  EX_DATAERR names the file. */
CHECKED int trust_intel(struct trust *t, const struct options *o,
    const struct inputs *in, struct err *e);
/* The rest: NVIDIA's roots, in the same way, and the policy, without one the default.  EX_CONFIG
 * names the policy's file. */
CHECKED int trust_rest(struct trust *t, const struct options *o,
    const struct inputs *in, struct err *e);
/* Frees all of it, not *t. */
void trust_free(struct trust *t);

#endif
