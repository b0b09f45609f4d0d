/* The artifact store: uploads by presigned URL, downloads of what is public. */
#include "devnet/devnet.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/eth.h"
#include "store/id.h"

#define UPLOAD_S 3600	/* how long a presigned URL holds */

int
devnet_create_artifact(struct devnet_call *c)
{
	struct net_create_artifact m;
	struct net_artifact_created r;
	char id[ID_ARTIFACT], token[ID_TOKEN], uri[DEVNET_URL + 128],
	    url[DEVNET_URL + 256];
	const char *type;
	uint8_t owner[20];
	struct err e;

	if (devnet_decode(c, &pb_net_create_artifact, &m, c->in) < 0)
		return -1;
	if (eth_recover_artifact(owner, m.signature.p, m.signature.n, &e) < 0)
		return devnet_refuse(c, GRPC_PERMISSION_DENIED, "%s", e.msg);
	type = net_artifact_name(m.type);
	if (!type)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "no artifact is of type %d", m.type);
	id_artifact(id);
	id_token(token);
	if (db_artifact_add(c->d->store, id, m.type, owner, token,
	    c->now + UPLOAD_S, &e) < 0)
		return devnet_broken(c, &e);
	snprintf(uri, sizeof uri, "%s/artifacts/%s/%s", c->d->url, type, id);
	snprintf(url, sizeof url, "%s?token=%s", uri, token);
	r.uri = pb_str(uri);
	r.presigned_url = pb_str(url);
	return devnet_encode(c, &pb_net_artifact_created, &r);
}

/* Takes /artifacts/TYPE/ID[?token=TOKEN] apart; the type, or 0. */
static int
parse(const char *path, char id[static ID_ARTIFACT],
    char token[static ID_TOKEN])
{
	static const char prefix[] = "/artifacts/";
	const char *rest, *query;

	token[0] = 0;
	if (strncmp(path, prefix, sizeof prefix - 1) != 0)
		return 0;
	path += sizeof prefix - 1;
	rest = strchr(path, '/');
	if (!rest || strlen(rest + 1) < ID_ARTIFACT - 1)
		return 0;
	memcpy(id, rest + 1, ID_ARTIFACT - 1);
	id[ID_ARTIFACT - 1] = 0;
	query = rest + ID_ARTIFACT;
	if (!id_is_artifact(id) || (*query &&
	    (strncmp(query, "?token=", 7) != 0 ||
	    strlen(query + 7) != ID_TOKEN - 1)))
		return 0;
	if (*query)
		memcpy(token, query + 7, ID_TOKEN);
	for (int type = NET_ARTIFACT_PROGRAM; type <=
	    NET_ARTIFACT_PRIVATE_STDIN; type++) {
		const char *name = net_artifact_name(type);

		if (strlen(name) == (size_t)(rest - path) &&
		    memcmp(name, path, strlen(name)) == 0)
			return type;
	}
	return 0;
}

int
devnet_may_put(struct devnet *d, const char *path)
{
	char id[ID_ARTIFACT], token[ID_TOKEN], want[ID_TOKEN];
	int type = parse(path, id, token);
	uint64_t expires;
	struct err e;

	if (!type)
		return 404;
	switch (db_artifact_token(d->store, id, type, want, &expires, &e)) {
	case 0:
		return 403;	/* as a store whose signature does not fit */
	case 1:
		return !id_token_equal(want, token) ||
		    expires < clock_unix() ? 403 : 200;
	default:
		complain("%s", e.msg);
		return 500;
	}
}

int
devnet_put(struct devnet *d, const char *path, const uint8_t *p, size_t n)
{
	char id[ID_ARTIFACT], token[ID_TOKEN];
	int status = devnet_may_put(d, path);
	struct err e;

	if (status != 200)
		return status;
	(void)parse(path, id, token);
	if (db_artifact_put(d->store, id, n ? (const void *)p : "", n,
	    &e) < 0) {
		complain("%s", e.msg);
		return 504;	/* which clients try again after */
	}
	return 200;
}

int
devnet_get(struct devnet *d, const char *path, uint8_t **out, size_t *n)
{
	char id[ID_ARTIFACT], token[ID_TOKEN];
	int type = parse(path, id, token);
	struct err e;
	int r;

	/* Inputs are for provers; nobody fetches one here. */
	if (type != NET_ARTIFACT_PROGRAM && type != NET_ARTIFACT_PROOF)
		return 404;
	r = db_artifact_get(d->store, id, type, out, n, &e);
	if (r < 0)
		complain("%s", e.msg);
	return r == 1 ? 200 : r == 0 ? 404 : 500;
}

int
devnet_artifact(struct devnet_call *c, struct pb_bytes uri, int type,
    uint8_t **out, size_t *n)
{
	char id[ID_ARTIFACT];
	struct err e;
	int r;

	if (uri.n < ID_ARTIFACT || uri.p[uri.n - ID_ARTIFACT] != '/')
		return 0;
	memcpy(id, uri.p + uri.n - (ID_ARTIFACT - 1), ID_ARTIFACT - 1);
	id[ID_ARTIFACT - 1] = 0;
	if (!id_is_artifact(id))
		return 0;
	r = db_artifact_get(c->d->store, id, type, out, n, &e);
	return r < 0 ? devnet_broken(c, &e) : r;
}

int
devnet_keep_proof(struct devnet_call *c, char id[static 36],
    const uint8_t owner[static 20], struct pb_bytes proof)
{
	struct err e;

	_Static_assert(ID_ARTIFACT == 36, "the prototype's bound");
	id_artifact(id);
	if (db_artifact_keep(c->d->store, id, NET_ARTIFACT_PROOF, owner,
	    proof.p, proof.n, &e) < 0)
		return devnet_broken(c, &e);
	return 0;
}
