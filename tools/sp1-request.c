/*
 * sp1-request: registers the program if the network does not know it, and sends a
 * signed proof request for the input that a record names.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/args.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/par.h"
#include "base/secmem.h"
#include "crypto/eth.h"
#include "riscv/rv.h"
#include "rpc/cli.h"
#include "stark/setup.h"
#include "wire/grpc.h"
#include "wire/network.h"
#include "wire/pack.h"
#include "wire/record.h"

#define ELF_CAP ((size_t)1 << 30)
/* The SDK's, where it does not simulate (sp1-network(7), Calls of a request). */
#define TIMEOUT 14400
#define CYCLES 100000000
#define GAS 1000000000

static const char *program, *mode_name, *key_file, *cycles, *gas, *timeout_s;
static struct rpc_cli cli;

static const struct arg_opt opts[] = {
	{ 'p', "program", "ELF", "the program, if the record lacks its key or "
	    "the network the program", .value = &program },
	{ 'k', "key", "FILE", "the requester's key", .value = &key_file },
	{ 'm', "mode", "MODE", "core (default), compressed, plonk or groth16",
	    .value = &mode_name, .words = "core compressed plonk groth16" },
	{ 0, "cycle-limit", "N", "cycles that it may take (default: 10^8)",
	    .value = &cycles },
	{ 0, "gas-limit", "N", "gas that it may take (default: 10^9)",
	    .value = &gas },
	{ 't', "timeout", "SECONDS", "deadline from now (default: 14400)",
	    .value = &timeout_s },
	RPC_CLI_URL(cli),
	RPC_CLI_RECORD(cli),
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-request",
	.synopsis = "-k FILE [-p ELF] [-m MODE] [-t SECONDS] [-u URL] [RECORD]",
	.about = "Requests the proof of a program's run on an uploaded input.",
	.example = "sp1-request -p fib.elf -m core -k key < record | sp1-poll",
	.opts = opts, .min = 0, .max = 1,
};

static struct {
	uint8_t *elf;
	size_t len;
	uint8_t vk[VK_BYTES], hash[32];
} prog;
static struct eth_key key;

static void
load_program(void)
{
	struct rv_program p;
	struct err e;
	struct vk vk;

	par_start(0);
	if (read_file(program, ELF_CAP, &prog.elf, &prog.len, &e) < 0)
		die_err(&e);
	if (rv_load(&p, prog.elf, prog.len, &e) < 0) {
		err_prefix(&e, "%s", program);
		die_err(&e);
	}
	if (setup_vk(&vk, &p, &e) < 0)
		die_err(&e);
	rv_free(&p);
	vk_encode(prog.vk, &vk);
	vk_network_hash(prog.hash, &vk);
}

/* The key that a record has, where the program is not at hand. */
static int
key_of(const struct record *rec, struct err *e)
{
	struct vk vk;

	if (!record_has(rec, "vk"))
		return err_set(e, EX_DATAERR, "the record has no verifying key "
		    "(see -p)");
	if (record_hex(rec, "vk", prog.vk, VK_BYTES, e) < 0 ||
	    vk_decode(&vk, prog.vk, VK_BYTES, e) < 0)
		return -1;
	vk_network_hash(prog.hash, &vk);
	return 0;
}

/* One signed call: a nonce of its own for each try, since a try that failed may
 * have used up the last one. */
static int
signed_call(struct rpc *r, const char *method, const struct pb_message *m,
    void *body, uint64_t *nonce, const struct pb_message *out, void *answer,
    struct arena *a, struct err *e)
{
	struct rpc_backoff b = { 0 };
	struct rpc_reply reply;

	for (;;) {
		struct net_signed s = { .format = NET_BINARY, .has_body = true };
		struct pb_bytes whole;
		uint8_t sig[ETH_SIG];

		if (rpc_nonce(r, key.address, nonce, e) < 0 ||
		    pb_encode(m, body, a, &s.body, e) < 0 ||
		    eth_sign(sig, &key, s.body.p, s.body.n, e) < 0)
			return -1;
		s.signature = pb_mem(sig, sizeof sig);
		if (pb_encode(&pb_net_signed, &s, a, &whole, e) < 0)
			return -1;
		if (rpc_call_once(r, method, whole.p, whole.n, NULL, &reply, e)
		    == 0)
			break;
		if (!rpc_try_again(r, &b, &reply, e))
			return -1;
	}
	if (pb_decode(out, answer, reply.p, reply.n, a, NULL, e) < 0) {
		e->status = EX_PROTOCOL;
		return err_prefix(e, "%s answers", rpc_url(r));
	}
	return 0;
}

static int
register_program(struct rpc *r, struct err *e)
{
	uint8_t head[8], *packed, sig[ETH_SIG];
	struct pack_part parts[2] = { { head, 8 }, { prog.elf, prog.len } };
	struct net_program_body body = { .vk_hash = { prog.hash, 32 },
		.vk = { prog.vk, VK_BYTES } };
	struct net_done done;
	struct arena a;
	size_t n;
	char *uri;
	int k;

	if (!program)
		return err_set(e, EX_DATAERR, "the program is new to %s: it "
		    "must be given (-p)", rpc_url(r));
	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)((uint64_t)prog.len >> (8 * i));
	if (pack_zstd(&packed, &n, parts, 2, e) < 0)
		return -1;
	if (cli.verbose)
		complain("the program is new to %s: uploading %zu bytes",
		    rpc_url(r), n);
	k = eth_sign_artifact(sig, &key, e) < 0 ? -1 :
	    rpc_upload(r, sig, NET_ARTIFACT_PROGRAM,
	    &(struct rpc_bytes){ .p = packed, .n = n }, &uri, NULL, e);
	free(packed);
	if (k < 0)
		return -1;
	body.program_uri = pb_str(uri);
	arena_init(&a, 1 << 24);
	k = signed_call(r, NET_CREATE_PROGRAM, &pb_net_program_body, &body,
	    &body.nonce, &pb_net_done, &done, &a, e);
	arena_free(&a);
	free(uri);
	return k;
}

