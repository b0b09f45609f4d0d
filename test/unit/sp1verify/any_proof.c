/*
 * A proof of whatever mode: what it says of itself in each form, that each mode finds
 * its verifier, and what the program's hash is enough for.
 */
#include "base/hex.h"
#include "proof/vk.h"
#include "snark/calldata.h"
#include "sp1verify/any_proof.h"
#include "test/lib/stark_vectors.h"

/* test/vectors/snark/README */
#define GROTH16 "test/vectors/snark/groth16-v6.1.bin"
#define PROGRAM \
	"00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93"

struct file { uint8_t *v; size_t n; };

static struct file
load(const char *path)
{
	struct file f;
	struct err e;

	if (read_file(path, PROOF_CAP, &f.v, &f.n, &e))
		die_err(&e);
	return f;
}

/* Reads and verifies: 0, or the error's status. */
static int
run(struct any_proof *p, struct arena *a, const struct file *f,
    const struct vk *vk, const uint8_t *bytes32, struct err *e)
{
	*e = (struct err){0};
	arena_init(a, core_proof_ceiling(f->n));
	if (any_proof_read(p, a, f->v, f->n, e) ||
	    any_proof_verify(p, vk, bytes32, NULL, e))
		return e->status;
	return 0;
}

static void
test_groth16(void)
{
	static const uint8_t tee[] = {1, 3, 0, 0, 0, 0, 0, 0, 0, 't', 'e', 'e'};
	struct file f = load(GROTH16), g;
	uint8_t program[32];
	struct any_proof p;
	struct arena a;
	struct err e;

	must(hex_decode(program, 32, PROGRAM) == 0);
	is_int(run(&p, &a, &f, NULL, program, &e), 0, "by the hash %s", e.msg);
	ok(p.known && p.well_formed && p.mode == PROOF_GROTH16 &&
	    p.shards == 0 && p.exit_code == 0, "what it says");
	ok(p.tail.form == PROOF_SAVED && any_proof_tee_size(&p) == 1,
	    "as the SDK saves it, without a TEE proof");
	arena_free(&a);

	g = (struct file){malloc(f.n + sizeof tee), f.n - 1 + sizeof tee};
	must(g.v != NULL);
	memcpy(g.v, f.v, f.n - 1);
	memcpy(g.v + f.n - 1, tee, sizeof tee);
	is_int(run(&p, &a, &g, NULL, program, &e), 0, "with one %s", e.msg);
	is_int(any_proof_tee_size(&p), sizeof tee, "all of it");
	arena_free(&a);
	g.n = f.n - 1;
	is_int(run(&p, &a, &g, NULL, program, &e), 0, "as the network has it %s",
	    e.msg);
	ok(p.tail.form == PROOF_NETWORK && any_proof_tee_size(&p) == 0,
	    "with no place for one");
	arena_free(&a);

	program[31] ^= 1;
	is_int(run(&p, &a, &f, NULL, program, &e), EX_NO, "another program: %s",
	    e.msg);
	arena_free(&a);
	is_int(run(&p, &a, &f, &(struct vk){0}, NULL, &e), EX_NO,
	    "another key: %s", e.msg);
	arena_free(&a);
	program[31] ^= 1;
	f.v[0] = PROOF_PLONK;
	is_int(run(&p, &a, &f, NULL, program, &e), EX_NO, "as PLONK: %s", e.msg);
	ok(p.mode == PROOF_PLONK && p.well_formed, "it has that form");
	arena_free(&a);
	for (int m = PROOF_CORE; m <= PROOF_COMPRESSED; m++) {
		f.v[0] = (uint8_t)m;
		is_int(run(&p, &a, &f, NULL, program, &e), EX_DATAERR, "as %s: %s",
		    proof_mode_name((enum proof_mode)m), e.msg);
		ok(p.known && !p.well_formed && (int)p.mode == m,
		    "which it is not");
		arena_free(&a);
	}
	f.v[0] = 4;
	is_int(run(&p, &a, &f, NULL, program, &e), EX_DATAERR, "no mode: %s",
	    e.msg);
	ok(!p.known && !p.well_formed, "none is told");
	arena_free(&a);
	free(f.v);
	free(g.v);
}

