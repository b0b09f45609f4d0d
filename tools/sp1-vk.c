/* sp1-vk: a program's verifying key and its hashes. */
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/io.h"
#include "base/json.h"
#include "base/openssl.h"
#include "base/par.h"
#include "base/sandbox.h"
#include "riscv/parts.h"
#include "riscv/rv.h"
#include "stark/setup.h"
#include "wire/unpack.h"

#define ELF_CAP ((size_t)1 << 30)
#define PACKED_CAP ((size_t)256 << 20)	/* of a program that was packed */
#define SYMBOLS 50	/* lines about them */

static const char *output, *threads, *unpacked;
static int raw, diff, no_sandbox;

static const struct arg_opt opts[] = {
	{ 'j', "threads", "N", "use N threads (default: one for each processor)",
	    .value = &threads },
	{ 'o', "output", "FILE", "write to FILE", .value = &output },
	{ 0, "raw", NULL, "write the key's 104 bytes", .flag = &raw },
	{ 0, "unpack", "FILE", "the program is as the network's store has it: "
	    "write its ELF to FILE", .value = &unpacked },
	{ 0, "diff", NULL, "say in what two programs differ, if their keys do",
	    .flag = &diff },
	SANDBOX_OPTION(no_sandbox),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-vk",
	.synopsis = "[--raw] [--unpack FILE] [-j N] [-o FILE] [ELF] | --diff ELF "
	    "ELF",
	.about = "Computes a program's verifying key and its hashes.",
	.example = "sp1-vk fib.elf | jq -r .bytes32",
	.opts = opts, .min = 0, .max = 2,
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

/* One program: its file's bytes, which stay, and its key. */
struct subject {
	uint8_t *elf;
	size_t len;
	struct vk vk;
	uint8_t key[VK_BYTES];
};

static void
read_elf(struct subject *s, const char *path, int fd)
{
	struct err e;

	if (read_all(fd, ELF_CAP, in_name(path), &s->elf, &s->len, &e))
		die_err(&e);
}

/* What the file has in it becomes the subject, and goes to *out. */
static void
unpack(struct subject *s, const char *path, struct out *out)
{
	struct secmem m = { 0 };
	const uint8_t *elf;
	struct err e;
	size_t n;

	if (unpack_program(&m, &elf, &n, s->elf, s->len, PACKED_CAP, &e) < 0) {
		err_prefix(&e, "%s", in_name(path));
		die_err(&e);
	}
	free(s->elf);
	s->elf = malloc(n + 1);
	if (!s->elf)
		die(EX_OSERR, "out of memory");
	memcpy(s->elf, elf, n);
	s->len = n;
	secmem_free(&m);
	if (out_write(out, s->elf, n, &e))
		die_err(&e);
}

static void
find_key(struct subject *s, const char *path)
{
	struct rv_program program;
	struct err e;

	if (rv_load(&program, s->elf, s->len, &e)) {
		err_prefix(&e, "%s", in_name(path));
		die_err(&e);
	}
	if (setup_vk(&s->vk, &program, &e))
		die_err(&e);
	rv_free(&program);
	vk_encode(s->key, &s->vk);
}

/* What differs, as text to be freed. */
static char *
differences(const struct subject *a, const struct subject *b, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);
	struct parts x, y;
	struct err e;

	if (!f)
		die(EX_OSERR, "out of memory");
	if (parts_read(&x, a->elf, a->len, &e) ||
	    parts_read(&y, b->elf, b->len, &e))
		die_err(&e);
	parts_diff(f, &x, &y, SYMBOLS);
	parts_free(&x);
	parts_free(&y);
	if (ftell(f) == 0)
		fputs("the keys differ, and no part that the files name\n", f);
	if (fclose(f))
		die(EX_OSERR, "out of memory");
	return text;
}

/* The exit status: have two programs the same key? */
static int
compare(char **paths)
{
	struct subject s[2] = { { 0 }, { 0 } };
	size_t size = 0;
	struct out out;
	struct err e;
	char *text;
	int fd = -1;

	for (int i = 0; i < 2; i++) {
		if ((fd = in_open(paths[i], &e)) < 0)
			die_err(&e);
		read_elf(&s[i], paths[i], fd);
	}
	if (out_open(&out, output, 0, fd, &e) ||
	    (!no_sandbox && sandbox("stdio wpath cpath", &e)))
		die_err(&e);
	for (int i = 0; i < 2; i++)
		find_key(&s[i], paths[i]);
	if (memcmp(s[0].key, s[1].key, VK_BYTES) == 0)
		text = strdup("the same key\n");
	else
		text = differences(&s[0], &s[1], &size);
	if (!text || out_write(&out, text, strlen(text), &e) ||
	    out_commit(&out, &e))
		die_err(&e);
	free(text);
	free(s[0].elf);
	free(s[1].elf);
	return memcmp(s[0].key, s[1].key, VK_BYTES) == 0 ? 0 : EX_NO;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd;
	const char *path = argv[i];
	struct subject s = { 0 };
	struct out out, elf;
	struct err e;
	size_t size;
	char *text;

	if (argc - i != 2 && diff)
		args_usage(&args, "--diff takes two programs");
	if (argc - i > 1 && !diff)
		args_usage(&args, "operand %s is one too many", argv[i + 1]);
	if (diff && (raw || unpacked))
		args_usage(&args, "--diff and --%s exclude each other",
		    raw ? "raw" : "unpack");
	par_start(args_threads(&args, threads));
	openssl_start();
	if (diff)
		return compare(argv + i);
	if ((fd = in_open(path, &e)) < 0 ||
	    out_open(&out, output, raw ? OUT_BINARY : 0, fd, &e) ||
	    (unpacked && out_open(&elf, unpacked, OUT_BINARY, fd, &e)))
		die_err(&e);
	read_elf(&s, path, fd);
	if (!no_sandbox && sandbox("stdio wpath cpath", &e))
		die_err(&e);
	if (unpacked)
		unpack(&s, path, &elf);
	find_key(&s, path);
	free(s.elf);
	text = describe(&s.vk, s.key, &size);
	if ((raw ? out_write(&out, s.key, sizeof s.key, &e) :
	    out_write(&out, text, size, &e)) || out_commit(&out, &e) ||
	    (unpacked && out_commit(&elf, &e)))
		die_err(&e);
	free(text);
	return 0;
}
