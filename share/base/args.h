#ifndef BASE_ARGS_H
#define BASE_ARGS_H
/*
 * A program's command line, from one table:
 *
 *	static const char *out;
 *	static int show;
 *	static const struct arg_opt opts[] = {
 *		{ 'o', "output", "FILE", "write to FILE", .value = &out },
 *		{ 's', "show", NULL, "print an input", .flag = &show },
 *		{ 0 }
 *	};
 *	static const struct args args = {
 *		.name = "sp1-stdin", .synopsis = "[-o FILE] ITEM ...",
 *		.about = "Builds a guest's input.",
 *		.example = "sp1-stdin u32:20 | sp1-exec -p fib.elf",
 *		.opts = opts, .min = 0, .max = -1,
 *	};
 *	...
 *	i = args_parse(&args, argc, argv);	argv[i] is the first operand
 *
 * -h, -V and a hidden --completion (the bash completion that `make install`
 * writes) are added.  Options stand before operands; "--" ends them.
 * The same letter means the same in every program: -i in, -o out, -k key file,
 * -r recipient, -u url, -t time-out, -j threads, -d device, -m mode,
 * -p program, -v verbose, -q quiet.  Secrets never come this way.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arg_opt {
	char letter;		/* 0: long only */
	const char *name;	/* the long form; NULL ends the table */
	const char *arg;	/* its argument's name; NULL: takes none */
	const char *help;	/* NULL: not shown */
	/* Where it goes: the last one given, how often it was given, or a
	 * call for each. */
	const char **value;
	int *flag;
	void (*each)(const char *arg);
	/* What bash offers for the argument: words with blanks between them;
	 * NULL: file names. */
	const char *words;
};

struct args {
	const char *name;
	const char *synopsis;	/* what follows the name */
	const char *about;	/* lines without indentation */
	const char *example;	/* a line, or several */
	const struct arg_opt *opts;
	int min, max;		/* operands; max -1: any number */
};

/* Sets progname.  Ends the program for --help and --version (0) and for wrong
 * usage (EX_USAGE, after args_usage()). */
int args_parse(const struct args *a, int argc, char **argv);

/* What was wrong, and the synopsis in two lines, on stderr; EX_USAGE. */
_Noreturn void args_usage(const struct args *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A number, 0x... too, in [min, max]; else args_usage(). */
uint64_t args_u64(const struct args *a, const char *what, const char *text,
    uint64_t min, uint64_t max);

/* The same as a question: 0, or -1. */
CHECKED int parse_u64(const char *text, uint64_t *out);

/* Bytes, with K, M, G or T for a power of 1024; more than 0, less than 2^60; else
 * args_usage(). */
uint64_t args_size(const struct args *a, const char *what, const char *text);
/* The same as a question: 0, or -1. */
CHECKED int parse_size(const char *text, uint64_t *out);

/* Exactly n bytes in hexadecimal, to out; else args_usage(). */
void args_hex(const struct args *a, const char *what, const char *text,
    void *out, size_t n);
/* A number of threads, as -j has it, for par_start(); 0 where text is NULL; else
 * args_usage(). */
unsigned args_threads(const struct args *a, const char *text);

#endif
