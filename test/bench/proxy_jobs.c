/*
 * A client's calls for N jobs at a proxy, one after the other, as the SDK makes them, and how
 * long each took.  TSV: call, milliseconds; at the end the N jobs, each the sum of its calls.
 *
 *	proxy_jobs URL CA KEY VK_HASH SEALED N POLLS
 *
 * SEALED is an input for this key and program, which the network knows; each job has it.
 * A moment passes between calls, never the same, lest they keep step with the proxy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/io.h"
#include "crypto/eth.h"
#include "rpc/cli.h"
#include "wire/grpc.h"
#include "wire/network.h"

#define PAUSE_US 3000	/* the longest */

static struct rpc *rpc;
static struct eth_key key;
static uint8_t vk_hash[32], *sealed;
static size_t sealed_n;
static double began, job_ms;

static void
begin(void)
{
	usleep((useconds_t)(rand() % PAUSE_US));
	began = clock_s();
}

static void
end(const char *call)
{
	double ms = (clock_s() - began) * 1e3;

	printf("%s\t%.3f\n", call, ms);
	job_ms += ms;
}

static void
check(int r, const struct err *e)
{
	if (r < 0)
		die_err(e);
}

/* The place of a new input, in the arena. */
static struct net_artifact_created
create(struct arena *a)
{
	struct net_create_artifact m = { .type = NET_ARTIFACT_STDIN };
	struct net_artifact_created out;
	struct rpc_reply reply;
	uint8_t sig[ETH_SIG];
	struct err e;

	check(eth_sign_artifact(sig, &key, &e), &e);
	m.signature = pb_mem(sig, sizeof sig);
	begin();
	check(rpc_pb(rpc, NET_CREATE_ARTIFACT, &pb_net_create_artifact, &m,
	    &pb_net_artifact_created, &out, a, &reply, &e), &e);
	end("CreateArtifact");
	out.uri.p = memcpy(arena_alloc(a, out.uri.n, 1), out.uri.p, out.uri.n);
	out.presigned_url.p = memcpy(arena_alloc(a, out.presigned_url.n, 1),
	    out.presigned_url.p, out.presigned_url.n);
	return out;
}

static void
put(const struct net_artifact_created *at)
{
	char url[1000];
	struct err e;

	snprintf(url, sizeof url, "%.*s", (int)at->presigned_url.n,
	    (const char *)at->presigned_url.p);
	begin();
	check(rpc_put(rpc, url, sealed, sealed_n, NULL, &e), &e);
	end("PUT");
}

static void
request(struct pb_bytes uri, uint8_t id[static 32], struct arena *a)
{
	struct net_proof_body body = { .vk_hash = pb_mem(vk_hash, 32),
		.version = pb_str(NET_VERSION), .mode = NET_CORE,
		.strategy = NET_RESERVED, .stdin_uri = uri,
		.cycle_limit = 1000000, .gas_limit = 1000000,
		.deadline = clock_unix() + 14400 };
	struct net_signed s = { .format = NET_BINARY, .has_body = true };
	struct net_proof_requested out;
	struct rpc_reply reply;
	uint8_t sig[ETH_SIG];
	struct err e;

	begin();
	check(rpc_nonce(rpc, key.address, &body.nonce, &e), &e);
	end("GetNonce");
	check(pb_encode(&pb_net_proof_body, &body, a, &s.body, &e), &e);
	check(eth_sign(sig, &key, s.body.p, s.body.n, &e), &e);
	s.signature = pb_mem(sig, sizeof sig);
	begin();
	check(rpc_pb(rpc, NET_REQUEST_PROOF, &pb_net_signed, &s,
	    &pb_net_proof_requested, &out, a, &reply, &e), &e);
	end("RequestProof");
	if (!out.has_body || out.body.request_id.n != 32)
		die(EX_PROTOCOL, "no request id");
	memcpy(id, out.body.request_id.p, 32);
}

static void
poll(const uint8_t id[static 32], struct arena *a)
{
	struct net_request_id m = { pb_mem(id, 32) };
	struct net_status out;
	struct rpc_reply reply;
	struct err e;

	begin();
	check(rpc_pb(rpc, NET_STATUS, &pb_net_request_id, &m, &pb_net_status,
	    &out, a, &reply, &e), &e);
	end("GetProofRequestStatus");
}

static double
job(int polls)
{
	struct net_artifact_created at;
	struct arena a;
	uint8_t id[32];

	arena_init(&a, 1 << 20);
	job_ms = 0;
	at = create(&a);
	put(&at);
	request(at.uri, id, &a);
	while (polls-- > 0)
		poll(id, &a);
	arena_free(&a);
	return job_ms;
}

int
main(int argc, char **argv)
{
	struct rpc_options o = { .verbose = true };	/* it says what it tries again */
	int n = argc > 6 ? atoi(argv[6]) : 0;
	double *ms = calloc((size_t)n + 1, sizeof *ms);
	struct err e;

	if (argc != 8 || !ms || hex_decode(vk_hash, 32, argv[4] + 2) < 0)
		die(EX_USAGE, "proxy_jobs URL CA KEY VK_HASH SEALED N POLLS");
	o.ca_file = argv[2];
	check(eth_key_load(&key, argv[3], &e), &e);
	check(read_file(argv[5], 1 << 30, &sealed, &sealed_n, &e), &e);
	rpc = rpc_new(argv[1], &o, &e);
	if (!rpc)
		die_err(&e);
	for (int i = 0; i < n; i++)
		ms[i] = job(atoi(argv[7]));
	for (int i = 0; i < n; i++)
		printf("job\t%.3f\n", ms[i]);
	rpc_free(rpc);
	free(ms);
	free(sealed);
	return 0;
}
