#include "base/args.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/par.h"
#include "base/version.h"

#define OPTS_MAX 48
/* getopt's value for the i-th option; above all letters. */
#define LONG(i) (0x100 + (i))

static const struct arg_opt common[] = {
	{ 'h', "help", NULL, "show this", NULL, NULL, NULL, NULL },
	{ 'V', "version", NULL, "show the version", NULL, NULL, NULL, NULL },
	{ 0, "completion", NULL, NULL, NULL, NULL, NULL, NULL },
};
#define NCOMMON (int)(sizeof(common) / sizeof(common[0]))

/* The program's options, then the common ones. */
static int
gather(const struct args *a, const struct arg_opt **all)
{
	const struct arg_opt *o;
	int n = 0, i;

	for (o = a->opts; o != NULL && o->name != NULL; o++) {
		must(n < OPTS_MAX - NCOMMON);
		all[n++] = o;
	}
	for (i = 0; i < NCOMMON; i++)
		all[n++] = &common[i];
	return n;
}

void
args_usage(const struct args *a, const char *fmt, ...)
{
	char msg[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	complain("%s", msg);
	fprintf(stderr, "usage: %s %s\n       %s --help\n", a->name,
	    a->synopsis, a->name);
	exit(EX_USAGE);
}

/* A text of several lines, each indented. */
static void
lines(const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		printf("  %.*s\n", (int)n, text);
	}
}

