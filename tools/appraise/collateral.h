#ifndef APPRAISE_COLLATERAL_H
#define APPRAISE_COLLATERAL_H
/*
 * Collateral: what Intel says of a quote's platform, asked for and judged.
 */
#include "appraise/options.h"
#include "attest/verify.h"

/* Judged once for all quotes that it is for. */
struct judged {
	struct collateral c;
	struct attest_checks checks;
	bool good;
	struct err why;		/* not good: EX_NO, there is none; EX_DATAERR */
};

/* With --pccs, the collateral of each quote, from the service or from what was kept of it.
 * What is wrong with the quote itself is told later.  Fails as pcs_get(). */
CHECKED int collateral_ask(struct options *o, const struct chain *root, int64_t now,
    struct err *e);

/* Judges it as of now; f NULL, or without a text: there is none.  collateral_free(&j->c) either
 * way.  Fails as collateral_parse() does, but for what is malformed. */
CHECKED int collateral_judge(struct judged *j, const struct file *f,
    const struct chain *root, int64_t now, struct err *e);

#endif
