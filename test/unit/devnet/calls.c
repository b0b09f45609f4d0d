/*
 * The devnet's rules, call by call: signatures and their v, nonces, canonical bodies,
 * programs held against their keys, assignment, ends, proofs of several modes, expiry,
 * what survives.
 */
#include "base/hex.h"

#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "crypto/eth.h"
#include "devnet/devnet.h"
#include "riscv/rv.h"
#include "stark/setup.h"
#include "test/lib/tap.h"
#include "wire/pack.h"

static struct devnet d;
static struct devnet_call last;
static struct eth_key alice, bob, prover;

static struct program {
	uint8_t vk[VK_BYTES], hash[32], *packed;
	size_t n;
} halt, fib;

/* Calls; the status.  The answer, in last.out, lives until the next call. */
static int
call(const char *path, const void *p, size_t n)
{
	devnet_call_end(&last);
	last = (struct devnet_call){ .in = pb_mem(p, n) };
	devnet_call(&d, &last, path);
	return last.status;
}

static int
call_pb(const char *path, const struct pb_message *m, const void *v)
{
	uint8_t in[4096];

	if (pb_size(m, v) > sizeof in)
		abort();
	return call(path, in, pb_write(m, v, in));
}

static void
decode(const struct pb_message *m, void *v)
{
	struct err e;

	if (last.status != GRPC_OK || pb_decode(m, v, last.out.p, last.out.n,
	    &last.arena, NULL, &e) < 0) {
		diag("status %d: %s", last.status, last.text);
		abort();
	}
}

static uint8_t sent[8192];
static size_t nsent;

/* Signs bytes and calls. */
static int
call_raw(const char *path, const uint8_t *body, size_t n, int format,
    const struct eth_key *k)
{
	struct net_signed s = { .format = format, .has_body = true };
	uint8_t sig[ETH_SIG];
	struct err e;

	if (eth_sign(sig, k, body, n, &e) < 0)
		abort();
	s.signature = pb_mem(sig, sizeof sig);
	s.body = pb_mem(body, n);
	if (pb_size(&pb_net_signed, &s) > sizeof sent)
		abort();
	nsent = pb_write(&pb_net_signed, &s, sent);
	return call(path, sent, nsent);
}

static uint64_t
nonce(const struct eth_key *k)
{
	struct net_address a = { pb_mem(k->address, 20) };
	struct net_nonce n;

	call_pb(NET_GET_NONCE, &pb_net_address, &a);
	decode(&pb_net_nonce, &n);
	return n.nonce;
}

/* The body's first member is its nonce, which is filled in. */
static int
call_signed(const char *path, const struct pb_message *m, void *body,
    const struct eth_key *k)
{
	uint8_t in[4096];
	uint64_t n = nonce(k);

	memcpy(body, &n, sizeof n);
	return call_raw(path, in, pb_write(m, body, in), NET_BINARY, k);
}

static void
load(struct program *p, const char *path)
{
	uint8_t *elf, head[8];
	struct pack_part parts[2] = { { head, 8 }, { NULL, 0 } };
	struct rv_program rv;
	struct vk vk;
	struct err e;
	size_t n;

	if (read_file(path, 1 << 24, &elf, &n, &e) < 0 ||
	    rv_load(&rv, elf, n, &e) < 0 || setup_vk(&vk, &rv, &e) < 0)
		die_err(&e);
	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)(n >> (8 * i));
	parts[1] = (struct pack_part){ elf, n };
	if (pack_zstd(&p->packed, &p->n, parts, 2, &e) < 0)
		die_err(&e);
	vk_encode(p->vk, &vk);
	vk_network_hash(p->hash, &vk);
	rv_free(&rv);
	free(elf);
}

static char uri[400];

