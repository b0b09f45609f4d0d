#ifndef APPRAISE_VERDICT_H
#define APPRAISE_VERDICT_H
/*
 * Verdicts on quotes, written as sp1-attest writes them.
 */
#include "appraise/inputs.h"
#include "attest/verify.h"

/* Judges each quote, and writes on standard output a table for a terminal, else a record; with
 * --write-policy, a policy that pins what is seen.  Why one is not valid is said on standard
 * error.  *common: what is the same for all quotes.  *status: the worst of theirs, 0, EX_NO or,
 * for what is malformed, EX_DATAERR.  EX_IOERR: it cannot be written; as report_policy() and
 * collateral_judge() fail, too, and evidence_parse(), but for what is malformed. */
CHECKED int verdict_all(int *status, const struct options *o,
    const struct attest_input *common, const struct inputs *beside,
    struct err *e);

#endif
