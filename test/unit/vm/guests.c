/* Whole guests: each line of expected.tsv to the digit, and how each guest that
 * fails does. */
#include "test/lib/tap.h"

#include <stdbool.h>

#include "base/hex.h"
#include "base/io.h"
#include "vm/vm.h"

#define GUESTS "test/guest/"

struct session {
	struct rv_program program;
	struct vm *vm;
	const struct vm_result *result;
	char lines[4096];
};

static struct session s;

static void
keep_line(void *ctx, int fd, const char *text, size_t len)
{
	size_t at = strlen(s.lines);

	snprintf(s.lines + at, sizeof s.lines - at, "%d:%.*s|", fd, (int)len,
	    text);
}

static bool
run(const char *guest, const char *input, struct vm_config c)
{
	char path[200];
	struct err e;
	uint8_t *in;
	size_t n;

	s = (struct session){ 0 };
	c.on_line = keep_line;
	snprintf(path, sizeof path, GUESTS "%s.elf", guest);
	if (rv_load_file(&s.program, path, &e)) {
		diag("%s", e.msg);
		return false;
	}
	snprintf(path, sizeof path, GUESTS "inputs/%s.bin", input);
	s.vm = vm_new(&s.program, &c, &e);
	if (!s.vm || read_file(path, 1 << 24, &in, &n, &e) ||
	    vm_set_input(s.vm, in, n, &e)) {
		diag("%s", e.msg);
		return false;
	}
	free(in);
	s.result = vm_run(s.vm);
	return true;
}

static void
done(void)
{
	vm_free(s.vm);
	rv_free(&s.program);
}

static void
check_expected(char *line)
{
	char *field[6], *at = line;
	const struct vm_result *r;
	uint64_t cycles = 0;
	bool good;
	char *pv;

	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < 6; i++)
		field[i] = strsep(&at, "\t");
	if (!run(field[0], field[1], (struct vm_config){ 0 })) {
		ok(0, "%s %s runs", field[0], field[1]);
		return;
	}
	r = s.result;
	pv = malloc(2 * r->npublic_values + 1);
	hex_encode(pv, r->public_values, r->npublic_values);
	for (int op = 0; op < RV_NOPCODES; op++)
		cycles += r->opcodes[op];
	good = r->cause == VM_halted &&
	    r->exit_code == strtoull(field[2], NULL, 10) &&
	    r->cycles == strtoull(field[3], NULL, 10) && r->cycles == cycles &&
	    r->gas == strtoull(field[4], NULL, 10) &&
	    strcmp(pv, field[5] ? field[5] : "") == 0;
	ok(good, "%s %s: exit code, cycles, gas, public values", field[0],
	    field[1]);
	if (!good)
		diag("%s %s: %llu, %llu cycles, %llu gas, %s",
		    vm_cause_name(r->cause), r->detail,
		    (unsigned long long)r->exit_code,
		    (unsigned long long)r->cycles,
		    (unsigned long long)r->gas, pv);
	free(pv);
	done();
}

static void
check_all_expected(void)
{
	FILE *f = fopen(GUESTS "expected.tsv", "r");
	char *line = NULL;
	size_t room = 0;

	if (!ok(f != NULL, "expected.tsv is there"))
		return;
	while (getline(&line, &room, f) > 0)
		if (line[0] != '#')
			check_expected(line);
	free(line);
	fclose(f);
}

/* Gas depends on where chunks end (sp1-machine(7), Gas); cut small, all its rules
 * count. */
static void
check_chunks(void)
{
	FILE *f = fopen("test/vectors/gas-chunks.tsv", "r");
	char guest[64], input[64], line[200];
	unsigned long long entries, gas;
	unsigned n = 0, wrong = 0;

	if (!ok(f != NULL, "gas-chunks.tsv is there"))
		return;
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%63s %63s %llu %llu", guest, input, &entries,
		    &gas) != 4 || line[0] == '#')
			continue;
		n++;
		if (!run(guest, input,
		    (struct vm_config){ .gas_entries = entries }) ||
		    s.result->gas != gas) {
			diag("%s", line);
			wrong++;
		}
		done();
	}
	fclose(f);
	ok(n == 180 && wrong == 0, "gas in small chunks, %u runs", n);
}

static void
check_cause(const char *guest, const char *input,
    enum vm_cause cause, const char *detail)
{
	struct vm_config c = {
		.max_cycles = 100000, .max_unconstrained = 100000,
	};

	if (!run(guest, input, c)) {
		ok(0, "%s runs", guest);
		return;
	}
	ok(s.result->cause == cause && strstr(s.result->detail, detail),
	    "%s: %s", guest, vm_cause_name(s.result->cause));
	if (!strstr(s.result->detail, detail) || s.result->cause != cause)
		diag("%s", s.result->detail);
	done();
}

