/* sp1-stdin: builds a guest's input, and shows one. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/args.h"
#include "base/io.h"
#include "base/json.h"
#include "base/secmem.h"
#include "proof/carried.h"
#include "wire/item.h"
#include "wire/record.h"
#include "wire/stdin.h"

#define MAX_INPUT ((size_t)1 << 32)

static const char *output;
static int show;

static const struct arg_opt opts[] = {
	{ 'o', "output", "FILE", "write to FILE", .value = &output },
	{ 's', "show", NULL, "print an input as JSON", .flag = &show },
	{ 0 }
};

static const struct args args = {
	.name = "sp1-stdin",
	.synopsis = "[-o FILE] [ITEM ...] | -s [-o FILE] [INPUT]",
	.about = "Builds a guest's input from items, one for each read of "
	    "the guest's:\n"
	    "u8:N u16:N u32:N u64:N  a number, little-endian\n"
	    "u128:N i32:N i64:N      the same, wider, or with a sign\n"
	    "bool:true bool:false    a byte, 1 or 0\n"
	    "vec:BYTES string:STRING after their length: Vec<u8>, String\n"
	    "hex:BYTES text:STRING   as they are\n"
	    "file:PATH               a file's contents\n"
	    "-                       what comes on standard input\n"
	    "or carried beside them, for VERIFY_SP1_PROOF:\n"
	    "proof:PATH:KEY          a compressed proof, its program's key",
	.example = "sp1-stdin u32:20 file:block.bin | sp1-exec -p fib.elf\n"
	    "sp1-stdin u32:20 | sp1-stdin --show",
	.opts = opts, .min = 0, .max = -1,
};

static void
contents(struct stdin_item *item, const char *path)
{
	struct err e;
	uint8_t *p;

	if (read_file(path, MAX_INPUT, &p, &item->n, &e) < 0)
		die_err(&e);
	item->p = p;
}

static void
make_item(struct stdin_item *item, const char *arg)
{
	struct err e;

	if (strcmp(arg, "-") == 0)
		contents(item, NULL);
	else if (strncmp(arg, "file:", 5) == 0 && strcmp(arg + 5, "-") != 0)
		contents(item, arg + 5);
	else if (item_parse(item, arg, &e) < 0) {
		if (e.status == EX_USAGE)
			args_usage(&args, "%s", e.msg);
		die_err(&e);
	}
}

/* A key as sp1-vk writes it: its bytes, or a record. */
static void
read_key(struct vk *vk, const char *path)
{
	uint8_t *in, bytes[VK_BYTES];
	struct record rec = { 0 };
	struct err e;
	size_t n;
	int bad;

	if (read_file(path, RECORD_MAX, &in, &n, &e) < 0)
		die_err(&e);
	if (n == VK_BYTES)
		bad = vk_decode(vk, in, n, &e);
	else
		bad = record_parse(&rec, (const char *)in, n, &e) < 0 ||
		    record_hex(&rec, "vk", bytes, sizeof bytes, &e) < 0 ||
		    vk_decode(vk, bytes, sizeof bytes, &e) < 0;
	if (bad) {
		err_prefix(&e, "%s", path);
		die_err(&e);
	}
	record_free(&rec);
	free(in);
}

/* PATH:KEY, of which the last colon is meant: appended to the input's proofs. */
static void
add_proof(struct sp1_stdin *s, const char *text)
{
	const char *colon = strrchr(text, ':');
	uint8_t *in, *pair, *all;
	struct vk vk;
	struct err e;
	char *path;
	size_t n;

	if (colon == NULL || colon == text || !colon[1])
		args_usage(&args, "proof: takes a proof and a key, PATH:KEY");
	path = strndup(text, (size_t)(colon - text));
	if (path == NULL)
		die(EX_OSERR, "out of memory");
	read_key(&vk, colon + 1);
	if (read_file(path, MAX_INPUT, &in, &n, &e) < 0)
		die_err(&e);
	if (carried_make(&pair, &n, in, n, &vk, &e) < 0) {
		err_prefix(&e, "%s", path);
		die_err(&e);
	}
	all = malloc(s->proofs_len + n);
	if (all == NULL)
		die(EX_OSERR, "out of memory");
	if (s->proofs_len > 0)
		memcpy(all, s->proofs, s->proofs_len);
	memcpy(all + s->proofs_len, pair, n);
	s->proofs = all;
	s->proofs_len += n;
	s->nproofs++;
	free(pair);
	free(in);
	free(path);
}

