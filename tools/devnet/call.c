/* What all calls have in common. */
#include "devnet/devnet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "crypto/eth.h"
#include "crypto/keccak.h"

int
devnet_refuse(struct devnet_call *c, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->text, sizeof c->text, fmt, ap);
	va_end(ap);
	c->status = status;
	return -1;
}

int
devnet_broken(struct devnet_call *c, const struct err *e)
{
	complain("%s", e->msg);
	return devnet_refuse(c, GRPC_INTERNAL, "the devnet's state: %s",
	    e->msg);
}

bool
devnet_checked(const struct devnet_call *c)
{
	return c->later && c->later->done;
}

int
devnet_check(struct devnet_call *c, void (*run)(struct devnet_check *k),
    void *what)
{
	struct devnet_check here = { .run = run, .what = what }, *k = &here;

	if (devnet_checked(c)) {
		k = c->later;
	} else if (!what) {
		return devnet_refuse(c, GRPC_RESOURCE_EXHAUSTED,
		    "out of memory");
	} else if (c->later) {
		*c->later = here;
		return devnet_refuse(c, GRPC_UNAVAILABLE, "not checked yet");
	} else {
		run(k);
	}
	return k->status == GRPC_OK ? 0 :
	    devnet_refuse(c, k->status, "%s", k->text);
}

int
devnet_decode(struct devnet_call *c, const struct pb_message *m, void *v,
    struct pb_bytes in)
{
	struct err e;

	if (pb_decode(m, v, in.p, in.n, &c->arena, NULL, &e) < 0)
		return devnet_refuse(c, e.status == EX_OSERR ?
		    GRPC_RESOURCE_EXHAUSTED : GRPC_INVALID_ARGUMENT, "%s",
		    e.msg);
	return 0;
}

int
devnet_encode(struct devnet_call *c, const struct pb_message *m, const void *v)
{
	struct err e;

	if (pb_encode(m, v, &c->arena, &c->out, &e) < 0)
		return devnet_refuse(c, GRPC_INTERNAL, "%s", e.msg);
	return 0;
}

static int
nonce_of(struct devnet_call *c, const uint8_t address[static 20],
    uint64_t *nonce)
{
	struct err e;

	return db_nonce(c->d->store, address, nonce, &e) < 0 ?
	    devnet_broken(c, &e) : 0;
}

static int
take_nonce(struct devnet_call *c, const uint8_t signer[static 20],
    uint64_t nonce)
{
	char address[41];
	uint64_t want;
	struct err e;

	if (nonce_of(c, signer, &want) < 0)
		return -1;
	hex_encode(address, signer, 20);
	/* The text of the real network; a code that clients try again after
	 * (sp1-network(7), Nonces). */
	if (nonce != want)
		return devnet_refuse(c, GRPC_ABORTED,
		    "failed nonce verification: invalid nonce for sender "
		    "0x%s expected %llu, got %llu", address,
		    (unsigned long long)want, (unsigned long long)nonce);
	if (db_set_nonce(c->d->store, signer, nonce + 1, &e) < 0)
		return devnet_broken(c, &e);
	return 0;
}

int
devnet_signed(struct devnet_call *c, const struct pb_message *m, void *body,
    struct pb_bytes *raw, uint8_t signer[static 20])
{
	struct net_signed s;
	struct pb_bytes again;
	uint64_t nonce;
	struct err e;

	if (devnet_decode(c, &pb_net_signed, &s, c->in) < 0)
		return -1;
	if (s.format != NET_BINARY)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "message format %d is not BINARY", s.format);
	if (!s.has_body)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "missing request body");
	if (devnet_decode(c, m, body, s.body) < 0)
		return -1;
	/* The network checks the signature over the body as it encodes it: a body
	 * in any other form, or with fields that it does not know, fails there. */
	if (pb_encode(m, body, &c->arena, &again, &e) < 0)
		return devnet_refuse(c, GRPC_RESOURCE_EXHAUSTED, "%s", e.msg);
	if (again.n != s.body.n || memcmp(again.p, s.body.p, again.n) != 0)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "the body is not in its canonical form");
	if (eth_recover(signer, s.signature.p, s.signature.n, s.body.p,
	    s.body.n, &e) < 0)
		return devnet_refuse(c, GRPC_PERMISSION_DENIED, "%s", e.msg);
	*raw = s.body;
	memcpy(&nonce, body, sizeof nonce);
	return take_nonce(c, signer, nonce);
}

void
devnet_tx(uint8_t out[static 32], const char *what,
    const uint8_t signer[static 20], struct pb_bytes body)
{
	struct keccak k;

	keccak_init(&k);
	keccak_update(&k, what, strlen(what));
	keccak_update(&k, signer, 20);
	keccak_update(&k, body.p, body.n);
	keccak_final(out, &k);
}

int
devnet_done(struct devnet_call *c, const char *what,
    const uint8_t signer[static 20], struct pb_bytes body)
{
	uint8_t tx[32];
	struct net_done done = { .has_body = true };

	devnet_tx(tx, what, signer, body);
	done.tx_hash = pb_mem(tx, sizeof tx);
	return devnet_encode(c, &pb_net_done, &done);
}

int
devnet_get_nonce(struct devnet_call *c)
{
	struct net_address a;
	struct net_nonce n;

	if (devnet_decode(c, &pb_net_address, &a, c->in) < 0)
		return -1;
	if (a.address.n != 20)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "an address has 20 bytes");
	if (nonce_of(c, a.address.p, &n.nonce) < 0)
		return -1;
	return devnet_encode(c, &pb_net_nonce, &n);
}

/* Everybody is rich here: 1,000 tokens of 18 decimals. */
int
devnet_balance(struct devnet_call *c)
{
	struct net_amount m = { .amount = pb_str("1000000000000000000000") };
	struct net_address a;

	if (devnet_decode(c, &pb_net_address, &a, c->in) < 0)
		return -1;
	return devnet_encode(c, &pb_net_amount, &m);
}