/* CreateArtifact and PUT; the uri stays in `uri`. */
static int
upload(int type, const uint8_t *p, size_t n)
{
	struct net_create_artifact m = { .type = type };
	struct net_artifact_created c;
	char url[400];
	uint8_t sig[ETH_SIG];
	struct err e;

	if (eth_sign_artifact(sig, &alice, &e) < 0)
		abort();
	m.signature = pb_mem(sig, sizeof sig);
	call_pb(NET_CREATE_ARTIFACT, &pb_net_create_artifact, &m);
	decode(&pb_net_artifact_created, &c);
	snprintf(uri, sizeof uri, "%.*s", (int)c.uri.n, (const char *)c.uri.p);
	snprintf(url, sizeof url, "%.*s", (int)c.presigned_url.n,
	    (const char *)c.presigned_url.p);
	return devnet_put(&d, url + strlen(d.url), p, n);
}

static void
artifacts(void)
{
	struct net_create_artifact m = { .type = NET_ARTIFACT_STDIN };
	uint8_t sig[ETH_SIG] = { 0 }, *got;
	char path[500];
	size_t n;

	m.signature = pb_mem(sig, sizeof sig);
	is_int(call_pb(NET_CREATE_ARTIFACT, &pb_net_create_artifact, &m),
	    GRPC_PERMISSION_DENIED, "an artifact without a signature");
	is_int(upload(NET_ARTIFACT_STDIN, (const uint8_t *)"x", 1), 200,
	    "an input is stored");
	is_int(devnet_get(&d, uri + strlen(d.url), &got, &n), 404,
	    "and given to nobody");
	is_int(devnet_put(&d, uri + strlen(d.url), (const uint8_t *)"y", 1), 403,
	    "a PUT without its token");
	snprintf(path, sizeof path, "%s?token=%064d", uri + strlen(d.url), 0);
	is_int(devnet_put(&d, path, (const uint8_t *)"y", 1), 403,
	    "with another");
	is_int(devnet_put(&d, "/artifacts/stdin/../../x", NULL, 0), 404,
	    "of no artifact");
	is_int(upload(NET_ARTIFACT_PROGRAM, halt.packed, halt.n), 200,
	    "a program is stored");
	is_int(devnet_get(&d, uri + strlen(d.url), &got, &n), 200,
	    "and given out");
	ok(n == halt.n && memcmp(got, halt.packed, n) == 0, "as it came");
	free(got);
}

static void
programs(void)
{
	struct net_program_hash h = { pb_mem(halt.hash, 32) };
	struct net_program_body b = { .vk_hash = pb_mem(halt.hash, 32),
		.vk = pb_mem(halt.vk, VK_BYTES) };
	struct net_program_found f;

	is_int(call_pb(NET_GET_PROGRAM, &pb_net_program_hash, &h),
	    GRPC_NOT_FOUND, "a program that nobody registered");
	b.program_uri = pb_str("artifact://x/artifact_"
	    "01h455vb4pex5vsknk084sn02q");
	is_int(call_signed(NET_CREATE_PROGRAM, &pb_net_program_body, &b,
	    &alice), GRPC_FAILED_PRECONDITION, "one that was not uploaded");
	is_int(nonce(&alice), 0, "what is refused takes no nonce");
	upload(NET_ARTIFACT_PROGRAM, fib.packed, fib.n);
	b.program_uri = pb_str(uri);
	is_int(call_signed(NET_CREATE_PROGRAM, &pb_net_program_body, &b,
	    &alice), GRPC_FAILED_PRECONDITION, "another program's key: %s",
	    last.text);
	upload(NET_ARTIFACT_PROGRAM, halt.packed, halt.n);
	b.program_uri = pb_str(uri);
	b.vk_hash = pb_mem(fib.hash, 32);
	is_int(call_signed(NET_CREATE_PROGRAM, &pb_net_program_body, &b,
	    &alice), GRPC_INVALID_ARGUMENT, "another key's hash: %s",
	    last.text);
	b.vk_hash = pb_mem(halt.hash, 32);
	is_int(call_signed(NET_CREATE_PROGRAM, &pb_net_program_body, &b,
	    &alice), GRPC_OK, "registered");
	is_int(nonce(&alice), 1, "which takes the nonce");
	is_int(call_signed(NET_CREATE_PROGRAM, &pb_net_program_body, &b, &bob),
	    GRPC_OK, "by two at once");
	is_int(call_pb(NET_GET_PROGRAM, &pb_net_program_hash, &h), GRPC_OK,
	    "found");
	decode(&pb_net_program_found, &f);
	ok(f.has_program && f.program.vk.n == VK_BYTES &&
	    memcmp(f.program.vk.p, halt.vk, VK_BYTES) == 0 &&
	    memcmp(f.program.owner.p, alice.address, 20) == 0,
	    "with its key and first owner");
}

