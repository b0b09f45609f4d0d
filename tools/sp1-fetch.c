/*
 * sp1-fetch: downloads the proof that a record names, and hands it out only if it
 * holds: for the record's program, in its mode.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/par.h"
#include "riscv/rv.h"
#include "rpc/cli.h"
#include "snark/calldata.h"
#include "sp1verify/any_proof.h"
#include "stark/setup.h"
#include "wire/network.h"
#include "wire/record.h"

#define PROOF_CAP ((size_t)4 << 30)

static const char *program, *output;
static int allow_exit_code, no_verify, network_form, calldata, quiet;
static struct rpc_cli cli;

static const struct arg_opt opts[] = {
	{ 'p', "program", "ELF", "the program, instead of the record's key",
	    .value = &program },
	{ 'o', "output", "FILE", "write the proof to FILE", .value = &output },
	{ 0, "allow-exit-code", NULL,
	    "accept a program that halted with another code than 0",
	    .flag = &allow_exit_code },
	{ 0, "network-form", NULL, "write the network's form, without TEE proof",
	    .flag = &network_form },
	{ 0, "calldata", NULL, "write a groth16 or plonk proof as contracts take it",
	    .flag = &calldata },
	{ 0, "no-verify", NULL, "hand it out unchecked", .flag = &no_verify },
	{ 'q', "quiet", NULL, "do not say that it holds", .flag = &quiet },
	RPC_CLI_URL(cli),
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-fetch",
	.synopsis = "[-p ELF] [-o FILE] [--allow-exit-code] [--calldata] [-u URL] [RECORD]",
	.about = "Downloads a proof and checks it before it is written.",
	.example = "sp1-poll < record | sp1-fetch -o proof.bin",
	.opts = opts, .min = 0, .max = 1,
};

static void
get_record(struct record *rec, const char *path)
{
	const char *status, *why = NULL;
	struct err e;
	FILE *f = record_open(path, &e);

	if (!f || record_need(rec, f, in_name(path), &e) < 0)
		die_err(&e);
	if (record_has(rec, "proof_uri"))
		return;
	if (json_is_integer(json_object_get(rec->o, "fulfillment_status")))
		die(EX_DATAERR, "the record has no proof_uri, and a "
		    "fulfillment_status that is not known here: sp1-poll it "
		    "again");
	if (!record_has(rec, "fulfillment_status") ||
	    record_str(rec, "fulfillment_status", &status, &e) < 0)
		die(EX_DATAERR, "the record has no proof_uri: sp1-poll it first");
	if (record_has(rec, "execute_fail_cause"))
		(void)!record_str(rec, "execute_fail_cause", &why, &e);
	else if (record_has(rec, "cause"))
		(void)!record_str(rec, "cause", &why, &e);
	die(EX_NO, "there is no proof: the request is %s%s%s", status,
	    why ? ", " : "", why ? why : "");
}

/* What the proof must be of. */
struct about {
	bool has_vk;		/* else the hash is all that is known */
	struct vk vk;
	uint8_t vk_hash[32];	/* the network's */
};

static int
get_vk(struct vk *vk, const struct record *rec, struct err *e)
{
	uint8_t bytes[VK_BYTES];
	struct rv_program p;
	int bad;

	if (!program) {
		if (record_hex(rec, "vk", bytes, VK_BYTES, e) < 0 ||
		    vk_decode(vk, bytes, VK_BYTES, e) < 0)
			return err_prefix(e, "no verifying key (see -p)");
		return 0;
	}
	if (rv_load_file(&p, program, e) < 0)
		return -1;
	bad = setup_vk(vk, &p, e);
	rv_free(&p);
	return bad;
}

static void
get_about(struct about *about, const struct record *rec, enum proof_mode mode)
{
	uint8_t want[32];
	struct err e;

	if (record_has(rec, "vk_hash") &&
	    record_hex(rec, "vk_hash", want, 32, &e) < 0)
		die_err(&e);
	about->has_vk = program || record_has(rec, "vk") ||
	    !proof_mode_by_hash(mode) || !record_has(rec, "vk_hash");
	if (!about->has_vk) {
		memcpy(about->vk_hash, want, sizeof want);
		return;
	}
	if (get_vk(&about->vk, rec, &e) < 0)
		die_err(&e);
	vk_network_hash(about->vk_hash, &about->vk);
	if (record_has(rec, "vk_hash") && memcmp(about->vk_hash, want, 32) != 0)
		die(EX_DATAERR, "the record's vk_hash is of another key");
}

static int
holds(const struct any_proof *p, const struct about *about, struct err *e)
{
	struct verify_options o = { .allow_exit_code = allow_exit_code };
	uint8_t bytes32[32];

	if (about->has_vk)
		return any_proof_verify(p, &about->vk, NULL, &o, e);
	if (vk_bytes32_of(bytes32, about->vk_hash, e) < 0)
		return -1;
	return any_proof_verify(p, NULL, bytes32, &o, e);
}

static void
check_mode(const struct record *rec, enum proof_mode mode)
{
	const char *want;
	struct err e;

	if (!record_has(rec, "mode"))
		return;
	if (record_str(rec, "mode", &want, &e) < 0)
		die_err(&e);
	if (strcmp(want, proof_mode_name(mode)) != 0)
		die(EX_NO, "a %s proof came, a %s one was requested",
		    proof_mode_name(mode), want);
}

