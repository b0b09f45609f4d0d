#include "appraise/domain.h"

#include <string.h>

#include "attest/resolve.h"
#include "attested/files.h"

#define RESOLVE_SECONDS 30

int
domain_read(struct domain_inputs *d, const struct options *o, struct err *e)
{
	if (attested_read(&d->anchor, o->dns_anchor, ROOT_MAX, e) ||
	    attested_read(&d->cert, o->cert, ROOT_MAX, e) ||
	    attested_read(&d->dns_text, o->dns, DNS_FILE_MAX, e) ||
	    attested_read(&d->logs_text, o->log_list, CT_LIST_MAX, e) ||
	    attested_read(&d->logged_text, o->logged, LOGGED_TEXT_MAX, e))
		return -1;
	return o->ingress == NULL ? 0 :
	    ingress_read(&d->ingress, o->ingress, &d->ingress_bad, e);
}

int
domain_name(struct domain_inputs *d, const struct options *o, struct err *e)
{
	return o->domain == NULL ? 0 :
	    dns_name(d->name, o->domain, strlen(o->domain), e);
}

int
domain_ask(struct domain_inputs *d, const struct options *o, struct err *e)
{
	struct resolve how = { o->resolver, d->anchor, RESOLVE_SECONDS };

	return o->domain == NULL || o->dns != NULL ? 0 :
	    resolve_domain(&d->dns, d->name, &how, e);
}

int
domain_take(struct attest_input *in, struct domain_inputs *d,
    const struct options *o, struct err *e)
{
	if ((o->dns != NULL && dns_parse(&d->dns, d->dns_text, e)) ||
	    (o->log_list != NULL && ct_logs_parse(&d->logs, d->logs_text, e)))
		return -1;
	if (o->logged != NULL && logged_parse(&d->logged, d->logged_text, e))
		return err_prefix(e, "%.100s", o->logged);
	d->domain = (struct domain){
	    .name = o->domain != NULL ? d->name : NULL, .cert = d->cert,
	    .dns = o->domain != NULL ? &d->dns : NULL,
	    .logs = o->log_list != NULL ? &d->logs : NULL,
	    .logged = o->logged != NULL ? &d->logged : NULL };
	in->domain = &d->domain;
	in->ingress = o->ingress != NULL ? &d->ingress : NULL;
	in->ingress_bad = d->ingress_bad;
	return 0;
}

void
domain_free(struct domain_inputs *d)
{
	dns_free(&d->dns);
	ct_logs_free(&d->logs);
	logged_free(&d->logged);
	ingress_free(&d->ingress);
}