static struct net_proof_body
proof_body(uint64_t deadline)
{
	return (struct net_proof_body){
		.vk_hash = pb_mem(halt.hash, 32),
		.version = pb_str(NET_VERSION), .mode = NET_CORE,
		.strategy = NET_RESERVED, .stdin_uri = pb_str("https://x/y"),
		.deadline = deadline, .cycle_limit = 1000, .gas_limit = 2000,
	};
}

static void
signatures(void)
{
	struct net_proof_body b = proof_body((uint64_t)time(NULL) + 100);
	uint8_t in[1024];
	size_t n;

	b.nonce = nonce(&alice) + 1;
	n = pb_write(&pb_net_proof_body, &b, in);
	is_int(call_raw(NET_REQUEST_PROOF, in, n, NET_BINARY, &alice),
	    GRPC_ABORTED, "a nonce too early");
	ok(strstr(last.text, "failed nonce verification: invalid nonce for "
	    "sender 0x") != NULL && strstr(last.text, " expected 1, got 2"),
	    "%s", last.text);
	b.nonce--;
	n = pb_write(&pb_net_proof_body, &b, in);
	is_int(call_raw(NET_REQUEST_PROOF, in, n, NET_JSON, &alice),
	    GRPC_INVALID_ARGUMENT, "another format");
	/* An unknown field; a default written out. */
	in[n] = 0xa8;
	in[n + 1] = 0x06;
	in[n + 2] = 1;
	is_int(call_raw(NET_REQUEST_PROOF, in, n + 3, NET_BINARY, &alice),
	    GRPC_INVALID_ARGUMENT, "a field that the network lacks: %s",
	    last.text);
	in[n] = 0x60;
	in[n + 1] = 0;
	is_int(call_raw(NET_REQUEST_PROOF, in, n + 2, NET_BINARY, &alice),
	    GRPC_INVALID_ARGUMENT, "a default spelt out");
	is_int(call_raw(NET_REQUEST_PROOF, in, n, NET_BINARY, &alice), GRPC_OK,
	    "as it should be");
	is_int(call(NET_REQUEST_PROOF, sent, nsent), GRPC_ABORTED,
	    "and again: %s", last.text);
	/* v of the signature, which is field 2: after "08 01 12 41". */
	b.nonce++;
	n = pb_write(&pb_net_proof_body, &b, in);
	(void)call_raw("/none", in, n, NET_BINARY, &alice);
	sent[4 + 64] -= 27;
	is_int(call(NET_REQUEST_PROOF, sent, nsent), GRPC_OK, "v of 0 and 1");
	sent[4 + 64] = 54;
	is_int(call(NET_REQUEST_PROOF, sent, nsent), GRPC_PERMISSION_DENIED,
	    "v of 54 is for artifacts alone");
	is_int(call(NET_REQUEST_PROOF, "\xff", 1), GRPC_INVALID_ARGUMENT,
	    "what is no message");
	is_int(call("/network.ProverNetwork/Nothing", NULL, 0),
	    GRPC_UNIMPLEMENTED, "and no call");
}

static uint8_t id[32];

static int
request(struct net_proof_body b, const struct eth_key *k)
{
	struct net_proof_requested r;

	if (call_signed(NET_REQUEST_PROOF, &pb_net_proof_body, &b, k) ==
	    GRPC_OK) {
		decode(&pb_net_proof_requested, &r);
		if (r.tx_hash.n != 32 || r.body.request_id.n != 32)
			abort();
		memcpy(id, r.body.request_id.p, 32);
	}
	return last.status;
}

static struct net_status
status_of(const uint8_t request_id[32])
{
	struct net_request_id q = { pb_mem(request_id, 32) };
	struct net_status s = { 0 };

	if (call_pb(NET_STATUS, &pb_net_request_id, &q) == GRPC_OK)
		decode(&pb_net_status, &s);
	return s;
}

