/* sp1-stdin: builds a guest's input, and shows one. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/json.h"
#include "base/secmem.h"
#include "base/utf8.h"
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
	    "-                       what comes on standard input",
	.example = "sp1-stdin u32:20 file:block.bin | sp1-exec -p fib.elf\n"
	    "sp1-stdin u32:20 | sp1-stdin --show",
	.opts = opts, .min = 0, .max = -1,
};

typedef unsigned __int128 u128;

static const struct number {
	const char *name;
	size_t n;	/* bytes */
	int sign;	/* 1: with one, as two's complement */
} numbers[] = {
	{ "u8", 1, 0 }, { "u16", 2, 0 }, { "u32", 4, 0 }, { "u64", 8, 0 },
	{ "u128", 16, 0 }, { "i32", 4, 1 }, { "i64", 8, 1 },
};

static void *
room(size_t n)
{
	void *p = malloc(n > 0 ? n : 1);

	if (p == NULL)
		die(EX_OSERR, "out of memory");
	return p;
}

static void
little_endian(uint8_t *p, u128 x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(x >> 8 * i);
}

/* Digits, decimal or after 0x, of a number of 128 bits. */
static int
parse_u128(const char *text, u128 *out)
{
	unsigned base = 10;
	u128 x = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (!*text)
		return -1;
	for (; *text; text++) {
		const char *digits = "0123456789abcdef";
		const char *d = strchr(digits, tolower((unsigned char)*text));
		unsigned v = d ? (unsigned)(d - digits) : base;

		if (v >= base || x > (~(u128)0 - v) / base)
			return -1;
		x = x * base + v;
	}
	*out = x;
	return 0;
}

static void
number(struct stdin_item *item, const struct number *kind, const char *text)
{
	bool minus = kind->sign && *text == '-';
	u128 x, most = ~(u128)0 >> (128 - 8 * kind->n) >> kind->sign;
	uint8_t *p = room(kind->n);

	if (kind->n <= 8 && !kind->sign)
		x = args_u64(&args, kind->name, text, 0, (uint64_t)most);
	else if (parse_u128(text + minus, &x) < 0 || x > most + minus)
		args_usage(&args, "%s: '%.40s' is no number of %zu bits%s",
		    kind->name, text, 8 * kind->n,
		    kind->sign ? " with a sign" : "");
	little_endian(p, minus ? -x : x, kind->n);
	item->p = p;
	item->n = kind->n;
}

/* Bytes of Rust's types that have a length, after it, or bare. */
static void
bytes(struct stdin_item *item, const char *what, const char *text, bool length)
{
	long n = hex_length(text);
	size_t at = length ? 8 : 0;
	uint8_t *p;

	if (n < 0)
		args_usage(&args, "%s: '%.40s' is not hexadecimal", what, text);
	p = room(at + (size_t)n);
	little_endian(p, (u128)n, at);
	must(hex_decode(p + at, (size_t)n, text) == 0);
	item->p = p;
	item->n = at + (size_t)n;
}

static void
string(struct stdin_item *item, const char *text)
{
	size_t n = strlen(text);
	uint8_t *p = room(8 + n);

	if (!utf8_valid((const uint8_t *)text, n))
		args_usage(&args, "string: is not UTF-8, as Rust's strings are");
	little_endian(p, n, 8);
	memcpy(p + 8, text, n);
	item->p = p;
	item->n = 8 + n;
}

static void
boolean(struct stdin_item *item, const char *text)
{
	uint8_t *p = room(1);

	*p = strcmp(text, "true") == 0;
	if (!*p && strcmp(text, "false") != 0)
		args_usage(&args, "bool: takes true or false, not '%.40s'", text);
	item->p = p;
	item->n = 1;
}

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
	const char *colon = strchr(arg, ':');
	size_t len = colon != NULL ? (size_t)(colon - arg) : 0, i;

	if (strcmp(arg, "-") == 0) {
		contents(item, NULL);
		return;
	}
	if (colon == NULL)
		args_usage(&args, "item '%.40s' has no kind", arg);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strlen(numbers[i].name) == len &&
		    memcmp(arg, numbers[i].name, len) == 0) {
			number(item, &numbers[i], colon + 1);
			return;
		}
	if (strncmp(arg, "hex:", 4) == 0)
		bytes(item, "hex", arg + 4, false);
	else if (strncmp(arg, "vec:", 4) == 0)
		bytes(item, "vec", arg + 4, true);
	else if (strncmp(arg, "string:", 7) == 0)
		string(item, arg + 7);
	else if (strncmp(arg, "bool:", 5) == 0)
		boolean(item, arg + 5);
	else if (strncmp(arg, "text:", 5) == 0) {
		item->p = (const uint8_t *)arg + 5;
		item->n = strlen(arg + 5);
	} else if (strncmp(arg, "file:", 5) == 0 &&
	    strcmp(arg + 5, "-") != 0)
		contents(item, arg + 5);
	else
		args_usage(&args, "what is '%.40s'?", arg);
}

static void
build(char **items, size_t n)
{
	struct sp1_stdin s = { .n = n };
	bool piped = false;
	uint8_t *out;
	struct err e;
	size_t i, size;

	s.item = room(n * sizeof(*s.item));
	for (i = 0; i < n; i++) {
		if (strcmp(items[i], "-") == 0) {
			if (piped)
				args_usage(&args, "standard input can be read "
				    "once");
			piped = true;
		}
		make_item(&s.item[i], items[i]);
	}
	size = stdin_size(&s);
	out = room(size);
	stdin_write(out, &s);
	/* It is what must stay private. */
	if (out_file(output, OUT_BINARY | OUT_PRIVATE, piped ? STDIN_FILENO : -1, out, size,
	    &e) < 0)
		die_err(&e);
}

/* Printable ASCII, so that what is shown is what is there. */
static bool
is_text(const struct stdin_item *item)
{
	size_t i;

	for (i = 0; i < item->n; i++)
		if ((item->p[i] < 0x20 || item->p[i] > 0x7e) &&
		    item->p[i] != '\n' && item->p[i] != '\t')
			return false;
	return item->n > 0;
}

static void
show_item(struct jw *j, const struct stdin_item *item)
{
	uint64_t x = 0;
	size_t i;

	jw_object(j, NULL);
	jw_u64(j, "length", item->n);
	jw_hex(j, "hex", item->p, item->n);
	if (item->n == 1 || item->n == 2 || item->n == 4 || item->n == 8) {
		for (i = item->n; i-- > 0;)
			x = x << 8 | item->p[i];
		jw_big(j, "number", x);
	}
	if (is_text(item))
		jw_strn(j, "text", (const char *)item->p, item->n);
	jw_end(j);
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
		show_item(&j, &s.item[i]);
	jw_end(&j);
	jw_big(&j, "ptr", s.ptr);
	jw_big(&j, "proofs", s.nproofs);
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