static void
help(const struct args *a, const struct arg_opt **all, int n)
{
	char left[64];
	size_t width = 0, len;
	int pass, i;

	printf("usage: %s %s\n\n", a->name, a->synopsis);
	lines(a->about);
	putchar('\n');
	/* Once for the width of the left column, once to print. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < n; i++) {
			if (all[i]->help == NULL)
				continue;
			snprintf(left, sizeof(left), "%c%c%c --%s%s%s",
			    all[i]->letter ? '-' : ' ',
			    all[i]->letter ? all[i]->letter : ' ',
			    all[i]->letter ? ',' : ' ', all[i]->name,
			    all[i]->arg != NULL ? " " : "",
			    all[i]->arg != NULL ? all[i]->arg : "");
			len = strlen(left);
			if (pass == 0)
				width = len > width ? len : width;
			else
				printf("  %-*s  %s\n", (int)width, left,
				    all[i]->help);
		}
	if (a->example != NULL) {
		puts("\nexample:");
		lines(a->example);
	}
	printf("\nman %s has the rest.\n", a->name);
}

/* Function names in shell take no '-'. */
static void
completion(const struct args *a, const struct arg_opt **all, int n)
{
	char fn[64];
	size_t i;
	int k;

	snprintf(fn, sizeof(fn), "_%s", a->name);
	for (i = 0; fn[i] != '\0'; i++)
		if (!isalnum((unsigned char)fn[i]))
			fn[i] = '_';
	printf("%s()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	    "\tCOMPREPLY=()\n\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n", fn);
	for (k = 0; k < n; k++) {
		if (all[k]->arg == NULL)
			continue;
		printf("\t");
		if (all[k]->letter)
			printf("-%c|", all[k]->letter);
		printf("--%s)\n", all[k]->name);
		if (all[k]->words != NULL)
			printf("\t\tmapfile -t COMPREPLY < "
			    "<(compgen -W '%s' -- \"$cur\")\n", all[k]->words);
		printf("\t\treturn ;;\n");
	}
	printf("\tesac\n\tif [[ $cur == -* ]]; then\n"
	    "\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (k = 0; k < n; k++)
		if (all[k]->help != NULL)
			printf("%s--%s", k > 0 ? " " : "", all[k]->name);
	printf("' -- \"$cur\")\n\tfi\n}\ncomplete -o default -F %s %s\n", fn,
	    a->name);
}

static void
took(const struct arg_opt *o)
{
	if (o->value != NULL)
		*o->value = optarg;
	if (o->flag != NULL)
		++*o->flag;
	if (o->each != NULL)
		o->each(optarg);
}

/* What is said on stdout is the answer: it must get there. */
static _Noreturn void
said(void)
{
	if (fflush(stdout) != 0)
		die(EX_IOERR, "cannot write:");
	exit(0);
}

/* A file that is opened later must not become standard output because that was
 * closed.  What takes its place can be used no more than a closed one. */
static void
keep_standard(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int
args_parse(const struct args *a, int argc, char **argv)
{
	const struct arg_opt *all[OPTS_MAX];
	struct option longs[OPTS_MAX + 1];
	char letters[2 * OPTS_MAX + 4] = "+:", *l = letters + 2;
	int n = gather(a, all), i, c, operands;

	keep_standard();
	progname = a->name;
	memset(longs, 0, sizeof(longs));
	for (i = 0; i < n; i++) {
		longs[i].name = all[i]->name;
		longs[i].has_arg = all[i]->arg != NULL;
		longs[i].val = LONG(i);
		if (!all[i]->letter)
			continue;
		*l++ = all[i]->letter;
		if (all[i]->arg != NULL)
			*l++ = ':';
	}
	*l = '\0';
	optind = 0;	/* glibc: start afresh */
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (c == ':')
			args_usage(a, "option %s needs an argument",
			    argv[optind - 1]);
		if (c == '?' && optopt > 0 && optopt < 0x100)
			args_usage(a, "unknown option -%c", optopt);
		if (c == '?')
			args_usage(a, "%s option %s", optopt != 0 ?
			    "no argument belongs to" : "unknown",
			    argv[optind - 1]);
		for (i = 0; c != LONG(i) &&
		    (all[i]->letter == 0 || c != all[i]->letter); i++)
			must(i < n - 1);
		if (i < n - NCOMMON) {
			took(all[i]);
			continue;
		}
		switch (i - (n - NCOMMON)) {
		case 0:
			help(a, all, n);
			break;
		case 1:
			printf("%s %s (SP1 circuit %s)\n", a->name,
			    SP1_PRIVATE_VERSION, SP1_CIRCUIT_VERSION);
			break;
		default:
			completion(a, all, n);
		}
		said();
	}
	operands = argc - optind;
	if (operands < a->min)
		args_usage(a, "%s", operands == 0 ? "operand missing" :
		    "too few operands");
	if (a->max >= 0 && operands > a->max)
		args_usage(a, "operand %s is one too many",
		    argv[optind + a->max]);
	return optind;
}

int
parse_u64(const char *text, uint64_t *out)
{
	const char *digits = text;
	char *end;
	unsigned long long x;
	int base = 10;

	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
		base = 16;
		digits += 2;
	}
	/* strtoull takes blanks, signs and a second 0x. */
	if (!isxdigit((unsigned char)digits[0]) ||
	    (base == 16 && (digits[1] == 'x' || digits[1] == 'X')))
		return -1;
	errno = 0;
	x = strtoull(digits, &end, base);
	if (errno != 0 || end == digits || *end != '\0')
		return -1;
	*out = x;
	return 0;
}

uint64_t
args_u64(const struct args *a, const char *what, const char *text,
    uint64_t min, uint64_t max)
{
	uint64_t x;

	if (parse_u64(text, &x) < 0 || x < min || x > max)
		args_usage(a, "%s: '%s' is not a number from %llu to %llu",
		    what, text, (unsigned long long)min,
		    (unsigned long long)max);
	return x;
}

int
parse_size(const char *text, uint64_t *out)
{
	static const char unit[] = "KMGT";
	size_t n = strlen(text);
	const char *u = n && n < 32 ? strchr(unit, text[n - 1]) : NULL;
	unsigned shift = u ? 10 * (unsigned)(u - unit + 1) : 0;
	char digits[32] = "";
	uint64_t x;

	if (n >= sizeof digits)
		return -1;
	memcpy(digits, text, u ? n - 1 : n);
	if (parse_u64(digits, &x) < 0 || x == 0 || x >> (60 - shift))
		return -1;
	*out = x << shift;
	return 0;
}

uint64_t
args_size(const struct args *a, const char *what, const char *text)
{
	uint64_t x;

	if (parse_size(text, &x) < 0)
		args_usage(a, "%s: '%s' is no size: 512M, 8G", what, text);
	return x;
}

void
args_hex(const struct args *a, const char *what, const char *text, void *out,
    size_t n)
{
	if (hex_decode(out, n, text) < 0)
		args_usage(a, "%s takes %zu bytes in hex", what, n);
}

unsigned
args_threads(const struct args *a, const char *text)
{
	return text ? (unsigned)args_u64(a, "-j", text, 1, PAR_MAX) : 0;
}
