#include "appraise/verdict.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "appraise/collateral.h"
#include "attest/report.h"
#include "base/io.h"

static int
write_policy(const struct attest_verdict *v, const struct attest_input *in,
    struct err *e)
{
	char *text = report_policy(v, in, e);
	bool written;

	if (text == NULL)
		return -1;
	written = puts(text) != EOF && fflush(stdout) == 0;
	if (!written)
		err_set(e, EX_IOERR, "cannot write standard output:");
	free(text);
	if (!written)
		return -1;
	complain("this policy pins what was seen, which may be anything: "
	    "read it before you use it");
	return 0;
}

/* One verdict, told: *status is its exit status. */
static int
tell(int *status, const struct options *o, const struct attest_verdict *v,
    const struct attest_input *in, const char *path, struct err *e)
{
	enum attest_check c = check_first_failed(&v->checks);
	const char *name = o->quotes.n > 1 || in->asked != NULL ? in_name(path) :
	    NULL;

	*status = 0;
	if (o->write_policy)
		return write_policy(v, in, e);
	if (isatty(STDOUT_FILENO) && !o->json)
		report_table(stdout, v, in, in_name(path));
	else if (report_record(stdout, v, in, name, e))
		return -1;
	if (v->valid)
		return 0;
	must(c != ATTEST_CHECKS);
	complain("%s: %s: %s", in_name(path), attest_check_name(c),
	    v->checks.of[c].detail);
	*status = v->malformed ? EX_DATAERR : EX_NO;
	return 0;
}

/* What files say besides comes before what the evidence brings. */
static void
put_beside(struct evidence *ev, const struct inputs *beside)
{
	if (beside->log.p != NULL)
		ev->event_log = beside->log;
	if (beside->compose.p != NULL)
		ev->compose = beside->compose;
	if (beside->gpus.p != NULL)
		ev->gpus = beside->gpus;
	ev->rims = beside->rims;
	ev->nrims = beside->nrims;
}

/* Fills *v, and what *in lacks.  *v and *ev are zeros, to be freed either way. */
static int
verify(struct attest_verdict *v, struct evidence *ev, struct attest_input *in,
    const struct file *f, const struct judged *j, const struct inputs *beside,
    struct err *e)
{
	if (evidence_parse(ev, f->text, e)) {
		if (e->status != EX_DATAERR)
			return -1;
		check_error(&v->checks, CHECK_quote_format, e);
		v->malformed = true;
		return 0;
	}
	put_beside(ev, beside);
	in->evidence = ev;
	in->asked = f->asked;
	in->collateral = j->good ? &j->c : NULL;
	in->collateral_checks = &j->checks;
	in->missing = &j->why;
	attest_verify(v, in);
	return 0;
}

static int
verdict(int *status, const struct options *o, const struct file *f,
    const struct judged *j, const struct attest_input *common,
    const struct inputs *beside, struct err *e)
{
	struct attest_input in = *common;
	struct attest_verdict v = { 0 };
	struct evidence ev = { 0 };
	int k;

	k = verify(&v, &ev, &in, f, j, beside, e) ||
	    tell(status, o, &v, &in, f->path, e) ? -1 : 0;
	attest_verdict_free(&v);
	evidence_free(&ev);
	return k;
}

int
verdict_all(int *status, const struct options *o,
    const struct attest_input *common, const struct inputs *beside,
    struct err *e)
{
	const struct files *c = &o->collaterals;
	struct judged j;
	int s, k;

	*status = 0;
	k = collateral_judge(&j, c->n ? &c->of[0] : NULL, common->root, common->now,
	    e);
	for (int i = 0; k == 0 && i < o->quotes.n; i++) {
		if (i > 0 && c->n > 1) {
			collateral_free(&j.c);
			k = collateral_judge(&j, &c->of[i], common->root,
			    common->now, e);
		}
		if (k == 0)
			k = verdict(&s, o, &o->quotes.of[i], &j, common, beside, e);
		if (k == 0 && s > *status)
			*status = s;
	}
	collateral_free(&j.c);
	return k;
}