static void
requests(void)
{
	uint64_t now = (uint64_t)time(NULL);
	struct net_proof_body b = proof_body(now + 100);
	struct net_request_id q = { pb_mem(id, 32) };
	struct pb_bytes other = pb_mem(bob.address, 20);
	struct net_details det;
	struct net_status s;

	b.vk_hash = pb_mem(fib.hash, 32);
	is_int(request(b, &bob), GRPC_FAILED_PRECONDITION,
	    "a program that is not registered");
	b = proof_body(now - 1);
	is_int(request(b, &bob), GRPC_INVALID_ARGUMENT, "a deadline past");
	b = proof_body(now + 100);
	b.version = pb_str("sp1-v5.0.0");
	is_int(request(b, &bob), GRPC_INVALID_ARGUMENT, "another version");
	b = proof_body(now + 100);
	b.mode = 5;
	is_int(request(b, &bob), GRPC_INVALID_ARGUMENT, "no mode");
	b = proof_body(now + 100);
	b.strategy = NET_AUCTION;
	is_int(request(b, &bob), GRPC_INVALID_ARGUMENT, "an auction");
	b = proof_body(now + 100);
	b.whitelist = (struct pb_list){ &other, 1 };
	is_int(request(b, &bob), GRPC_OK, "for another prover");
	is_int(status_of(id).fulfillment_status, NET_REQUESTED,
	    "is not assigned to ours");
	is_int(request(proof_body(UINT64_MAX), &bob), GRPC_OK,
	    "for anybody, for ever");
	s = status_of(id);
	ok(s.fulfillment_status == NET_ASSIGNED && s.execution_status ==
	    NET_UNEXECUTED && s.deadline == UINT64_MAX && !s.has_proof_uri,
	    "is assigned");
	is_int(call_pb(NET_DETAILS, &pb_net_request_id, &q), GRPC_OK, "details");
	decode(&pb_net_details, &det);
	ok(det.has_request && det.request.has_fulfiller &&
	    memcmp(det.request.fulfiller.p, prover.address, 20) == 0 &&
	    memcmp(det.request.requester.p, bob.address, 20) == 0 &&
	    det.request.cycle_limit == 1000 && det.request.gas_limit == 2000 &&
	    pb_is(det.request.stdin_uri, "https://x/y"), "tell it all");
	q.request_id = pb_mem(halt.hash, 32);
	is_int(call_pb(NET_DETAILS, &pb_net_request_id, &q), GRPC_NOT_FOUND,
	    "of an unknown one");
	is_int(call_pb(NET_STATUS, &pb_net_request_id, &q), GRPC_NOT_FOUND,
	    "its status");
}

static size_t
count(struct net_filter f)
{
	struct net_filtered r;

	if (call_pb(NET_FILTERED, &pb_net_filter, &f) != GRPC_OK)
		return 999;
	decode(&pb_net_filtered, &r);
	return r.requests.n;
}

static void
filters(void)
{
	struct net_filter f = { 0 };

	is_int(count(f), 4, "all requests");
	f.has_limit = true;
	f.limit = 3;
	is_int(count(f), 3, "three at a time");
	f.has_page = true;
	f.page = 2;
	is_int(count(f), 1, "and the rest");
	f.page = 3;
	is_int(count(f), 0, "and no more");
	f.limit = 101;
	is_int(count(f), 999, "101 at a time");
	f = (struct net_filter){ .has_fulfillment_status = true,
		.fulfillment_status = NET_ASSIGNED, .has_fulfiller = true,
		.fulfiller = pb_mem(prover.address, 20) };
	is_int(count(f), 3, "assigned to our prover");
	f.has_requester = true;
	f.requester = pb_mem(bob.address, 20);
	is_int(count(f), 1, "and of one requester");
	f = (struct net_filter){ .has_minimum_deadline = true,
		.minimum_deadline = (uint64_t)time(NULL) + 1000 };
	is_int(count(f), 1, "by deadline");
	f = (struct net_filter){ .has_version = true,
		.version = pb_str("sp1-v5.0.0") };
	is_int(count(f), 0, "by version");
	f.version = pb_str(NET_VERSION);
	is_int(count(f), 4, "by ours");
	f = (struct net_filter){ .has_mode = true, .mode = NET_PLONK };
	is_int(count(f), 0, "by mode");
}

