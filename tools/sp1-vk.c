/* sp1-vk: an ELF's verifying key and its hashes. */
#include <stdlib.h>
#include <unistd.h>

#include "base/args.h"
#include "base/io.h"
#include "base/json.h"
#include "base/par.h"
#include "riscv/rv.h"
#include "stark/setup.h"

#define MAX_ELF ((size_t)1 << 30)

static const char *output, *threads = "0";
static int raw;

static const struct arg_opt opts[] = {
	{ 'j', "threads", "N", "use N threads (0, the default: one for each "
	    "processor)", .value = &threads },
	{ 'o', "output", "FILE", "write to FILE", .value = &output },
	{ 0, "raw", NULL, "write the key's 104 bytes", .flag = &raw },
	{ 0 }
};

static const struct args args = {
	.name = "sp1-vk",
	.synopsis = "[--raw] [-j N] [-o FILE] [ELF]",
	.about = "Computes a program's verifying key and its hashes.",
	.example = "sp1-vk fib.elf | jq -r .bytes32",
	.opts = opts, .min = 0, .max = 1,
};

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd, rc;
	const char *path = argv[i];
	uint8_t *elf, key[VK_BYTES], hash[32], bytes32[32];
	struct rv_program program;
	size_t len, size;
	struct err e;
	struct vk vk;
	struct jw j;
	char *text;
	FILE *f;

	par_start((unsigned)args_u64(&args, "--threads", threads, 0, PAR_MAX));
	if ((fd = in_open(path, &e)) < 0 ||
	    read_all(fd, MAX_ELF, in_name(path), &elf, &len, &e))
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
	if (raw) {
		if (out_file(output, OUT_BINARY, fd, key, sizeof key, &e))
			die_err(&e);
		return 0;
	}
	vk_bytes32(bytes32, &vk);
	vk_network_hash(hash, &vk);
	if (!(f = open_memstream(&text, &size)))
		die(EX_OSERR, "out of memory");
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_hex(&j, "bytes32", bytes32, sizeof bytes32);
	jw_hex(&j, "vk_hash", hash, sizeof hash);
	jw_hex(&j, "vk", key, sizeof key);
	jw_end(&j);
	rc = jw_finish(&j, "memory", &e);
	fclose(f);
	if (rc || out_file(output, 0, fd, text, size, &e))
		die_err(&e);
	free(text);
	return 0;
}