static void
tell(const struct any_proof *p, const struct about *about)
{
	char hex[65], shards[48] = "";

	hex_encode(hex, about->vk_hash, sizeof about->vk_hash);
	if (p->shards)
		snprintf(shards, sizeof shards, "%llu shard%s, ",
		    (unsigned long long)p->shards, p->shards == 1 ? "" : "s");
	complain("the proof holds: %s, %sexit code %u, program 0x%s",
	    proof_mode_name(p->mode), shards, p->exit_code, hex);
}

/* Verified, or the end. */
static void
verify(struct any_proof *p, struct arena *a, const struct record *rec,
    const uint8_t *in, size_t n)
{
	enum proof_mode mode;
	struct about about;
	struct err e;

	if (proof_mode(&mode, in, n, &e) < 0)
		die_err(&e);
	check_mode(rec, mode);
	get_about(&about, rec, mode);
	if (any_proof_read(p, a, in, n, &e) < 0 || holds(p, &about, &e) < 0) {
		err_prefix(&e, "the proof does not hold");
		die_err(&e);
	}
	if (!quiet)
		tell(p, &about);
}

/* What a contract takes, in the proof's place. */
static void
to_calldata(uint8_t **proof, size_t *n, const struct any_proof *p)
{
	size_t size = proof_mode_snark(p->mode) ?
	    calldata_size(&p->as.snark) : 0;
	uint8_t *out = size ? malloc(size) : NULL;

	if (!size)
		die(EX_DATAERR, "contracts take groth16 and plonk proofs alone, "
		    "and a %s one came", proof_mode_name(p->mode));
	if (!out)
		die(EX_OSERR, "out of memory");
	calldata_write(out, &p->as.snark);
	free(*proof);
	*proof = out;
	*n = size;
}

/* A server for a record that names none: any would do, since proof_uri is a whole URL. */
static struct rpc *
server(const char *url, const char *uri, struct err *e)
{
	char *place = strndup(uri, strcspn(uri, "?#"));
	struct rpc *r;

	if (!place)
		die(EX_OSERR, "out of memory");
	r = rpc_cli_open(&cli, url ? url : place, e);
	free(place);
	return r;
}

/* The place that the network names today, to be freed; NULL where the record or the
 * network does not tell. */
static char *
ask_again(struct rpc *r, const struct record *rec, const char *why)
{
	uint8_t id[32];
	struct net_request_id q = { { id, 32 } };
	struct rpc_reply reply;
	struct net_status s;
	char *uri = NULL;
	struct arena a;
	struct err e;

	if (!(cli.url || record_has(rec, "url")) ||
	    !record_has(rec, "request_id") ||
	    record_hex(rec, "request_id", id, 32, &e) < 0)
		return NULL;
	if (cli.verbose)
		complain("%s; asking for a new proof_uri", why);
	arena_init(&a, 1 << 20);
	if (rpc_pb(r, NET_STATUS, &pb_net_request_id, &q, &pb_net_status, &s, &a,
	    &reply, &e) < 0)
		complain("no new proof_uri: %s", e.msg);
	else if (s.has_proof_uri && s.proof_uri.n)
		uri = strndup((const char *)s.proof_uri.p, s.proof_uri.n);
	arena_free(&a);
	return uri;
}

/* The proof.  A presigned URL that has expired is asked for anew, once. */
static int
download(struct rpc *r, const struct record *rec, const char *uri,
    uint8_t **proof, size_t *n, struct err *e)
{
	int status, k = rpc_get(r, uri, PROOF_CAP, proof, n, &status, e);
	char *new;

	if (k == 0 || (status != 401 && status != 403))
		return k;
	new = ask_again(r, rec, e->msg);
	if (!new)
		return err_prefix(e, "proof_uri is refused (sp1-poll may get a new "
		    "one)");
	k = rpc_get(r, new, PROOF_CAP, proof, n, &status, e);
	if (k < 0 && (status == 401 || status == 403))
		ignore(err_prefix(e, "a new proof_uri is refused too"));
	free(new);
	return k;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv);
	const char *url, *uri;
	struct record rec = { 0 };
	struct any_proof p;
	struct out out;
	struct rpc *r;
	struct err e;
	uint8_t *proof, none = 0;
	bool add_none = false;	/* the place of a TEE proof */
	struct arena a;
	size_t n;

	if (calldata && (no_verify || network_form))
		args_usage(&args, "--calldata goes with neither --no-verify nor "
		    "--network-form");
	openssl_start();
	get_record(&rec, argv[i]);
	if (record_opt_str(&rec, "url", &url, &e) < 0 ||
	    record_str(&rec, "proof_uri", &uri, &e) < 0)
		die_err(&e);
	r = server(url, uri, &e);
	if (!r || out_open(&out, output, OUT_BINARY, -1, &e) < 0 ||
	    download(r, &rec, uri, &proof, &n, &e) < 0)
		die_err(&e);
	rpc_free(r);
	arena_init(&a, core_proof_ceiling(n));
	if (!no_verify) {
		par_start(0);
		verify(&p, &a, &rec, proof, n);
		if (calldata)
			to_calldata(&proof, &n, &p);
		else if (network_form)
			n -= any_proof_tee_size(&p);
		else
			add_none = p.tail.form == PROOF_NETWORK;
	}
	if (out_write(&out, proof, n, &e) < 0 ||
	    (add_none && out_write(&out, &none, 1, &e) < 0) ||
	    out_commit(&out, &e) < 0)
		die_err(&e);
	free(proof);
	arena_free(&a);
	record_free(&rec);
	return 0;
}
