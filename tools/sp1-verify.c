/*
 * Verifies a proof, offline.  The verdict is the exit status, and a record on
 * standard output; the reason for a no is on standard error.
 */
#include <stdlib.h>

#include "base/args.h"
#include "base/io.h"
#include "base/json.h"
#include "base/par.h"
#include "stark/container.h"
#include "stark/setup.h"
#include "stark/verify.h"

#define PROOF_CAP ((size_t)8 << 30)

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
load_vk(struct vk *vk)
{
	struct rv_program p;
	struct err e;
	uint8_t *raw;
	size_t n;

	if (key != NULL) {
		if (read_file(key, VK_BYTES, &raw, &n, &e) ||
		    vk_decode(vk, raw, n, &e))
			die_err(&e);
		free(raw);
		return;
	}
	if (rv_load_file(&p, program, &e) || setup_vk(vk, &p, &e))
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

/* The exit status, EX_NO or a malformed proof's; the record is begun. */
static int
verify(struct jw *j, const uint8_t *in, size_t len, struct err *e)
{
	struct verify_options o = {.allow_exit_code = allow_exit_code};
	struct core_proof p;
	struct arena arena;
	struct vk vk;
	int r;

	arena_init(&arena, core_proof_ceiling(len));
	if (core_proof_read(&p, &arena, in, len, e)) {
		if (e->class != EX_DATAERR)
			die_err(e);
		jw_bool(j, "valid", false);
		arena_free(&arena);
		return e->class;
	}
	load_vk(&vk);
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
	uint8_t *in;
	size_t len;

	if ((program == NULL) == (key == NULL))
		args_usage(&args, "one of -p and -k is needed");
	par_start(threads == NULL ? 0 : (unsigned)args_u64(&args, "-j",
	    threads, 1, PAR_MAX));
	if (read_file(path, PROOF_CAP, &in, &len, &e))
		die_err(&e);
	jw_start(&j, stdout);
	jw_object(&j, NULL);
	if (proof_mode(&mode, in, len, &e)) {
		jw_bool(&j, "valid", false);
		status = e.class;
	} else {
		jw_str(&j, "mode", proof_mode_name(mode));
		status = mode == PROOF_CORE ? verify(&j, in, len, &e) :
		    unsupported(&j, mode, &e);
	}
	report(&j);
	free(in);
	if (status != 0)
		complain("%s: %s", in_name(path), e.msg);
	return status;
}
