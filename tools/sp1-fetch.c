/*
 * sp1-fetch: downloads the proof that a record names, and hands it out only if it
 * holds: for the record's program, in its mode.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/par.h"
#include "client/end.h"
#include "fetch/download.h"
#include "fetch/wanted.h"

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
	RPC_CLI_RECORD(cli),
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
	struct err e;
	FILE *f = record_open(path, &e);

	if (!f || record_need(rec, f, in_name(path), &e) < 0)
		die_err(&e);
	if (!record_has(rec, "proof_uri") && end_no_proof(rec, &e) < 0)
		die_err(&e);
}

static void
tell(const struct any_proof *p, const struct wanted *w)
{
	char hex[65], shards[48] = "";

	hex_encode(hex, w->vk_hash, sizeof w->vk_hash);
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
	struct verify_options o = { .allow_exit_code = allow_exit_code };
	enum proof_mode mode;
	struct wanted w;
	struct err e;

	if (proof_mode(&mode, in, n, &e) < 0 ||
	    wanted_of(&w, rec, program, mode, &e) < 0)
		die_err(&e);
	if (any_proof_read(p, a, in, n, &e) < 0 ||
	    wanted_verify(&w, p, &o, &e) < 0) {
		err_prefix(&e, "the proof does not hold");
		die_err(&e);
	}
	if (!quiet)
		tell(p, &w);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv);
	uint8_t *proof, contract[CALLDATA_MAX], none = 0;
	const uint8_t *bytes;
	bool add_none = false;	/* the place of a TEE proof */
	struct record rec = { 0 };
	struct any_proof p;
	struct out out;
	struct rpc *r;
	struct arena a;
	struct err e;
	size_t n;

	if (calldata && (no_verify || network_form))
		args_usage(&args, "--calldata goes with neither --no-verify nor "
		    "--network-form");
	openssl_start();
	get_record(&rec, argv[i]);
	if (rpc_cli_pin(&cli, &rec, &e) < 0)
		die_err(&e);
	r = download_server(&cli, &rec, &e);
	if (!r || out_open(&out, output, OUT_BINARY, -1, &e) < 0 ||
	    download_proof(r, &cli, &rec, &proof, &n, &e) < 0)
		die_err(&e);
	rpc_free(r);
	bytes = proof;
	arena_init(&a, core_proof_ceiling(n));
	if (!no_verify) {
		par_start(0);
		verify(&p, &a, &rec, proof, n);
		if (calldata) {
			bytes = contract;
			n = any_proof_calldata(contract, &p);
			if (n == 0)
				die(EX_DATAERR, "contracts take groth16 and plonk "
				    "proofs alone, and a %s one came",
				    proof_mode_name(p.mode));
		} else if (network_form)
			n -= any_proof_tee_size(&p);
		else
			add_none = p.tail.form == PROOF_NETWORK;
	}
	if (out_write(&out, bytes, n, &e) < 0 ||
	    (add_none && out_write(&out, &none, 1, &e) < 0) ||
	    out_commit(&out, &e) < 0)
		die_err(&e);
	free(proof);
	arena_free(&a);
	record_free(&rec);
	return 0;
}
