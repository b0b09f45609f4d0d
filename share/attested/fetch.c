#include "attested/attested.h"

#include <openssl/rand.h>

#include "base/hex.h"

#define PATH "/.well-known/sp1-evidence?nonce="

int
attested_fetch(const struct rpc_cli *cli, struct attest_asked *asked, uint8_t **out,
    size_t *n, struct err *e)
{
	struct rpc_cli c = *cli;
	char path[sizeof PATH + 64] = PATH;
	struct rpc *r;
	int k;

	if (RAND_bytes(asked->nonce, sizeof asked->nonce) != 1)
		return err_set(e, EX_OSERR, "no random bytes");
	hex_encode(path + sizeof PATH - 1, asked->nonce, 32);
	/* No redirect is followed: the answer must be this connection's. */
	c.channel = &asked->channel;
	r = rpc_cli_open(&c, NULL, e);
	if (!r)
		return -1;
	k = rpc_get(r, path, EVIDENCE_MAX, out, n, NULL, e);
	rpc_free(r);
	return k;
}
