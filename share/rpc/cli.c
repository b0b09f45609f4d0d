#include "rpc/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/io.h"
#include "rpc/client.h"
#include "wire/network.h"
#include "wire/record.h"

/* A token that others can read is no secret. */
static int
read_token(char **out, const char *path, struct err *e)
{
	struct stat st;
	uint8_t *p;
	size_t n;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077))
		return err_set(e, EX_CONFIG, "token file %s is open to others "
		    "(mode %03o, want 600)", path, st.st_mode & 0777);
	if (read_file(path, 4000, &p, &n, e) < 0)
		return -1;
	while (n && (p[n - 1] == '\n' || p[n - 1] == '\r'))
		p[--n] = '\0';
	*out = (char *)p;
	return 0;
}

/* The key in a record of sp1-attest: 1; 0 where TLS does not end in the enclave. */
static int
attested_key(uint8_t key[static 32], const char *path, struct err *e)
{
	struct record rec = { 0 };
	bool valid = false;
	FILE *f = record_open(path, e);
	int k;

	if (!f)
		return -1;
	k = record_need(&rec, f, in_name(path), e);
	if (f != stdin)
		fclose(f);
	if (k == 0)
		k = record_bool(&rec, "valid", &valid, e);
	if (k == 0 && !valid)
		k = err_set(e, EX_NOPERM, "the evidence was not valid");
	if (k == 0 && record_has(&rec, "tls_key"))
		k = record_hex(&rec, "tls_key", key, 32, e) < 0 ? -1 : 1;
	record_free(&rec);
	return k < 0 ? err_prefix(e, "%s", in_name(path)) : k;
}

int
rpc_cli_pin(struct rpc_cli *c, struct record *rec, struct err *e)
{
	bool has = rec && record_has(rec, "tls_key");
	uint8_t of_file[32];
	int k = c->record ? attested_key(of_file, c->record, e) : 0;

	c->pin = NULL;
	if (k < 0 || (has && record_hex(rec, "tls_key", c->tls_key, 32, e) < 0))
		return -1;
	if (k > 0 && has && memcmp(of_file, c->tls_key, 32) != 0)
		return err_set(e, EX_NOPERM, "the record is of another attested server "
		    "than %s", c->record);
	if (k > 0)
		memcpy(c->tls_key, of_file, 32);
	if (k > 0 && rec)
		record_set_hex(rec, "tls_key", of_file, 32);
	if (k == 0 && c->record && c->verbose)
		complain("TLS does not end in the enclave: any key will do");
	if (k > 0 || has)
		c->pin = c->tls_key;
	return 0;
}

struct rpc *
rpc_cli_open(const struct rpc_cli *c, const char *record_url, struct err *e)
{
	struct rpc_options o = { .ca_file = c->ca, .cert = c->cert,
		.key = c->key, .verbose = c->verbose, .follow = !c->channel,
		.channel = c->channel, .pin = c->pin };
	const char *url = c->url ? c->url : record_url ? record_url :
	    getenv("SP1_RPC_URL");
	char *token = NULL;

	if (!url) {
		err_set(e, EX_USAGE, "no URL: not by -u, nor in the record, nor "
		    "in SP1_RPC_URL");
		return NULL;
	}
	if (c->token_file && read_token(&token, c->token_file, e) < 0)
		return NULL;
	o.bearer = token;	/* for as long as the program runs */
	return rpc_new(url, &o, e);
}

int
rpc_pb(struct rpc *r, const char *method, const struct pb_message *in,
    const void *request, const struct pb_message *out, void *answer,
    struct arena *a, struct rpc_reply *reply, struct err *e)
{
	struct pb_bytes b;

	if (pb_encode(in, request, a, &b, e) < 0 ||
	    rpc_call(r, method, b.p, b.n, reply, e) < 0)
		return -1;
	if (pb_decode(out, answer, reply->p, reply->n, a, NULL, e) < 0) {
		err_prefix(e, "%s answers", rpc_url(r));
		e->status = EX_PROTOCOL;
		return -1;
	}
	return 0;
}

int
rpc_nonce(struct rpc *r, const uint8_t address[static 20], uint64_t *nonce,
    struct err *e)
{
	struct net_address q = { { address, 20 } };
	struct rpc_reply reply;
	struct net_nonce n;
	struct arena a;
	int k;

	arena_init(&a, 1 << 20);
	k = rpc_pb(r, NET_GET_NONCE, &pb_net_address, &q, &pb_net_nonce, &n, &a,
	    &reply, e);
	arena_free(&a);
	*nonce = n.nonce;
	return k;
}

/* Where to put it, and what it is called; both to be freed. */
static int
create(struct rpc *r, const uint8_t *sig, int type, char **uri, char **put,
    struct err *e)
{
	struct net_create_artifact q = { { sig, 65 }, type };
	struct net_artifact_created c;
	struct rpc_reply reply;
	struct arena a;
	int k;

	*uri = *put = NULL;
	arena_init(&a, 1 << 20);
	k = rpc_pb(r, NET_CREATE_ARTIFACT, &pb_net_create_artifact, &q,
	    &pb_net_artifact_created, &c, &a, &reply, e);
	if (k == 0) {
		*uri = strndup((const char *)c.uri.p, c.uri.n);
		*put = strndup((const char *)c.presigned_url.p,
		    c.presigned_url.n);
		if (!*uri || !*put)
			k = err_set(e, EX_OSERR, "out of memory");
		else if (!**uri || strlen(*uri) != c.uri.n ||
		    (strncmp(*put, "https://", 8) != 0 &&
		    strncmp(*put, "http://", 7) != 0))
			k = err_set(e, EX_PROTOCOL, "%s names no place to upload "
			    "to", rpc_url(r));
	}
	arena_free(&a);
	return k;
}

int
rpc_upload(struct rpc *r, const uint8_t sig[static 65], int type,
    const struct rpc_bytes *bytes, char **uri, char **url, struct err *e)
{
	char *put;
	int status, k;

	for (int try = 0;; try++) {
		k = create(r, sig, type, uri, &put, e);
		/* What is for the attested server goes to no other. */
		if (k == 0 && r->o.pin && type != NET_ARTIFACT_PROGRAM &&
		    !rpc_own(r, put)) {
			free(put);
			free(*uri);
			*uri = NULL;
			return err_set(e, EX_NOPERM, "%s would have the input at "
			    "another server, which is not attested", rpc_url(r));
		}
		if (k == 0)
			k = rpc_put_bytes(r, put, bytes, &status, e);
		else
			status = 0;
		if (k == 0 && url)
			*url = put;
		else
			free(put);
		if (k == 0)
			return 0;
		free(*uri);
		*uri = NULL;
		if (status == 421)
			return err_prefix(e, "it is sealed to another key than "
			    "the enclave's: seal it anew");
		if (try > 0 || (status != 401 && status != 403))
			return -1;
	}
}