/* Reads calldata and verifies it: 0, or the error's status. */
static int
run_calldata(const uint8_t program[32], const struct byte_vec *values,
    const uint8_t *in, size_t len, struct err *e)
{
	uint8_t copy[CALLDATA_MAX + 1];
	struct any_proof p;

	*e = (struct err){0};
	must(len <= sizeof copy);
	memcpy(copy, in, len);
	if (any_proof_from_calldata(&p, program, values, copy, len, e) ||
	    any_proof_verify(&p, NULL, program, NULL, e))
		return e->status;
	return 0;
}

/* As contracts take it: what the container gives is valid, and of what is altered
 * nothing but the bits that no proof binds: none. */
static void
test_calldata(void)
{
	struct file f = load(GROTH16);
	uint8_t program[32], data[CALLDATA_MAX + 1] = {0};
	struct byte_vec values;
	struct any_proof p;
	struct arena a;
	struct err e;
	size_t n, refused = 0, first = SIZE_MAX;

	must(hex_decode(program, 32, PROGRAM) == 0);
	must(run(&p, &a, &f, NULL, program, &e) == 0);
	n = calldata_size(&p.as.snark);
	is_int(n, CALLDATA_GROTH16, "bytes of a Groth16 proof's calldata");
	calldata_write(data, &p.as.snark);
	is_hex(data, 4, "4388a21c", "the contract's selector");
	values = p.tail.public_values;
	is_int(run_calldata(program, &values, data, n, &e), 0, "valid %s", e.msg);
	for (size_t i = 0; i < n; i++) {
		data[i] ^= 1;
		if (run_calldata(program, &values, data, n, &e) != 0)
			refused++;
		else if (first == SIZE_MAX)
			first = i;
		data[i] ^= 1;
	}
	is_int(refused, n, "each byte altered is refused, all but %zd",
	    (ssize_t)first);
	values.v[0] ^= 1;
	is_int(run_calldata(program, &values, data, n, &e), EX_NO,
	    "other public values: %s", e.msg);
	values.v[0] ^= 1;
	program[31] ^= 1;
	is_int(run_calldata(program, &values, data, n, &e), EX_NO,
	    "another program: %s", e.msg);
	program[31] ^= 1;
	is_int(run_calldata(program, &values, data, n - 1, &e), EX_DATAERR,
	    "cut: %s", e.msg);
	is_int(run_calldata(program, &values, data, n + 1, &e), EX_DATAERR,
	    "too long: %s", e.msg);
	p.as.snark.encoded.n = 0;
	is_int(calldata_size(&p.as.snark), 0, "a mock proof has none");
	arena_free(&a);
	free(f.v);
}

/* What cannot be read, and is of another SDK, is told so: by its end. */
static void
test_versions(void)
{
	struct file f = load("test/vectors/old-sdk-v5.bin"), g = load(GROTH16);
	struct any_proof p;
	struct arena a;
	struct err e;

	is_int(run(&p, &a, &f, NULL, (uint8_t[32]){0}, &e), EX_DATAERR,
	    "a container of v5.0.0");
	is_str(e.msg, "a proof of circuit v5.0.0; this verifies v6.1.0",
	    "is told as one");
	arena_free(&a);
	f.n--;
	is_int(run(&p, &a, &f, NULL, (uint8_t[32]){0}, &e), EX_DATAERR,
	    "as the network stores it");
	ok(strstr(e.msg, "v5.0.0") != NULL, "is told as one: %s", e.msg);
	arena_free(&a);
	f.v[0] = 9;
	is_int(run(&p, &a, &f, NULL, (uint8_t[32]){0}, &e), EX_DATAERR,
	    "of a mode that is none here");
	ok(strstr(e.msg, "v5.0.0") != NULL, "is told as one: %s", e.msg);
	arena_free(&a);
	/* A byte of its first number: ours, and malformed. */
	g.v[12] = 'x';
	is_int(run(&p, &a, &g, NULL, (uint8_t[32]){0}, &e), EX_DATAERR,
	    "a malformed container of ours: %s", e.msg);
	ok(strstr(e.msg, "malformed") != NULL, "is told with the place");
	arena_free(&a);
	free(f.v);
	free(g.v);
}