static void
ends(void)
{
	struct net_fulfill_body p = { .request_id = pb_mem(id, 32),
		.proof = pb_mem("\1\0\0\0 a compressed proof", 22) };
	struct net_fail_execution_body x = { .request_id = pb_mem(id, 32),
		.execute_fail_cause = NET_CAUSE_MEMORY };
	struct net_fail_body f = { .request_id = pb_mem(id, 32),
		.error = NET_ERR_EXECUTION, .has_error = true };
	struct net_execute_body ex = { .request_id = pb_mem(id, 32),
		.execution_status = NET_EXECUTED, .cycles = 82,
		.has_cycles = true };
	struct net_status s;
	struct err e;
	uint8_t first[32];

	is_int(call_signed(NET_FULFILL, &pb_net_fulfill_body, &p, &alice),
	    GRPC_PERMISSION_DENIED, "a proof by somebody else");
	is_int(call_signed(NET_FULFILL, &pb_net_fulfill_body, &p, &prover),
	    GRPC_INVALID_ARGUMENT, "of another mode: %s", last.text);
	p.proof = pb_mem("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	is_int(call_signed(NET_FULFILL, &pb_net_fulfill_body, &p, &prover),
	    GRPC_INVALID_ARGUMENT, "that is none: %s", last.text);
	is_int(call_signed(NET_FAIL, &pb_net_fail_body, &f, &bob),
	    GRPC_PERMISSION_DENIED, "a failure told by another");
	is_int(call_signed(NET_FAIL_EXECUTION, &pb_net_fail_execution_body, &x,
	    &prover), GRPC_OK, "a failed execution");
	s = status_of(id);
	ok(s.execution_status == NET_UNEXECUTABLE && s.fulfillment_status ==
	    NET_ASSIGNED, "shows at once");
	is_int(call_signed(NET_FAIL_EXECUTION, &pb_net_fail_execution_body, &x,
	    &prover), GRPC_FAILED_PRECONDITION, "once");
	is_int(call_signed(NET_FAIL, &pb_net_fail_body, &f, &prover), GRPC_OK,
	    "and a failure");
	is_int(status_of(id).fulfillment_status, NET_UNFULFILLABLE, "too");
	is_int(call_signed(NET_FAIL, &pb_net_fail_body, &f, &prover),
	    GRPC_FAILED_PRECONDITION, "once as well");

	memcpy(first, id, 32);
	is_int(request(proof_body((uint64_t)time(NULL) + 100), &bob), GRPC_OK,
	    "another");
	is_int(call_signed(NET_EXECUTE, &pb_net_execute_body, &ex, &prover),
	    GRPC_OK, "executed");
	is_int(status_of(id).execution_status, NET_EXECUTED, "so it says");
	must(store_run(d.store, &e, "UPDATE request SET deadline = ? WHERE"
	    " id = ?", "ib", (uint64_t)time(NULL) - 1, id, sizeof id) == 1);
	is_int(status_of(id).fulfillment_status, NET_EXPIRED, "it expires");
	is_int(call_signed(NET_FAIL, &pb_net_fail_body, &f, &prover),
	    GRPC_FAILED_PRECONDITION, "nothing can be told of it: %s",
	    last.text);
	memcpy(id, first, 32);
}

/* A program of which no more than the hash is known: that of the public Groth16 proof
 * (test/vectors/snark/README), as the network has it. */
static void
hash_of_groth16(uint8_t out[static 32])
{
	uint8_t packed[32];
	struct err e;

	if (hex_decode(packed, 32, "00f31d3c82e1ac5e413efe237066f7b6"
	    "820416878cd71f6c9d4f642b24732a93") < 0)
		abort();
	memset(out, 0, 32);
	for (unsigned bit = 0; bit < 248; bit++)
		out[31 - bit / 31 * 4 - bit % 31 / 8] |= (uint8_t)
		    ((packed[31 - bit / 8] >> bit % 8 & 1) << bit % 31 % 8);
	if (store_run(d.store, &e, "INSERT INTO program (vk_hash, vk, uri,"
	    " owner, created_at) VALUES (?, ?, '', ?, 0)", "bbb", out,
	    (size_t)32, halt.vk, (size_t)VK_BYTES, bob.address, (size_t)20) < 0)
		die_err(&e);
}

