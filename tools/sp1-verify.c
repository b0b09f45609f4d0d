/*
 * Verifies proofs, offline.  The verdict is the exit status, and a record a proof on
 * standard output; the reason for a no is on standard error.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/json.h"
#include "base/openssl.h"
#include "base/par.h"
#include "base/sandbox.h"
#include "snark/calldata.h"
#include "sp1verify/any_proof.h"
#include "stark/setup.h"

#define PROOF_CAP ((size_t)8 << 30)
#define ELF_CAP ((size_t)1 << 30)

static const char *program, *key, *bytes32, *threads, *values;
static int allow_exit_code, only_public_values, only_calldata, only_fixture;
static int no_sandbox;

static const struct arg_opt opts[] = {
	{'p', "program", "ELF", "the program that the proof is about",
	    .value = &program},
	{'k', "key", "FILE", "its verifying key instead (sp1-vk --raw)",
	    .value = &key},
	{0, "bytes32", "HASH", "its hash instead (sp1-vk's bytes32); enough "
	    "for all but core", .value = &bytes32},
	{'j', "threads", "N", "threads; one a processor without",
	    .value = &threads},
	{0, "allow-exit-code", NULL,
	    "accept a program that halted with another code than 0",
	    .flag = &allow_exit_code},
	{0, "public-values", NULL,
	    "write a valid proof's public values instead of the record",
	    .flag = &only_public_values},
	{0, "calldata", NULL, "write a valid groth16 or plonk proof as contracts "
	    "take it instead", .flag = &only_calldata},
	{0, "fixture", NULL, "write it as a test fixture for contracts: vkey, "
	    "publicValues, proof", .flag = &only_fixture},
	{0, "values", "FILE", "PROOF is such calldata, with these public values",
	    .value = &values},
	SANDBOX_OPTION(no_sandbox),
	{0}
};

static const struct args args = {
	.name = "sp1-verify",
	.synopsis = "(-p ELF | -k FILE | --bytes32 HASH) [--allow-exit-code] "
	    "[--public-values | --calldata | --fixture] [--values FILE] "
	    "[PROOF ...]",
	.about = "Verifies proofs: 0 valid, 1 invalid, 65 malformed.",
	.example = "sp1-verify -p fib.elf proof.bin",
	.opts = opts, .min = 0, .max = -1,
};

/* What tells the program: the hash, or the bytes of -p or -k. */
static uint8_t hash_given[32];
static struct bytes { uint8_t *v; size_t n; } about;
static struct byte_vec values_given;	/* --values */

/* The key, made when it is first needed. */
static const struct vk *
get_vk(void)
{
	static struct vk vk;
	static bool have;
	struct rv_program p;
	struct err e;

	if (have)
		return &vk;
	have = true;
	if (key != NULL) {
		if (vk_decode(&vk, about.v, about.n, &e))
			die_err(&e);
		return &vk;
	}
	if (rv_load(&p, about.v, about.n, &e) || setup_vk(&vk, &p, &e))
		die_err(&e);
	rv_free(&p);
	return &vk;
}

/* The program's hash, as contracts have it. */
static const uint8_t *
get_bytes32(void)
{
	static uint8_t hash[32];

	if (bytes32 != NULL)
		return hash_given;
	vk_bytes32(hash, get_vk());
	return hash;
}

static int
verify(const struct any_proof *p, struct err *e)
{
	struct verify_options o = {.allow_exit_code = allow_exit_code};

	if (bytes32 == NULL)
		return any_proof_verify(p, get_vk(), NULL, &o, e);
	if (!proof_mode_by_hash(p->mode))
		die(EX_USAGE, "a core proof needs the program or its key "
		    "(-p, -k)");
	return any_proof_verify(p, NULL, hash_given, &o, e);
}

static void
report_claims(struct jw *j, const struct any_proof *p)
{
	const struct proof_tail *t = &p->tail;
	uint8_t hash[32];

	jw_strn(j, "version", (const char *)t->version.v, t->version.n);
	if (bytes32 == NULL) {
		vk_network_hash(hash, get_vk());
		jw_hex(j, "vk_hash", hash, sizeof hash);
	} else
		jw_hex(j, "bytes32", hash_given, sizeof hash_given);
	jw_hex(j, "public_values", t->public_values.v, t->public_values.n);
	jw_u64(j, "exit_code", p->exit_code);
	if (p->shards > 0)
		jw_u64(j, "shards", p->shards);
}

static void
write_bytes(const void *p, size_t n)
{
	struct err e;

	if (write_all(STDOUT_FILENO, p, n, "standard output", &e))
		die_err(&e);
}

