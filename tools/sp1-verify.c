/*
 * Verifies proofs, offline.  The verdict is the exit status, and a record a proof on
 * standard output; the reason for a no is on standard error.
 */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/json.h"
#include "base/par.h"
#include "base/sandbox.h"
#include "snark/verify.h"
#include "stark/container.h"
#include "stark/setup.h"
#include "stark/verify.h"

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

/* The key of the program, made when it is first needed. */
static struct bytes about;

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
	if (bytes32 != NULL)
		die(EX_USAGE, "core and compressed proofs need the program or "
		    "its key (-p, -k)");
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

/* What a well-formed proof says of itself. */
struct claims {
	bool well_formed;
	struct byte_vec version, public_values;
	uint32_t exit_code;
	uint64_t shards;	/* 0: it does not say */
};

typedef int verify_fn(struct claims *c, struct arena *a,
    const struct bytes *proof, const struct verify_options *o, struct err *e);

static int
core(struct claims *c, struct arena *a, const struct bytes *proof,
    const struct verify_options *o, struct err *e)
{
	struct core_proof p;

	if (core_proof_read(&p, a, proof->v, proof->n, e))
		return -1;
	*c = (struct claims){
		true, p.version, p.public_values, core_proof_exit_code(&p),
		p.nshards
	};
	return verify_core(air_machine_riscv(), get_vk(), &p, o, e);
}

static int
compressed(struct claims *c, struct arena *a, const struct bytes *proof,
    const struct verify_options *o, struct err *e)
{
	struct compressed_proof p;

	if (compressed_proof_read(&p, a, proof->v, proof->n, e))
		return -1;
	*c = (struct claims){
		true, p.tail.version, p.tail.public_values,
		recursion_proof_exit_code(&p.proof),
		recursion_proof_shards(&p.proof)
	};
	return verify_compressed(get_vk(), &p, o, e);
}

static void
get_bytes32(uint8_t out[32])
{
	if (bytes32 == NULL)
		vk_bytes32(out, get_vk());
	else if (hex_decode(out, 32, bytes32))
		args_usage(&args, "--bytes32: 32 bytes in hexadecimal are "
		    "needed");
}

static int
snark(struct claims *c, struct arena *a, const struct bytes *proof,
    const struct verify_options *o, struct err *e)
{
	struct snark_proof p;
	uint8_t hash[32];

	get_bytes32(hash);
	if (snark_proof_read(&p, a, proof->v, proof->n, e))
		return -1;
	*c = (struct claims){
		true, p.tail.version, p.tail.public_values,
		snark_proof_exit_code(&p), 0
	};
	return verify_snark(hash, &p, o, e);
}

static verify_fn *const verify[] = {
	[PROOF_CORE] = core, [PROOF_COMPRESSED] = compressed,
	[PROOF_PLONK] = snark, [PROOF_GROTH16] = snark
};

static void
report_claims(struct jw *j, const struct claims *c)
{
	uint8_t hash[32];

	jw_strn(j, "version", (const char *)c->version.v, c->version.n);
	if (bytes32 == NULL)
		vk_network_hash(hash, get_vk());
	else
		get_bytes32(hash);
	jw_hex(j, bytes32 == NULL ? "vk_hash" : "bytes32", hash, sizeof hash);
	jw_hex(j, "public_values", c->public_values.v, c->public_values.n);
	jw_u64(j, "exit_code", c->exit_code);
	if (c->shards > 0)
		jw_u64(j, "shards", c->shards);
}

static void
report(const char *path, const enum proof_mode *mode, int status,
    const struct claims *c)
{
	struct jw j;
	struct err e;

	if (only_public_values) {
		if (status == 0 && write_all(STDOUT_FILENO, c->public_values.v,
		    c->public_values.n, "standard output", &e))
			die_err(&e);
		return;
	}
	jw_start(&j, stdout);
	jw_object(&j, NULL);
	if (path != NULL)
		jw_str(&j, "proof", path);
	if (mode != NULL)
		jw_str(&j, "mode", proof_mode_name(*mode));
	jw_bool(&j, "valid", status == 0);
	if (c->well_formed)
		report_claims(&j, c);
	jw_end(&j);
	if (jw_finish(&j, "standard output", &e))
		die_err(&e);
}

/* The exit status: 0, EX_NO, or a malformed proof's. */
static int
check(const char *path, const struct bytes *proof, bool named)
{
	struct verify_options o = {.allow_exit_code = allow_exit_code};
	struct claims c = {0};
	struct arena arena;
	enum proof_mode mode;
	bool known;
	struct err e;
	int status = 0;

	arena_init(&arena, core_proof_ceiling(proof->n));
	known = proof_mode(&mode, proof->v, proof->n, &e) == 0;
	if (!known)
		status = e.class;
	else if (verify[mode](&c, &arena, proof, &o, &e)) {
		status = e.class;
		if (status != (c.well_formed ? EX_NO : EX_DATAERR))
			die_err(&e);
	}
	report(named ? in_name(path) : NULL, known ? &mode : NULL, status, &c);
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
	if (only_public_values && n > 1)
		args_usage(&args, "--public-values is for one proof");
	par_start(threads == NULL ? 0 : (unsigned)args_u64(&args, "-j",
	    threads, 1, PAR_MAX));
	/* libcrypto would read a configuration file at its first hash. */
	must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL));
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
