#include <sys/wait.h>
#include <unistd.h>

#include "base/args.h"
#include "base/err.h"
#include "test/lib/tap.h"

static const char *out;
static int verbose;
static char seen[64];

static void
each(const char *arg)
{
	strcat(seen, arg);
	strcat(seen, ";");
}

static const struct arg_opt opts[] = {
	{ 'o', "output", "FILE", "write to FILE", .value = &out },
	{ 'v', "verbose", NULL, "say more", .flag = &verbose },
	{ 'm', "mode", "MODE", "what proof", .each = each,
	  .words = "core compressed" },
	{ 0, "long-only", NULL, "no letter", .flag = &verbose },
	{ 0 }
};
static const struct args args = {
	.name = "sp1-test", .synopsis = "[-v] [-o FILE] ITEM ...",
	.about = "Does nothing.\nThoroughly.", .example = "sp1-test -v x",
	.opts = opts, .min = 1, .max = 2,
};

static char output[4096], errors[4096];

static void
slurp(FILE *f, char *p, size_t size)
{
	size_t n;

	rewind(f);
	n = fread(p, 1, size - 1, f);
	p[n] = '\0';
	fclose(f);
}

/* The status of a child that parses these, up to a NULL. */
static int
run(const char *first, ...)
{
	char *argv[16] = { "sp1-test" };
	const char *s;
	FILE *o = tmpfile(), *e = tmpfile();
	va_list ap;
	int argc = 1, status;
	pid_t pid;

	va_start(ap, first);
	for (s = first; s != NULL; s = va_arg(ap, const char *))
		argv[argc++] = (char *)s;
	va_end(ap);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(fileno(o), 1);
		dup2(fileno(e), 2);
		args_parse(&args, argc, argv);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	slurp(o, output, sizeof(output));
	slurp(e, errors, sizeof(errors));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
good(void)
{
	char *argv[] = { "x", "-vv", "-ofile", "--mode=core", "-m", "plonk",
	    "--long-only", "--", "-a", "b", NULL };
	char *again[] = { "x", "-o", "-", "a", "-v", NULL };

	is_int(args_parse(&args, 10, argv), 8, "the first operand");
	is_str(out, "file", "an argument");
	is_int(verbose, 3, "a flag, counted");
	is_str(seen, "core;plonk;", "every argument");
	is_str(progname, "sp1-test", "progname is set");
	is_int(args_parse(&args, 5, again), 3, "options stand before operands");
	is_str(out, "-", "again");
}

static void
numbers(void)
{
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "0x",
	    "0x0x1", "1a", "18446744073709551616", "x" };
	uint64_t x = 0;
	size_t i;

	ok(parse_u64("18446744073709551615", &x) == 0 && x == UINT64_MAX,
	    "the largest number");
	ok(parse_u64("0xfF", &x) == 0 && x == 255, "hexadecimal");
	ok(parse_u64("010", &x) == 0 && x == 10, "no octal");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(parse_u64(bad[i], &x) < 0, "'%s' is no number", bad[i]);
}

static void
sizes(void)
{
	static const struct { const char *text; uint64_t size; } good_size[] = {
		{"1", 1}, {"512M", 512ull << 20}, {"8G", 8ull << 30},
		{"0x10K", 16 << 10}, {"1T", 1ull << 40},
		{"1152921504606846975", (1ull << 60) - 1}
	};
	static const char *const bad[] = {"", "0", "G", "0K", "1.5G", "1g",
	    "1GB", "-1M", "1048576T", "1152921504606846976", " 1G",
	    "00000000000000000000000000000001G"};
	uint64_t x = 0;

	for (size_t i = 0; i < sizeof good_size / sizeof *good_size; i++)
		ok(parse_size(good_size[i].text, &x) == 0 &&
		    x == good_size[i].size, "the size %s", good_size[i].text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(parse_size(bad[i], &x) < 0, "'%s' is no size", bad[i]);
}

int
main(void)
{
	good();
	numbers();
	sizes();

	is_int(run("-h", NULL), 0, "help");
	is_str(output,
	    "usage: sp1-test [-v] [-o FILE] ITEM ...\n\n"
	    "  Does nothing.\n  Thoroughly.\n\n"
	    "  -o, --output FILE  write to FILE\n"
	    "  -v, --verbose      say more\n"
	    "  -m, --mode MODE    what proof\n"
	    "      --long-only    no letter\n"
	    "  -h, --help         show this\n"
	    "  -V, --version      show the version\n"
	    "\nexample:\n  sp1-test -v x\n\nman sp1-test has the rest.\n",
	    "as it should be");
	is_int(run("--version", NULL), 0, "version");
	ok(strncmp(output, "sp1-test ", 9) == 0, "has the name");

	is_int(run(NULL), EX_USAGE, "too few operands");
	is_str(errors, "sp1-test: operand missing\n"
	    "usage: sp1-test [-v] [-o FILE] ITEM ...\n"
	    "       sp1-test --help\n", "the synopsis follows");
	is_str(output, "", "nothing on stdout");
	is_int(run("a", "b", "c", NULL), EX_USAGE, "too many");
	ok(strstr(errors, "operand c is one too many") != NULL, "says so");
	is_int(run("-x", NULL), EX_USAGE, "unknown letter");
	ok(strstr(errors, "unknown option -x\n") != NULL, "says so");
	is_int(run("--nonsense", NULL), EX_USAGE, "unknown long option");
	ok(strstr(errors, "unknown option --nonsense\n") != NULL, "says so");
	is_int(run("--verbose=3", "a", NULL), EX_USAGE, "needless argument");
	ok(strstr(errors, "no argument belongs to option --verbose=3\n") !=
	    NULL, "says so");
	is_int(run("-o", NULL), EX_USAGE, "missing argument");
	ok(strstr(errors, "option -o needs an argument\n") != NULL, "says so");

	is_int(run("--completion", NULL), 0, "completion");
	ok(strstr(output, "complete -o default -F _sp1_test sp1-test") != NULL,
	    "names the program");
	ok(strstr(output, "-m|--mode)\n\t\tmapfile -t COMPREPLY < "
	    "<(compgen -W 'core compressed'") != NULL, "offers the words");
	ok(strstr(output, "completion -") == NULL &&
	    strstr(output, "--completion") == NULL, "hides itself");
	return done_testing();
}