static int
fulfil(const uint8_t *proof, size_t n)
{
	struct net_fulfill_body b = { .request_id = pb_mem(id, 32),
		.proof = pb_mem(proof, n) };

	return call_signed(NET_FULFILL, &pb_net_fulfill_body, &b, &prover);
}

static void
modes(void)
{
	struct net_proof_body b = proof_body((uint64_t)time(NULL) + 100);
	uint8_t hash[32], *v;
	struct net_status s;
	struct err e;
	size_t n;

	if (read_file("test/vectors/snark/groth16-v6.1.bin", 1 << 16, &v, &n,
	    &e) < 0)
		die_err(&e);
	hash_of_groth16(hash);
	b.mode = NET_GROTH16;
	is_int(request(b, &bob), GRPC_OK, "groth16, of a program");
	is_int(fulfil(v, n), GRPC_INVALID_ARGUMENT, "another's: %s", last.text);
	b.vk_hash = pb_mem(hash, 32);
	for (b.mode = NET_CORE; b.mode < NET_GROTH16; b.mode++) {
		is_int(request(b, &bob), GRPC_OK, "%s, of its program",
		    net_mode_name(b.mode));
		is_int(fulfil(v, n), GRPC_INVALID_ARGUMENT, "%s", last.text);
		ok(strncmp(last.text, "a groth16 proof, where ", 23) == 0,
		    "is what was not asked for");
		/* What it is does not depend on what it says. */
		v[0] = (uint8_t)(b.mode - 1);
		is_int(fulfil(v, n), GRPC_INVALID_ARGUMENT, "%s", last.text);
		v[0] = NET_GROTH16 - 1;
	}
	is_int(request(b, &bob), GRPC_OK, "groth16, of its program");
	v[n / 2] ^= 1;
	is_int(fulfil(v, n), GRPC_INVALID_ARGUMENT, "altered: %s", last.text);
	v[n / 2] ^= 1;
	is_int(fulfil(v, n - 2), GRPC_INVALID_ARGUMENT, "cut: %s", last.text);
	is_int(status_of(id).fulfillment_status, NET_ASSIGNED, "none is taken");
	is_int(fulfil(v, n - 1), GRPC_OK, "the network's form is");
	s = status_of(id);
	ok(s.fulfillment_status == NET_FULFILLED && s.has_proof_uri,
	    "and fulfils the request");
	is_int(fulfil(v, n - 1), GRPC_FAILED_PRECONDITION, "once");
	free(v);
}

static void
start(const char *path)
{
	struct err e;

	if (devnet_open(&d, path, &e) < 0)
		die_err(&e);
	strcpy(d.url, "http://127.0.0.1:1");
	d.max_artifact = 1 << 20;
	d.has_fulfiller = true;
	memcpy(d.fulfiller, prover.address, 20);
}

int
main(void)
{
	char dir[] = "/tmp/devnet.XXXXXX", path[64];
	struct err e;
	uint64_t n;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof path, "%s/db", dir);
	if (eth_key_generate(&alice, &e) < 0 ||
	    eth_key_generate(&bob, &e) < 0 || eth_key_generate(&prover, &e) < 0)
		die_err(&e);
	load(&halt, "test/guest/halt.elf");
	load(&fib, "test/guest/fib.elf");
	start(path);
	artifacts();
	programs();
	signatures();
	requests();
	filters();
	ends();
	modes();
	n = nonce(&bob);
	devnet_close(&d);
	start(path);
	ok(n > 0 && nonce(&bob) == n, "nonces survive");
	is_int(status_of(id).fulfillment_status, NET_FULFILLED,
	    "requests survive");
	is_int(count((struct net_filter){ 0 }), 10, "all of them");
	devnet_call_end(&last);
	devnet_close(&d);
	unlink(path);
	rmdir(dir);
	free(halt.packed);
	free(fib.packed);
	return done_testing();
}
