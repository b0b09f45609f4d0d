#include "appraise/collateral.h"

#include <string.h>

#include "attested/pcs.h"

/* Of quote i, which may need the same as one before. */
static int
ask(struct options *o, int i, const struct chain *root, int64_t now,
    struct err *e)
{
	static struct pcs_need needs[FILES_MAX];
	struct file *all = o->collaterals.of;
	uint8_t *p;
	int k = 0;

	if (pcs_need(&needs[i], o->quotes.of[i].text, e))
		return 0;
	while (k < i && (all[k].text.p == NULL ||
	    memcmp(&needs[k], &needs[i], sizeof needs[i]) != 0))
		k++;
	if (k < i) {
		all[i].text = all[k].text;
		return 0;
	}
	if (pcs_get(&p, &all[i].text.n, &needs[i], o->pccs, root, now, e))
		return -1;
	all[i].text.p = p;
	return 0;
}

int
collateral_ask(struct options *o, const struct chain *root, int64_t now,
    struct err *e)
{
	for (int *n = &o->collaterals.n; o->pccs != NULL && *n < o->quotes.n; ++*n)
		if (ask(o, *n, root, now, e))
			return -1;
	return 0;
}

int
collateral_judge(struct judged *j, const struct file *f,
    const struct chain *root, int64_t now, struct err *e)
{
	memset(j, 0, sizeof *j);
	if (f == NULL || f->text.p == NULL) {
		attested_no_collateral(&j->why);
		return 0;
	}
	j->good = collateral_parse(&j->c, f->text, root, &j->why) == 0;
	if (!j->good && j->why.status != EX_DATAERR) {
		*e = j->why;
		return -1;
	}
	if (j->good)
		collateral_verify(&j->checks, &j->c, root, now);
	return 0;
}
