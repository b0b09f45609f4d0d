/*
 * Runs a guest.  The guest's program and input are looked into by a child alone,
 * which can do nothing but use the descriptors that it was given; the parent makes
 * the files and gives the outcome.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/json.h"
#include "base/openssl.h"
#include "base/sandbox.h"
#include "base/secmem.h"
#include "base/utf8.h"
#include "riscv/rv.h"
#include "vm/vm.h"

#define ELF_CAP ((size_t)1 << 29)
#define INPUT_CAP ((size_t)1 << 32)
#define PIPE_SIZE (1 << 20)

static const char *program, *input, *output, *report;
static const char *max_cycles, *max_unconstrained, *max_memory, *nonce;
static int records, quiet, verbose, no_sandbox;

static const struct arg_opt opts[] = {
	{ 'p', "program", "ELF", "the guest", .value = &program },
	{ 'i', "input", "FILE", "its SP1Stdin; standard input without",
	    .value = &input },
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
	{ 0, "nonce", "HEX", "16 bytes that the proof is bound to",
	    .value = &nonce },
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

static int out_fd, report_fd = -1;
static struct err unwritten;	/* why the records could not be */
static bool show_raw;

/* As stock shows it; on a terminal without its control characters. */
static void
show_line(void *ctx, int fd, const char *text, size_t len)
{
	fputs(fd == 1 ? "stdout: " : "stderr: ", stderr);
	for (size_t i = 0; i < len;) {
		size_t n = 1;

		while (n < 4 && i + n < len &&
		    !utf8_valid((const uint8_t *)text + i, n))
			n++;
		if (!utf8_valid((const uint8_t *)text + i, n)) {
			fputs("\xef\xbf\xbd", stderr);
			i++;
		} else if (!show_raw && (unsigned char)text[i] < 32 &&
		    text[i] != '\t') {
			fprintf(stderr, "\\x%02x", text[i]);
			i++;
		} else {
			fwrite(text + i, 1, n, stderr);
			i += n;
		}
	}
	fputc('\n', stderr);
}

static int
write_record(void *ctx, const void *bytes, size_t len)
{
	return write_all(out_fd, bytes, len, "the records", &unwritten);
}

/* r: NULL when the guest did not run. */
static void
write_report(const char *cause, const char *detail,
    const struct vm_result *r)
{
	static const struct vm_result nothing;
	FILE *f;
	struct jw j;
	struct err e;

	if (report_fd < 0)
		return;
	if (!r)
		r = &nothing;
	f = fdopen(dup(report_fd), "w");
	if (!f)
		die(EX_OSERR, "cannot write %s:", report);
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_str(&j, "cause", cause);
	jw_str(&j, "detail", detail);
	jw_big(&j, "exit_code", r->exit_code);
	jw_u64(&j, "cycles", r->cycles);
	jw_u64(&j, "gas", r->gas);
	jw_hex(&j, "public_values", r->public_values, r->npublic_values);
	jw_hex(&j, "committed_digest", r->digest, sizeof r->digest);
	jw_object(&j, "opcodes");
	for (int op = 0; op < RV_NOPCODES; op++)
		if (r->opcodes[op] > 0)
			jw_u64(&j, rv_name(op), r->opcodes[op]);
	jw_end(&j);
	jw_object(&j, "syscalls");
	for (size_t i = 0; i < r->nsyscalls; i++)
		jw_u64(&j, r->syscalls[i].name, r->syscalls[i].count);
	jw_end(&j);
	jw_end(&j);
	if (jw_finish(&j, report, &e))
		die_err(&e);
	fclose(f);
}

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
		.element_threshold = threshold("ELEMENT_THRESHOLD"),
		.height_threshold = threshold("HEIGHT_THRESHOLD"),
		.on_line = quiet ? NULL : show_line,
		.on_records = records ? write_record : NULL,
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

static int
failed(const struct vm_result *r)
{
	if (unwritten.status) {
		complain("%s", unwritten.msg);
		return unwritten.status;
	}
	complain("the guest failed at 0x%llx after %llu cycles: %s: %s",
	    (unsigned long long)r->pc, (unsigned long long)r->cycles,
	    vm_cause_name(r->cause), r->detail);
	return r->cause == VM_HostError ? EX_OSERR : EX_DATAERR;
}

