/* Guests with instructions, registers' immediates and inputs changed at random: every
 * run ends with a cause, with and without records in the same way, and what is told
 * holds together. */
#include "test/lib/tap.h"
#include "test/lib/stream.h"

#include "base/io.h"

#define RUNS 400

static uint64_t state = 42;

static uint32_t
random32(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 32);
}

static struct stream stream;

/* Some instructions become others that decode; some bits of the input flip. */
static void
mutate(struct rv_program *p, uint8_t *in, size_t n)
{
	unsigned changes = 1 + random32() % 3;

	while (changes-- > 0) {
		struct rv_insn i;
		uint32_t at = random32() % p->n;

		switch (random32() % 4) {
		case 0:		/* any instruction */
			if (rv_decode(&i, random32() | 3) == 0)
				p->insn[at] = i;
			break;
		case 1:		/* another place's */
			p->insn[at] = p->insn[random32() % p->n];
			break;
		case 2:		/* another immediate or register */
			if (p->insn[at].imm_c)
				p->insn[at].op_c ^= 1u << random32() % 12;
			else if (p->insn[at].op != RV_ECALL)
				p->insn[at].op_c = random32() % 32;
			break;
		case 3:		/* keep the lengths: they end most runs */
			if (n > 24)
				in[16 + random32() % (n - 16)] ^=
				    (uint8_t)(1u << random32() % 8);
			break;
		}
	}
}

static struct vm_result
once(const struct rv_program *p, const uint8_t *in,
    size_t n, bool records, bool *ran)
{
	struct vm_config c = {
		.max_cycles = 40000, .max_unconstrained = 40000,
		.max_memory = 64 << 20,
	};
	struct vm_result r = { 0 };
	struct err e;
	struct vm *m;

	if (records) {
		stream_open(&stream, p);
		c.on_records = stream_feed;
		c.ctx = &stream;
		c.shard_entries = 500;
	}
	m = vm_new(p, &c, &e);
	*ran = m && vm_set_input(m, in, n, &e) == 0;
	if (*ran)
		r = *vm_run(m);
	vm_free(m);
	return r;
}

static bool
check(const char *guest, const char *input, unsigned *halted)
{
	struct rv_program p;
	struct vm_result plain, told;
	char path[200];
	struct err e;
	uint8_t *in;
	size_t n;
	bool ran, ran_too, good;

	snprintf(path, sizeof path, "test/guest/%s.elf", guest);
	if (rv_load_file(&p, path, &e))
		return false;
	snprintf(path, sizeof path, "test/guest/inputs/%s.bin", input);
	if (read_file(path, 1 << 20, &in, &n, &e))
		return false;
	mutate(&p, in, n);
	plain = once(&p, in, n, false, &ran);
	told = once(&p, in, n, true, &ran_too);
	good = ran == ran_too && !stream.bad &&
	    stream.ended == (ran && told.cause == VM_halted) &&
	    stream.told == (ran && told.cause != VM_halted);
	if (stream.told)
		good = good && stream.failed.cause == told.cause &&
		    stream.failed.cycles == told.cycles;
	if (told.cause != VM_Unprovable)
		good = good && plain.cause == told.cause &&
		    plain.cycles == told.cycles && plain.gas == told.gas &&
		    plain.exit_code == told.exit_code && plain.pc == told.pc &&
		    strcmp(plain.detail, told.detail) == 0;
	if (!good)
		diag("%s: %s %s, %s %s; %s", guest, vm_cause_name(plain.cause),
		    plain.detail, vm_cause_name(told.cause), told.detail,
		    stream.why);
	*halted += ran && told.cause == VM_halted;
	stream_close(&stream);
	free(in);
	rv_free(&p);
	return good;
}

int
main(void)
{
	static const char *const guests[][2] = {
		{ "fib", "fib-20" }, { "isa", "isa-3" }, { "io", "hintword" },
		{ "precompiles", "precompiles" }, { "mem", "mem-0" },
		{ "sha256", "bytes-1000" }, { "keccak256", "bytes-135" },
		{ "secp256k1", "secp256k1-small" }, { "hintword", "hintword" },
		{ "div", "div-100" },
	};
	size_t n = sizeof guests / sizeof *guests;
	unsigned good[16] = { 0 }, halted[16] = { 0 };

	for (size_t i = 0; i < RUNS; i++)
		good[i % n] += check(guests[i % n][0], guests[i % n][1],
		    &halted[i % n]);
	for (size_t i = 0; i < n; i++)
		ok(good[i] == RUNS / n, "%s: %u mutants, %u of them halt",
		    guests[i][0], (unsigned)(RUNS / n), halted[i]);
	return done_testing();
}
