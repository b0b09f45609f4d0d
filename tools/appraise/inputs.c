#include "appraise/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attest/rim.h"
#include "attested/files.h"

static bool
is_url(const char *path)
{
	return strncmp(path, "https://", 8) == 0 ||
	    strncmp(path, "http://", 7) == 0;
}

/* The evidence, over the connection that it is to be about. */
static int
fetch(struct file *f, const struct rpc_cli *cli, struct err *e)
{
	struct rpc_cli c = *cli;
	uint8_t *p;

	c.url = f->path;
	f->asked = calloc(1, sizeof *f->asked);
	must(f->asked != NULL);
	if (attested_fetch(&c, f->asked, &p, &f->text.n, e))
		return -1;
	f->text.p = p;
	return 0;
}

/* A file, whose path may have been meant as a URL. */
static int
read_quote(struct file *f, struct err *e)
{
	if (attested_read(&f->text, f->path, EVIDENCE_MAX, e) == 0)
		return 0;
	return strchr(f->path, '/') == NULL && access(f->path, F_OK) != 0 ?
	    err_set(e, EX_NOINPUT, "there is no file %.150s; a URL begins with "
	    "https://", f->path) : -1;
}

static int
read_quotes(struct files *f, const struct rpc_cli *cli, struct err *e)
{
	for (int i = 0; i < f->n; i++)
		if (is_url(f->of[i].path) ? fetch(&f->of[i], cli, e) :
		    read_quote(&f->of[i], e))
			return -1;
	return 0;
}

static int
read_files(struct files *f, size_t cap, struct err *e)
{
	for (int i = 0; i < f->n; i++)
		if (attested_read(&f->of[i].text, f->of[i].path, cap, e))
			return -1;
	return 0;
}

static struct bytes *
texts(const struct files *f)
{
	struct bytes *b = calloc((size_t)f->n + 1, sizeof *b);

	must(b != NULL);
	for (int i = 0; i < f->n; i++)
		b[i] = f->of[i].text;
	return b;
}

int
inputs_read(struct inputs *in, struct options *o, struct err *e)
{
	if (read_quotes(&o->quotes, &o->cli, e) ||
	    read_files(&o->collaterals, COLLATERAL_MAX, e) ||
	    read_files(&o->rims, RIM_MAX, e) ||
	    attested_read(&in->policy, o->policy, POLICY_MAX, e) ||
	    attested_read(&in->root, o->root, ROOT_MAX, e) ||
	    attested_read(&in->gpu_root, o->gpu_root, ROOT_MAX, e) ||
	    attested_read(&in->rim_root, o->rim_root, ROOT_MAX, e) ||
	    attested_read(&in->log, o->event_log, EVENT_LOG_MAX, e) ||
	    attested_read(&in->compose, o->app_compose, COMPOSE_MAX, e) ||
	    attested_read(&in->gpus, o->gpu, GPU_EVIDENCE_MAX, e))
		return -1;
	in->rims = texts(&o->rims);
	in->nrims = (size_t)o->rims.n;
	return domain_read(&in->domain, o, e);
}

void
inputs_free(struct inputs *in)
{
	domain_free(&in->domain);
	free(in->rims);
	in->rims = NULL;
	in->nrims = 0;
}