static void
check_crashes(void)
{
	check_cause("crash-misaligned-load", "none", VM_InvalidMemoryAccess,
	    "misaligned load");
	check_cause("crash-misaligned-store", "none", VM_InvalidMemoryAccess,
	    "misaligned store");
	check_cause("crash-far-load", "none", VM_InvalidMemoryAccess, "2^40");
	check_cause("crash-far-store", "none", VM_InvalidMemoryAccess, "2^40");
	check_cause("crash-wrapped-load", "none", VM_InvalidMemoryAccess, "2^40");
	check_cause("crash-ebreak-op", "none", VM_Unimplemented, "ebreak");
	check_cause("crash-unimp-op", "none", VM_Unimplemented, "");
	check_cause("crash-fence-op", "none", VM_Unimplemented, "");
	check_cause("crash-csr-op", "none", VM_Unimplemented, "");
	check_cause("crash-jump-to-data", "none", VM_InvalidJump, "0x70000000");
	check_cause("crash-jump-misaligned", "none", VM_InvalidJump, "jump to");
	check_cause("crash-jump-to-zero", "none", VM_InvalidJump, "jump to 0x0");
	check_cause("crash-run-off-end", "none", VM_InvalidJump, "past the last");
	check_cause("crash-unknown-syscall", "none", VM_UnsupportedSyscall, "0x77");
	check_cause("crash-deprecated-syscall", "none", VM_UnsupportedSyscall,
	    "0x10c");
	check_cause("crash-high-syscall", "none", VM_UnsupportedSyscall,
	    "0x1000010");
	check_cause("crash-no-input", "none", VM_InvalidSyscallUsage,
	    "at its end");
	check_cause("crash-wrong-hint-length", "exit-0", VM_InvalidSyscallUsage,
	    "asks for 5 bytes, the next item has 4");
	check_cause("crash-misaligned-hint", "exit-0", VM_InvalidSyscallUsage,
	    "multiple of 8");
	check_cause("crash-commit-index", "none", VM_InvalidSyscallUsage,
	    "no word 8");
	check_cause("crash-commit-wide", "none", VM_InvalidSyscallUsage,
	    "more than 32 bits");
	check_cause("crash-misaligned-precompile", "none",
	    VM_InvalidSyscallUsage, "multiple of 8");
	check_cause("crash-infinity", "none", VM_InvalidSyscallUsage, "infinity");
	check_cause("crash-off-curve", "none", VM_InvalidSyscallUsage,
	    "not on the curve");
	check_cause("crash-bad-ed-point", "none", VM_InvalidSyscallUsage,
	    "no point has this y");
	check_cause("crash-sha-argument", "none", VM_InvalidSyscallUsage,
	    "must be 0");
	check_cause("crash-nested-unconstrained", "none",
	    VM_InvalidSyscallUsage, "ENTER_UNCONSTRAINED in");
	check_cause("crash-halt-unconstrained", "none", VM_InvalidSyscallUsage,
	    "HALT in");
	check_cause("crash-read-unconstrained", "none", VM_InvalidSyscallUsage,
	    "HINT_LEN in");
	check_cause("crash-exit-constrained", "none", VM_InvalidSyscallUsage,
	    "outside");
	check_cause("crash-endless", "none", VM_ExceededCycleLimit,
	    "more than 100000 cycles");
	check_cause("crash-endless-unconstrained", "none",
	    VM_ExceededUnconstrainedLimit, "100000 instructions");
}

static void
check_limits(void)
{
	run("halt", "none", (struct vm_config){ .max_cycles = 82 });
	ok(s.result->cause == VM_halted, "a limit of as many cycles as it takes");
	done();
	run("halt", "none", (struct vm_config){ .max_cycles = 81 });
	ok(s.result->cause == VM_ExceededCycleLimit && s.result->cycles == 81,
	    "a limit of one less");
	done();
	run("mem", "mem-1000", (struct vm_config){ .max_memory = 128 << 10 });
	ok(s.result->cause == VM_TooMuchMemory, "a limit of memory");
	done();
	run("crash-wide-exit", "none", (struct vm_config){ 0 });
	ok(s.result->cause == VM_halted && s.result->exit_code == (1ull << 32) + 2
	    && s.result->cycles == 8, "the whole exit code is reported");
	done();
	run("io", "io", (struct vm_config){ 0 });
	is_str(s.lines, "1:cycle-tracker-report-start: items|"
	    "1:cycle-tracker-report-end: items|2:in the block|1:two lines|"
	    "1:at once, the last without a newline|2:done|",
	    "what the guest prints, line by line");
	done();
	run("precompiles", "precompiles", (struct vm_config){ 0 });
	ok(s.result->nsyscalls == 29 &&
	    strcmp(s.result->syscalls[0].name, "SHA_EXTEND") == 0 &&
	    s.result->syscalls[0].count == 2, "calls by name: %zu",
	    s.result->nsyscalls);
	done();
}

static void
check_input(const char *what, const void *in, size_t n, bool good)
{
	struct rv_program p;
	struct err e = { 0 };
	struct vm *m;
	int rc;

	must(rv_load_file(&p, GUESTS "halt.elf", &e) == 0);
	m = vm_new(&p, NULL, &e);
	rc = vm_set_input(m, in, n, &e);
	ok((rc == 0) == good && (good || e.status == EX_DATAERR), "input: %s (%s)",
	    what, good ? "taken" : e.msg);
	vm_free(m);
	rv_free(&p);
}

int
main(void)
{
	static const uint64_t none[] = { 0, 0, 0 };
	static const uint64_t two[] = { 2, 0, 8, 1, 0, 0 };
	static const uint64_t proofs[] = { 0, 0, 1, 0 };
	static const uint64_t none_and[] = { 0, 0, 0, 7 };
	static const uint64_t many[] = { UINT64_MAX, 0, 0 };
	static const uint64_t longer[] = { 1, UINT64_MAX, 0, 0 };

	check_all_expected();
	check_chunks();
	check_crashes();
	check_limits();
	check_input("empty", none, sizeof none, true);
	check_input("two items", two, sizeof two, true);
	check_input("no bytes", none, 0, false);
	check_input("cut short", two, sizeof two - 1, false);
	check_input("cut in an item", two, 20, false);
	check_input("trailing bytes", none_and, sizeof none_and, false);
	check_input("proofs, not looked into", proofs, 32, true);
	check_input("more proofs than bytes", proofs, 24, false);
	check_input("too many items", many, sizeof many, false);
	check_input("too long an item", longer, sizeof longer, false);
	return done_testing();
}