static void
test_hash_alone(void)
{
	/* A core proof without a shard. */
	struct file f = {(uint8_t[29]){0}, 29};
	struct any_proof p;
	struct arena a;
	struct err e;

	is_int(run(&p, &a, &f, NULL, (uint8_t[32]){0}, &e), EX_NO,
	    "a core proof by the hash: %s", e.msg);
	ok(strstr(e.msg, "not its hash") != NULL && p.well_formed,
	    "it is not enough");
	arena_free(&a);
}

static void
test_hashes(void)
{
	uint8_t network[32], want[32], got[32], bytes[VK_BYTES];
	struct vk vk;
	struct err e;
	digest d, back;

	for (int i = 0; i < VK_BYTES; i++)
		bytes[i] = (uint8_t)(i % 4 == 3 ? 0x7e - i % 0x40 : 3 * i);
	must(vk_decode(&vk, bytes, VK_BYTES, &e) == 0);
	vk_network_hash(network, &vk);
	vk_bytes32(want, &vk);
	is_int(vk_bytes32_of(got, network, &e), 0, "bytes32 of the network's hash");
	ok(memcmp(got, want, 32) == 0, "is that of the key");
	is_int(vk_digest_of(&d, want, &e), 0, "the digest again from bytes32");
	back = vk_digest(&vk);
	ok(memcmp(&d, &back, sizeof d) == 0, "is that of the key");
	want[0] = 1;
	is_int(vk_digest_of(&d, want, &e), -1, "of too many bits: %s", e.msg);
	want[0] = 0;
	memset(want + 1, 0xff, 31);
	is_int(vk_digest_of(&d, want, &e), -1, "of no key: %s", e.msg);
	network[28] = 0xff;
	is_int(vk_bytes32_of(got, network, &e), -1, "of a hash of no key: %s",
	    e.msg);
	is_int(e.status, EX_DATAERR, "which is malformed");
}

static void
test_stock(const char *name, enum proof_mode mode, unsigned shards)
{
	char path[STOCK_PATH];
	struct any_proof p;
	struct file f;
	struct arena a;
	struct err e;
	struct vk fib, halt;

	must(stock_vk(&fib, "fib") == 0 && stock_vk(&halt, "halt") == 0);
	if (stock_path_or_skip(path, name) == NULL)
		return;
	f = load(path);
	is_int(run(&p, &a, &f, &fib, NULL, &e), 0, "%s %s", name, e.msg);
	ok(p.mode == mode && p.shards == shards &&
	    p.tail.form == PROOF_SAVED && p.tail.public_values.n == 12,
	    "%s: what it says", name);
	arena_free(&a);
	f.n--;
	is_int(run(&p, &a, &f, &fib, NULL, &e), 0, "%s: the other form %s", name,
	    e.msg);
	arena_free(&a);
	is_int(run(&p, &a, &f, &halt, NULL, &e), EX_NO,
	    "%s: of another program: %s", name, e.msg);
	arena_free(&a);
	if (proof_mode_by_hash(mode)) {
		uint8_t hash[32];

		vk_bytes32(hash, &fib);
		is_int(run(&p, &a, &f, NULL, hash, &e), 0, "%s: by the hash %s",
		    name, e.msg);
		arena_free(&a);
		vk_bytes32(hash, &halt);
		is_int(run(&p, &a, &f, NULL, hash, &e), EX_NO,
		    "%s: by another's: %s", name, e.msg);
		arena_free(&a);
	}
	free(f.v);
}

int
main(void)
{
	test_groth16();
	test_calldata();
	test_versions();
	test_hash_alone();
	test_hashes();
	test_stock("fib-20.core", PROOF_CORE, 1);
	test_stock(MADE_COMPRESSED, PROOF_COMPRESSED, 1);
	return done_testing();
}