static void
build(char **items, size_t n)
{
	struct sp1_stdin s = { 0 };
	bool piped = false;
	uint8_t *out;
	struct err e;
	size_t i, size;

	s.item = calloc(n + 1, sizeof *s.item);
	if (s.item == NULL)
		die(EX_OSERR, "out of memory");
	for (i = 0; i < n; i++) {
		if (strcmp(items[i], "-") == 0) {
			if (piped)
				args_usage(&args, "standard input can be read "
				    "once");
			piped = true;
		}
		if (strncmp(items[i], "proof:", 6) == 0)
			add_proof(&s, items[i] + 6);
		else
			make_item(&s.item[s.n++], items[i]);
	}
	size = stdin_size(&s);
	out = malloc(size);
	if (out == NULL)
		die(EX_OSERR, "out of memory");
	stdin_write(out, &s);
	/* It is what must stay private. */
	if (out_file(output, OUT_BINARY | OUT_PRIVATE, piped ? STDIN_FILENO : -1, out, size,
	    &e) < 0)
		die_err(&e);
}

static void
show_proof(struct jw *j, const struct carried_proof *p)
{
	const kb *v = p->proof.shard.public_values.v;
	uint8_t hash[32];

	jw_object(j, NULL);
	jw_u64(j, "length", p->n);
	vk_network_hash(hash, &p->vk);
	jw_hex(j, "vk_hash", hash, sizeof hash);
	for (int i = 0; i < 32; i++)
		hash[i] = (uint8_t)kb_to(v[RPV_COMMITTED + i]);
	jw_hex(j, "committed_digest", hash, sizeof hash);
	jw_u64(j, "exit_code", kb_to(v[RPV_EXIT_CODE]));
	jw_end(j);
}

static int
show_proofs(struct jw *j, const struct sp1_stdin *s, struct err *e)
{
	struct carried_proof p;
	struct carried c;
	struct arena a;
	int got;

	carried_begin(&c, s->nproofs, s->proofs, s->proofs_len);
	jw_array(j, "carried");
	do {
		arena_init(&a, carried_ceiling(&c));
		got = carried_next(&c, &p, &a, e);
		if (got == 1)
			show_proof(j, &p);
		arena_free(&a);
	} while (got == 1);
	jw_end(j);
	return got;
}

static void
show_input(const char *path)
{
	struct sp1_stdin s;
	struct arena a;
	struct out o;
	struct err e;
	struct jw j;
	uint8_t *in;
	size_t n, i, len;
	char *text;
	FILE *f;
	int fd;

	if ((fd = in_open(path, &e)) < 0 ||
	    read_all(fd, MAX_INPUT, in_name(path), &in, &n, &e) < 0)
		die_err(&e);
	arena_init(&a, 0);
	if (stdin_parse(&s, &a, in, n, &e) < 0) {
		err_prefix(&e, "%s", in_name(path));
		die_err(&e);
	}
	f = open_memstream(&text, &len);
	if (f == NULL)
		die(EX_OSERR, "out of memory");
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_u64(&j, "bytes", n);
	jw_array(&j, "items");
	for (i = 0; i < s.n; i++)
		item_show(&j, &s.item[i]);
	jw_end(&j);
	jw_big(&j, "ptr", s.ptr);
	jw_big(&j, "proofs", s.nproofs);
	if (s.nproofs > 0 && show_proofs(&j, &s, &e) < 0) {
		err_prefix(&e, "%s", in_name(path));
		die_err(&e);
	}
	jw_end(&j);
	if (jw_finish(&j, "memory", &e) < 0 || fclose(f) != 0)
		die(EX_OSERR, "out of memory");
	if (out_open(&o, output, 0, fd, &e) < 0 ||
	    out_write(&o, text, len, &e) < 0 ||
	    out_commit(&o, &e) < 0)
		die_err(&e);
	arena_free(&a);
	free(text);
	free(in);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv);
	struct err e;

	/* What is built here is what nobody else may see. */
	if (no_dumps(&e) < 0)
		die_err(&e);
	if (!show)
		build(argv + i, (size_t)(argc - i));
	else if (argc - i > 1)
		args_usage(&args, "operand %s is one too many", argv[i + 1]);
	else
		show_input(argv[i]);
	return 0;
}
