/*
 * Verifies a proof, offline.  The verdict is the exit status, and a record on
 * standard output; the reason for a no is on standard error.
 */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/args.h"
#include "base/io.h"
#include "base/json.h"
#include "base/par.h"
#include "base/sandbox.h"
#include "stark/container.h"
#include "stark/setup.h"
#include "stark/verify.h"

#define PROOF_CAP ((size_t)8 << 30)
#define ELF_CAP ((size_t)1 << 30)

static const char *program, *key, *threads;
static int allow_exit_code;

static const struct arg_opt opts[] = {
	{'p', "program", "ELF", "the program that the proof is about",
	    .value = &program},
	{'k', "key", "FILE", "its verifying key instead (sp1-vk --raw)",
	    .value = &key},
	{'j', "threads", "N", "threads; one a processor without",
	    .value = &threads},
	{0, "allow-exit-code", NULL,
	    "accept a program that halted with another code than 0",
	    .flag = &allow_exit_code},
	{0}
};

static const struct args args = {
	.name = "sp1-verify",
	.synopsis = "(-p ELF | -k FILE) [--allow-exit-code] [PROOF]",
	.about = "Verifies a proof: 0 valid, 1 invalid, 65 malformed.",
	.example = "sp1-verify -p fib.elf proof.bin",
	.opts = opts, .min = 0, .max = 1,
};

static void
make_vk(struct vk *vk, const uint8_t *in, size_t len)
{
	struct rv_program p;
	struct err e;

	if (key != NULL) {
		if (vk_decode(vk, in, len, &e))
			die_err(&e);
		return;
	}
	if (rv_load(&p, in, len, &e) || setup_vk(vk, &p, &e))
		die_err(&e);
	rv_free(&p);
}

static void
report(struct jw *j)
{
	struct err e;

	jw_end(j);
	if (jw_finish(j, "standard output", &e))
		die_err(&e);
}

static void
report_core(struct jw *j, const struct vk *vk, const struct core_proof *p)
{
	uint8_t hash[32];

	vk_network_hash(hash, vk);
	jw_strn(j, "version", (const char *)p->version.v, p->version.n);
	jw_hex(j, "vk_hash", hash, sizeof hash);
	jw_hex(j, "public_values", p->public_values.v, p->public_values.n);
	jw_u64(j, "exit_code", core_proof_exit_code(p));
	jw_u64(j, "shards", p->nshards);
}

struct bytes { uint8_t *v; size_t n; };

/* The exit status, EX_NO or a malformed proof's; the record is begun. */
static int
verify(struct jw *j, const struct bytes *proof, const struct bytes *about,
    struct err *e)
{
	struct verify_options o = {.allow_exit_code = allow_exit_code};
	struct core_proof p;
	struct arena arena;
	struct vk vk;
	int r;

	arena_init(&arena, core_proof_ceiling(proof->n));
	if (core_proof_read(&p, &arena, proof->v, proof->n, e)) {
		if (e->class != EX_DATAERR)
			die_err(e);
		jw_bool(j, "valid", false);
		arena_free(&arena);
		return e->class;
	}
	make_vk(&vk, about->v, about->n);
	r = verify_core(air_machine_riscv(), &vk, &p, &o, e);
	if (r != 0 && e->class != EX_NO)
		die_err(e);
	jw_bool(j, "valid", r == 0);
	report_core(j, &vk, &p);
	arena_free(&arena);
	return r == 0 ? 0 : EX_NO;
}

static int
unsupported(struct jw *j, enum proof_mode mode, struct err *e)
{
	jw_null(j, "valid");
	err_set(e, EX_UNAVAILABLE, "%s proofs are not verified here yet",
	    proof_mode_name(mode));
	return e->class;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), status;
	const char *path = argv[i];
	enum proof_mode mode;
	struct jw j;
	struct err e;
	struct bytes proof, about;

	if ((program == NULL) == (key == NULL))
		args_usage(&args, "one of -p and -k is needed");
	par_start(threads == NULL ? 0 : (unsigned)args_u64(&args, "-j",
	    threads, 1, PAR_MAX));
	/* libcrypto would read a configuration file at its first hash. */
	must(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL));
	if (read_file(path, PROOF_CAP, &proof.v, &proof.n, &e) ||
	    read_file(key != NULL ? key : program,
	    key != NULL ? VK_BYTES : ELF_CAP, &about.v, &about.n, &e) ||
	    sandbox("stdio", &e))
		die_err(&e);
	jw_start(&j, stdout);
	jw_object(&j, NULL);
	if (proof_mode(&mode, proof.v, proof.n, &e)) {
		jw_bool(&j, "valid", false);
		status = e.class;
	} else {
		jw_str(&j, "mode", proof_mode_name(mode));
		status = mode == PROOF_CORE ? verify(&j, &proof, &about, &e) :
		    unsupported(&j, mode, &e);
	}
	report(&j);
	free(proof.v);
	free(about.v);
	if (status != 0)
		complain("%s: %s", in_name(path), e.msg);
	return status;
}
