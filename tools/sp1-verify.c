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
#include "sp1verify/any_proof.h"
#include "stark/setup.h"

#define PROOF_CAP ((size_t)8 << 30)
#define ELF_CAP ((size_t)1 << 30)

static const char *program, *key, *bytes32, *threads;
static int allow_exit_code, only_public_values;

static const struct arg_opt opts[] = {
	{'p', "program", "ELF", "the program that the proof is about",
	    .value = &program},
	{'k', "key", "FILE", "its verifying key instead (sp1-vk --raw)",
	    .value = &key},
	{0, "bytes32", "HASH", "its hash instead (sp1-vk's bytes32); enough "
	    "for plonk and groth16", .value = &bytes32},
	{'j', "threads", "N", "threads; one a processor without",
	    .value = &threads},
	{0, "allow-exit-code", NULL,
	    "accept a program that halted with another code than 0",
	    .flag = &allow_exit_code},
	{0, "public-values", NULL,
	    "write a valid proof's public values instead of the record",
	    .flag = &only_public_values},
	{0}
};

static const struct args args = {
	.name = "sp1-verify",
	.synopsis = "(-p ELF | -k FILE | --bytes32 HASH) [--allow-exit-code] "
	    "[--public-values] [PROOF ...]",
	.about = "Verifies proofs: 0 valid, 1 invalid, 65 malformed.",
	.example = "sp1-verify -p fib.elf proof.bin",
	.opts = opts, .min = 0, .max = -1,
};

struct bytes { uint8_t *v; size_t n; };

/* What tells the program: the hash, or the bytes of -p or -k. */
static uint8_t hash_given[32];
static struct bytes about;

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

static int
verify(const struct any_proof *p, struct err *e)
{
	struct verify_options o = {.allow_exit_code = allow_exit_code};

	if (bytes32 == NULL)
		return any_proof_verify(p, get_vk(), NULL, &o, e);
	if (!proof_mode_snark(p->mode))
		die(EX_USAGE, "core and compressed proofs need the program or "
		    "its key (-p, -k)");
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
report(const char *path, const struct any_proof *p, bool valid)
{
	const struct byte_vec *v = &p->tail.public_values;
	struct jw j;
	struct err e;

	if (only_public_values) {
		if (valid && write_all(STDOUT_FILENO, v->v, v->n,
		    "standard output", &e))
			die_err(&e);
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

/* The exit status: 0, EX_NO, or a malformed proof's. */
static int
check(const char *path, const struct bytes *proof, bool named)
{
	struct any_proof p;
	struct arena arena;
	struct err e;
	int status = 0;

	arena_init(&arena, core_proof_ceiling(proof->n));
	if (any_proof_read(&p, &arena, proof->v, proof->n, &e) ||
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

/* What was worst: malformed bytes, a no. */
static int
worse(int a, int b)
{
	return a > b ? a : b;
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
	if (only_public_values && n > 1)
		args_usage(&args, "--public-values is for one proof");
	par_start(threads == NULL ? 0 : (unsigned)args_u64(&args, "-j",
	    threads, 1, PAR_MAX));
	openssl_start();
	proof = calloc((size_t)n, sizeof *proof);
	must(proof != NULL);
	for (int k = 0; k < n; k++)
		if (read_file(argv[i + k], PROOF_CAP, &proof[k].v, &proof[k].n,
		    &e))
			die_err(&e);
	if (bytes32 == NULL && read_file(key != NULL ? key : program,
	    key != NULL ? VK_BYTES : ELF_CAP, &about.v, &about.n, &e))
		die_err(&e);
	if (sandbox("stdio", &e))
		die_err(&e);
	for (int k = 0; k < n; k++) {
		status = worse(status, check(argv[i + k], &proof[k], n > 1));
		free(proof[k].v);
	}
	free(proof);
	free(about.v);
	return status;
}
