#include "appraise/options.h"

#include <stdio.h>

int
files_add(struct files *f, const char *path, struct err *e)
{
	if (f->n == FILES_MAX)
		return err_set(e, EX_USAGE, "more than %d files", FILES_MAX);
	f->of[f->n++].path = path;
	return 0;
}

int
options_ingress_quote(struct options *o, struct err *e)
{
	static char path[4096];

	if (o->ingress == NULL || o->quotes.n > 0)
		return 0;
	if (snprintf(path, sizeof path, "%s/quote.json", o->ingress) >=
	    (int)sizeof path)
		return err_set(e, EX_USAGE, "the path of --ingress is too long");
	return files_add(&o->quotes, path, e);
}

int
options_check(const struct options *o, struct err *e)
{
	int nquotes = o->quotes.n, ncollaterals = o->collaterals.n;

	if (nquotes == 0)
		return err_set(e, EX_USAGE, "no quote");
	if (attested_check(o->collaterals.of[0].path, o->pccs, e))
		return -1;
	if (o->listen)
		return err_set(e, EX_USAGE, "--listen goes with --connect");
	if (ncollaterals > 1 && ncollaterals != nquotes)
		return err_set(e, EX_USAGE, "%d collaterals for %d quotes",
		    ncollaterals, nquotes);
	if (nquotes > 1 && (o->event_log || o->app_compose || o->gpu ||
	    o->ingress || o->cert || o->domain || o->write_policy))
		return err_set(e, EX_USAGE, "--event-log, --app-compose, --gpu, "
		    "--ingress, --cert, --domain and --write-policy are for one "
		    "quote");
	if ((o->dns != NULL || o->logged != NULL) && o->domain == NULL)
		return err_set(e, EX_USAGE, "--dns and --logged are of no domain "
		    "without --domain");
	return 0;
}

int
options_check_tunnel(const struct options *o, struct err *e)
{
	if (o->quotes.n > 0 || o->collaterals.n > 1 || !o->policy)
		return err_set(e, EX_USAGE, "--connect takes --policy, one "
		    "--collateral or --pccs, and no quote");
	if (o->now || o->event_log || o->app_compose || o->gpu || o->gpu_root ||
	    o->rim_root || o->write_policy || o->ingress || o->domain || o->cert ||
	    o->dns || o->resolver || o->dns_anchor || o->log_list || o->logged)
		return err_set(e, EX_USAGE, "--connect judges as of now what the "
		    "enclave gives");
	return attested_check(o->collaterals.of[0].path, o->pccs, e);
}
