/*
 * sp1-exec: runs a guest on an input, and says how it ended.  A child does it
 * (exec/exec.h); the files are this process'.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/sandbox.h"
#include "exec/exec.h"

#define ELF_CAP ((size_t)1 << 29)
#define INPUT_CAP ((size_t)1 << 32)
#define PIPE_SIZE (1 << 20)

static const char *program, *input, *output, *report;
static const char *max_cycles, *max_unconstrained, *max_memory, *max_output,
    *max_input, *nonce;
static int records, no_verify, quiet, verbose, no_sandbox, brief;

static const struct arg_opt opts[] = {
	{ 'p', "program", "ELF", "the guest", .value = &program },
	{ 'i', "input", "FILE", "its SP1Stdin, as it is or in a zstd frame; "
	    "standard input without", .value = &input },
	{ 'o', "output", "FILE", "public values (or records) to FILE",
	    .value = &output },
	{ 0, "report", "FILE", "how it ended, as JSON, to FILE",
	    .value = &report },
	{ 0, "records", NULL, "write execution records, for sp1-prove-gpu",
	    .flag = &records },
	{ 0, "max-cycles", "N", "fail after N cycles", .value = &max_cycles },
	{ 0, "max-unconstrained", "N",
	    "instructions in unconstrained blocks (2^32)",
	    .value = &max_unconstrained },
	{ 0, "max-memory", "MIB", "for the guest (8192)", .value = &max_memory },
	{ 0, "max-output", "MIB", "printed, and public values (any)",
	    .value = &max_output },
	{ 0, "max-input", "BYTES", "of the input, unpacked (4 GiB)",
	    .value = &max_input },
	{ 0, "brief", NULL, "leave the public values out of the report",
	    .flag = &brief },
	{ 0, "nonce", "HEX", "16 bytes that the proof is bound to",
	    .value = &nonce },
	{ 0, "no-verify", NULL, "do not verify the proofs that the input carries",
	    .flag = &no_verify },
	SANDBOX_OPTION(no_sandbox),
	{ 'q', "quiet", NULL, "do not show what the guest prints",
	    .flag = &quiet },
	{ 'v', "verbose", NULL, "say cycles, gas and time", .flag = &verbose },
	{ 0 }
};

static const struct args args = {
	.name = "sp1-exec",
	.synopsis = "-p ELF [--report FILE] [--records] [--max-cycles N]"
	    " [-o FILE] [-i FILE]",
	.about = "Runs a guest on an SP1Stdin; writes its public values.\n"
	    "0: it halted with 0, 1: with another code, 65: it failed.",
	.example = "sp1-stdin u32:20 | sp1-exec -p fib.elf --report report.json",
	.opts = opts, .min = 0, .max = 0,
};

static uint64_t
number(const char *name, const char *text, uint64_t max)
{
	return text ? args_u64(&args, name, text, 1, max) : 0;
}

/* Stock takes these from the environment too. */
static uint64_t
threshold(const char *name)
{
	const char *text = getenv(name);
	uint64_t v = 0;

	if (text && parse_u64(text, &v))
		die(EX_USAGE, "%s is not a number: %s", name, text);
	return v;
}

static struct vm_config
config(void)
{
	struct vm_config c = {
		.max_cycles = number("--max-cycles", max_cycles, UINT64_MAX),
		.max_unconstrained = number("--max-unconstrained",
		    max_unconstrained, UINT64_MAX),
		.max_memory = number("--max-memory", max_memory, 1 << 20) << 20,
		.max_output = number("--max-output", max_output, 1 << 20) << 20,
		.element_threshold = threshold("ELEMENT_THRESHOLD"),
		.height_threshold = threshold("HEIGHT_THRESHOLD"),
	};
	uint8_t bytes[16];

	if (nonce && hex_decode(bytes, sizeof bytes, nonce))
		args_usage(&args, "--nonce takes 16 bytes in hexadecimal");
	for (int i = 0; nonce && i < 4; i++)
		c.nonce[i] = (uint32_t)bytes[4 * i] << 24 |
		    bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 |
		    bytes[4 * i + 3];
	return c;
}

int
main(int argc, char **argv)
{
	static char lines[1 << 16];
	struct exec x = { .report = -1, .max_input = INPUT_CAP };
	struct out out, rep;
	uint8_t *elf;
	struct err e;
	int status;

	args_parse(&args, argc, argv);
	if (!program)
		args_usage(&args, "-p is missing");
	if (report && strcmp(report, output ? output : "-") == 0)
		args_usage(&args, "the report and the output are one file");
	x.config = config();
	if (max_input)
		x.max_input = number("--max-input", max_input, INPUT_CAP);
	openssl_start();
	if (no_dumps(&e) || read_file(program, ELF_CAP, &elf, &x.nelf, &e))
		die_err(&e);
	x.fd = in_open(input, &e);
	if (x.fd < 0 || out_open(&out, output, OUT_BINARY |
	    (records ? OUT_PRIVATE : 0), x.fd, &e) ||
	    (report && out_open(&rep, report, 0, x.fd, &e)))
		die_err(&e);
	if (records)
		(void)fcntl(out.fd, F_SETPIPE_SZ, PIPE_SIZE);
	setvbuf(stderr, lines, _IOLBF, sizeof lines);
	x.program = program;
	x.elf = elf;
	x.input = in_name(input);
	x.out = out.fd;
	x.records = records;
	if (report) {
		x.report = rep.fd;
		x.report_name = report;
	}
	x.quiet = quiet;
	x.raw = !isatty(2);
	x.verbose = verbose;
	x.brief = brief;
	x.confined = !no_sandbox;
	x.verify = !no_verify;

	if (exec_child(&x, &status, &e))
		die_err(&e);

	free(elf);
	if (report && !exec_report_whole(rep.fd))
		out_abort(&rep);
	else if (report && out_commit(&rep, &e))
		die_err(&e);
	if (status != 0 && status != EX_NO)
		out_abort(&out);
	else if (out_commit(&out, &e))
		die_err(&e);
	return status;
}