/* Any good answer means that it is registered (sp1-network(7), Calls of a
 * request). */
static int
ensure_program(struct rpc *r, struct err *e)
{
	struct net_program_hash q = { { prog.hash, 32 } };
	struct net_program_found found;
	struct rpc_reply reply;
	struct arena a;
	int k;

	arena_init(&a, 1 << 24);
	k = rpc_pb(r, NET_GET_PROGRAM, &pb_net_program_hash, &q,
	    &pb_net_program_found, &found, &a, &reply, e);
	arena_free(&a);
	if (k < 0 && reply.status == GRPC_NOT_FOUND)
		k = register_program(r, e);
	return k;
}

/* Seconds that are more than there are: the last second. */
static uint64_t
deadline(void)
{
	uint64_t now = clock_unix(), left = timeout_s ? args_u64(&args, "-t",
	    timeout_s, 1, UINT64_MAX) : TIMEOUT;

	return left < UINT64_MAX - now ? now + left : UINT64_MAX;
}

static int
request(struct rpc *r, struct record *rec, int mode, struct err *e)
{
	struct net_proof_body body = { .vk_hash = { prog.hash, 32 },
		.version = pb_str(NET_VERSION), .mode = mode,
		.strategy = NET_RESERVED };
	struct net_proof_requested answer;
	const char *uri;
	struct arena a;
	int k = -1;

	if (record_str(rec, "stdin_uri", &uri, e) < 0)
		return -1;
	body.stdin_uri = pb_str(uri);
	if (record_has(rec, "stdin_private") &&
	    record_bool(rec, "stdin_private", &body.stdin_private, e) < 0)
		return -1;
	body.cycle_limit = cycles ? args_u64(&args, "--cycle-limit", cycles, 0,
	    UINT64_MAX) : CYCLES;
	body.gas_limit = gas ? args_u64(&args, "--gas-limit", gas, 0,
	    UINT64_MAX) : GAS;
	body.deadline = deadline();
	arena_init(&a, 1 << 24);
	if (signed_call(r, NET_REQUEST_PROOF, &pb_net_proof_body, &body,
	    &body.nonce, &pb_net_proof_requested, &answer, &a, e) == 0) {
		if (!answer.has_body || answer.body.request_id.n != 32) {
			err_set(e, EX_PROTOCOL, "%s answers without a request id",
			    rpc_url(r));
		} else {
			record_set_str(rec, "url", rpc_url(r));
			record_set_hex(rec, "vk", prog.vk, VK_BYTES);
			record_set_hex(rec, "vk_hash", prog.hash, 32);
			record_set_str(rec, "mode", net_mode_name(mode));
			record_set_str(rec, "version", NET_VERSION);
			record_set_hex(rec, "requester", key.address, 20);
			record_set_u64(rec, "cycle_limit", body.cycle_limit);
			record_set_u64(rec, "gas_limit", body.gas_limit);
			record_set_u64(rec, "deadline", body.deadline);
			record_set_hex(rec, "request_id",
			    answer.body.request_id.p, 32);
			record_set_hex(rec, "request_tx_hash", answer.tx_hash.p,
			    answer.tx_hash.n);
			k = 0;
		}
	}
	arena_free(&a);
	return k;
}

/* A record that names another program or requester is not for these options. */
static int
check_record(const struct record *rec, struct err *e)
{
	uint8_t hash[32], who[20];

	if (record_has(rec, "vk_hash")) {
		if (record_hex(rec, "vk_hash", hash, 32, e) < 0)
			return -1;
		if (memcmp(hash, prog.hash, 32) != 0)
			return err_set(e, EX_DATAERR, "the record is of another "
			    "program than %s", program ? program :
			    "its key");
	}
	if (record_has(rec, "requester")) {
		if (record_hex(rec, "requester", who, 20, e) < 0)
			return -1;
		if (memcmp(who, key.address, 20) != 0)
			return err_set(e, EX_DATAERR, "the record is of another "
			    "requester than the owner of %s", key_file);
	}
	return 0;
}

static void
on_record(struct record *rec, void *ctx)
{
	const char *url, *stdin_uri;
	const int *mode = ctx;
	struct rpc *r;
	struct err e;

	if (record_opt_str(rec, "url", &url, &e) < 0 ||
	    record_str(rec, "stdin_uri", &stdin_uri, &e) < 0 ||
	    (!program && key_of(rec, &e) < 0) || check_record(rec, &e) < 0 ||
	    rpc_cli_pin(&cli, rec, &e) < 0)
		die_err(&e);
	r = rpc_cli_open(&cli, url, &e);
	if (!r || ensure_program(r, &e) < 0 || request(r, rec, *mode, &e) < 0 ||
	    record_write(rec, stdout, "standard output", &e) < 0)
		die_err(&e);
	rpc_free(r);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), mode;
	struct err e;

	if (!key_file)
		args_usage(&args, "-k is needed");
	mode = net_mode_of(mode_name ? mode_name : "core");
	if (!mode)
		args_usage(&args, "no such mode: %s", mode_name);
	openssl_start();
	if (no_dumps(&e) < 0 || eth_key_load(&key, key_file, &e) < 0)
		die_err(&e);
	if (program)
		load_program();
	if (record_each(argv[i], on_record, &mode, &e) < 0)
		die_err(&e);
	eth_key_wipe(&key);
	free(prog.elf);
	return 0;
}
