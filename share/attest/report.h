#ifndef ATTEST_REPORT_H
#define ATTEST_REPORT_H
/* A verdict for programs, for people, and as a policy. */
#include <stdio.h>

#include "attest/verify.h"
#include "base/json.h"

/* One object a line.  name: NULL, or what to call the quote. */
CHECKED int report_record(FILE *f, const struct attest_verdict *v,
    const struct attest_input *in, const char *name, struct err *e);
/* A table. */
void report_table(FILE *f, const struct attest_verdict *v,
    const struct attest_input *in, const char *name);
/* A policy that accepts this evidence and pins what it shows, indented, to be freed
 * with free(); NULL and EX_NO, or EX_DATAERR, when the quote is not
 * genuine. */
CHECKED char *report_policy(const struct attest_verdict *v,
    const struct attest_input *in, struct err *e);

#endif
