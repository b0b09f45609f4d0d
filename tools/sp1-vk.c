/* sp1-vk: a program's verifying key and its hashes. */
#include <stdlib.h>

#include "base/args.h"
#include "base/io.h"
#include "base/json.h"
#include "base/openssl.h"
#include "base/par.h"
#include "base/sandbox.h"
#include "riscv/rv.h"
#include "stark/setup.h"

#define ELF_CAP ((size_t)1 << 30)

static const char *output, *threads;
static int raw, no_sandbox;

static const struct arg_opt opts[] = {
	{ 'j', "threads", "N", "use N threads (default: one for each processor)",
	    .value = &threads },
	{ 'o', "output", "FILE", "write to FILE", .value = &output },
	{ 0, "raw", NULL, "write the key's 104 bytes", .flag = &raw },
	SANDBOX_OPTION(no_sandbox),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-vk",
	.synopsis = "[--raw] [-j N] [-o FILE] [ELF]",
	.about = "Computes a program's verifying key and its hashes.",
	.example = "sp1-vk fib.elf | jq -r .bytes32",
	.opts = opts, .min = 0, .max = 1,
};

/* One line of JSON, to be freed. */
static char *
describe(const struct vk *vk, const uint8_t key[static VK_BYTES], size_t *size)
{
	uint8_t hash[32], bytes32[32];
	char *text = NULL;
	FILE *f = open_memstream(&text, size);
	struct err e;
	struct jw j;

	if (!f)
		die(EX_OSERR, "out of memory");
	vk_bytes32(bytes32, vk);
	vk_network_hash(hash, vk);
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_hex(&j, "bytes32", bytes32, sizeof bytes32);
	jw_hex(&j, "vk_hash", hash, sizeof hash);
	jw_hex(&j, "vk", key, VK_BYTES);
	jw_end(&j);
	if (jw_finish(&j, "memory", &e))
		die_err(&e);
	if (fclose(f))
		die(EX_OSERR, "out of memory");
	return text;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd;
	const char *path = argv[i];
	struct rv_program program;
	uint8_t *elf, key[VK_BYTES];
	size_t len, size;
	struct err e;
	struct vk vk;
	struct out out;
	char *text;

	par_start(args_threads(&args, threads));
	openssl_start();
	if ((fd = in_open(path, &e)) < 0 ||
	    out_open(&out, output, raw ? OUT_BINARY : 0, fd, &e) ||
	    read_all(fd, ELF_CAP, in_name(path), &elf, &len, &e) ||
	    (!no_sandbox && sandbox("stdio wpath cpath", &e)))
		die_err(&e);
	if (rv_load(&program, elf, len, &e)) {
		err_prefix(&e, "%s", in_name(path));
		die_err(&e);
	}
	free(elf);
	if (setup_vk(&vk, &program, &e))
		die_err(&e);
	rv_free(&program);
	vk_encode(key, &vk);
	text = describe(&vk, key, &size);
	if ((raw ? out_write(&out, key, sizeof key, &e) :
	    out_write(&out, text, size, &e)) || out_commit(&out, &e))
		die_err(&e);
	free(text);
	return 0;
}