/* All of the child's work; the exit status. */
static int
run(const struct vm_config *c, const uint8_t *elf, size_t nelf,
    uint8_t *in, size_t nin)
{
	const struct vm_result *r;
	struct rv_program p;
	struct err e;
	struct vm *m;
	double start;
	int status = 0;

	if (rv_load(&p, elf, nelf, &e)) {
		write_report("InvalidProgram", e.msg, NULL);
		complain("%s: %s", program, e.msg);
		return e.status;
	}
	m = vm_new(&p, c, &e);
	if (!m)
		die_err(&e);
	if (vm_set_input(m, in, nin, &e)) {
		write_report("InvalidInput", e.msg, NULL);
		complain("%s: %s", in_name(input), e.msg);
		return e.status;
	}
	wipe(in, nin);
	start = clock_s();
	r = vm_run(m);
	fflush(stderr);
	if (verbose)
		complain("%llu cycles, %llu gas, %.3f s",
		    (unsigned long long)r->cycles, (unsigned long long)r->gas,
		    clock_s() - start);
	if (r->cause != VM_halted) {
		status = failed(r);
	} else {
		if (!records && write_all(out_fd, r->public_values,
		    r->npublic_values, "the public values", &e))
			die_err(&e);
		if (!records && !vm_committed(r))
			complain("warning: the guest did not give COMMIT the hash "
			    "of its public values: such a run has no proof");
		if (r->exit_code != 0) {
			complain("the guest halted with code %llu",
			    (unsigned long long)r->exit_code);
			status = EX_NO;
		}
	}
	write_report(vm_cause_name(r->cause), unwritten.status ?
	    unwritten.msg : r->detail, r);
	vm_free(m);
	rv_free(&p);
	return status;
}

static pid_t
start_child(const struct vm_config *c, const uint8_t *elf,
    size_t nelf, uint8_t *in, size_t nin)
{
	struct err e;
	pid_t parent = getpid();
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child < 0)
		die(EX_OSERR, "cannot fork:");
	if (child > 0)
		return child;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EX_OSERR);
	if (!no_sandbox && sandbox("stdio", &e))
		die_err(&e);
	{
		int status = run(c, elf, nelf, in, nin);

		fflush(NULL);
		_exit(status);
	}
}

static int
wait_child(pid_t child)
{
	char detail[48];
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die(EX_OSERR, "cannot wait for the guest:");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (report_fd >= 0 && ftruncate(report_fd, 0) == 0)
		lseek(report_fd, 0, SEEK_SET);
	snprintf(detail, sizeof detail, "the machine died of signal %d",
	    WTERMSIG(status));
	write_report("HostError", detail, NULL);
	complain("%s", detail);
	return EX_SOFTWARE;
}

/* Whether the report is whole: it is one line.  Of what is no file, nothing is known. */
static bool
ends_a_line(int fd)
{
	struct stat st;
	char last = '\n';

	return fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 &&
	    last == '\n');
}

int
main(int argc, char **argv)
{
	static char lines[1 << 16];
	struct out out, rep;
	struct vm_config c;
	struct secmem in = { 0 };
	uint8_t *elf;
	size_t nelf;
	struct err e;
	int status, fd;

	args_parse(&args, argc, argv);
	if (!program)
		args_usage(&args, "-p is missing");
	if (report && strcmp(report, output ? output : "-") == 0)
		args_usage(&args, "the report and the output are one file");
	c = config();
	openssl_start();
	if (no_dumps(&e) || read_file(program, ELF_CAP, &elf, &nelf, &e))
		die_err(&e);
	fd = in_open(input, &e);
	if (fd < 0 || out_open(&out, output, OUT_BINARY |
	    (records ? OUT_PRIVATE : 0), fd, &e) ||
	    (report && out_open(&rep, report, 0, fd, &e)) ||
	    secmem_read(&in, fd, INPUT_CAP, in_name(input), &e))
		die_err(&e);
	out_fd = out.fd;
	if (report)
		report_fd = rep.fd;
	if (records)
		(void)fcntl(out_fd, F_SETPIPE_SZ, PIPE_SIZE);
	setvbuf(stderr, lines, _IOLBF, sizeof lines);
	show_raw = !isatty(2);

	status = wait_child(start_child(&c, elf, nelf, in.p, in.n));

	secmem_free(&in);
	free(elf);
	if (report && !ends_a_line(rep.fd))
		out_abort(&rep);
	else if (report && out_commit(&rep, &e))
		die_err(&e);
	if (status != 0 && status != EX_NO)
		out_abort(&out);
	else if (out_commit(&out, &e))
		die_err(&e);
	return status;
}
