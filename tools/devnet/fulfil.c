/* What a fulfiller says of a request that it was assigned. */
#include "devnet/devnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/eth.h"
#include "proof/vk.h"
#include "sp1verify/any_proof.h"
#include "wire/error_trace.h"

/* The request that a fulfiller may still speak about. */
static int
mine(struct devnet_call *c, struct pb_bytes id,
    const uint8_t signer[static 20], struct db_assigned *a)
{
	struct err e;
	int r = db_assigned(c->d->store, id, a, &e);

	if (r < 0)
		return devnet_broken(c, &e);
	if (r == 0)
		return devnet_refuse(c, GRPC_NOT_FOUND,
		    "proof request not found");
	if (!a->has_fulfiller || memcmp(a->fulfiller, signer, 20) != 0)
		return devnet_refuse(c, GRPC_PERMISSION_DENIED,
		    "the request is not assigned to this fulfiller");
	if (a->fulfillment != NET_ASSIGNED)
		return devnet_refuse(c, GRPC_FAILED_PRECONDITION,
		    "the request is %s already",
		    net_fulfillment_name(a->fulfillment));
	return 0;
}

_Static_assert(NET_CORE == PROOF_CORE + 1 &&
    NET_COMPRESSED == PROOF_COMPRESSED + 1 && NET_PLONK == PROOF_PLONK + 1 &&
    NET_GROTH16 == PROOF_GROTH16 + 1, "containers count modes from 0");

/* Held against the program: by its hash where the proof knows no more. */
static int
holds(const struct any_proof *p, const struct db_assigned *a, struct err *e)
{
	uint8_t bytes32[32];
	struct vk vk;

	if (proof_mode_by_hash(p->mode))
		return vk_bytes32_of(bytes32, a->vk_hash, e) ? -1 :
		    any_proof_verify(p, NULL, bytes32, NULL, e);
	return vk_decode(&vk, a->vk, sizeof a->vk, e) ? -1 :
	    any_proof_verify(p, &vk, NULL, NULL, e);
}

struct held {
	struct db_assigned to;
	struct pb_bytes proof;
};

static void
verify(struct devnet_check *k)
{
	struct held *h = k->what;
	struct any_proof p;
	struct arena arena;
	struct err e;

	arena_init(&arena, core_proof_ceiling(h->proof.n));
	if (any_proof_read(&p, &arena, h->proof.p, h->proof.n, &e) ||
	    holds(&p, &h->to, &e)) {
		k->status = e.status == EX_OSERR ? GRPC_RESOURCE_EXHAUSTED :
		    GRPC_INVALID_ARGUMENT;
		snprintf(k->text, sizeof k->text,
		    "the proof does not verify: %s", e.msg);
	}
	arena_free(&arena);
	free(h);
}

static int
check_proof(struct devnet_call *c, const struct db_assigned *a,
    struct pb_bytes proof)
{
	struct held *h = NULL;
	enum proof_mode mode;
	struct err e;

	if (proof_mode(&mode, proof.p, proof.n, &e) < 0)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT, "%s", e.msg);
	if ((int)mode + 1 != a->mode)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "a %s proof, where %s was asked for",
		    proof_mode_name(mode), net_mode_name(a->mode));
	if (!devnet_checked(c) && (h = malloc(sizeof *h)))
		*h = (struct held){ *a, proof };
	return devnet_check(c, verify, h);
}

int
devnet_fulfill(struct devnet_call *c)
{
	struct net_fulfill_body b;
	struct pb_bytes raw;
	struct db_assigned a;
	uint8_t signer[20], tx[32];
	char id[36];
	struct err e;

	if (devnet_signed(c, &pb_net_fulfill_body, &b, &raw, signer) < 0 ||
	    mine(c, b.request_id, signer, &a) < 0 ||
	    check_proof(c, &a, b.proof) < 0 ||
	    devnet_keep_proof(c, id, signer, b.proof) < 0)
		return -1;
	devnet_tx(tx, "fulfill proof", signer, raw);
	if (db_fulfilled(c->d->store, b.request_id, id, tx, c->now, &e) < 0)
		return devnet_broken(c, &e);
	return devnet_done(c, "fulfill proof", signer, raw);
}

int
devnet_fail(struct devnet_call *c)
{
	struct net_fail_body b;
	struct pb_bytes raw;
	struct db_assigned a;
	uint8_t signer[20];
	struct err e;

	if (devnet_signed(c, &pb_net_fail_body, &b, &raw, signer) < 0 ||
	    mine(c, b.request_id, signer, &a) < 0)
		return -1;
	if (b.has_error && b.error && !net_error_name(b.error))
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "no error has number %d", b.error);
	if (b.has_error_trace && b.error_trace.n > ERROR_TRACE_WIRE)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "an error_trace of %zu bytes", b.error_trace.n);
	if (db_failed(c->d->store, &b, c->now, &e) < 0)
		return devnet_broken(c, &e);
	return devnet_done(c, "fail fulfillment", signer, raw);
}

/* An execution is reported once. */
static int
unexecuted(struct devnet_call *c, const struct db_assigned *a)
{
	if (a->execution == NET_UNEXECUTED)
		return 0;
	return devnet_refuse(c, GRPC_FAILED_PRECONDITION,
	    "the request is %s already", net_execution_name(a->execution));
}

int
devnet_execute(struct devnet_call *c)
{
	struct net_execute_body b;
	struct pb_bytes raw;
	struct db_assigned a;
	uint8_t signer[20];
	struct err e;

	if (devnet_signed(c, &pb_net_execute_body, &b, &raw, signer) < 0 ||
	    mine(c, b.request_id, signer, &a) < 0 || unexecuted(c, &a) < 0)
		return -1;
	if (b.execution_status != NET_EXECUTED &&
	    b.execution_status != NET_UNEXECUTABLE)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "no execution ends with status %d", b.execution_status);
	if (b.has_public_values_hash && b.public_values_hash.n != 32)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "a hash has 32 bytes");
	if (db_executed(c->d->store, &b, c->now, &e) < 0)
		return devnet_broken(c, &e);
	return devnet_done(c, "execute proof", signer, raw);
}

int
devnet_fail_execution(struct devnet_call *c)
{
	struct net_fail_execution_body b;
	struct pb_bytes raw;
	struct db_assigned a;
	uint8_t signer[20];
	struct err e;

	if (devnet_signed(c, &pb_net_fail_execution_body, &b, &raw,
	    signer) < 0 || mine(c, b.request_id, signer, &a) < 0 ||
	    unexecuted(c, &a) < 0)
		return -1;
	if (b.execute_fail_cause && !net_cause_name(b.execute_fail_cause))
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "no execution fails by cause %d", b.execute_fail_cause);
	if (db_unexecutable(c->d->store, b.request_id, b.execute_fail_cause,
	    c->now, &e) < 0)
		return devnet_broken(c, &e);
	return devnet_done(c, "fail execution", signer, raw);
}
