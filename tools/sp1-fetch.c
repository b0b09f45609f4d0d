/*
 * sp1-fetch: downloads the proof that a record names, and hands it out only if it
 * holds: for the record's program, in its mode.
 */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/par.h"
#include "riscv/rv.h"
#include "rpc/cli.h"
#include "stark/container.h"
#include "stark/setup.h"
#include "stark/verify.h"
#include "wire/record.h"

#define PROOF_CAP ((size_t)4 << 30)

static const char *program, *output;
static int allow_exit_code, no_verify, network_form, quiet;
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
	{ 0, "no-verify", NULL, "hand it out unchecked", .flag = &no_verify },
	{ 'q', "quiet", NULL, "do not say that it holds", .flag = &quiet },
	RPC_CLI_URL(cli),
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-fetch",
	.synopsis = "[-p ELF] [-o FILE] [--allow-exit-code] [-u URL] [RECORD]",
	.about = "Downloads a proof and checks it before it is written.",
	.example = "sp1-poll < record | sp1-fetch -o proof.bin",
	.opts = opts, .min = 0, .max = 1,
};

static void
get_record(struct record *rec, const char *path)
{
	const char *status, *why = NULL;
	struct err e;
	FILE *f;

	f = path && strcmp(path, "-") != 0 ? fopen(path, "re") : stdin;
	if (!f)
		die(EX_NOINPUT, "cannot open %s:", path);
	switch (record_next(rec, f, in_name(path), &e)) {
	case 1:
		break;
	case 0:
		die(EX_DATAERR, "%s holds no record", in_name(path));
	default:
		die_err(&e);
	}
	if (record_has(rec, "proof_uri"))
		return;
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

static void
get_vk(struct vk *vk, const struct record *rec)
{
	uint8_t bytes[VK_BYTES], hash[32], want[32];
	struct rv_program p;
	struct err e;

	if (program) {
		if (rv_load_file(&p, program, &e) < 0 ||
		    setup_vk(vk, &p, &e) < 0)
			die_err(&e);
		rv_free(&p);
	} else {
		if (record_hex(rec, "vk", bytes, VK_BYTES, &e) < 0 ||
		    vk_decode(vk, bytes, VK_BYTES, &e) < 0) {
			err_prefix(&e, "no verifying key (see -p)");
			die_err(&e);
		}
	}
	if (!record_has(rec, "vk_hash"))
		return;
	vk_network_hash(hash, vk);
	if (record_hex(rec, "vk_hash", want, 32, &e) < 0)
		die_err(&e);
	if (memcmp(hash, want, 32) != 0)
		die(EX_DATAERR, "the record's vk_hash is of another key");
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

/* Verified, or the end; gives the form that came, and whether a TEE proof is in
 * it. */
static enum proof_form
verify(const struct record *rec, const uint8_t *in, size_t n, int *has_tee)
{
	struct verify_options o = { .allow_exit_code = allow_exit_code };
	struct core_proof p;
	enum proof_mode mode;
	enum proof_form form;
	struct arena a;
	struct err e;
	struct vk vk;
	uint8_t hash[32];
	char hex[65];

	if (proof_mode(&mode, in, n, &e) < 0)
		die_err(&e);
	check_mode(rec, mode);
	if (mode != PROOF_CORE)
		die(EX_UNAVAILABLE, "%s proofs are not verified here yet; "
		    "--no-verify hands them out unchecked",
		    proof_mode_name(mode));
	get_vk(&vk, rec);
	arena_init(&a, core_proof_ceiling(n));
	if (core_proof_read(&p, &a, in, n, &e) < 0 ||
	    verify_core(air_machine_riscv(), &vk, &p, &o, &e) < 0) {
		err_prefix(&e, "the proof does not hold");
		die_err(&e);
	}
	vk_network_hash(hash, &vk);
	hex_encode(hex, hash, sizeof hash);
	if (!quiet)
		complain("the proof holds: %s, %zu shard%s, exit code %u, "
		    "program 0x%s", proof_mode_name(mode), p.nshards,
		    p.nshards == 1 ? "" : "s", core_proof_exit_code(&p), hex);
	form = p.form;
	*has_tee = p.has_tee;
	arena_free(&a);
	return form;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv);
	const char *url = NULL, *uri;
	enum proof_form form = PROOF_NETWORK;
	struct record rec = { 0 };
	struct out out;
	struct rpc *r;
	struct err e;
	uint8_t *proof, none = 0;
	int has_tee;
	size_t n;

	must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL));
	get_record(&rec, argv[i]);
	if ((record_has(&rec, "url") && record_str(&rec, "url", &url, &e) < 0) ||
	    record_str(&rec, "proof_uri", &uri, &e) < 0)
		die_err(&e);
	/* Any server would do: proof_uri says where. */
	r = rpc_cli_open(&cli, url ? url : uri, &e);
	if (!r || out_open(&out, output, OUT_BINARY, -1, &e) < 0 ||
	    rpc_get(r, uri, PROOF_CAP, &proof, &n, NULL, &e) < 0)
		die_err(&e);
	rpc_free(r);
	if (!no_verify) {
		par_start(0);
		form = verify(&rec, proof, n, &has_tee);
		/* From one form to the other: the absent TEE proof's byte. */
		if (form == PROOF_SAVED && network_form && !has_tee)
			n--;
	}
	if (out_write(&out, proof, n, &e) < 0 ||
	    (!no_verify && form == PROOF_NETWORK && !network_form &&
	    out_write(&out, &none, 1, &e) < 0) || out_commit(&out, &e) < 0)
		die_err(&e);
	free(proof);
	record_free(&rec);
	return 0;
}
