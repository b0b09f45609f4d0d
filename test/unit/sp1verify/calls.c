/*
 * The library's calls: verdicts, claims and reasons; several threads at once; that
 * what it gives lies where it says.
 */
#include <pthread.h>

#include "base/hex.h"
#include "sp1verify/sp1verify.h"
#include "test/lib/stark_vectors.h"

static uint8_t fib[VK_BYTES], halt[VK_BYTES];

static void
key(uint8_t out[VK_BYTES], const char *guest)
{
	struct vk vk;

	must(stock_vk(&vk, guest) == 0);
	vk_encode(out, &vk);
}

struct file { uint8_t *v; size_t n; };

/* Nothing, the test being left out: there is none. */
static struct file
load(const char *name)
{
	char path[STOCK_PATH];
	struct file f = {0};
	struct err e;

	if (stock_path_or_skip(path, name) != NULL &&
	    read_file(path, PROOF_CAP, &f.v, &f.n, &e))
		die_err(&e);
	return f;
}

static const uint8_t fib_20[] = {
	0x14, 0, 0, 0, 0x6d, 0x1a, 0, 0, 0xd3, 0x0b, 0, 0
};

static void
test_mode(const char *name, int mode, unsigned shards)
{
	struct file f = load(name);
	struct sp1verify_result r;

	if (f.v == NULL)
		return;
	is_int(sp1verify(fib, f.v, f.n, 0, &r), SP1VERIFY_VALID, "%s: %s", name,
	    r.reason);
	ok(r.mode == mode && r.verdict == SP1VERIFY_VALID && r.well_formed &&
	    r.exit_code == 0 && r.shards == shards && r.reason[0] == '\0',
	    "%s: its claims", name);
	ok(r.public_values_len == sizeof fib_20 && r.public_values > f.v &&
	    r.public_values < f.v + f.n &&
	    memcmp(r.public_values, fib_20, sizeof fib_20) == 0,
	    "%s: its public values, where the caller has them", name);
	is_int(sp1verify(fib, f.v, f.n - 1, 0, &r), SP1VERIFY_VALID,
	    "%s: the network's form: %s", name, r.reason);
	ok(r.public_values_len == sizeof fib_20 &&
	    memcmp(r.public_values, fib_20, sizeof fib_20) == 0,
	    "%s: its public values", name);
	is_int(sp1verify(halt, f.v, f.n, 0, &r), SP1VERIFY_INVALID,
	    "%s: with another program's key: %s", name, r.reason);
	ok(r.well_formed && r.reason[0] != '\0', "%s: and why", name);
	is_int(sp1verify(fib, f.v, f.n - 2, 0, &r), SP1VERIFY_MALFORMED,
	    "%s: cut: %s", name, r.reason);
	ok(!r.well_formed && r.mode == mode && r.public_values == NULL &&
	    r.reason[0] != '\0', "%s: no claims", name);
	f.v[f.n / 2] ^= 1;
	is_int(sp1verify(fib, f.v, f.n, 0, &r), SP1VERIFY_INVALID,
	    "%s: altered: %s", name, r.reason);
	free(f.v);
}

static void
test_exit_code(void)
{
	struct file f = load("exit-1.core");
	struct sp1verify_result r;
	uint8_t vk[VK_BYTES];

	if (f.v == NULL)
		return;
	key(vk, "exit");
	is_int(sp1verify(vk, f.v, f.n, 0, &r), SP1VERIFY_INVALID,
	    "an exit code: %s", r.reason);
	is_int(r.exit_code, 1, "it is told");
	is_int(sp1verify(vk, f.v, f.n, SP1VERIFY_ALLOW_EXIT_CODE, &r),
	    SP1VERIFY_VALID, "it is allowed %s", r.reason);
	free(f.v);
}

static void
test_small(void)
{
	struct sp1verify_result r;
	uint8_t bad[VK_BYTES], b[64] = {4};

	is_int(sp1verify(fib, NULL, 0, 0, &r), SP1VERIFY_MALFORMED,
	    "nothing: %s", r.reason);
	is_int(r.mode, -1, "of no mode");
	is_int(sp1verify(fib, b, sizeof b, 0, &r), SP1VERIFY_MALFORMED,
	    "an unknown mode: %s", r.reason);
	memset(bad, 0xff, sizeof bad);
	is_int(sp1verify(bad, b, sizeof b, 0, &r), SP1VERIFY_MALFORMED,
	    "a key that is none: %s", r.reason);
	for (uint8_t mode = 0; mode < 4; mode++) {
		memset(b, 0xff, sizeof b);
		memcpy(b, (uint8_t[4]){mode}, 4);
		sp1verify(fib, b, sizeof b, 0, &r);
		ok(r.verdict != SP1VERIFY_VALID && r.mode == mode &&
		    r.reason[0] != '\0', "mode %d and rubbish: %s", mode,
		    r.reason);
	}
}

static struct file shared;

