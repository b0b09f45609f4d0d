#include "fetch/download.h"

#include <stdlib.h>
#include <string.h>

#include "client/status.h"

#define PROOF_CAP ((size_t)4 << 30)

struct rpc *
download_server(const struct rpc_cli *c, const struct record *rec, struct err *e)
{
	struct rpc_cli options = *c;
	const char *url, *uri;
	struct rpc *r = NULL;
	char *place;

	if (record_opt_str(rec, "url", &url, e) < 0 ||
	    record_str(rec, "proof_uri", &uri, e) < 0)
		return NULL;
	if (!url && !c->url)
		options.pin = NULL;	/* the store is nobody's enclave */
	place = strndup(uri, strcspn(uri, "?#"));
	if (place)
		r = rpc_cli_open(&options, url ? url : place, e);
	else
		ignore(err_set(e, EX_OSERR, "out of memory"));
	free(place);
	return r;
}

/* The place that the network names today, to be freed; NULL where the record or the
 * network does not tell. */
static char *
ask_again(struct rpc *r, const struct rpc_cli *c, const struct record *rec,
    const char *why)
{
	uint8_t id[32];
	char *uri;
	struct err e;

	if (!(c->url || record_has(rec, "url")) ||
	    !record_has(rec, "request_id") ||
	    record_hex(rec, "request_id", id, 32, &e) < 0)
		return NULL;
	if (c->verbose)
		complain("%s; asking for a new proof_uri", why);
	if (status_proof_uri(r, id, &uri, &e) < 0)
		complain("no new proof_uri: %s", e.msg);
	return uri;
}

int
download_proof(struct rpc *r, const struct rpc_cli *c, const struct record *rec,
    uint8_t **proof, size_t *n, struct err *e)
{
	const char *uri;
	int status, k;
	char *new;

	if (record_str(rec, "proof_uri", &uri, e) < 0)
		return -1;
	k = rpc_get(r, uri, PROOF_CAP, proof, n, &status, e);
	if (k == 0 || (status != 401 && status != 403))
		return k;
	new = ask_again(r, c, rec, e->msg);
	if (!new)
		return err_prefix(e, "proof_uri is refused (sp1-poll may get a new "
		    "one)");
	k = rpc_get(r, new, PROOF_CAP, proof, n, &status, e);
	if (k < 0 && (status == 401 || status == 403))
		ignore(err_prefix(e, "a new proof_uri is refused too"));
	free(new);
	return k;
}