/* What contracts are given: the proof alone, or with what it is about. */
static void
write_calldata(const struct any_proof *p)
{
	const struct byte_vec *v = &p->tail.public_values;
	uint8_t out[CALLDATA_MAX];
	size_t n = proof_mode_snark(p->mode) ? calldata_size(&p->as.snark) : 0;
	struct jw j;
	struct err e;

	if (n == 0)
		die(EX_DATAERR, "contracts take groth16 and plonk proofs alone");
	calldata_write(out, &p->as.snark);
	if (only_calldata) {
		write_bytes(out, n);
		return;
	}
	jw_start(&j, stdout);
	jw_object(&j, NULL);
	jw_hex(&j, "vkey", get_bytes32(), 32);
	jw_hex(&j, "publicValues", v->v, v->n);
	jw_hex(&j, "proof", out, n);
	jw_end(&j);
	if (jw_finish(&j, "standard output", &e))
		die_err(&e);
}

static void
report(const char *path, const struct any_proof *p, bool valid)
{
	struct jw j;
	struct err e;

	if (only_public_values || only_calldata || only_fixture) {
		if (valid && only_public_values)
			write_bytes(p->tail.public_values.v,
			    p->tail.public_values.n);
		else if (valid)
			write_calldata(p);
		return;
	}
	jw_start(&j, stdout);
	jw_object(&j, NULL);
	if (path != NULL)
		jw_str(&j, "proof", path);
	if (p->known)
		jw_str(&j, "mode", proof_mode_name(p->mode));
	jw_bool(&j, "valid", valid);
	if (p->well_formed)
		report_claims(&j, p);
	jw_end(&j);
	if (jw_finish(&j, "standard output", &e))
		die_err(&e);
}

static int
read_proof(struct any_proof *p, struct arena *a, const struct bytes *in,
    struct err *e)
{
	if (values == NULL)
		return any_proof_read(p, a, in->v, in->n, e);
	return any_proof_from_calldata(p, get_bytes32(), &values_given, in->v,
	    in->n, e);
}

/* The exit status: 0, EX_NO, or a malformed proof's. */
static int
check(const char *path, const struct bytes *proof, bool named)
{
	struct any_proof p;
	struct arena arena;
	struct err e;
	int status = 0;

	arena_init(&arena, core_proof_ceiling(proof->n));
	if (read_proof(&p, &arena, proof, &e) ||
	    verify(&p, &e)) {
		status = e.status;
		if (status != (p.well_formed ? EX_NO : EX_DATAERR))
			die_err(&e);
	}
	report(named ? in_name(path) : NULL, &p, status == 0);
	arena_free(&arena);
	if (status != 0)
		complain("%s: %s", in_name(path), e.msg);
	return status;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), status = 0;
	int n = argc > i ? argc - i : 1;	/* standard input for none */
	struct bytes *proof;
	struct err e;

	if ((program != NULL) + (key != NULL) + (bytes32 != NULL) != 1)
		args_usage(&args, "one of -p, -k and --bytes32 is needed");
	if (bytes32 != NULL && hex_decode(hash_given, 32, bytes32))
		args_usage(&args, "--bytes32: 32 bytes in hexadecimal are "
		    "needed");
	if (only_public_values + only_calldata + only_fixture > 1)
		args_usage(&args, "one of --public-values, --calldata and "
		    "--fixture");
	if ((only_public_values || only_calldata || only_fixture) && n > 1)
		args_usage(&args, "--public-values, --calldata and --fixture are "
		    "for one proof");
	if (values != NULL && n > 1)
		args_usage(&args, "--values is for one proof");
	par_start(args_threads(&args, threads));
	openssl_start();
	proof = calloc((size_t)n, sizeof *proof);
	if (proof == NULL)
		die(EX_OSERR, "out of memory");
	for (int k = 0; k < n; k++)
		if (read_file(argv[i + k], PROOF_CAP, &proof[k].v, &proof[k].n,
		    &e))
			die_err(&e);
	if (bytes32 == NULL && read_file(key != NULL ? key : program,
	    key != NULL ? VK_BYTES : ELF_CAP, &about.v, &about.n, &e))
		die_err(&e);
	if (values != NULL && read_file(values, PROOF_CAP, &values_given.v,
	    &values_given.n, &e))
		die_err(&e);
	if (!no_sandbox && sandbox("stdio", &e))
		die_err(&e);
	for (int k = 0; k < n; k++) {
		int s = check(argv[i + k], &proof[k], n > 1);

		if (s > status)		/* what was worst: malformed, a no */
			status = s;
		free(proof[k].v);
	}
	free(proof);
	free(about.v);
	free(values_given.v);
	return status;
}
