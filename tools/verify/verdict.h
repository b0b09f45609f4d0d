#ifndef VERIFY_VERDICT_H
#define VERIFY_VERDICT_H
/*
 * What sp1-verify writes of a proof on standard output.
 */
#include <stdbool.h>

#include "base/err.h"
#include "sp1verify/any_proof.h"
#include "verify/subject.h"

enum verdict_form {
	VERDICT_RECORD,		/* whether it is valid, and what it claims, as JSON */
	/* Of a valid proof alone: */
	VERDICT_PUBLIC_VALUES,	/* their bytes */
	VERDICT_CALLDATA,	/* the proof as contracts take it */
	VERDICT_FIXTURE,	/* the same with its key and public values, as JSON */
};

/* Writes it.  path: the proof's name; NULL: it is not told.  s is made where p is well
 * formed.  EX_IOERR; EX_DATAERR: contracts take no such proof. */
CHECKED int verdict_write(enum verdict_form form, const char *path,
    const struct any_proof *p, bool valid, const struct subject *s,
    struct err *e);

#endif