static void *
many(void *arg)
{
	struct sp1verify_result r;
	size_t bad = 0;

	for (int i = 0; i < 4; i++) {
		bad += sp1verify(fib, shared.v, shared.n, 0, &r) !=
		    SP1VERIFY_VALID;
		bad += sp1verify(halt, shared.v, shared.n, 0, &r) !=
		    SP1VERIFY_INVALID;
	}
	return (void *)bad;
}

static void
test_threads(void)
{
	pthread_t t[4];
	void *bad;

	shared = load("fib-20.core");
	if (shared.v == NULL)
		return;
	for (int i = 0; i < 4; i++)
		must(pthread_create(&t[i], NULL, many, NULL) == 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], &bad);
		is_int((size_t)bad, 0, "thread %d has the right verdicts", i);
	}
	free(shared.v);
}

static void
test_key(void)
{
	uint8_t vk[VK_BYTES], *elf;
	char why[SP1VERIFY_REASON_BYTES];
	struct err e;
	size_t n;

	must(read_file("test/guest/fib.elf", PROOF_CAP, &elf, &n, &e) == 0);
	is_int(sp1verify_key(vk, elf, n, why), SP1VERIFY_VALID,
	    "a program's key %s", why);
	ok(memcmp(vk, fib, sizeof vk) == 0, "is the stock one");
	is_int(sp1verify_key(vk, elf, 100, why), SP1VERIFY_MALFORMED,
	    "a program cut: %s", why);
	is_int(sp1verify_key(vk, NULL, 0, NULL), SP1VERIFY_MALFORMED, "none");
	free(elf);
}

static void
test_snark(void)
{
	struct sp1verify_result r;
	uint8_t program[32], calldata[SP1VERIFY_CALLDATA_MAX], *v;
	struct err e;
	size_t n, size;

	/* test/vectors/snark/README */
	must(hex_decode(program, 32, "00f31d3c82e1ac5e413efe237066f7b6"
	    "820416878cd71f6c9d4f642b24732a93") == 0);
	must(read_file("test/vectors/snark/groth16-v6.1.bin", PROOF_CAP, &v, &n,
	    &e) == 0);
	is_int(sp1verify_snark(program, v, n, 0, &r), SP1VERIFY_VALID,
	    "a Groth16 proof %s", r.reason);
	ok(r.well_formed && r.mode == SP1VERIFY_GROTH16 && r.exit_code == 0 &&
	    r.shards == 0 && r.public_values >= v &&
	    r.public_values + r.public_values_len <= v + n, "its claims");
	size = sp1verify_to_calldata(calldata, v, n);
	is_int(size, 356, "its calldata");
	is_int(sp1verify_calldata(program, r.public_values, r.public_values_len,
	    calldata, size, 0, &r), SP1VERIFY_VALID, "which is valid: %s",
	    r.reason);
	ok(r.well_formed && r.mode == SP1VERIFY_GROTH16 && r.exit_code == 0,
	    "its claims");
	is_int(sp1verify_calldata(program, r.public_values,
	    r.public_values_len - 1, calldata, size, 0, &r), SP1VERIFY_INVALID,
	    "with other public values: %s", r.reason);
	is_int(sp1verify_calldata(program, v, 0, calldata, size - 1, 0, &r),
	    SP1VERIFY_MALFORMED, "cut: %s", r.reason);
	is_int(sp1verify_calldata(program, v, 0, v, n, 0, &r),
	    SP1VERIFY_MALFORMED, "a container is none: %s", r.reason);
	is_int(sp1verify_to_calldata(calldata, v, n - 2), 0,
	    "a malformed container gives none");
	program[31] ^= 1;
	is_int(sp1verify_snark(program, v, n, 0, &r), SP1VERIFY_INVALID,
	    "for another program: %s", r.reason);
	is_int(sp1verify((uint8_t[VK_BYTES]){0}, v, n, 0, &r),
	    SP1VERIFY_INVALID, "for another key: %s", r.reason);
	v[0] = PROOF_CORE;
	is_int(sp1verify_snark(program, v, n, 0, &r), SP1VERIFY_MALFORMED,
	    "not a core proof: %s", r.reason);
	is_int(r.mode, SP1VERIFY_CORE, "which it says it is");
	free(v);
	is_int(sp1verify_snark(program, (uint8_t[29]){0}, 29, 0, &r),
	    SP1VERIFY_INVALID, "a core proof by the hash: %s", r.reason);
	ok(r.well_formed && strstr(r.reason, "not its hash") != NULL,
	    "it takes the key");
}

int
main(void)
{
	test_snark();
	key(fib, "fib");
	key(halt, "halt");
	/* First, since they share the making of the tables. */
	test_threads();
	test_mode("fib-20.core", SP1VERIFY_CORE, 1);
	test_mode(MADE_COMPRESSED, SP1VERIFY_COMPRESSED, 1);
	test_exit_code();
	test_small();
	test_key();
	return done_testing();
}
