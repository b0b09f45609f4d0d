/*
 * Verifies proofs, offline.  The verdict is the exit status, and a record a proof on
 * standard output; the reason for a no is on standard error.
 */
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/par.h"
#include "base/sandbox.h"
#include "verify/verdict.h"

#define PROOF_CAP ((size_t)8 << 30)
#define MODES "core compressed plonk groth16"

struct bytes { uint8_t *v; size_t n; };

static const char *program, *key, *bytes32, *threads, *values, *mode;
static int allow_exit_code, only_public_values, only_calldata, only_fixture;
static int no_sandbox;

static const struct arg_opt opts[] = {
	{'p', "program", "ELF", "the program that the proof is about",
	    .value = &program},
	{'k', "key", "FILE", "its verifying key instead (sp1-vk --raw)",
	    .value = &key},
	{0, "bytes32", "HASH", "its hash instead (sp1-vk's bytes32); enough "
	    "for all but core", .value = &bytes32},
	{'m', "mode", "MODE", "core, compressed, plonk or groth16: no other will "
	    "do", .value = &mode, .words = MODES},
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

static struct subject subject;
static struct byte_vec values_given;	/* --values */

static int
read_proof(struct any_proof *p, struct arena *a, const struct bytes *in,
    struct err *e)
{
	struct err why;

	if (values == NULL)
		return any_proof_read(p, a, in->v, in->n, e);
	if (subject_make(&subject, &why))
		die_err(&why);
	return any_proof_from_calldata(p, subject.bytes32, &values_given, in->v,
	    in->n, e);
}

/* Is it of the mode that is wanted?  EX_NO. */
static int
check_mode(const struct any_proof *p, struct err *e)
{
	const char *has = proof_mode_name(p->mode);

	return mode && strcmp(has, mode) != 0 ? err_set(e, EX_NO,
	    "a %s proof, and %s is wanted", has, mode) : 0;
}

/* The exit status: 0, EX_NO, or a malformed proof's. */
static int
check(const char *path, const struct bytes *proof, bool named)
{
	struct verify_options o = {.allow_exit_code = allow_exit_code};
	enum verdict_form form = only_public_values ? VERDICT_PUBLIC_VALUES :
	    only_calldata ? VERDICT_CALLDATA :
	    only_fixture ? VERDICT_FIXTURE : VERDICT_RECORD;
	struct any_proof p;
	struct arena arena;
	struct err e, unwritten;
	int status = 0;

	arena_init(&arena, core_proof_ceiling(proof->n));
	if (read_proof(&p, &arena, proof, &e) || check_mode(&p, &e) ||
	    subject_verify(&subject, &p, &o, &e)) {
		status = e.status;
		if (status != (p.well_formed ? EX_NO : EX_DATAERR))
			die_err(&e);
	}
	if (verdict_write(form, named ? in_name(path) : NULL, &p, status == 0,
	    &subject, &unwritten))
		die_err(&unwritten);
	arena_free(&arena);
	if (status != 0)
		complain("%s: %s", in_name(path), e.msg);
	return status;
}

static bool
known_mode(void)
{
	size_t n = strlen(mode);

	for (const char *m = MODES; m; m = strchr(m, ' ')) {
		m += *m == ' ';
		if (strcspn(m, " ") == n && memcmp(m, mode, n) == 0)
			return true;
	}
	return false;
}

static void
check_options(int n)
{
	int only = only_public_values + only_calldata + only_fixture;

	if ((program != NULL) + (key != NULL) + (bytes32 != NULL) != 1)
		args_usage(&args, "one of -p, -k and --bytes32 is needed");
	if (bytes32 != NULL && subject_hash(&subject, bytes32))
		args_usage(&args, "--bytes32: 32 bytes in hexadecimal are "
		    "needed");
	if (mode && !known_mode())
		args_usage(&args, "-m takes core, compressed, plonk or groth16");
	if (only > 1)
		args_usage(&args, "one of --public-values, --calldata and "
		    "--fixture");
	if (only && n > 1)
		args_usage(&args, "--public-values, --calldata and --fixture are "
		    "for one proof");
	if (values != NULL && n > 1)
		args_usage(&args, "--values is for one proof");
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), status = 0;
	int n = argc > i ? argc - i : 1;	/* standard input for none */
	struct bytes *proof;
	struct err e;

	check_options(n);
	par_start(args_threads(&args, threads));
	openssl_start();
	proof = calloc((size_t)n, sizeof *proof);
	if (proof == NULL)
		die(EX_OSERR, "out of memory");
	for (int k = 0; k < n; k++)
		if (read_file(argv[i + k], PROOF_CAP, &proof[k].v, &proof[k].n,
		    &e))
			die_err(&e);
	if ((key != NULL && subject_read(&subject, SUBJECT_KEY, key, &e)) ||
	    (program != NULL &&
	    subject_read(&subject, SUBJECT_ELF, program, &e)) ||
	    (values != NULL && read_file(values, PROOF_CAP, &values_given.v,
	    &values_given.n, &e)) || (!no_sandbox && sandbox("stdio", &e)))
		die_err(&e);
	for (int k = 0; k < n; k++) {
		int s = check(argv[i + k], &proof[k], n > 1);

		if (s > status)		/* what was worst: malformed, a no */
			status = s;
		free(proof[k].v);
	}
	free(proof);
	subject_free(&subject);
	free(values_given.v);
	return status;
}
